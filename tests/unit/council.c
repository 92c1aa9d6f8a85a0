/* council -- mean, median, variance and gate by hand; a council of one against its model. */
#include "council.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "mem.h"
#include "tap.h"

enum { MODELS = 4 };

/* Factor models without factors: model m says bias b[m] + item * step[m]. */
static void make(struct tensors *set)
{
	static const float bias[MODELS] = { 1, 2, 4, -3 };
	static const float step[MODELS] = { 1, 0, -1, 2 };

	for (int m = 0; m < MODELS; m++) {
		char name[64];
		struct tensor *t;

		snprintf(name, sizeof name, "model.m%d.spec", m);
		tensors_add(set, tensor_text(name, "arch=mf\ntask=rating\ndim=0\nlow=-1000\n"
						   "high=1000\n"));
		snprintf(name, sizeof name, "model.m%d.bias", m);
		*(float *)(t = tensor_new(name, F32, 1, 0))->data = bias[m];
		tensors_add(set, t);
		snprintf(name, sizeof name, "model.m%d.user.bias", m);
		tensors_add(set, tensor_new(name, F32, 2, 0));
		snprintf(name, sizeof name, "model.m%d.item.bias", m);
		t = tensor_new(name, F32, 3, 0);
		for (int i = 0; i < 3; i++)
			((float *)t->data)[i] = (float)i * step[m];
		tensors_add(set, t);
	}
}

/* Rows: items 0, 1, 2 of user 0. */
static void make_rows(struct tensors *rows)
{
	struct tensor *item = tensor_new("item", U32, 3, 0);

	for (uint32_t i = 0; i < 3; i++)
		((uint32_t *)item->data)[i] = i;
	tensors_add(rows, tensor_new("user", U32, 3, 0));
	tensors_add(rows, item);
}

static void test_rows(const struct tensors *set, const struct tensors *rows)
{
	struct council c = { 0 };
	float z[3], v[3];

	council_open(&c, set, "m0,m1,m2", NULL);
	council_rows(&c, rows, 3, z, v);
	near((double)z[0], 7.0 / 3, 1e-6, "mean of 1, 2, 4");
	near((double)z[2], 7.0 / 3, 1e-6, "mean of 3, 2, 2");
	near((double)v[0], 7.0 / 3, 1e-6, "sample variance of 1, 2, 4");
	near((double)v[1], 1.0 / 3, 1e-6, "sample variance of 2, 2, 3");
	c.how = COUNCIL_MEDIAN;
	council_rows(&c, rows, 3, z, NULL);
	near((double)z[0], 2, 0, "median of 1, 2, 4");
	council_free(&c);
	council_open(&c, set, "m3,m0,m2,m1", NULL);
	c.how = COUNCIL_MEDIAN;
	council_rows(&c, rows, 3, z, NULL);
	near((double)z[0], 1.5, 0, "median of -3, 1, 2, 4");
	council_free(&c);
	council_open(&c, set, "m0,m2", "3,1");
	council_rows(&c, rows, 1, z, v);
	near((double)z[0], 1.75, 0, "weights 3 and 1: mean of 1 and 4");
	/* (3/4 (3/4)^2 + 1/4 (9/4)^2) / (1 - 10/16) */
	near((double)v[0], 4.5, 1e-6, "weights 3 and 1: variance of 1 and 4");
	council_free(&c);
}

static void test_gate(const struct tensors *set, const struct tensors *rows)
{
	const float label[3] = { 1, 2, 0 };
	const uint8_t part[3] = { 1, 1, 0 };
	struct council c = { 0 };
	double loss[3];

	council_open(&c, set, "m0,m1,m2", NULL);
	near((double)council_losses(&c, loss, rows, 3, label, part), 2, 0, "rows of part 1 judge");
	near(loss[0], 0, 0, "a teacher that is right");
	near(loss[1], 0.25, 0, "off by 1 and 0: (1 + 0) / 2 / 2");
	near(loss[2], 2.5, 0, "off by 3 and 1: (9 + 1) / 2 / 2");
	council_gate(&c, loss, 0.25);
	near(c.weight[1] / c.weight[0], exp(-1), 1e-12, "a loss higher by the scale: 1/e");
	near(c.weight[0] + c.weight[1] + c.weight[2], 1, 1e-12, "weights add up to one");
	council_free(&c);
}

static void test_items(const struct tensors *set, const struct tensors *rows)
{
	const uint32_t user[2] = { 0, 1 };
	float *tile = mem_new(MODEL_USERS * MODEL_TILE, sizeof *tile), z[3];
	struct council c = { 0 };
	struct ranking_scorer scorer;
	size_t same = 0;

	council_open(&c, set, "m0,m1,m2", NULL);
	scorer = council_ready(&c, 3);
	scorer.score(scorer.self, tile, user, 2, 0, 3);
	council_rows(&c, rows, 3, z, NULL);
	for (size_t i = 0; i < 3; i++)
		same += tile[i] == z[i] && tile[MODEL_TILE + i] == z[i];
	near((double)same, 3, 0, "items are scored as rows are");
	council_free(&c);
	free(tile);
}

int main(void)
{
	struct tensors set = { 0 }, rows = { 0 };

	make(&set);
	make_rows(&rows);
	test_rows(&set, &rows);
	test_gate(&set, &rows);
	test_items(&set, &rows);
	tensors_free(&set);
	tensors_free(&rows);
	return done();
}
