#include "rd.h"

#include <math.h>
#include <stdlib.h>

#include "expo.h"
#include "fmath.h"
#include "mem.h"

struct rd {
	struct taught t;
	struct rd_training how;
	struct regard regard;
	double *place; /* a_r */
	float *weight; /* (rows, k) w_r */
};

static void weigh(struct rd *r, size_t row, const uint32_t *rank)
{
	float *weight = r->weight + row * r->how.k;
	size_t n = r->t.count[row];
	double sum = 0;

	for (size_t i = 0; i < n; i++) {
		double low = rank ? r->how.mu * ((double)rank[i] - (double)(i + 1)) : INFINITY;
		double e = low > 0 ? fmath_exp(-2 * low) : 1; /* tanh x = (1 - e) / (1 + e) */

		weight[i] = (float)(r->place[i] * (1 - e) / (1 + e));
		sum += (double)weight[i];
	}
	for (size_t i = 0; i < n && sum > 0; i++)
		weight[i] = (float)((double)weight[i] / sum);
}

static void look(struct taught *t, size_t user, float *score)
{
	struct rd *r = (struct rd *)t;
	size_t n = t->count[user];
	uint32_t *rank = mem_new(n, sizeof *rank);

	regard_ranks(rank, score, t->ids, t->drawn + user * t->width, n);
	weigh(r, user, rank);
	free(rank);
}

static size_t start(void *self, uint64_t epoch)
{
	struct rd *r = self;

	if (epoch >= r->how.warm)
		regard_at(&r->regard, &r->t, epoch - r->how.warm, look);
	return 0;
}

static double one(const struct taught *t, size_t row, const float *score, float *slope, size_t n)
{
	const struct rd *r = (const struct rd *)t;
	const float *weight = r->weight + row * r->how.k;
	float value[RD_MOST];
	double loss = 0;

	for (size_t i = 0; i < n; i++)
		slope[i] = -score[i];
	SIMD_CALL(expo_softplus, value, slope, slope, n);
	for (size_t i = 0; i < n; i++) {
		loss += (double)weight[i] * (double)value[i];
		slope[i] *= -weight[i];
	}
	return loss;
}

static double slope(void *self, const struct pairs *pairs, const float *score, float *to)
{
	return taught_slope(self, pairs, score, to, one);
}

static void end(void *self)
{
	struct rd *r = self;

	taught_free(&r->t);
	free(r->place);
	free(r->weight);
	free(r);
}

struct objective rd_objective(
	const struct taught *t, const struct rd_training *training, const struct regard *regard)
{
	struct rd *r = mem_new(1, sizeof *r);

	r->t = *t;
	r->how = *training;
	r->how.k = training->k < t->k ? training->k : t->k;
	r->regard = *regard;
	r->place = mem_new(r->how.k, sizeof *r->place);
	taught_weights(r->place, r->how.k, training->spread);
	r->weight = mem_new(t->rows * r->how.k, sizeof *r->weight);
	taught_room(&r->t, r->how.k);
	for (size_t row = 0; row < t->rows; row++) {
		size_t n = taught_length(t, row);

		r->t.count[row] = (uint32_t)(n < r->how.k ? n : r->how.k);
		for (size_t i = 0; i < r->t.count[row]; i++)
			r->t.drawn[row * r->how.k + i] = t->list[row * t->k + i];
		weigh(r, row, NULL);
	}
	return (struct objective){ r, start, taught_join, slope, end };
}
