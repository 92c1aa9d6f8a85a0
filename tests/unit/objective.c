/* The sum of two objectives: the second joins the first's batches and sees its users; losses and
 * slopes are weighted and do not mix. */
#include "objective.h"

#include <stdlib.h>

#include "tap.h"

/* Loss k (s_0 + s_1 + ...) on `pairs` pairs a batch of users batch, batch + 1, ... */
struct flat {
	double k;
	size_t batches, pairs, seen, ended;
	uint64_t epoch;
};

static size_t start(void *self, uint64_t epoch)
{
	struct flat *f = self;

	f->epoch = epoch;
	return f->batches;
}

static void draw(void *self, size_t batch, struct pairs *pairs)
{
	struct flat *f = self;

	f->seen = pairs->n;
	for (size_t p = 0; p < f->pairs; p++)
		pairs_add(pairs, (uint32_t)(batch + p), (uint32_t)f->k);
}

static double slope(void *self, const struct pairs *pairs, const float *score, float *to)
{
	const struct flat *f = self;
	double loss = 0;

	for (size_t p = 0; p < pairs->n; p++) {
		loss += f->k * (double)score[p];
		to[p] = pairs->item[p] == (uint32_t)f->k ? (float)f->k : NAN;
	}
	return loss;
}

static void end(void *self)
{
	((struct flat *)self)->ended++;
}

int main(void)
{
	struct flat base = { 2, 5, 3, 0, 0, 0 }, extra = { 7, 0, 2, 0, 0, 0 };
	struct objective sum = objective_sum((struct objective){ &base, start, draw, slope, end },
		0.5, (struct objective){ &extra, start, draw, slope, end }, 10);
	struct pairs pairs = { 0 };
	const uint32_t id[] = { 4, 1, 4, 0, 1, 9 };
	uint32_t stamp[10] = { 0 }, distinct[6];
	float score[] = { 1, 1, 1, 2, 2 }, to[5];

	ok(sum.start(sum.self, 6) == 5, "the first says how many batches there are");
	ok(base.epoch == 6 && extra.epoch == 6, "both know the epoch");
	sum.draw(sum.self, 1, &pairs);
	ok(pairs.n == 5 && extra.seen == 3, "the second sees the pairs of the first");
	near(sum.slope(sum.self, &pairs, score, to), 0.5 * 6 + 10 * 28, 1e-9,
		"losses are weighted");
	ok(to[0] == 1 && to[2] == 1 && to[3] == 70 && to[4] == 70, "and so are slopes");
	((struct objective_sum *)sum.self)->extra_weight = 0;
	near(sum.slope(sum.self, &pairs, score, to), 3, 1e-9, "weights can change");
	pairs_free(&pairs);
	sum.end(sum.self);
	ok(base.ended == 1 && extra.ended == 1, "both end");
	for (int twice = 0; twice < 2; twice++)
		ok(objective_distinct(distinct, stamp, id, 6) == 4 && distinct[0] == 4 &&
				distinct[1] == 1 && distinct[2] == 0 && distinct[3] == 9,
			"distinct ids by first appearance");
	return done();
}
