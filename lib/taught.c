#include "taught.h"

#include <stdlib.h>
#include <string.h>

#include "fmath.h"
#include "mem.h"
#include "rng.h"

void taught_open(struct taught *t, const struct mf_rows *rows, bool reverse, const uint32_t *list,
	const float *score, size_t k, uint64_t seed)
{
	uint8_t *keep = mem_new(rows->n, 1);

	*t = (struct taught){ .reverse = reverse,
		.rows = reverse ? rows->items : rows->users,
		.ids = reverse ? rows->users : rows->items,
		.k = k,
		.list = list,
		.score = score,
		.seed = seed };
	for (size_t r = 0; r < rows->n; r++)
		keep[r] = rows->label[r] > 0 && (!rows->part || rows->part[r] == 0);
	t->have = csr_new(reverse ? rows->item : rows->user, reverse ? rows->user : rows->item,
		NULL, keep, rows->n, t->rows);
	t->stamp = mem_new(t->rows, sizeof *t->stamp);
	free(keep);
}

void taught_free(struct taught *t)
{
	csr_free(&t->have);
	free(t->drawn);
	free(t->count);
	free(t->row);
	free(t->stamp);
	free(t->at);
	free(t->loss);
}

size_t taught_length(const struct taught *t, size_t row)
{
	size_t n = 0;

	while (n < t->k && t->list[row * t->k + n] != TAUGHT_END)
		n++;
	return n;
}

/* ---- drawing ---- */

struct kept {
	double key;
	uint32_t place;
};

/* Among n < m kept by ascending key; the last one falls out when n == m. */
static void keep(struct kept *kept, size_t *n, size_t m, struct kept new)
{
	size_t i = *n < m ? (*n)++ : m - 1;

	for (; i > 0 && kept[i - 1].key > new.key; i--)
		kept[i] = kept[i - 1];
	kept[i] = new;
}

static int by_place(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* The m least of E_r / w_r, E_r exponential with mean 1. As -ln(1 - u) >= u, most E_r that are too
 * large are seen to be so without their logarithm. */
size_t taught_draw(
	uint32_t *place, size_t m, const double *weight, size_t n, uint64_t seed, size_t row)
{
	uint64_t own = rng_derive(seed, row);
	struct kept *kept;
	size_t got = 0;

	if (!m)
		return 0;
	kept = mem_new(m, sizeof *kept);
	for (size_t r = 0; r < n; r++) {
		double u = rng_unit(own, RNG_SAMPLE, r), key;

		if (!(weight[r] > 0) || (got == m && u >= kept[m - 1].key * weight[r]))
			continue;
		key = -fmath_log(1 - u) / weight[r];
		if (got < m || key < kept[m - 1].key)
			keep(kept, &got, m, (struct kept){ key, (uint32_t)r });
	}
	for (size_t i = 0; i < got; i++)
		place[i] = kept[i].place;
	qsort(place, got, sizeof *place, by_place);
	free(kept);
	return got;
}

void taught_weights(double *weight, size_t n, double spread)
{
	for (size_t r = 0; r < n; r++)
		weight[r] = fmath_exp(-(double)(r + 1) / spread);
}

size_t taught_mark(const struct taught *t, size_t row, uint32_t *mark, uint32_t with)
{
	size_t n = taught_length(t, row), marked = 0;

	for (size_t r = 0; r < n; r++) {
		uint32_t id = t->list[row * t->k + r];

		marked += mark[id] != with;
		mark[id] = with;
	}
	for (uint64_t e = t->have.at[row]; e < t->have.at[row + 1]; e++) {
		marked += mark[t->have.id[e]] != with;
		mark[t->have.id[e]] = with;
	}
	return marked;
}

/* Where few are left, they are gathered and dealt. */
static size_t deal(uint32_t *id, size_t m, const uint32_t *mark, uint32_t with, size_t ids,
	size_t left, uint64_t own)
{
	uint32_t *all = mem_new(left, sizeof *all);
	size_t n = 0;

	for (size_t i = 0; i < ids; i++)
		if (mark[i] != with)
			all[n++] = (uint32_t)i;
	for (size_t i = 0; i < m && i < n; i++) {
		size_t j = i + rng_below(n - i, own, RNG_NEGATIVE, i);

		id[i] = all[j];
		all[j] = all[i];
	}
	free(all);
	return m < n ? m : n;
}

size_t taught_others(uint32_t *id, size_t m, uint32_t *mark, uint32_t with, size_t ids,
	size_t marked, uint64_t seed, size_t row)
{
	uint64_t own = rng_derive(seed, row);
	size_t left = ids - marked, n = 0;

	if (left / 2 < m || left < ids / 16)
		return deal(id, m, mark, with, ids, left, own);
	for (uint64_t t = 0; n < m; t++) {
		uint32_t x = (uint32_t)rng_below(ids, own, RNG_NEGATIVE, t);

		if (mark[x] == with)
			continue;
		mark[x] = with;
		id[n++] = x;
	}
	return n;
}

/* ---- objectives ---- */

void taught_room(struct taught *t, size_t width)
{
	t->width = width;
	t->drawn = mem_new(t->rows * width, sizeof *t->drawn);
	t->count = mem_new(t->rows, sizeof *t->count);
}

void taught_fill(struct taught *t, uint64_t epoch, taught_filler *fill)
{
	uint64_t seed = rng_derive(t->seed, epoch);

#pragma omp parallel
	{
		uint32_t *mark = mem_new(t->ids, sizeof *mark);

#pragma omp for schedule(dynamic, 16)
		for (size_t row = 0; row < t->rows; row++)
			t->count[row] =
				(uint32_t)fill(t, row, t->drawn + row * t->width, mark, seed);
		free(mark);
	}
}

void taught_join(void *self, size_t batch, struct pairs *pairs)
{
	struct taught *t = self;
	size_t first = pairs->n, joined = pairs->joined - pairs->from;
	const uint32_t *ids = t->reverse ? pairs->item : pairs->user;

	(void)batch;
	if (joined > t->room) {
		t->room = joined + joined / 2;
		t->row = mem_grow(t->row, t->room, sizeof *t->row);
		t->at = mem_grow(t->at, t->room, sizeof *t->at);
		t->loss = mem_grow(t->loss, t->room, sizeof *t->loss);
	}
	t->n = objective_distinct(t->row, t->stamp, ids + pairs->from, joined);
	for (size_t i = 0; i < t->n; i++) {
		uint32_t row = t->row[i];
		const uint32_t *id = t->drawn + row * t->width;

		t->at[i] = pairs->n - first;
		for (size_t j = 0; j < t->count[row]; j++)
			pairs_add(pairs, t->reverse ? id[j] : row, t->reverse ? row : id[j]);
	}
}

double taught_slope(struct taught *t, const struct pairs *pairs, const float *score, float *slope,
	taught_loss *one)
{
	double sum = 0;

#pragma omp parallel for schedule(static) if (pairs->n > 1 << 14)
	for (size_t i = 0; i < t->n; i++) {
		size_t row = t->row[i], at = t->at[i], n = t->count[row];

		t->loss[i] = n ? one(t, row, score + at, slope + at, n) : 0;
	}
	for (size_t i = 0; i < t->n; i++)
		sum += t->loss[i];
	return sum;
}
