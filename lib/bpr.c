#include "bpr.h"

#include <stdlib.h>

#include "csr.h"
#include "expo.h"
#include "mem.h"
#include "rng.h"

enum { TRIES = 32, NONE = UINT32_MAX };

struct bpr {
	struct bpr_training how;
	uint32_t *user, *item; /* of the n positives */
	float *weight; /* NULL: all are 1 */
	size_t n;
	uint32_t items;
	struct csr have; /* items of each user */
	uint32_t *order, *negative; /* of the epoch; negative of each positive, or NONE */
	size_t *drawn, pairs; /* the positives of the batch at hand */
	float *value; /* and the loss of each */
};

static bool has(const struct csr *have, uint32_t user, uint32_t item)
{
	uint64_t low = have->at[user], end = have->at[user + 1], high = end;

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		if (have->id[middle] < item)
			low = middle + 1;
		else
			high = middle;
	}
	return low < end && have->id[low] == item;
}

/* One of the items that the user has not, all with equal chances; NONE if he has all. */
static uint32_t draw_left(const struct bpr *b, uint32_t user, uint64_t seed, uint64_t index)
{
	const uint32_t *id = b->have.id;
	uint64_t from = b->have.at[user], end = b->have.at[user + 1];
	uint32_t left = b->items, x;

	for (uint64_t e = from; e < end; e++)
		left -= e == from || id[e] != id[e - 1];
	if (!left)
		return NONE;
	x = (uint32_t)rng_below(left, seed, RNG_NEGATIVE, index);
	for (uint64_t e = from; e < end && id[e] <= x; e++)
		x += e == from || id[e] != id[e - 1];
	return x;
}

static uint32_t draw_negative(const struct bpr *b, size_t k, uint64_t seed)
{
	uint64_t first = k * (TRIES + 1);

	for (uint64_t t = first; t < first + TRIES; t++) {
		uint64_t x = rng_below(b->how.popular ? b->n : b->items, seed, RNG_NEGATIVE, t);
		uint32_t item = b->how.popular ? b->item[x] : (uint32_t)x;

		if (!has(&b->have, b->user[k], item))
			return item;
	}
	return draw_left(b, b->user[k], seed, first + TRIES);
}

static size_t start(void *self, uint64_t epoch)
{
	struct bpr *b = self;
	uint64_t seed = rng_derive(b->how.seed, epoch);

	rng_permute(b->order, b->n, seed, RNG_SHUFFLE);
#pragma omp parallel for schedule(static)
	for (size_t k = 0; k < b->n; k++)
		b->negative[k] = draw_negative(b, k, seed);
	return (b->n + b->how.batch - 1) / b->how.batch;
}

static void draw(void *self, size_t batch, struct pairs *pairs)
{
	struct bpr *b = self;
	size_t from = batch * b->how.batch, left = b->n - from;
	size_t end = from + (left < b->how.batch ? left : b->how.batch);

	b->pairs = 0;
	for (size_t r = from; r < end; r++)
		if (b->negative[b->order[r]] != NONE)
			b->drawn[b->pairs++] = b->order[r];
	for (size_t k = 0; k < b->pairs; k++)
		pairs_add(pairs, b->user[b->drawn[k]], b->item[b->drawn[k]]);
	for (size_t k = 0; k < b->pairs; k++)
		pairs_add(pairs, b->user[b->drawn[k]], b->negative[b->drawn[k]]);
}

static double slope(void *self, const struct pairs *pairs, const float *score, float *slope_)
{
	struct bpr *b = self;
	float *by_other = slope_ + b->pairs;
	double loss = 0;

	(void)pairs;
	for (size_t k = 0; k < b->pairs; k++)
		by_other[k] = score[b->pairs + k] - score[k];
	SIMD_CALL(expo_softplus, b->value, by_other, by_other, b->pairs);
	for (size_t k = 0; k < b->pairs; k++) {
		float w = b->weight ? b->weight[b->drawn[k]] : 1;

		loss += (double)w * (double)b->value[k];
		by_other[k] *= w;
		slope_[k] = -by_other[k];
	}
	return loss;
}

static void end(void *self)
{
	struct bpr *b = self;

	csr_free(&b->have);
	free(b->user);
	free(b->item);
	free(b->weight);
	free(b->order);
	free(b->negative);
	free(b->drawn);
	free(b->value);
	free(b);
}

static void gather(struct bpr *b, const struct mf_rows *rows)
{
	uint8_t *keep = mem_new(rows->n, 1);
	size_t n = 0;

	for (size_t r = 0; r < rows->n; r++) {
		keep[r] = rows->label[r] > 0 && (!rows->part || rows->part[r] == 0);
		b->n += keep[r];
	}
	b->have = csr_new(rows->user, rows->item, NULL, keep, rows->n, rows->users);
	b->user = mem_new(b->n, sizeof *b->user);
	b->item = mem_new(b->n, sizeof *b->item);
	b->weight = rows->weight ? mem_new(b->n, sizeof *b->weight) : NULL;
	for (size_t r = 0; r < rows->n; r++) {
		if (!keep[r])
			continue;
		b->user[n] = rows->user[r];
		b->item[n] = rows->item[r];
		if (b->weight)
			b->weight[n] = rows->weight[r];
		n++;
	}
	free(keep);
}

struct objective bpr_objective(
	const struct mf_rows *rows, const struct bpr_training *training, size_t *positives)
{
	struct bpr *b = mem_new(1, sizeof *b);
	size_t most;

	b->how = *training;
	b->items = rows->items;
	gather(b, rows);
	b->order = mem_new(b->n, sizeof *b->order);
	b->negative = mem_new(b->n, sizeof *b->negative);
	most = b->how.batch < b->n ? b->how.batch : b->n;
	b->drawn = mem_new(most, sizeof *b->drawn);
	b->value = mem_new(most, sizeof *b->value);
	*positives = b->n;
	return (struct objective){ b, start, draw, slope, end };
}
