/* The sum of two objectives: the second joins the first's batches and sees its users; losses and
 * slopes are weighted and do not mix. */
#include "objective.h"

#include <stdlib.h>

#include "tap.h"

/* Loss k (s_0 + s_1 + ...) on `pairs` pairs a batch of users batch, batch + 1, ... */
struct flat {
	double k;
	size_t batches, pairs, seen, from, joined, ended;
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
	f->from = pairs->from;
	f->joined = pairs->joined;
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

static struct objective flat(struct flat *f)
{
	return (struct objective){ f, start, draw, slope, end };
}

/* base + (user + its chain) + last: what each joins. */
static void test_chain(void)
{
	struct flat base = { 2, 1, 3, 0, 0, 0, 0, 0 }, user = { 3, 0, 4, 0, 0, 0, 0, 0 };
	struct flat item = { 5, 0, 2, 0, 0, 0, 0, 0 }, last = { 7, 0, 1, 0, 0, 0, 0, 0 };
	struct objective chain = objective_chain(flat(&user), 1, flat(&item), 0.5);
	struct objective sum =
		objective_sum(objective_sum(flat(&base), 1, chain, 2), 1, flat(&last), 1);
	struct pairs pairs = { 0 };
	float score[10] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 }, to[10];

	sum.start(sum.self, 0);
	sum.draw(sum.self, 0, &pairs);
	ok(pairs.n == 10 && pairs.from == 0 && pairs.joined == 3, "a sum of four");
	ok(user.from == 0 && user.joined == 3, "the base of a chain joins the batch");
	ok(item.from == 3 && item.joined == 7, "its extra joins what that base has drawn");
	ok(last.from == 0 && last.joined == 3, "who comes after it joins the batch again");
	near(sum.slope(sum.self, &pairs, score, to), 2 * 3 + 2 * (3 * 4 + 0.5 * 5 * 2) + 7, 1e-9,
		"and all are weighted");
	pairs_free(&pairs);
	sum.end(sum.self);
	ok(base.ended && user.ended && item.ended && last.ended, "all end");
}

int main(void)
{
	struct flat base = { 2, 5, 3, 0, 0, 0, 0, 0 }, extra = { 7, 0, 2, 0, 0, 0, 0, 0 };
	struct objective sum = objective_sum(flat(&base), 0.5, flat(&extra), 10);
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
	test_chain();
	return done();
}
