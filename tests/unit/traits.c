/* traits: which tensors of items are content, and what in them is nothing. */
#include "traits.h"

#include <stdlib.h>

#include "child.h"
#include "die.h"
#include "made.h"
#include "tap.h"

static struct tensors set;

static void fill(void)
{
	static const uint32_t colour[] = { 1, 0, 2 }, id[] = { 0, 0, 1 };
	static const uint64_t at[] = { 0, 1, 1, 3 }, words[] = { 0, 3, 3, 7 };
	static const float year[] = { 1999, 0, 2004 }, missing[] = { 0, 1, 0 };

	made_column(&set, "item.cat.colour", U32, 3, colour);
	made_column(&set, "vocab.item.cat.colour.at", U64, 4, words);
	made_column(&set, "item.bag.genre.at", U64, 4, at);
	made_column(&set, "item.bag.genre.id", U32, 3, id);
	made_column(&set, "item.num.year", F32, 3, year);
	made_column(&set, "item.num.year_missing", F32, 3, missing);
	made_column(&set, "item.num.lone_missing", F32, 3, missing);
	made_column(&set, "user.cat.age", U32, 2, colour);
	made_column(&set, "label", F32, 3, year);
}

static void open(void *list)
{
	struct traits t;

	traits_open(&t, &set, false, list);
}

static void all(void)
{
	struct traits t;

	traits_open(&t, &set, false, NULL);
	ok(t.f.n == 4 && t.rows == 3, "all features of items, as they arrived");
	same(t.f.name[1], "item.bag.genre", "a bag by its name");
	same(t.f.name[3], "item.num.lone_missing",
		"a mark of missing numbers is none; another number of such a name is one");
	ok(t.field[0].nothing == 1, "the empty word is nothing");
	ok(t.field[1].nothing == UINT32_MAX, "no words, no empty one");
	ok(t.field[2].missing && t.field[2].missing[1] == 1 && !t.field[3].missing,
		"marks go with their numbers");
	ok(t.field[2].in.num[2] == 2004 && t.field[1].in.at[3] == 3, "columns are bound");
	traits_free(&t);
	traits_open(&t, &set, true, NULL);
	ok(t.f.n == 1 && t.rows == 2 && strcmp(t.f.name[0], "user.cat.age") == 0, "those of users");
	traits_free(&t);
	traits_open(&t, &set, false, "item.num.year,item.cat.colour");
	ok(t.f.n == 2 && strcmp(t.f.name[0], "item.num.year") == 0 && t.field[1].nothing == 1,
		"those of a list");
	traits_free(&t);
}

static void faults(void)
{
	struct tensor *age = tensors_find(&set, "item.num.year_missing");

	ok(run(open, "user.cat.age") == 2 &&
			strstr(said, "--features: 'user.cat.age' is no feature of items"),
		"a feature of users");
	age->shape[0] = 2;
	ok(run(open, NULL) == 1 && strstr(said, "'item.num.year_missing' has 2 rows, "
						"'item.cat.colour' 3"),
		"marks too short");
	age->shape[0] = 3;
	tensors_find(&set, "item.num.year")->shape[0] = 2;
	ok(run(open, NULL) == 1 && strstr(said, "'item.num.year' has 2 rows, 'item.cat.colour' 3"),
		"a table too short");
	tensors_free(&set);
	made_column(&set, "user.cat.age", U32, 0, "");
	ok(run(open, NULL) == 1 && strstr(said, "items have no features (item.cat.*, item.bag.*, "
						"item.num.*)"),
		"none");
}

int main(void)
{
	die_name("unit");
	fill();
	all();
	faults();
	tensors_free(&set);
	return done();
}
