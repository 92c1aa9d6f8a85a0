#include "members.h"

#include <stdlib.h>

#include "child.h"
#include "die.h"
#include "tap.h"

static void parts(void)
{
	const uint8_t keep[] = { 0, 1, 1, 0, 1 };
	uint64_t from[5], old[9];
	uint32_t id[] = { 7, 2, 7, 8, 2 };
	struct tensor *t = tensor_new("row.num.x", U16, 5, 3), *at = tensor_new("a.at", U64, 5, 0);
	struct tensor *values = tensor_new("a.id", U32, 6, 0);
	struct tensor *weights = tensor_new("a.weight", F32, 6, 0);
	const uint64_t lists[] = { 0, 2, 2, 3, 6 }, want_at[] = { 0, 3, 5, 5 };
	const uint32_t want_id[] = { 13, 14, 15, 10, 11 };
	uint16_t *x = t->data;
	bool same_values;

	for (uint16_t i = 0; i < 15; i++)
		x[i] = i;
	ok(members_list(from, keep, 5) == 3 && from[0] == 1 && from[1] == 2 && from[2] == 4,
		"rows kept");
	members_gather(t, from, 3);
	x = t->data;
	ok(tensor_rows(t) == 3 && x[0] == 3 && x[5] == 8 && x[8] == 14, "rows of three u16");
	ok(members_number(old, id, 5, 9) == 3 && old[0] == 7 && old[1] == 2 && old[2] == 8,
		"old ids in order of appearance");
	ok(id[0] == 0 && id[1] == 1 && id[2] == 0 && id[3] == 2 && id[4] == 1, "new ids");
	memcpy(at->data, lists, sizeof lists);
	for (uint32_t i = 0; i < 6; i++)
		((float *)weights->data)[i] = (float)(((uint32_t *)values->data)[i] = 10 + i);
	ok(!members_lists_fault(at, values, 4), "four lists are whole");
	ok(members_lists_fault(at, values, 3) != NULL, "they are not three");
	members_gather_lists(at, values, weights, (const uint64_t[]){ 3, 0, 1 }, 3);
	ok(tensor_rows(at) == 4 && memcmp(at->data, want_at, sizeof want_at) == 0,
		"offsets of lists");
	ok(tensor_rows(values) == 5 && memcmp(values->data, want_id, sizeof want_id) == 0,
		"values of lists");
	same_values = tensor_rows(weights) == 5;
	for (size_t i = 0; same_values && i < 5; i++)
		same_values = ((float *)weights->data)[i] == (float)want_id[i];
	ok(same_values, "and their weights");
	((uint64_t *)at->data)[0] = 1;
	ok(members_lists_fault(at, values, 3) != NULL, "a value of no list");
	((uint64_t *)at->data)[0] = 0;
	((uint64_t *)at->data)[1] = 6;
	ok(members_lists_fault(at, values, 3) != NULL, "falling offsets");
	((uint64_t *)at->data)[3] = 6;
	ok(members_lists_fault(at, values, 3) != NULL, "offsets behind the values");
	tensor_free(t);
	tensor_free(at);
	tensor_free(values);
	tensor_free(weights);
}

static struct tensor *add(
	struct tensors *set, const char *name, enum dtype dtype, uint64_t rows, const void *data)
{
	struct tensor *t = tensor_new(name, dtype, rows, 0);

	if (data)
		memcpy(t->data, data, tensor_bytes(t));
	tensors_add(set, t);
	return t;
}

/* Five rows of users 3 1 3 0 2 (4 has no row), with every kind of tensor that goes with users. */
static void fill(struct tensors *set)
{
	const uint64_t at[] = { 0, 1, 3, 3, 6, 7 }, lists[] = { 0, 2, 2, 3, 3, 3 };
	const uint32_t user[] = { 3, 1, 3, 0, 2 }, bag[] = { 8, 9, 7 };

	add(set, "vocab.user.at", U64, 6, at);
	add(set, "vocab.user.text", U8, 7, "abbdddE");
	add(set, "vocab.row.bag.tags.at", U64, 3, at);
	add(set, "vocab.user.bag.likes.at", U64, 3, at);
	add(set, "user.cat.age", U8, 5, "\5\6\7\10\11");
	add(set, "user.bag.likes.at", U64, 6, lists);
	add(set, "user.bag.likes.id", U32, 3, bag);
	add(set, "row.bag.tags.at", U64, 6, lists);
	add(set, "row.bag.tags.id", U32, 3, bag);
	add(set, "user", U32, 5, user);
	add(set, "part", U8, 5, "\0\1\2\0\1");
	add(set, "item.cat.x", U8, 1, "z");
}

static void whole(void)
{
	struct tensors set = { 0 };
	const uint32_t *user, *likes;
	size_t n;

	fill(&set);
	ok(members_rows(&set) == 5 && members_count(&set, "row", 9) == 5, "five rows");
	ok(members_ids(&set, "user", 5) == 5, "five users: the table's");
	ok(members_ids(&set, "item", 5) == 1 && members_count(&set, "other", 3) == 3, "one item");
	members_cut(&set, "row", 5, (const uint64_t[]){ 0, 2, 4 }, 3);
	ok(members_rows(&set) == 3 && memcmp(tensors_find(&set, "part")->data, "\0\2\1", 3) == 0,
		"rows 0, 2 and 4");
	ok(tensor_rows(tensors_find(&set, "row.bag.tags.at")) == 4 &&
			((uint32_t *)tensors_find(&set, "row.bag.tags.id")->data)[2] == 7,
		"and their lists");
	ok(members_renumber(&set, "user", 5) == 2, "two users are left");
	user = tensors_find(&set, "user")->data;
	ok(user[0] == 0 && user[1] == 0 && user[2] == 1, "numbered from 0");
	ok(memcmp(tensors_word(&set, "user", 0, &n), "ddd", 3) == 0 && n == 3, "3 is 0: ddd");
	ok(tensors_word(&set, "user", 1, &n) && n == 0 && !tensors_word(&set, "user", 2, &n),
		"2 is 1: the empty word");
	ok(memcmp(tensors_find(&set, "user.cat.age")->data, "\10\7", 2) == 0, "tables follow");
	likes = tensors_find(&set, "user.bag.likes.id")->data;
	ok(tensor_rows(tensors_find(&set, "user.bag.likes.id")) == 1 && likes[0] == 7,
		"so do their lists");
	ok(tensor_rows(tensors_find(&set, "item.cat.x")) == 1, "items stay as they are");
	tensors_free(&set);
}

static void some_lists(void)
{
	struct tensors set = { 0 }, rows = { 0 };
	const uint64_t *at;

	fill(&set);
	members_lists(&rows, &set, 1, (const size_t[]){ 1, 3 }, 2);
	at = tensors_find(&rows, "row.bag.tags.at")->data;
	ok(at[0] == 0 && at[1] == 1 && at[2] == 1, "lists of rows 2 and 4: one value, none");
	ok(*(uint32_t *)tensors_find(&rows, "row.bag.tags.id")->data == 7, "which is 7");
	members_unlist(&rows);
	members_lists(&rows, &set, 0, NULL, 3);
	at = tensors_find(&rows, "row.bag.tags.at")->data;
	ok(at[1] == 2 && at[3] == 3, "the first three rows");
	members_unlist(&rows);
	ok(rows.n == 0, "taken out again");
	tensors_free(&rows);
	tensors_free(&set);
}

static void kinds(void)
{
	const char *const own[] = { "user", "row.num.x", "soft.t", "row.bag.x.id", "user.num.y",
		"item.bag.z.at", "vocab.item.text" };
	const char *const other[] = { "model.a.spec", "vocab.genre.at", "users",
		"vocab.user.cat.age.at", "vocab.row.bag.tags.at", "other", "top.t.item" };
	int good = 1;

	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		good &= members_own(own[i]);
	ok(good, "what goes with rows, users, items");
	good = 1;
	for (size_t i = 0; i < sizeof other / sizeof *other; i++)
		good &= !members_own(other[i]);
	ok(good, "what does not");
}

static void (*spoil)(struct tensors *); /* changes one tensor */

static void cut(void *arg)
{
	struct tensors set = { 0 };

	(void)arg;
	fill(&set);
	spoil(&set);
	members_rows(&set);
	members_renumber(&set, "user", members_ids(&set, "user", 5));
}

/* What a child says that changes one tensor and then cuts. */
static const char *says(void (*how)(struct tensors *))
{
	spoil = how;
	run(cut, NULL);
	return said;
}

static void leave(struct tensors *set)
{
	(void)set;
}

static void shorten(struct tensors *set)
{
	tensors_find(set, "part")->shape[0] = 4;
}

static void wild_id(struct tensors *set)
{
	((uint32_t *)tensors_find(set, "user")->data)[1] = UINT32_MAX;
}

static void short_table(struct tensors *set)
{
	tensors_find(set, "user.cat.age")->shape[0] = 4;
}

static void no_values(struct tensors *set)
{
	tensor_free(tensors_take(set, "vocab.user.text"));
}

static void long_lists(struct tensors *set)
{
	((uint64_t *)tensors_find(set, "user.bag.likes.at")->data)[5] = 1ull << 40;
}

static void faults(void)
{
	same(says(leave), "", "whole data is silent");
	same(says(shorten), "members: stdin: 'part' has 4 rows; expected 5\n", "a short column");
	same(says(wild_id), "members: stdin: 'user' holds id 4294967295; expected ids below 5\n",
		"an id beyond the table");
	same(says(short_table), "members: stdin: 'user.cat.age' has 4 rows; expected 5\n",
		"a short table");
	same(says(no_values),
		"members: stdin: 'vocab.user.at' is there without 'vocab.user.text'\n",
		"offsets without values");
	same(says(long_lists),
		"members: stdin: 'user.bag.likes.at' does not run from 0 to the number of values; "
		"expected 5 lists\n",
		"offsets beyond the values");
}

int main(void)
{
	die_name("members");
	faults(); /* first: a child of a program that has had threads cannot start any */
	parts();
	whole();
	some_lists();
	kinds();
	return done();
}
