#include "objective.h"

#include <stdlib.h>

#include "mem.h"

void pairs_add(struct pairs *pairs, uint32_t user, uint32_t item)
{
	if (pairs->n == pairs->room) {
		pairs->room = pairs->room ? 2 * pairs->room : 4096;
		pairs->user = mem_grow(pairs->user, pairs->room, sizeof *pairs->user);
		pairs->item = mem_grow(pairs->item, pairs->room, sizeof *pairs->item);
	}
	pairs->user[pairs->n] = user;
	pairs->item[pairs->n++] = item;
}

void pairs_free(struct pairs *pairs)
{
	free(pairs->user);
	free(pairs->item);
	*pairs = (struct pairs){ 0 };
}

/* ---- the sum of two ---- */

static size_t sum_start(void *self, uint64_t epoch)
{
	struct objective_sum *sum = self;
	size_t batches = sum->base.start(sum->base.self, epoch);

	if (sum->extra_weight > 0)
		sum->extra.start(sum->extra.self, epoch);
	return batches;
}

static void sum_draw(void *self, size_t batch, struct pairs *pairs)
{
	struct objective_sum *sum = self;
	size_t first = pairs->n, from = pairs->from, joined;

	sum->base.draw(sum->base.self, batch, pairs);
	sum->middle = pairs->n - first;
	if (!pairs->joined)
		pairs->joined = pairs->n;
	joined = pairs->joined;
	if (sum->chain) {
		pairs->from = first;
		pairs->joined = pairs->n;
	}
	if (sum->extra_weight > 0)
		sum->extra.draw(sum->extra.self, batch, pairs);
	pairs->from = from;
	pairs->joined = joined;
}

static double half(const struct objective *o, double weight, const struct pairs *pairs,
	const float *score, float *slope, size_t from, size_t to)
{
	struct pairs own = { pairs->user + from, pairs->item + from, to - from, 0, 0, 0 };
	double loss = o->slope(o->self, &own, score + from, slope + from);

	for (size_t k = from; k < to; k++)
		slope[k] *= (float)weight;
	return weight * loss;
}

static double sum_slope(void *self, const struct pairs *pairs, const float *score, float *slope)
{
	struct objective_sum *sum = self;
	double base = half(&sum->base, sum->base_weight, pairs, score, slope, 0, sum->middle);

	if (!(sum->extra_weight > 0))
		return base;
	return base +
	       half(&sum->extra, sum->extra_weight, pairs, score, slope, sum->middle, pairs->n);
}

static void sum_end(void *self)
{
	struct objective_sum *sum = self;

	sum->base.end(sum->base.self);
	sum->extra.end(sum->extra.self);
	free(sum);
}

struct objective objective_sum(
	struct objective base, double base_weight, struct objective extra, double extra_weight)
{
	struct objective_sum *sum = mem_new(1, sizeof *sum);

	*sum = (struct objective_sum){ base, extra, base_weight, extra_weight, false, 0 };
	return (struct objective){ sum, sum_start, sum_draw, sum_slope, sum_end };
}

struct objective objective_chain(
	struct objective base, double base_weight, struct objective extra, double extra_weight)
{
	struct objective chain = objective_sum(base, base_weight, extra, extra_weight);

	((struct objective_sum *)chain.self)->chain = true;
	return chain;
}

size_t objective_distinct(uint32_t *distinct, uint32_t *stamp, const uint32_t *id, size_t n)
{
	size_t m = 0;

	for (size_t k = 0; k < n; k++)
		if (!stamp[id[k]]) {
			stamp[id[k]] = 1;
			distinct[m++] = id[k];
		}
	for (size_t k = 0; k < m; k++)
		stamp[distinct[k]] = 0;
	return m;
}
