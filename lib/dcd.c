#include "dcd.h"

#include <stdlib.h>

#include "fmath.h"
#include "mem.h"
#include "relaxed.h"

struct dcd {
	struct taught t;
	struct dcd_training how;
	struct regard regard;
	uint32_t *own, *length; /* (rows, t.k), (rows): the student's lists */
	float *under,
		*over; /* (rows, t.k): weights of places in the teacher's, the student's list */
	uint32_t *above; /* how many of a row's ids are under-estimated */
};

static float wrong(const struct dcd *d, double by)
{
	double e = by > 0 ? fmath_exp(-2 * by / d->how.scale) : 1;

	return (float)((1 - e) / (1 + e)); /* tanh */
}

static void look(struct taught *t, size_t row, float *score)
{
	struct dcd *d = (struct dcd *)t;
	const uint32_t *list = t->list + row * t->k;
	uint32_t *own = d->own + row * t->k, *rank = mem_new(t->k, sizeof *rank);
	uint32_t *place = mem_new(t->ids, sizeof *place);
	size_t n = taught_length(t, row), m;

	regard_ranks(rank, score, t->ids, list, n);
	for (size_t i = 0; i < n; i++) {
		d->under[row * t->k + i] = wrong(d, (double)rank[i] - (double)(i + 1));
		place[list[i]] = (uint32_t)i + 1;
	}
	m = d->length[row] = (uint32_t)regard_top(own, t->k, score, t->ids);
	for (size_t i = 0; i < m; i++) {
		size_t behind = place[own[i]] ? place[own[i]] : n + 1;

		d->over[row * t->k + i] = wrong(d, (double)behind - (double)(i + 1));
	}
	free(rank);
	free(place);
}

/* m of the n ids of a list by their weights. */
static size_t choose(uint32_t *id, size_t m, const uint32_t *list, const float *weight, size_t n,
	uint64_t seed, size_t row)
{
	double *w = mem_new(n, sizeof *w);
	size_t got;

	for (size_t i = 0; i < n; i++)
		w[i] = (double)weight[i];
	got = taught_draw(id, m, w, n, seed, row);
	for (size_t i = 0; i < got; i++)
		id[i] = list[id[i]];
	free(w);
	return got;
}

static size_t fill(struct taught *t, size_t row, uint32_t *id, uint32_t *mark, uint64_t seed)
{
	struct dcd *d = (struct dcd *)t;
	size_t at = row * t->k, k, l;

	(void)mark;
	k = choose(id, d->how.k, t->list + at, d->under + at, taught_length(t, row), seed, 2 * row);
	l = choose(id + k, d->how.l, d->own + at, d->over + at, d->length[row], seed, 2 * row + 1);
	d->above[row] = (uint32_t)k;
	return k ? k + l : 0;
}

static size_t start(void *self, uint64_t epoch)
{
	struct dcd *d = self;

	regard_at(&d->regard, &d->t, epoch, look);
	taught_fill(&d->t, epoch, fill);
	return 0;
}

static double one(const struct taught *t, size_t row, const float *score, float *slope, size_t n)
{
	size_t k = ((const struct dcd *)t)->above[row];

	return relaxed_loss(slope, score, k, n - k);
}

static double slope(void *self, const struct pairs *pairs, const float *score, float *to)
{
	return taught_slope(self, pairs, score, to, one);
}

static void end(void *self)
{
	struct dcd *d = self;

	taught_free(&d->t);
	free(d->own);
	free(d->length);
	free(d->under);
	free(d->over);
	free(d->above);
	free(d);
}

struct objective dcd_objective(
	const struct taught *t, const struct dcd_training *training, const struct regard *regard)
{
	struct dcd *d = mem_new(1, sizeof *d);
	size_t all = t->rows * t->k;

	d->t = *t;
	d->how = *training;
	d->regard = *regard;
	taught_room(&d->t, training->k + training->l);
	d->own = mem_new(all, sizeof *d->own);
	d->length = mem_new(t->rows, sizeof *d->length);
	d->under = mem_new(all, sizeof *d->under);
	d->over = mem_new(all, sizeof *d->over);
	d->above = mem_new(t->rows, sizeof *d->above);
	return (struct objective){ d, start, taught_join, slope, end };
}
