/* Every training row lands in one block, sorted into runs; blocks run in an order that respects
 * rows and columns, on any number of threads. */
#include "grid.h"

#include <omp.h>
#include <stdlib.h>

#include "mem.h"
#include "rng.h"
#include "tap.h"

enum { N = 40000, ROWS = 300, COLS = 500, WIDTH = 32 };

static uint32_t row[N], col[N];
static float label[N], weight[N];
static uint8_t part[N];

static void make(void)
{
	for (uint64_t i = 0; i < N; i++) {
		row[i] = (uint32_t)rng_below(ROWS - 1, 1, RNG_MAKE, 4 * i);
		col[i] = (uint32_t)rng_below(COLS, 1, RNG_MAKE, 4 * i + 1);
		label[i] = (float)i; /* says which rating it is */
		weight[i] = (float)i + 0.5F;
		part[i] = rng_below(5, 1, RNG_MAKE, 4 * i + 2) == 0;
	}
}

static void complete(const struct grid *g)
{
	uint8_t *seen = mem_new(N, 1);
	size_t n = 0;
	int right = 1, sorted = 1, once = 1;

	for (size_t b = 0; b < g->parts * g->parts; b++) {
		const struct sgd_block *block = &g->block[b];
		size_t x = 0;

		for (size_t r = 0, at = 0; r < block->runs; at += block->run[r++].n) {
			sorted &=
				r == 0 || block->run[r].skip > 0 || block->run[r - 1].n == SGD_RUN;
			x += block->run[r].skip;
			for (size_t i = at; i < at + block->run[r].n; i++, n++) {
				size_t id = (size_t)block->label[i];

				once &= !seen[id]++;
				right &= part[id] == 0 && block->weight[i] == weight[id] &&
					 g->row_slot[row[id]] == b / g->parts * g->row_chunk + x &&
					 g->col_slot[col[id]] ==
						 b % g->parts * g->col_chunk + block->col[i];
			}
		}
	}
	for (size_t i = 0; i < N; i++)
		n -= part[i] == 0;
	ok(n == 0 && once, "every training row is in one block, once");
	ok(right, "in the block of its row and column, with its label and weight");
	ok(sorted, "rows of a block in order, each in one run");
	ok(g->row_slot[ROWS - 1] == GRID_NONE, "a row without ratings has no slot");
	free(seen);
}

/* What each chunk has seen, hashed in order: differs when the order of two blocks that share a
 * chunk differs. */
struct trace {
	uint64_t row[64], col[64];
};

static void note(void *arg, size_t i, size_t j)
{
	struct trace *t = arg;
	uint64_t met = t->row[i] ^ rng_derive(t->col[j], i * 64 + j);

	for (uint64_t spin = rng_below(5000, i, RNG_MAKE, j); spin > 0; spin--) /* uneven work */
		met = rng_derive(met, 1);
	t->row[i] = met;
	t->col[j] = rng_derive(met, 2);
}

static void order(size_t rows, size_t cols)
{
	static const int THREADS[] = { 1, 2, 3, 7 };
	struct trace serial = { { 0 }, { 0 } };
	uint32_t shift[64];
	char what[80];

	rng_permute(shift, cols, 3, RNG_SHUFFLE);
	for (size_t s = 0; s < cols; s++)
		for (size_t i = 0; i < rows; i++)
			note(&serial, i, (i + shift[s]) % cols);
	for (size_t k = 0; k < sizeof THREADS / sizeof *THREADS; k++) {
		int same_order = 1;

		omp_set_num_threads(THREADS[k]);
		for (int again = 0; again < 20; again++) {
			struct trace t = { { 0 }, { 0 } };

			grid_run(rows, cols, shift, note, &t);
			same_order &= memcmp(&t, &serial, sizeof t) == 0;
		}
		snprintf(what, sizeof what, "%zu x %zu, %d threads: as the serial order", rows,
			cols, THREADS[k]);
		ok(same_order, what);
	}
}

int main(void)
{
	struct grid_ratings r = { row, col, label, weight, part, N, ROWS, COLS, 0, 1, false };
	struct grid *g;

	make();
	g = grid_new(&r, WIDTH, 1);
	ok(g->parts > 1 && g->parts < 64, "more than one block");
	complete(g);
	order(g->parts, g->parts);
	order(12, 6);
	order(9, 3);
	order(5, 1);
	grid_free(g);
	r.n = 1;
	r.part = NULL;
	g = grid_new(&r, WIDTH, 1);
	ok(g->parts == 1 && g->n == 1 && g->rows == 1 && g->block[0].runs == 1, "one rating");
	grid_free(g);
	return done();
}
