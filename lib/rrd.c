#include "rrd.h"

#include <stdlib.h>

#include "mem.h"
#include "relaxed.h"

struct rrd {
	struct taught t;
	struct rrd_training how;
	double *weight; /* of a place */
	uint32_t *interesting; /* how many of a row's ids are */
};

static size_t fill(struct taught *t, size_t row, uint32_t *id, uint32_t *mark, uint64_t seed)
{
	struct rrd *r = (struct rrd *)t;
	const uint32_t *list = t->list + row * t->k, with = (uint32_t)row + 1;
	size_t n = taught_length(t, row), k = n < r->how.k ? n : r->how.k;

	if (r->how.spread > 0)
		k = taught_draw(id, k, r->weight, n, seed, row);
	for (size_t i = 0; i < k; i++)
		id[i] = list[r->how.spread > 0 ? id[i] : i];
	r->interesting[row] = (uint32_t)k;
	if (!k)
		return 0;
	return k + taught_others(id + k, r->how.l, mark, with, t->ids,
			   taught_mark(t, row, mark, with), seed, row);
}

static size_t start(void *self, uint64_t epoch)
{
	taught_fill(self, epoch, fill);
	return 0;
}

static double one(const struct taught *t, size_t row, const float *score, float *slope, size_t n)
{
	size_t k = ((const struct rrd *)t)->interesting[row];

	return relaxed_loss(slope, score, k, n - k);
}

static double slope(void *self, const struct pairs *pairs, const float *score, float *to)
{
	return taught_slope(self, pairs, score, to, one);
}

static void end(void *self)
{
	struct rrd *r = self;

	taught_free(&r->t);
	free(r->weight);
	free(r->interesting);
	free(r);
}

struct objective rrd_objective(const struct taught *t, const struct rrd_training *training)
{
	struct rrd *r = mem_new(1, sizeof *r);

	r->t = *t;
	r->how = *training;
	taught_room(&r->t, training->k + training->l);
	r->interesting = mem_new(t->rows, sizeof *r->interesting);
	r->weight = mem_new(t->k, sizeof *r->weight);
	if (training->spread > 0)
		taught_weights(r->weight, t->k, training->spread);
	return (struct objective){ r, start, taught_join, slope, end };
}
