/* Which losses a list names, what they join, and their weights. */
#include "curriculum.h"

#include <stdlib.h>
#include <string.h>

#include "tap.h"

static struct curriculum checked(const char *loss, const char *lambda, const char *arch)
{
	struct curriculum c = { .loss = loss, CURRICULUM_DEFAULTS };

	c.lambda = lambda;
	curriculum_check(&c, arch);
	return c;
}

static void lists(void)
{
	struct curriculum c = checked("rrd,de", ".5,2", "two-tower");

	ok(strcmp(c.base, "bpr") == 0 && c.pairs, "a loss of ranking has pairs, of bpr");
	ok(c.losses == 2 && c.use[0].lambda == 0.5 && c.use[1].lambda == 2, "lambdas in turn");
	ok(curriculum_vectors(&c), "de is on vectors");
	c = checked("softmax,cd", "", "mlp");
	ok(strcmp(c.base, "softmax") == 0 && c.pairs, "or of softmax, if it is named");
	ok(c.losses == 1 && c.use[0].lambda == 0.01 && !curriculum_vectors(&c),
		"the base is no taught loss");
	c = checked("hint", "", "mlp");
	ok(strcmp(c.base, "auto") == 0 && !c.pairs, "representations join labels");
	c = checked("bpr,hint", "", "mlp");
	ok(c.pairs, "or pairs, if they are named");
	c = checked("hint", "", "mf");
	ok(c.pairs && strcmp(c.base, "bpr") == 0, "factor models have pairs only");
}

static bool wants(const char *loss, const char *tensor)
{
	struct curriculum c = checked(loss, "", "mlp");

	return curriculum_want(&c, tensor);
}

static size_t start(void *self, uint64_t epoch)
{
	(void)epoch;
	return *(size_t *)self;
}

static void draw(void *self, size_t batch, struct pairs *pairs)
{
	(void)self;
	(void)batch;
	pairs_add(pairs, 0, 0);
	pairs_add(pairs, 0, 1);
}

static double slope(void *self, const struct pairs *pairs, const float *score, float *to)
{
	(void)self;
	for (size_t k = 0; k < pairs->n; k++)
		to[k] = score[k];
	return (double)pairs->n;
}

static void end(void *self)
{
	(void)self;
}

/* One user whose list is items 2 1, four items; base of two pairs. */
static void weights(void)
{
	struct curriculum c = checked("cd", "3", "mf");
	struct tensor *item = tensor_new("top.t.item", U32, 1, 2);
	struct tensor *score = tensor_new("top.t.score", F32, 1, 2);
	const uint32_t user[] = { 0, 0 }, items[] = { 0, 3 };
	const float label[] = { 1, 0 };
	struct mf_rows rows = { user, items, label, NULL, NULL, 2, 1, 4 };
	struct tensors set = { 0 };
	struct pairs pairs = { 0 };
	size_t batches = 1;
	struct objective all;
	float s[8] = { 1, 2, 0, 0 }, g[8];
	double base, both;

	memcpy(item->data, (uint32_t[]){ 2, 1 }, 2 * sizeof(uint32_t));
	memcpy(score->data, (float[]){ 0, 0 }, 2 * sizeof(float));
	tensors_add(&set, item);
	tensors_add(&set, score);
	c.rows = &rows;
	c.seed = 1;
	c.temperature = 1;
	curriculum_find(&c, &set);
	ok(strcmp(c.teacher, "t") == 0, "the only teacher is found");
	all = curriculum_open(&c, (struct objective){ &batches, start, draw, slope, end });
	curriculum_weigh(&c, 1, 0);
	ok(all.start(all.self, 0) == 1, "the base's batches");
	all.draw(all.self, 0, &pairs);
	ok(pairs.n == 2, "what weighs nothing draws nothing");
	base = all.slope(all.self, &pairs, s, g);
	pairs.n = pairs.joined = 0;
	curriculum_weigh(&c, 0.5, 0.5);
	all.start(all.self, 1);
	all.draw(all.self, 0, &pairs);
	ok(pairs.n == 4, "otherwise the list's items are drawn");
	both = all.slope(all.self, &pairs, s, g);
	/* scores 0 and targets 1/2: each costs ln 2, the slope is 0 */
	near(both, base / 2 + 0.5 * 3 * 2 * 0.69314718055994529, 1e-6, "weights times losses");
	ok(g[0] == 0.5F && g[1] == 1 && g[2] == 0, "and slopes");
	all.end(all.self);
	curriculum_close(&c);
	pairs_free(&pairs);
	tensors_free(&set);
}

int main(void)
{
	lists();
	weights();
	ok(wants("rrd", "top.a.item") && !wants("rrd", "hint.a.user") && !wants("rrd", "soft.a"),
		"losses of ranking want lists");
	ok(wants("de", "hint.a") && wants("de", "hint.a.item") && !wants("de", "top.a.item"),
		"those of representations hints");
	ok(wants("bpr,de", "hint.a.user") && !wants("bpr,de", "hint.a"), "with pairs none of rows");
	return done();
}
