/* Groups, buckets and negatives from a data set small enough to work out by hand. */
#include "derive.h"

#include <stdlib.h>

#include "mem.h"
#include "tap.h"

enum { ROWS = 8 };

static void *add(struct tensors *set, const char *name, enum dtype dtype, uint64_t n)
{
	struct tensor *t = tensor_new(name, dtype, n, 0);

	tensors_add(set, t);
	return t->data;
}

/* Item 0 has four rows in part 0, item 1 two, item 2 one, item 3 one in part 2 only. */
static void make(struct tensors *set)
{
	static const uint32_t user[ROWS] = { 0, 1, 2, 3, 0, 1, 0, 2 };
	static const uint32_t item[ROWS] = { 0, 0, 0, 0, 1, 1, 2, 3 };
	static const float label[ROWS] = { 1, 1, 0, 1, 1, 0, 1, 1 };
	static const float price[ROWS] = { 1, 2, 3, 4, 5, 6, 7, 100 };
	static const uint8_t part[ROWS] = { 0, 0, 0, 0, 0, 0, 0, 2 };

	memcpy(add(set, "user", U32, ROWS), user, sizeof user);
	memcpy(add(set, "item", U32, ROWS), item, sizeof item);
	memcpy(add(set, "label", F32, ROWS), label, sizeof label);
	memcpy(add(set, "part", U8, ROWS), part, sizeof part);
	memcpy(add(set, "row.num.price", F32, ROWS), price, sizeof price);
}

static void popularity(void)
{
	struct tensors set = { 0 };
	const uint32_t *group;
	const char *word;
	size_t n;

	make(&set);
	derive_popularity(&set, 2);
	group = tensors_find(&set, "item.cat.popularity")->data;
	ok(group[0] == 0 && group[3] == 1, "what is popular in part 0 is in the first group");
	ok(group[1] <= group[2], "groups fall with the rows that an item has");
	word = tensors_word(&set, "item.cat.popularity", 1, &n);
	ok(word && n == 1 && *word == '2', "the second group is called 2");
	tensors_free(&set);
}

static void buckets(void)
{
	struct tensors set = { 0 };
	const uint32_t *bucket;
	size_t n, length, count, low = 0;

	ok(derive_buckets_parse(&length, &count, "price:3") && length == 5 && count == 3,
		"price:3 is three buckets of price");
	ok(!derive_buckets_parse(&length, &count, "price") &&
			!derive_buckets_parse(&length, &count, ":3") &&
			!derive_buckets_parse(&length, &count, "price:1") &&
			!derive_buckets_parse(&length, &count, "price:3x") &&
			!derive_buckets_parse(&length, &count, "price:65536"),
		"what is not like that");
	make(&set);
	derive_buckets(&set, "price:2");
	bucket = tensors_find(&set, "row.cat.price")->data;
	for (size_t i = 0; i < ROWS; i++)
		low += bucket[i] == 0;
	ok(bucket[0] == 0 && bucket[6] == 1 && bucket[7] == 1 && low == 4,
		"half of part 0 is in the first: the 100 of part 2 moved no bound");
	ok(strncmp(tensors_word(&set, "row.cat.price", 0, &n), "<=4", 3) == 0 && n == 3,
		"which says its bound");
	ok(strncmp(tensors_word(&set, "row.cat.price", 1, &n), ">4", 2) == 0 && n == 2,
		"as does the last");
	tensors_free(&set);
}

static void negatives(void)
{
	struct tensors set = { 0 };
	const uint32_t *user, *item;
	const float *label, *price;
	size_t n, known = 0, negative = 0, copied = 0;

	make(&set);
	derive_negatives(&set, 1, false, 1);
	n = tensor_rows(tensors_find(&set, "user"));
	user = tensors_find(&set, "user")->data;
	item = tensors_find(&set, "item")->data;
	label = tensors_find(&set, "label")->data;
	price = tensors_find(&set, "row.num.price")->data;
	near((double)n, ROWS + 4, 0,
		"a row more for each of six positives, but that user 0 has one item left for three");
	for (size_t i = 1; i < n; i++)
		if (price[i] == price[i - 1]) { /* the row's negative follows it */
			negative += label[i] == 0 && label[i - 1] == 1;
			copied += user[i] == user[i - 1] && item[i] != item[i - 1];
			/* positives: user 0 items 0, 1, 2; user 1 item 0; 2 item 3; 3 item 0 */
			known += (user[i] == 0 && item[i] != 3) || (user[i] == 2 && item[i] == 3) ||
				 (user[i] % 2 && item[i] == 0);
		}
	near((double)negative, 4, 0, "labels 0, each after its row");
	near((double)copied, 4, 0, "of the same user, another item");
	near((double)known, 0, 0, "never one that is positive in any part");
	tensors_free(&set);
}

int main(void)
{
	ok(derive_needs("item") && derive_needs("part") && derive_needs("row.num.x") &&
			!derive_needs("row.cat.x") && !derive_needs("item.bag.x.id"),
		"what may be needed");
	popularity();
	buckets();
	negatives();
	return done();
}
