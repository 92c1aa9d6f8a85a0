#include "grid.h"

#include <assert.h>
#include <math.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>

#include "mem.h"
#include "rng.h"

enum {
	CHUNK = 256 << 10, /* bytes of a column chunk */
	WANTED = 2048, /* ratings in a block, as long as there are fewer than MOST parts */
	FEWEST = 256, /* never smaller for the cache's sake */
	MOST = 64,
	SLOTS = UINT16_MAX + 1, /* in a chunk */
	SPINS = 64,
	APART = 128, /* bytes between counters of different chunks */
};

/* ---- building ---- */

static size_t pieces(size_t n, size_t size)
{
	return (n + size - 1) / size;
}

static size_t choose_parts(size_t n, size_t rows, size_t cols, size_t width)
{
	size_t fit = pieces(cols * width * sizeof(float), CHUNK);
	size_t spread = (size_t)sqrt((double)(n / WANTED)), parts;

	parts = spread < MOST ? spread : MOST;
	parts = fit > parts ? fit : parts;
	if (parts > (size_t)sqrt((double)(n / FEWEST)))
		parts = (size_t)sqrt((double)(n / FEWEST));
	if (parts < pieces(rows > cols ? rows : cols, SLOTS))
		parts = pieces(rows > cols ? rows : cols, SLOTS);
	return parts ? parts : 1;
}

static bool taken(const struct grid_ratings *r, size_t i)
{
	return !r->part || r->part[i] == 0;
}

/* slot[id], a random place among the ids that have ratings; returns how many these are. */
static uint32_t make_slots(uint32_t **slot, const uint32_t *id, uint32_t ids,
	const struct grid_ratings *r, uint64_t seed)
{
	uint32_t *place, used = 0, next = 0;

	*slot = mem_new(ids, sizeof **slot);
	for (size_t i = 0; i < r->n; i++)
		if (taken(r, i))
			(*slot)[id[i]] = 1;
	for (uint32_t i = 0; i < ids; i++)
		used += (*slot)[i];
	place = mem_new(used, sizeof *place);
	rng_permute(place, used, seed, RNG_SHUFFLE);
	for (uint32_t i = 0; i < ids; i++)
		(*slot)[i] = (*slot)[i] ? place[next++] : GRID_NONE;
	free(place);
	return used;
}

static size_t block_of(const struct grid *g, const struct grid_ratings *r, size_t i)
{
	return g->row_slot[r->row[i]] / g->row_chunk * g->parts +
	       g->col_slot[r->col[i]] / g->col_chunk;
}

/* Ratings block by block, in the order of the input; `row` is a rating's place in its chunk.
 * start[b] .. start[b + 1] are those of block b. */
static uint16_t *fill(struct grid *g, const struct grid_ratings *r, size_t *start)
{
	size_t blocks = g->parts * g->parts;
	uint16_t *row;

	for (size_t i = 0; i < r->n; i++)
		if (taken(r, i))
			start[block_of(g, r, i) + 1]++;
	for (size_t b = 0; b < blocks; b++)
		start[b + 1] += start[b];
	g->n = start[blocks];
	row = mem_new(g->n, sizeof *row);
	g->col = mem_new(g->n, sizeof *g->col);
	g->label = r->label ? mem_new(g->n, sizeof *g->label) : NULL;
	g->weight = r->weight ? mem_new(g->n, sizeof *g->weight) : NULL;
	for (size_t i = 0; i < r->n; i++) {
		size_t to;

		if (!taken(r, i))
			continue;
		to = start[block_of(g, r, i)]++;
		row[to] = (uint16_t)(g->row_slot[r->row[i]] % g->row_chunk);
		g->col[to] = (uint16_t)(g->col_slot[r->col[i]] % g->col_chunk);
		if (r->label)
			g->label[to] = (r->label[i] - r->mean) / r->scale;
		if (r->weight)
			g->weight[to] = r->weight[i];
	}
	for (size_t b = blocks; b > 0; b--)
		start[b] = start[b - 1];
	start[0] = 0;
	return row;
}

/* x[from[i]] for i < n, in place. */
static void reorder(void *x, size_t size, const uint32_t *from, size_t n, void *room)
{
	if (size == sizeof(uint16_t)) {
		uint16_t *a = x, *b = room;

		for (size_t i = 0; i < n; i++)
			b[i] = a[from[i]];
	} else {
		float *a = x, *b = room;

		for (size_t i = 0; i < n; i++)
			b[i] = a[from[i]];
	}
	memcpy(x, room, n * size);
}

/* Sorts the n ratings from `at` by row, stably; returns how many runs that makes. */
static size_t sort_block(struct grid *g, uint16_t *row, size_t at, size_t n, uint32_t *count,
	uint32_t *from, float *room)
{
	size_t runs = 0;

	memset(count, 0, ((size_t)g->row_chunk + 1) * sizeof *count);
	for (size_t i = 0; i < n; i++)
		count[row[at + i] + 1]++;
	for (size_t x = 0; x < g->row_chunk; x++) {
		runs += pieces(count[x + 1], UINT16_MAX);
		count[x + 1] += count[x];
	}
	for (size_t i = 0; i < n; i++)
		from[count[row[at + i]]++] = (uint32_t)i;
	reorder(row + at, sizeof *row, from, n, room);
	reorder(g->col + at, sizeof *g->col, from, n, room);
	if (g->label)
		reorder(g->label + at, sizeof *g->label, from, n, room);
	if (g->weight)
		reorder(g->weight + at, sizeof *g->weight, from, n, room);
	return runs;
}

static void sort_blocks(struct grid *g, uint16_t *row, const size_t *start, size_t *runs)
{
	size_t blocks = g->parts * g->parts, largest = 0;

	for (size_t b = 0; b < blocks; b++)
		if (start[b + 1] - start[b] > largest)
			largest = start[b + 1] - start[b];
	assert(largest <= UINT32_MAX);
#pragma omp parallel
	{
		uint32_t *count = mem_new((size_t)g->row_chunk + 1, sizeof *count);
		uint32_t *from = mem_new(largest, sizeof *from);
		float *room = mem_new(largest, sizeof *room);

#pragma omp for schedule(dynamic, 1)
		for (size_t b = 0; b < blocks; b++)
			runs[b + 1] = sort_block(
				g, row, start[b], start[b + 1] - start[b], count, from, room);
		free(count);
		free(from);
		free(room);
	}
	for (size_t b = 0; b < blocks; b++)
		runs[b + 1] += runs[b];
}

static void make_runs(struct sgd_run *run, const uint16_t *row, size_t n)
{
	size_t runs = 0;

	for (size_t i = 0; i < n; i++) {
		if (runs && run[runs - 1].row == row[i] && run[runs - 1].n < UINT16_MAX)
			run[runs - 1].n++;
		else
			run[runs++] = (struct sgd_run){ row[i], 1 };
	}
}

struct grid *grid_new(const struct grid_ratings *r, size_t width, uint64_t seed)
{
	struct grid *g = mem_new(1, sizeof *g);
	size_t blocks, *start, *runs;
	uint16_t *row;

	g->rows = make_slots(&g->row_slot, r->row, r->rows, r, rng_derive(seed, 0));
	g->cols = make_slots(&g->col_slot, r->col, r->cols, r, rng_derive(seed, 1));
	g->parts = choose_parts(r->n, g->rows, g->cols, width);
	if (r->even && g->parts > 1)
		g->parts += g->parts % 2;
	g->row_chunk = (uint32_t)pieces(g->rows, g->parts);
	g->col_chunk = (uint32_t)pieces(g->cols, g->parts);
	blocks = g->parts * g->parts;
	start = mem_new(blocks + 1, sizeof *start);
	runs = mem_new(blocks + 1, sizeof *runs);
	row = fill(g, r, start);
	sort_blocks(g, row, start, runs);
	g->run = mem_new(runs[blocks], sizeof *g->run);
	g->block = mem_new(blocks, sizeof *g->block);
#pragma omp parallel for schedule(static)
	for (size_t b = 0; b < blocks; b++) {
		g->block[b] = (struct sgd_block){ g->run + runs[b], runs[b + 1] - runs[b],
			g->col + start[b], g->label ? g->label + start[b] : NULL,
			g->weight ? g->weight + start[b] : NULL };
		make_runs(g->run + runs[b], row + start[b], start[b + 1] - start[b]);
	}
	free(row);
	free(start);
	free(runs);
	return g;
}

void grid_free(struct grid *g)
{
	free(g->row_slot);
	free(g->col_slot);
	free(g->block);
	free(g->run);
	free(g->col);
	free(g->label);
	free(g->weight);
	free(g);
}

/* ---- running ---- */

/* Steps that a chunk has done. */
struct counter {
	size_t steps;
	char apart[APART - sizeof(size_t)];
};

static void wait_for(struct counter *chunk, size_t steps)
{
	for (int spin = 0; __atomic_load_n(&chunk->steps, __ATOMIC_ACQUIRE) < steps; spin++) {
		if (spin > SPINS)
			sched_yield();
#if defined(__x86_64__)
		else
			__builtin_ia32_pause();
#endif
	}
}

/* Blocks are handed out in their serial order, and a block waits only for earlier ones, so
 * somebody can always go on. In a step a column chunk meets rows / cols row chunks, in order. */
void grid_run(size_t rows, size_t cols, const uint32_t *shift,
	void (*work)(void *arg, size_t i, size_t j), void *arg)
{
	struct counter *done = mem_new(rows + cols, sizeof *done), *next = mem_new(1, sizeof *next);

#pragma omp parallel
	for (;;) {
		size_t t = __atomic_fetch_add(&next->steps, 1, __ATOMIC_RELAXED), s = t / rows;
		size_t i = t % rows, j = s < cols ? (i + shift[s]) % cols : 0;
		size_t turn = s * (rows / cols) + i / cols;

		if (t >= rows * cols)
			break;
		wait_for(&done[i], s);
		wait_for(&done[rows + j], turn);
		work(arg, i, j);
		__atomic_store_n(&done[i].steps, s + 1, __ATOMIC_RELEASE);
		__atomic_store_n(&done[rows + j].steps, turn + 1, __ATOMIC_RELEASE);
	}
	free(done);
	free(next);
}
