#include "factors.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dots.h"
#include "mem.h"
#include "optim.h"
#include "rng.h"

/* Below so many multiply-adds a phase is over before a second thread would have woken up. */
enum { WORTH = 1 << 17, NONE = UINT32_MAX, COUNT = 1 << 20 };

static const double DEVIATION = 0.01;
static const struct optim ADAM = { OPTIM_ADAM, false, 0, INFINITY };

/* A row is its weights, then Adam's two moments, `width` floats each. */
struct table {
	uint32_t rows;
	float *row;
	uint32_t *taken; /* steps of this epoch that a row has taken */
	/* of the batch: its distinct rows, and the pairs of each */
	uint32_t *slot; /* (rows), NONE: not in the batch */
	uint32_t *id, *at, *pair;
	float *slope; /* (n, width) */
	size_t n, room, pairs_room;
	size_t joined; /* the first so many rows are those of the joined pairs */
};

struct factors {
	struct factors_training how;
	size_t width, pitch;
	struct table table[2]; /* users, items */
	struct optim_clock clock;
	uint64_t ticks; /* of the clock */
	float counted[2]; /* the same, in two digits of COUNT, for factors_state */
	struct optim_step *step; /* of this epoch */
	size_t steps, steps_room;
	struct pairs pairs;
	float *score, *slope;
	size_t room;
};

static size_t width_of(const struct factors_training *how)
{
	return (how->dim + how->bias + DOTS_LANES - 1) / DOTS_LANES * DOTS_LANES;
}

uint64_t factors_memory(uint32_t users, uint32_t items, const struct factors_training *training)
{
	/* weights and moments; slopes of a batch that has every row */
	return ((uint64_t)users + items) * (4 * sizeof(float) * width_of(training) + 16);
}

/* Constant 1 opposite the items' biases, whatever the optimiser did to it. */
static void fix_one(const struct factors *f, float *row)
{
	if (!f->how.bias)
		return;
	row[f->how.dim] = 1;
	row[f->width + f->how.dim] = 0;
	row[2 * f->width + f->how.dim] = 0;
}

static void table_new(struct factors *f, struct table *t, uint32_t rows, uint64_t seed)
{
	size_t dim = f->how.dim;

	t->rows = rows;
	t->row = mem_new((size_t)rows * f->pitch, sizeof *t->row);
	t->taken = mem_new(rows, sizeof *t->taken);
	t->slot = mem_new(rows, sizeof *t->slot);
	memset(t->slot, 0xFF, rows * sizeof *t->slot);
#pragma omp parallel for schedule(static)
	for (size_t r = 0; r < rows; r++)
		for (size_t k = 0; k < dim; k++)
			t->row[r * f->pitch + k] =
				(float)(DEVIATION * rng_normal(seed, RNG_INIT, r * dim + k));
}

struct factors *factors_new(uint32_t users, uint32_t items, const struct factors_training *training)
{
	struct factors *f = mem_new(1, sizeof *f);

	f->how = *training;
	f->width = width_of(training);
	f->pitch = 3 * f->width;
	f->clock = (struct optim_clock){ 1, 1 };
	table_new(f, &f->table[0], users, rng_derive(training->seed, 0));
	table_new(f, &f->table[1], items, rng_derive(training->seed, 1));
	for (size_t u = 0; u < users; u++)
		fix_one(f, f->table[0].row + u * f->pitch);
	return f;
}

void factors_rate(struct factors *f, double rate)
{
	f->how.rate = rate;
}

void factors_free(struct factors *f)
{
	for (int side = 0; side < 2; side++) {
		struct table *t = &f->table[side];

		free(t->row);
		free(t->taken);
		free(t->slot);
		free(t->id);
		free(t->at);
		free(t->pair);
		free(t->slope);
	}
	pairs_free(&f->pairs);
	free(f->step);
	free(f->score);
	free(f->slope);
	free(f);
}

/* ---- a batch ---- */

static void make_room(struct factors *f, struct table *t, size_t pairs)
{
	size_t most = pairs < t->rows ? pairs : t->rows;

	if (pairs > t->pairs_room) {
		t->pairs_room = pairs + pairs / 4;
		t->pair = mem_grow(t->pair, t->pairs_room, sizeof *t->pair);
	}
	if (most <= t->room)
		return;
	t->room = most + most / 4;
	free(t->slope);
	t->id = mem_grow(t->id, t->room, sizeof *t->id);
	t->at = mem_grow(t->at, t->room + 2, sizeof *t->at);
	t->slope = mem_new(t->room * f->width, sizeof *t->slope);
}

/* Sorts the pairs by their rows, rows by first appearance. */
static void sort(struct table *t, const uint32_t *id, size_t pairs, size_t joined)
{
	uint32_t *at = t->at;

	t->n = t->joined = 0;
	at[1] = 0;
	for (size_t k = 0; k < pairs; k++) {
		uint32_t s = t->slot[id[k]];

		t->joined = k == joined ? t->n : t->joined;

		if (s == NONE) {
			s = t->slot[id[k]] = (uint32_t)t->n;
			t->id[t->n++] = id[k];
			at[s + 2] = 0;
		}
		at[s + 2]++;
	}
	t->joined = joined && joined < pairs ? t->joined : t->n;
	at[0] = 0;
	for (size_t s = 1; s <= t->n; s++)
		at[s + 1] += at[s];
	for (size_t k = 0; k < pairs; k++)
		t->pair[at[t->slot[id[k]] + 1]++] = (uint32_t)k;
	for (size_t s = 0; s < t->n; s++)
		t->slot[t->id[s]] = NONE;
}

/* Lets a row take the steps up to `step` that it has missed. */
static void catch_up(const struct factors *f, struct table *t, size_t r, size_t step)
{
	float *row = t->row + r * f->pitch;

	if (!f->how.lazy && t->taken[r] < step) {
		SIMD_CALL(optim_adam_rest, row, row + f->width, row + 2 * f->width, f->width,
			f->step + t->taken[r], step - t->taken[r]);
		if (t == &f->table[0])
			fix_one(f, row);
	}
	t->taken[r] = (uint32_t)step;
}

static void begin(struct factors *f)
{
	const struct pairs *pairs = &f->pairs;
	const uint32_t *id[2] = { pairs->user, pairs->item };

	if (f->steps == f->steps_room) {
		f->steps_room = f->steps_room ? 2 * f->steps_room : 256;
		f->step = mem_grow(f->step, f->steps_room, sizeof *f->step);
	}
	optim_tick(&f->clock);
	f->ticks++;
	f->step[f->steps] = optim_at(&f->clock, &ADAM, f->how.rate, f->how.l2);
	if (pairs->n > f->room) {
		f->room = pairs->n + pairs->n / 4;
		f->score = mem_grow(f->score, f->room, sizeof *f->score);
		f->slope = mem_grow(f->slope, f->room, sizeof *f->slope);
	}
	for (int side = 0; side < 2; side++)
		make_room(f, &f->table[side], pairs->n);
#pragma omp parallel for schedule(static, 1) if (pairs->n > WORTH / 16)
	for (int side = 0; side < 2; side++)
		sort(&f->table[side], id[side], pairs->n, pairs->joined);
}

/* Row number s of the batch's users, then items. */
static struct table *find(struct factors *f, size_t *s)
{
	if (*s < f->table[0].n)
		return &f->table[0];
	*s -= f->table[0].n;
	return &f->table[1];
}

static void score(struct factors *f)
{
	enum { CHUNK = 256 };
	size_t rows = f->table[0].n + f->table[1].n, n = f->pairs.n;

#pragma omp parallel if (rows * f->width * 8 > WORTH || n * f->width > WORTH)
	{
#pragma omp for schedule(static, 16)
		for (size_t r = 0; r < rows; r++) {
			size_t s = r;
			struct table *t = find(f, &s);

			catch_up(f, t, t->id[s], f->steps);
		}
#pragma omp for schedule(static)
		for (size_t k = 0; k < n; k += CHUNK)
			SIMD_CALL(dots_pairs, f->score + k, f->table[0].row, f->table[1].row,
				f->pitch, f->width, f->pairs.user + k, f->pairs.item + k,
				n - k < CHUNK ? n - k : CHUNK);
	}
}

static void gather(struct factors *f)
{
	const uint32_t *id[2] = { f->pairs.user, f->pairs.item };
	size_t rows = f->table[0].n + f->table[1].n;

#pragma omp parallel for schedule(static, 16) if (f->pairs.n * f->width * 2 > WORTH)
	for (size_t r = 0; r < rows; r++) {
		size_t s = r;
		struct table *t = find(f, &s);
		size_t other = t == &f->table[0];

		SIMD_CALL(dots_gather, t->slope + s * f->width, f->table[other].row, f->pitch,
			f->width, id[other], f->slope, t->pair + t->at[s], t->at[s + 1] - t->at[s]);
	}
}

static void step(struct factors *f)
{
	size_t rows = f->table[0].n + f->table[1].n;

#pragma omp parallel for schedule(static, 16) if (rows * f->width * 8 > WORTH)
	for (size_t r = 0; r < rows; r++) {
		size_t s = r;
		struct table *t = find(f, &s);
		float *row = t->row + t->id[s] * f->pitch;

		SIMD_CALL(optim_step, row, row + f->width, row + 2 * f->width,
			t->slope + s * f->width, f->width, f->step + f->steps);
		t->taken[t->id[s]]++;
		if (t == &f->table[0])
			fix_one(f, row);
	}
	f->steps++;
}

static struct vectors rows_of(const struct factors *f, const struct table *t)
{
	return (struct vectors){ t->row, f->pitch, f->width, f->how.dim, t->joined, t->id, t->slope,
		NULL };
}

static void add_own(struct factors *f, const struct vectors_loss *own, size_t owns, double *loss)
{
	struct vectors users = rows_of(f, &f->table[0]), items = rows_of(f, &f->table[1]);

	for (size_t i = 0; i < owns; i++)
		if (own[i].weight > 0)
			*loss += own[i].weight *
				 own[i].slope(own[i].self, &users, &items, own[i].weight);
}

static void batch(struct factors *f, const struct objective *objective,
	const struct vectors_loss *own, size_t owns, size_t number, struct factors_losses *loss)
{
	f->pairs.n = f->pairs.joined = 0;
	objective->draw(objective->self, number, &f->pairs);
	if (!f->pairs.n)
		return;
	begin(f);
	score(f);
	loss->sum += objective->slope(objective->self, &f->pairs, f->score, f->slope);
	gather(f);
	add_own(f, own, owns, &loss->own);
	step(f);
}

/* All rows take the steps they have missed, and the next epoch's are counted anew. */
static void settle(struct factors *f)
{
	for (int side = 0; side < 2; side++) {
		struct table *t = &f->table[side];

#pragma omp parallel for schedule(static, 64)
		for (size_t r = 0; r < t->rows; r++) {
			catch_up(f, t, r, f->steps);
			t->taken[r] = 0;
		}
	}
	f->steps = 0;
}

struct factors_losses factors_epoch(struct factors *f, const struct objective *objective,
	const struct vectors_loss *own, size_t owns, uint64_t epoch)
{
	size_t batches = objective->start(objective->self, epoch);
	struct factors_losses loss = { 0, 0, 0 };

	for (size_t i = 0; i < owns; i++)
		own[i].start(own[i].self, epoch);
	for (size_t b = 0; b < batches && isfinite(loss.sum) && isfinite(loss.own); b++) {
		batch(f, objective, own, owns, b, &loss);
		if (b == 0)
			loss.first = loss.sum * (double)batches;
	}
	settle(f);
	return loss;
}

/* ---- between epochs ---- */

void factors_scores(
	const struct factors *f, bool reverse, float *score_, const uint32_t *row, size_t n)
{
	enum { CHUNK = 1024 };
	const struct table *own = &f->table[reverse], *other = &f->table[!reverse];

#pragma omp parallel for schedule(static)
	for (size_t k = 0; k < n; k++) {
		uint32_t same[CHUNK], id[CHUNK];

		for (size_t i = 0; i < CHUNK; i++)
			same[i] = row[k];
		for (size_t from = 0; from < other->rows; from += CHUNK) {
			size_t left = other->rows - from, m = left < CHUNK ? left : CHUNK;

			for (size_t i = 0; i < m; i++)
				id[i] = (uint32_t)(from + i);
			SIMD_CALL(dots_pairs, score_ + k * other->rows + from, own->row, other->row,
				f->pitch, f->width, same, id, m);
		}
	}
}

void factors_start(struct factors *f, const struct mf *from)
{
	const float *factor[2] = { from->user_factors, from->item_factors };
	const uint32_t rows[2] = { from->users, from->items };
	size_t dim = from->dim < f->how.dim ? from->dim : f->how.dim;

	for (int side = 0; side < 2; side++) {
		struct table *t = &f->table[side];

		for (size_t r = 0; r < rows[side] && r < t->rows; r++) {
			float *row = t->row + r * f->pitch;

			memcpy(row, factor[side] + r * from->dim, dim * sizeof *row);
			if (side == 1 && f->how.bias)
				row[f->how.dim] = from->item_bias[r];
		}
	}
}

size_t factors_state(struct factors *f, struct mf_state list[MF_STATES])
{
	f->counted[0] = (float)(f->ticks % COUNT);
	f->counted[1] = (float)(f->ticks / COUNT);
	list[0] = (struct mf_state){ "users", f->table[0].row, f->table[0].rows * f->pitch };
	list[1] = (struct mf_state){ "items", f->table[1].row, f->table[1].rows * f->pitch };
	list[2] = (struct mf_state){ "steps", f->counted, 2 };
	return 3;
}

bool factors_resume(struct factors *f, uint64_t most)
{
	double ticks = (double)f->counted[0] + COUNT * (double)f->counted[1];

	if (!(ticks >= 0 && ticks <= (double)most))
		return false;
	for (; f->ticks < (uint64_t)ticks; f->ticks++)
		optim_tick(&f->clock);
	return true;
}

static float *copy(const struct factors *f, const struct table *t)
{
	size_t dim = f->how.dim;
	float *to = mem_new((size_t)t->rows * dim, sizeof *to);

	for (size_t r = 0; r < t->rows; r++)
		memcpy(to + r * dim, t->row + r * f->pitch, dim * sizeof *to);
	return to;
}

struct mf *factors_mf(const struct factors *f)
{
	const struct table *users = &f->table[0], *items = &f->table[1];
	struct mf *mf = mem_new(1, sizeof *mf);

	*mf = (struct mf){ .users = users->rows,
		.items = items->rows,
		.dim = f->how.dim,
		.low = -INFINITY,
		.high = INFINITY,
		.user_bias = mem_new(users->rows, sizeof(float)),
		.item_bias = mem_new(items->rows, sizeof(float)),
		.user_factors = copy(f, users),
		.item_factors = copy(f, items) };
	for (size_t i = 0; f->how.bias && i < items->rows; i++)
		mf->item_bias[i] = items->row[i * f->pitch + f->how.dim];
	return mf;
}
