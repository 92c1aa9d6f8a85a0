#include "bpr.h"

#include <stdlib.h>

#include "expo.h"
#include "liked.h"
#include "mem.h"
#include "rng.h"

enum { WORTH = 1 << 12 }; /* pairs that a second thread is worth its waking for */

struct bpr {
	struct bpr_training how;
	const struct liked *liked;
	uint64_t seed; /* of the epoch */
	struct packed order;
	/* of the batch at hand: its positives, and (positives, how.negatives) */
	struct liked_pair *pair;
	uint32_t *negative;
	size_t *drawn, positives; /* those that have negatives */
	float *value; /* and the losses of each one's pairs */
};

static size_t start(void *self, uint64_t epoch)
{
	struct bpr *b = self;

	b->seed = rng_derive(b->how.seed, epoch);
	packed_permute(&b->order, b->liked->n, b->seed, RNG_SHUFFLE);
	return (b->liked->n + b->how.batch - 1) / b->how.batch;
}

static void draw(void *self, size_t batch, struct pairs *pairs)
{
	struct bpr *b = self;
	size_t from = batch * b->how.batch, left = b->liked->n - from, per = b->how.negatives;
	size_t n = left < b->how.batch ? left : b->how.batch;

#pragma omp parallel for schedule(static) if (n * per > WORTH)
	for (size_t r = 0; r < n; r++) {
		size_t e = packed_get(&b->order, from + r);

		b->pair[r] = liked_pair(b->liked, e);
		for (size_t j = 0; j < per; j++)
			b->negative[r * per + j] = liked_not(
				b->liked, b->pair[r].user, b->seed, (e * per + j) * LIKED_DRAWS);
	}
	b->positives = 0;
	for (size_t r = 0; r < n; r++)
		if (b->negative[r * per] != LIKED_NONE) {
			pairs_add(pairs, b->pair[r].user, b->pair[r].item);
			b->drawn[b->positives++] = packed_get(&b->order, from + r);
		}
	for (size_t e = 0; e < n * per; e++)
		if (b->negative[e] != LIKED_NONE)
			pairs_add(pairs, b->pair[e / per].user, b->negative[e]);
}

static double slope(void *self, const struct pairs *pairs, const float *score, float *slope_)
{
	struct bpr *b = self;
	size_t n = b->positives, per = b->how.negatives;
	double loss = 0;

	(void)pairs;
#pragma omp parallel for schedule(static) if (n * per > WORTH)
	for (size_t k = 0; k < n; k++) {
		const float w = (b->liked->weight ? b->liked->weight[b->drawn[k]] : 1) / (float)per;
		const float *other = score + n + k * per;
		float *value = b->value + k * per, *by_other = slope_ + n + k * per;
		float all = 0;

		for (size_t j = 0; j < per; j++)
			by_other[j] = other[j] - score[k];
		SIMD_CALL(expo_softplus, value, by_other, by_other, per);
		for (size_t j = 0; j < per; j++) {
			value[j] *= w;
			all += by_other[j] *= w;
		}
		slope_[k] = -all;
	}
	for (size_t e = 0; e < n * per; e++)
		loss += (double)b->value[e];
	return loss;
}

static void end(void *self)
{
	struct bpr *b = self;

	packed_free(&b->order);
	free(b->pair);
	free(b->negative);
	free(b->drawn);
	free(b->value);
	free(b);
}

struct objective bpr_objective(const struct liked *liked, const struct bpr_training *training)
{
	struct bpr *b = mem_new(1, sizeof *b);
	size_t most = training->batch < liked->n ? training->batch : liked->n;

	b->how = *training;
	b->liked = liked;
	b->order = packed_new(liked->n, liked->n ? (uint32_t)(liked->n - 1) : 0);
	b->pair = mem_new(most, sizeof *b->pair);
	b->drawn = mem_new(most, sizeof *b->drawn);
	b->negative = mem_new(most * training->negatives, sizeof *b->negative);
	b->value = mem_new(most * training->negatives, sizeof *b->value);
	return (struct objective){ b, start, draw, slope, end };
}
