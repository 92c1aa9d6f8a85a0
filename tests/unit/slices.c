/* slices -- values, groups by rows of train, values of items. */
#include "slices.h"

#include <stdlib.h>

#include "tap.h"

int main(void)
{
	static const uint32_t user[] = { 0, 0, 0, 1, 1, 2 }, item[] = { 2, 2, 1, 2, 0, 3 };
	static const uint8_t part[] = { 0, 0, 0, 0, 0, 2 };
	struct ranking_rows rows = { user, item, NULL, part, 6, 3, 4 };
	struct tensors set = { 0 };
	struct tensor *cat = tensor_new("user.cat.age", U32, 3, 0);
	struct tensor *at = tensor_new("item.bag.tags.at", U64, 5, 0);
	struct tensor *id = tensor_new("item.bag.tags.id", U32, 2, 0);
	struct rank_traits traits;
	struct slices s;
	uint64_t *made, *count;
	bool of_items;

	((uint32_t *)cat->data)[1] = 1;
	((uint64_t *)at->data)[3] = 1;
	((uint64_t *)at->data)[4] = 2;
	((uint32_t *)id->data)[1] = 7;
	tensors_add(&set, cat);
	tensors_add(&set, at);
	tensors_add(&set, id);
	ok(slices_parse(&of_items, "item.popularity") && of_items &&
			slices_parse(&of_items, "user.cat.age") && !of_items &&
			!slices_parse(&of_items, "user.num.x"),
		"what can be told apart");
	slices_open(&s, &set, "user.cat.age", 3, NULL, 4);
	ok(s.n == 2 && s.of[0] == 0 && s.of[1] == 1 && s.of[2] == 0, "by value");
	same(s.name[1], "1", "called by number without words");
	slices_free(&s);
	count = slices_count(&rows, true);
	slices_open(&s, &set, "item.popularity", 4, count, 2);
	free(count);
	ok(s.n == 2 && s.of[2] == 0 && s.of[0] == 1 && s.of[1] == 1 && s.of[3] == 1,
		"item 2 has three rows of five in train, item 3 none");
	same(s.name[0], "1 (popular)", "the first");
	same(s.name[1], "2 (rare)", "the last");
	slices_free(&s);
	slices_traits(&traits, &made, &set, "item.bag.tags", 4);
	ok(traits.at[3] == 1 && traits.id[1] == 7 && !made, "several values");
	ok(slices_carrier("item.cat.x", "vocab.item.cat.x.text") &&
			!slices_carrier("item.cat.x", "vocab.item.cat.xy.text"),
		"which tensors they need");
	tensors_free(&set);
	return done();
}
