/* The weights, on users made so that one group gains and another loses. */
#include "guard.h"

#include <stdlib.h>

#include "die.h"
#include "made.h"
#include "tap.h"

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
	struct mf *base = made_factors(USERS, ITEMS, 1, 0, 1), *other = made_factors(USERS, ITEMS, ITEMS, 0, 5);
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
	weights();
	ok(!guard_groups_parse(&g, "1,2") && !guard_groups_parse(&g, "0,0") &&
			!guard_groups_parse(&g, "0,") && !guard_groups_parse(&g, "0,-3") &&
			!guard_groups_parse(&g, ""),
		"groups rise from 0");
	ok(guard_metric_parse(&metric, "logloss") && metric == GUARD_LOGLOSS, "a metric by name");
	ok(!guard_metric_parse(&metric, "auc"), "and no other");
	return done();
}
