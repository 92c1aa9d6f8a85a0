#include "grid.h"

#include <assert.h>
#include <math.h>
#include <omp.h>
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

/* Empty runs on the way to a row that is so much further. */
static size_t gaps(size_t rows)
{
	return rows ? (rows - 1) / SGD_SKIP : 0;
}

/* Sorts the n ratings from `at` by row, stably; returns how many runs that makes. */
static size_t sort_block(struct grid *g, uint16_t *row, size_t at, size_t n, uint32_t *count,
	uint32_t *from, float *room)
{
	size_t runs = 0, last = 0;

	memset(count, 0, ((size_t)g->row_chunk + 1) * sizeof *count);
	for (size_t i = 0; i < n; i++)
		count[row[at + i] + 1]++;
	for (size_t x = 0; x < g->row_chunk; x++) {
		if (count[x + 1]) {
			runs += pieces(count[x + 1], SGD_RUN) + gaps(x - last);
			last = x;
		}
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
	uint16_t last = 0;

	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && end - i < SGD_RUN && row[end] == row[i];)
			end++;
		for (size_t g = gaps((size_t)(row[i] - last)); g > 0; g--, last += SGD_SKIP)
			*run++ = (struct sgd_run){ SGD_SKIP, 0 };
		*run++ = (struct sgd_run){ (row[i] - last) & SGD_SKIP, (end - i) & 63 };
		last = row[i];
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

struct counter {
	size_t steps; /* of a row: twice those done, plus 1 while one is being done */
	char apart[APART - sizeof(size_t)];
};

struct course {
	size_t rows, cols;
	const uint32_t *shift;
	void (*work)(void *arg, size_t i, size_t j);
	void *arg;
	struct counter *row, *col;
	bool back; /* a column chunk goes to the row chunk after the one that it has met */
};

enum turn { TURN_DONE, TURN_TAKEN, TURN_OVER, TURN_NOT_YET };

/* The next block of row chunk i, if its time has come and nobody else takes it. In a step a column
 * chunk meets rows / cols row chunks, in order. */
static enum turn take_turn(const struct course *c, size_t i)
{
	size_t at = __atomic_load_n(&c->row[i].steps, __ATOMIC_ACQUIRE), s = at / 2, j, turn;

	if (s == c->cols)
		return TURN_OVER;
	if (at % 2)
		return TURN_TAKEN;
	j = (i + c->shift[s]) % c->cols;
	turn = s * (c->rows / c->cols) + i / c->cols;
	if (__atomic_load_n(&c->col[j].steps, __ATOMIC_ACQUIRE) != turn)
		return TURN_NOT_YET;
	if (!__atomic_compare_exchange_n(
		    &c->row[i].steps, &at, at + 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		return TURN_TAKEN;
	c->work(c->arg, i, j);
	__atomic_store_n(&c->col[j].steps, turn + 1, __ATOMIC_RELEASE);
	__atomic_store_n(&c->row[i].steps, at + 2, __ATOMIC_RELEASE);
	return TURN_DONE;
}

/* Row chunks by places: those that meet a column chunk in one step are neighbours. */
static size_t row_at(const struct course *c, size_t place)
{
	size_t per = c->rows / c->cols;

	return place % per * c->cols + place / per;
}

/* One block of the `n` places from low on. A column chunk leaves at one end of them, so the first
 * that is ready from there is the one furthest on its way: it is followed from row chunk to row
 * chunk, while it is in the cache. Adds to *over how many are through. */
static bool find_work(const struct course *c, size_t low, size_t n, size_t *over)
{
	for (size_t k = 0; k < n; k++) {
		size_t place = low + (c->back ? n - 1 - k : k);
		enum turn turn = take_turn(c, row_at(c, place));

		*over += turn == TURN_OVER;
		if (turn == TURN_DONE)
			return true;
	}
	return false;
}

/* A thread has a share of the places, so that their row chunks stay in its cache, and takes others'
 * blocks only when none of its own can go on. The earliest block of the serial order that is not
 * done can always go on, and everybody looks at all of them. */
static void follow(const struct course *c, size_t thread, size_t threads)
{
	size_t low = thread * c->rows / threads, n = (thread + 1) * c->rows / threads - low, over;

	for (int idle = 0;; idle++) {
		over = 0;
		if (find_work(c, low, n, &over)) {
			idle = 0;
			continue;
		}
		if (idle < SPINS && over < n) {
#if defined(__x86_64__)
			__builtin_ia32_pause();
#endif
			continue;
		}
		over = 0;
		if (find_work(c, 0, c->rows, &over))
			continue;
		if (over == c->rows)
			return;
		sched_yield();
	}
}

void grid_run(size_t rows, size_t cols, const uint32_t *shift,
	void (*work)(void *arg, size_t i, size_t j), void *arg)
{
	struct counter *count = mem_new(rows + cols, sizeof *count);
	bool back = cols > 1 && shift[0] == (shift[1] + 1) % cols;
	struct course c = { rows, cols, shift, work, arg, count, count + rows, back };

#pragma omp parallel
	follow(&c, (size_t)omp_get_thread_num(), (size_t)omp_get_num_threads());
	free(count);
}

void grid_turn(uint32_t *shift, size_t n, uint64_t seed)
{
	uint32_t first = (uint32_t)rng_below(n, seed, RNG_SHUFFLE, 0);
	bool back = rng_below(2, seed, RNG_SHUFFLE, 1) > 0;

	for (size_t s = 0; s < n; s++)
		shift[s] = (uint32_t)((first + (back ? n - s : s)) % n);
}
