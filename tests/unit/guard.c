/* The mixture of two factor models against its formula, and the weights on users made so that one
 * group gains and another loses. */
#include "guard.h"

#include <stdlib.h>

#include "die.h"
#include "rng.h"
#include "tap.h"

static struct mf *model(uint32_t users, uint32_t items, uint32_t dim, float mean, uint64_t seed)
{
	struct mf *mf = calloc(1, sizeof *mf);
	float *part[4];
	size_t n[] = { users, items, (size_t)users * dim, (size_t)items * dim };

	for (size_t k = 0; k < 4; k++) {
		part[k] = calloc(n[k] + 1, sizeof(float));
		for (size_t i = 0; i < n[k]; i++)
			part[k][i] = (float)rng_normal(seed + k, RNG_MAKE, i);
	}
	*mf = (struct mf){ users, items, dim, mean, -100, 100, part[0], part[1], part[2], part[3] };
	return mf;
}

/* Over 4 users and 3 items; b has fewer of both. */
static void mixtures(void)
{
	const uint32_t user[] = { 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3 };
	const uint32_t item[] = { 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2 };
	const float weight[] = { 0, 1, 0.25F };
	struct mf *a = model(4, 3, 2, 3, 1), *b = model(3, 2, 5, 4, 9),
		  *m = guard_mix(a, b, weight, 3, 2);
	float sa[12], sb[12], sm[12];
	double most = 0;

	mf_predict(sa, a, user, item, 12);
	mf_predict(sb, b, user, item, 12);
	mf_predict(sm, m, user, item, 12);
	for (size_t r = 0; r < 12; r++) {
		double w = user[r] < 3 ? (double)weight[user[r]] : 0;
		double d = (double)sm[r] - ((1 - w) * (double)sa[r] + w * 2 * (double)sb[r]);

		most = fmax(most, fabs(d));
	}
	ok(m->dim == 9, "side by side, and two factors for the items' biases");
	near(most, 0, 1e-5, "(1 - w) a + 2 w b of every pair, known to both or not");
	mf_free(m);

	memcpy(a->item_factors, b->item_factors, 6 * sizeof(float));
	m = guard_mix(a, a, weight, 3, 1);
	mf_predict(sm, m, user, item, 12);
	mf_predict(sa, a, user, item, 12);
	most = 0;
	for (size_t r = 0; r < 12; r++)
		most = fmax(most, fabs((double)sm[r] - (double)sa[r]));
	ok(m->dim == 2, "equal items: users are mixed");
	near(most, 0, 1e-5, "and a model with itself is itself");
	mf_free(m);
	mf_free(a);
	mf_free(b);
}

enum { USERS = 120, ITEMS = 40, ROWS = 4 * USERS };

/* Users below 60 have one row of part 0, the others two; all like item u % ITEMS in part 1. The
 * base ranks by the item's number, lowest first; the other knows whom the first 60 like, and for
 * the rest puts the right item last. */
static void weights(void)
{
	struct tensors set = { 0 };
	struct tensor *user = tensor_new("user", U32, ROWS, 0),
		      *item = tensor_new("item", U32, ROWS, 0);
	struct tensor *part = tensor_new("part", U8, ROWS, 0),
		      *label = tensor_new("label", F32, ROWS, 0);
	struct mf *base = model(USERS, ITEMS, 1, 0, 1), *other = model(USERS, ITEMS, ITEMS, 0, 5);
	struct guard g = { .set = &set, .metric = GUARD_NDCG, .cutoff = ITEMS };
	size_t n = 0;

	for (uint32_t u = 0; u < USERS; u++)
		for (uint32_t k = 0; k < 4; k++, n++) {
			((uint32_t *)user->data)[n] = u;
			((uint32_t *)item->data)[n] = (u + k) % ITEMS;
			((uint8_t *)part->data)[n] = k == 0 ? 1 : k < (u < 60 ? 2 : 3) ? 0 : 255;
			((float *)label->data)[n] = 1;
		}
	tensors_add(&set, user);
	tensors_add(&set, item);
	tensors_add(&set, part);
	tensors_add(&set, label);
	memset(other->user_bias, 0, USERS * sizeof(float));
	memset(other->item_bias, 0, ITEMS * sizeof(float));
	memset(base->item_factors, 0, ITEMS * sizeof(float));
	for (size_t i = 0; i < ITEMS; i++) {
		base->item_bias[i] = -(float)i;
		for (size_t k = 0; k < ITEMS; k++)
			other->item_factors[i * ITEMS + k] = i == k;
	}
	for (size_t u = 0; u < USERS; u++)
		for (size_t k = 0; k < ITEMS; k++)
			other->user_factors[u * ITEMS + k] =
				k == u % ITEMS ? (u < 60 ? 1000.0F : -1000.0F) : 0;
	g.base = model_around(base, "base");
	g.other = model_around(other, "other");
	ok(guard_groups_parse(&g, "0,2,9") && g.groups == 3, "three groups");
	guard_run(&g);
	ok(g.group[0].users == 60 && g.group[0].judged == 60, "60 users have one row");
	ok(g.group[0].weight > 0, "the group that gains takes the other model");
	near(g.group[0].mixed, 1, 1e-9, "with which its items come first");
	ok(g.group[1].judged == 60 && g.group[1].weight == 0, "the group that loses refuses it");
	ok(g.group[2].judged == 0 && g.group[2].follows, "nobody has nine rows: as all");
	ok(g.weight[0] == (float)g.group[0].weight && g.weight[119] == 0,
		"users have their group's");
	guard_free(&g);

	g.metric = GUARD_RMSE;
	guard_groups_parse(&g, "0");
	guard_run(&g);
	ok(g.groups == 1 && g.weight[0] == 0, "scores of 1000 are no ratings of 1");
	guard_free(&g);
	model_free(g.base);
	model_free(g.other);
	mf_free(base);
	mf_free(other);
	tensors_free(&set);
}

int main(void)
{
	struct guard g = { 0 };
	enum guard_metric metric;

	die_quiet();
	mixtures();
	weights();
	ok(!guard_groups_parse(&g, "1,2") && !guard_groups_parse(&g, "0,0") &&
			!guard_groups_parse(&g, "0,") && !guard_groups_parse(&g, "0,-3") &&
			!guard_groups_parse(&g, ""),
		"groups rise from 0");
	ok(guard_metric_parse(&metric, "logloss") && metric == GUARD_LOGLOSS, "a metric by name");
	ok(!guard_metric_parse(&metric, "auc"), "and no other");
	return done();
}
