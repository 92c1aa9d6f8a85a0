#include "bpr.h"

#include <stdlib.h>

#include "expo.h"
#include "liked.h"
#include "mem.h"
#include "rng.h"

struct bpr {
	struct bpr_training how;
	struct liked liked;
	uint32_t *order, *negative; /* of the epoch; negative of each positive, or LIKED_NONE */
	size_t *drawn, pairs; /* the positives of the batch at hand */
	float *value; /* and the loss of each */
};

static size_t start(void *self, uint64_t epoch)
{
	struct bpr *b = self;
	uint64_t seed = rng_derive(b->how.seed, epoch);

	rng_permute(b->order, b->liked.n, seed, RNG_SHUFFLE);
#pragma omp parallel for schedule(static)
	for (size_t k = 0; k < b->liked.n; k++)
		b->negative[k] = liked_not(&b->liked, b->liked.user[k], seed, k * LIKED_DRAWS);
	return (b->liked.n + b->how.batch - 1) / b->how.batch;
}

static void draw(void *self, size_t batch, struct pairs *pairs)
{
	struct bpr *b = self;
	size_t from = batch * b->how.batch, left = b->liked.n - from;
	size_t end = from + (left < b->how.batch ? left : b->how.batch);

	b->pairs = 0;
	for (size_t r = from; r < end; r++)
		if (b->negative[b->order[r]] != LIKED_NONE)
			b->drawn[b->pairs++] = b->order[r];
	for (size_t k = 0; k < b->pairs; k++)
		pairs_add(pairs, b->liked.user[b->drawn[k]], b->liked.item[b->drawn[k]]);
	for (size_t k = 0; k < b->pairs; k++)
		pairs_add(pairs, b->liked.user[b->drawn[k]], b->negative[b->drawn[k]]);
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
		float w = b->liked.weight ? b->liked.weight[b->drawn[k]] : 1;

		loss += (double)w * (double)b->value[k];
		by_other[k] *= w;
		slope_[k] = -by_other[k];
	}
	return loss;
}

static void end(void *self)
{
	struct bpr *b = self;

	liked_free(&b->liked);
	free(b->order);
	free(b->negative);
	free(b->drawn);
	free(b->value);
	free(b);
}

struct objective bpr_objective(
	const struct mf_rows *rows, const struct bpr_training *training, size_t *positives)
{
	struct bpr *b = mem_new(1, sizeof *b);
	size_t most;

	b->how = *training;
	b->liked = liked_new(rows, training->popular);
	b->order = mem_new(b->liked.n, sizeof *b->order);
	b->negative = mem_new(b->liked.n, sizeof *b->negative);
	most = b->how.batch < b->liked.n ? b->how.batch : b->liked.n;
	b->drawn = mem_new(most, sizeof *b->drawn);
	b->value = mem_new(most, sizeof *b->value);
	*positives = b->liked.n;
	return (struct objective){ b, start, draw, slope, end };
}
