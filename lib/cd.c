#include "cd.h"

#include <stdlib.h>

#include "expo.h"
#include "fmath.h"
#include "gemm.h"
#include "mem.h"

struct cd {
	struct taught t;
	struct cd_training how;
	struct regard regard;
	struct cd_teacher teacher;
	double *weight; /* of a place */
	uint32_t *list, *length; /* the student's own: (rows, t.k), (rows); or NULL */
	float *target; /* (rows, k): q_i of the ids drawn */
};

static size_t fill(struct taught *t, size_t row, uint32_t *id, uint32_t *mark, uint64_t seed)
{
	struct cd *c = (struct cd *)t;
	const uint32_t *list = (c->list ? c->list : t->list) + row * t->k;
	size_t n = c->list ? c->length[row] : taught_length(t, row);
	size_t k = n < c->how.k ? n : c->how.k;

	(void)mark;
	if (c->how.spread > 0)
		k = taught_draw(id, k, c->weight, n, seed, row);
	for (size_t i = 0; i < k; i++) {
		size_t place = c->how.spread > 0 ? id[i] : i;
		float score;

		id[i] = list[place];
		if (c->list)
			score = SIMD_CALL(gemm_dot, c->teacher.user + row * c->teacher.dim,
				c->teacher.item + id[i] * c->teacher.dim, c->teacher.dim);
		else
			score = t->score[row * t->k + place];
		c->target[row * c->how.k + i] =
			(float)fmath_sigmoid(((double)score + c->how.shift) / c->how.temperature);
	}
	return k;
}

static void look(struct taught *t, size_t user, float *score)
{
	struct cd *c = (struct cd *)t;

	c->length[user] = (uint32_t)regard_top(c->list + user * t->k, t->k, score, t->ids);
}

static size_t start(void *self, uint64_t epoch)
{
	struct cd *c = self;

	if (c->list)
		regard_at(&c->regard, &c->t, epoch, look);
	taught_fill(&c->t, epoch, fill);
	return 0;
}

static double one(const struct taught *t, size_t row, const float *score, float *slope, size_t n)
{
	const struct cd *c = (const struct cd *)t;
	const float *target = c->target + row * c->how.k;
	float value[CD_MOST];
	double loss = 0;

	SIMD_CALL(expo_softplus, value, slope, score, n);
	for (size_t i = 0; i < n; i++) {
		loss += (double)value[i] - (double)target[i] * (double)score[i];
		slope[i] -= target[i];
	}
	return loss;
}

static double slope(void *self, const struct pairs *pairs, const float *score, float *to)
{
	return taught_slope(self, pairs, score, to, one);
}

static void end(void *self)
{
	struct cd *c = self;

	taught_free(&c->t);
	free(c->weight);
	free(c->list);
	free(c->length);
	free(c->target);
	free(c);
}

struct objective cd_objective(const struct taught *t, const struct cd_training *training,
	const struct regard *regard, const struct cd_teacher *teacher)
{
	struct cd *c = mem_new(1, sizeof *c);

	c->t = *t;
	c->how = *training;
	taught_room(&c->t, training->k);
	c->weight = mem_new(t->k, sizeof *c->weight);
	if (training->spread > 0)
		taught_weights(c->weight, t->k, training->spread);
	c->target = mem_new(t->rows * training->k, sizeof *c->target);
	if (regard) {
		c->regard = *regard;
		c->teacher = *teacher;
		c->list = mem_new(t->rows * t->k, sizeof *c->list);
		c->length = mem_new(t->rows, sizeof *c->length);
	}
	return (struct objective){ c, start, taught_join, slope, end };
}
