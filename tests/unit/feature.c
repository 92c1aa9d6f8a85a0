/* feature: names by hand, sizes and tables of a small set, what is refused and how. */
#include "feature.h"

#include <stdlib.h>

#include "child.h"
#include "die.h"
#include "made.h"
#include "tap.h"

static struct tensors set;
static struct features f;

static void fill(void)
{
	static const uint32_t user[] = { 0, 2, 0 }, item[] = { 1, 1, 0 }, age[] = { 0, 1, 6 };
	static const uint32_t id[] = { 0, 4 }, day[] = { 3, 1, 1 };
	static const uint64_t at[] = { 0, 1, 2 }, words[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 };
	static const float x[] = { 1, 2, 3, 4, 5, 6 };
	struct tensor *wide;

	made_column(&set, "item", U32, 3, item);
	made_column(&set, "user.cat.age", U32, 3, age);
	made_column(&set, "item.bag.g.at", U64, 3, at);
	made_column(&set, "item.bag.g.id", U32, 2, id);
	made_column(&set, "label", F32, 3, x);
	made_column(&set, "user", U32, 3, user);
	made_column(&set, "vocab.user.cat.age.at", U64, 10, words);
	made_column(&set, "row.cat.day", U32, 3, day);
	wide = tensor_new("row.num.x", F32, 3, 2);
	memcpy(wide->data, x, sizeof x);
	tensors_add(&set, wide);
}

static void names(void)
{
	ok(feature_owner("row.cat.x") == 3 && feature_owner("user.num.x") == 4 &&
			feature_owner("item.bag.x") == 4 && feature_owner("user") == 0 &&
			feature_owner("rows.cat.x") == 0,
		"whose a feature is");
	ok(feature_kind("user") == NET_CAT && feature_kind("row.cat.x") == NET_CAT &&
			feature_kind("item.bag.x") == NET_BAG &&
			feature_kind("user.num.x") == NET_NUM,
		"kinds");
	ok(feature_kind("label") < 0 && feature_kind("row.cat.") < 0 &&
			feature_kind("row.set.x") < 0 && feature_kind("time") < 0,
		"what is none");
	ok(feature_carrier("user") && feature_carrier("item.bag.g.at") &&
			feature_carrier("vocab.user.at") && !feature_carrier("vocab.user.text") &&
			!feature_carrier("label"),
		"what to keep");
	ok(feature_part(&set, "item.bag.g", ".id") == tensors_find(&set, "item.bag.g.id") &&
			!feature_part(&set, "item.bag.g", ".weight"),
		"parts");
}

static void found(void)
{
	feature_find(&f, &set, NULL);
	ok(f.n == 6, "all of them");
	same(f.name[0], "user", "user first");
	same(f.name[1], "item", "then item");
	same(f.name[3], "item.bag.g", "then as they arrived; of a bag the name");
	ok(f.field[0].values == 3 && f.field[3].values == 5, "the largest id and 1");
	ok(f.field[2].values == 9, "or the vocabulary");
	ok(f.field[4].kind == NET_CAT && f.field[4].values == 4, "a column of rows");
	feature_free(&f);
}

static void find(void *list)
{
	feature_find(&f, &set, list);
}

static void drop(void *list)
{
	feature_find(&f, &set, "user,item,row.num.x");
	feature_drop(&f, list);
}

static void lists(void)
{
	feature_find(&f, &set, "row.num.x,user");
	ok(f.n == 2 && strcmp(f.name[0], "row.num.x") == 0 && f.field[0].values == 2 &&
			!f.field[1].item,
		"those of a list, in its order");
	feature_drop(&f, "row.num.x");
	ok(f.n == 1 && strcmp(f.name[0], "user") == 0 && f.field[0].values == 3, "less one");
	feature_free(&f);
	ok(run(find, "user,row.cat.nix") == 2, "one that is not there is wrong use");
	same(said,
		"unit: --features: no 'row.cat.nix'; there are item, user.cat.age, item.bag.g, "
		"user, "
		"row.cat.day, row.num.x\ntry 'unit --help'\n",
		"and says which there are");
	ok(run(find, "user,user") == 2 && strstr(said, "'user' is there twice"), "one twice");
	ok(run(find, "label") == 2, "no feature");
	ok(run(drop, "item.bag.g") == 2 && strstr(said, "no feature 'item.bag.g'"),
		"what is not there cannot be dropped");
	ok(run(drop, "row.num") == 2, "not even when a name begins so");
	ok(run(drop, "user,item,row.num.x") == 2 && strstr(said, "none is left"), "nor all");
}

static void bind(void *arg)
{
	(void)arg;
	feature_bind(&f, &set, &set);
}

static void bound(void)
{
	uint64_t *at = tensors_find(&set, "item.bag.g.at")->data;

	feature_find(&f, &set, NULL);
	feature_bind(&f, &set, &set);
	ok(f.field[2].key == tensors_find(&set, "user")->data && f.field[2].cat[2] == 6 &&
			f.field[2].entries == 3,
		"a user's feature goes by the row's user");
	ok(f.field[3].key == tensors_find(&set, "item")->data && f.field[3].at[2] == 2 &&
			f.field[3].id[1] == 4 && !f.field[3].weight && f.field[3].item,
		"an item's bag");
	ok(!f.field[4].key && f.field[4].cat[0] == 3, "a row's own");
	at[1] = 3;
	ok(run(bind, NULL) == 1 && strstr(said, "'item.bag.g.at' falls at row 2"), "offsets fall");
	at[1] = 1;
	at[2] = 3;
	ok(run(bind, NULL) == 1 && strstr(said, "ends at 3, 'item.bag.g.id' has 2 values"),
		"offsets beyond the values");
	at[2] = 2;
	at[0] = 1;
	ok(run(bind, NULL) == 1 && strstr(said, "does not start at 0"), "offsets from 1");
	at[0] = 0;
	feature_free(&f);
	feature_find(&f, &set, "row.num.x");
	f.field[0].values = 3;
	ok(run(bind, NULL) == 1 && strstr(said, "'row.num.x' is 2 wide, expected 3"), "a width");
	feature_free(&f);
}

int main(void)
{
	die_name("unit");
	fill();
	names();
	found();
	lists();
	bound();
	tensors_free(&set);
	return done();
}
