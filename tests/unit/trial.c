/* trial: two users, five items, a model of popularity; every list and value by hand. */
#include "trial.h"

#include <stdlib.h>

#include "child.h"
#include "die.h"
#include "made.h"
#include "tap.h"

enum { N = 10 };

static struct tensors set;

/* Items by the model: 4 3 2 1 0. User 0 has 4 in train; in test 2 is relevant, 0 is not. User 1 has
 * 0 in train; in test 4 and 3 are relevant. User 2 has nothing relevant; user 3 only what he had. */
static void fill(void)
{
	static const uint32_t user[N] = { 0, 0, 0, 1, 1, 1, 2, 3, 3, 1 };
	static const uint32_t item[N] = { 4, 2, 0, 0, 4, 3, 1, 1, 1, 0 };
	static const uint8_t part[N] = { 0, 2, 2, 0, 2, 2, 2, 0, 2, 2 };
	static const float label[N] = { 1, 1, 0, 1, 1, 1, 0, 1, 1, 0 };

	made_popularity(&set, 4, 5);
	made_rows(&set, N, user, item, label, part);
}

static double value(const struct trial *t, size_t user, size_t cutoff, int which)
{
	return t->entry[0].value[(user * t->cutoffs + cutoff) * RANK_VALUES + (size_t)which];
}

static void lists(void)
{
	struct trial t = { .part = 2, .cutoff = { 1, 2 }, .cutoffs = 2, .relevant = NAN };

	trial_run(&t, &set, NULL);
	ok(t.users == 2 && t.user[0] == 0 && t.user[1] == 1 && t.items == 5 && t.rows == 7,
		"users who count");
	ok(t.idle == 1 && t.seen_relevant == 1 && !t.graded, "those who do not, and why");
	/* user 0: 3 2 1 0; user 1: 4 3 2 1 */
	ok(value(&t, 0, 0, RANK_RECALL) == 0 && value(&t, 0, 1, RANK_RECALL) == 1, "recall of 2");
	near(value(&t, 0, 1, RANK_NDCG), 1 / log2(3), 1e-12, "it is second");
	near(value(&t, 0, 1, RANK_MRR), 0.5, 0, "its reciprocal rank");
	ok(value(&t, 1, 0, RANK_RECALL) == 0.5 && value(&t, 1, 0, RANK_PRECISION) == 1 &&
			value(&t, 1, 1, RANK_NDCG) == 1,
		"two relevant items on top");
	trial_free(&t);
}

static void wishes(void)
{
	static const uint8_t candidate[5] = { 1, 1, 1, 0, 1 };
	struct trial t = {
		.part = 2, .cutoff = { 1 }, .cutoffs = 1, .relevant = NAN, .candidate = candidate
	};

	trial_run(&t, &set, "p");
	ok(value(&t, 0, 0, RANK_RECALL) == 1, "item 3 is no candidate, so 2 is first");
	trial_free(&t);
	t = (struct trial){
		.part = 2, .cutoff = { 1 }, .cutoffs = 1, .relevant = NAN, .keep_seen = true
	};
	trial_run(&t, &set, NULL);
	ok(t.users == 3 && value(&t, 2, 0, RANK_RECALL) == 0,
		"who had it before counts if seen stays");
	ok(value(&t, 0, 0, RANK_RECALL) == 0 && value(&t, 1, 0, RANK_PRECISION) == 1,
		"and item 4 is user 0's first");
	trial_free(&t);
	t = (struct trial){ .part = 2, .cutoff = { 1 }, .cutoffs = 1, .relevant = 0 };
	trial_run(&t, &set, NULL);
	ok(t.users == 3, "labels of 0 are relevant if they say so");
	trial_free(&t);
}

static void runs(void *arg)
{
	trial_run(arg, &set, NULL);
}

static void faults(void)
{
	struct trial t = { .part = 1, .cutoff = { 1 }, .cutoffs = 1, .relevant = NAN };
	float *label = tensors_find(&set, "label")->data;

	ok(run(runs, &t) == 1 && strstr(said, "unit: stdin: "), "a part without rows");
	t.part = 2;
	t.relevant = 5;
	ok(run(runs, &t) == 1, "nobody who counts");
	t.relevant = NAN;
	label[1] = NAN;
	ok(run(runs, &t) == 1 && strstr(said, "label"), "a label that is no number");
	label[1] = 1;
	tensor_free(tensors_take(&set, "part"));
	ok(run(runs, &t) == 1 && strstr(said, "part"), "no part");
}

int main(void)
{
	die_name("unit");
	fill();
	faults();
	tensors_free(&set);
	fill();
	lists();
	wishes();
	tensors_free(&set);
	return done();
}
