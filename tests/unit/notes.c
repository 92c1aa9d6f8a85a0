/* notes: whose lists and factors are found, what is refused of each. */
#include "notes.h"

#include <stdlib.h>

#include "child.h"
#include "die.h"
#include "made.h"
#include "tap.h"

static struct tensors set;
static struct mf_rows rows;
static struct notes notes = { .set = &set, .teacher = "t", .rows = &rows, .seed = 5 };

static void *add(const char *name, enum dtype dtype, uint64_t n, uint64_t k)
{
	struct tensor *t = tensor_new(name, dtype, n, k);

	tensors_add(&set, t);
	return t->data;
}

static void find(void *asked)
{
	notes_teacher(&set, asked, true);
}

static void find_pairs(void *asked)
{
	notes_teacher(&set, asked, false);
}

static void teachers(void)
{
	ok(run(find, NULL) == 1 && strstr(said, "needs a teacher's lists") &&
			strstr(said, "or activations 'hint.NAME'"),
		"none");
	ok(run(find_pairs, NULL) == 1 && !strstr(said, "activations"),
		"activations are not for pairs");
	add("top.t.score", F32, 2, 2); /* says nothing by itself */
	ok(run(find, NULL) == 1, "scores without a list");
	add("hint.act", F32, 2, 2);
	same(notes_teacher(&set, NULL, true), "act", "activations of rows");
	ok(notes_of_rows(&set, "act") && !notes_of_rows(&set, "ac"), "which it has");
	ok(run(find_pairs, NULL) == 1, "and not for pairs");
	add("hint.t.user", F32, 2, 3);
	same(notes_teacher(&set, NULL, false), "t", "factors");
	ok(run(find, NULL) == 2 && strstr(said, "--teacher: there are 'act' and 't'; say which"),
		"two");
	same(notes_teacher(&set, "act", true), "act", "the one asked for");
	tensors_free(&set);
	add("hint.act", F32, 2, 2);
	add("hint.ac", F32, 2, 2);
	ok(run(find, NULL) == 2, "two, one of whose names begins the other");
	tensors_free(&set);
}

static void lists(void *reverse)
{
	notes_lists(&notes, reverse != NULL);
}

static void listed(void)
{
	uint32_t *id = add("top.t.item", U32, 3, 2);
	float *score = add("top.t.score", F32, 3, 2);
	struct taught t;

	memcpy(id, (uint32_t[]){ 3, 1, 0, TAUGHT_END, 9, 9 }, 24); /* the third user is not ours */
	memcpy(score, (float[]){ 2, 1, 5, NAN, 0, 0 }, 24);
	t = notes_lists(&notes, false);
	ok(t.k == 2 && t.list == id && t.score == score && t.rows == 2 && t.ids == 4 && !t.reverse,
		"lists as they lie there");
	taught_free(&t);
	id[0] = 4;
	ok(run(lists, NULL) == 1 &&
			strstr(said, "'top.t.item' of row 0, place 0 is 4; expected ids "
				     "below 4, then 4294967295"),
		"an item too many");
	memcpy(id, (uint32_t[]){ TAUGHT_END, 1 }, 8);
	ok(run(lists, NULL) == 1 && strstr(said, "of row 0, place 1 is 1"),
		"an item after the end");
	id[0] = 3;
	score[2] = INFINITY;
	ok(run(lists, NULL) == 1 && strstr(said, "'top.t.score' of row 1, place 0 is inf"),
		"a score that is not finite");
	ok(run(lists, "") == 1 && strstr(said, "needs 'rev.t.user'"), "lists of items");
	rows.users = 4;
	ok(run(lists, NULL) == 1 && strstr(said, "'top.t.item' has 3 rows, expected at least 4"),
		"users without lists");
	rows.users = 2;
	tensors_free(&set);
	add("top.t.item", U32, 2, 2);
	add("top.t.score", F32, 2, 3);
	ok(run(lists, NULL) == 1 && strstr(said, "'top.t.score' is not as large as 'top.t.item'"),
		"sizes that differ");
	tensors_free(&set);
}

static void factors(void *arg)
{
	const float *factor[2];

	(void)arg;
	notes_factors(&notes, factor);
}

static void hints(void *arg)
{
	const float *hint;

	(void)arg;
	notes_hints(&notes, &hint);
}

static void vectors(void)
{
	const float *factor[2];
	float *user = add("hint.t.user", F32, 2, 3), *item = add("hint.t.item", F32, 4, 3);

	ok(notes_factors(&notes, factor) == 3 && factor[0] == user && factor[1] == item, "factors");
	user[5] = NAN;
	ok(run(factors, NULL) == 1 && strstr(said, "'hint.t.user' of row 1 is nan"), "no number");
	user[5] = 0;
	tensor_free(tensors_take(&set, "hint.t.item"));
	add("hint.t.item", F32, 4, 2);
	ok(run(factors, NULL) == 1 && strstr(said, "'hint.t.user' is 3 wide, 'hint.t.item' 2"),
		"widths that differ");
	user = add("hint.t", F32, 2, 7);
	ok(notes_hints(&notes, factor) == 7 && factor[0] == user, "activations of rows");
	notes.place = (const uint32_t[]){ UINT32_MAX, 1, 0 };
	notes.placed = 3;
	ok(run(hints, NULL) == 1 && strstr(said, "'hint.t' has 2 rows, expected at least 3"),
		"of some rows, too few");
	notes.placed = 2;
	((float *)user)[3] = INFINITY;
	ok(run(hints, NULL) == 1 && strstr(said, "'hint.t' of row 2 is inf"),
		"no number, by the row that it is of");
	notes.place = NULL;
	tensors_free(&set);
}

int main(void)
{
	static const uint32_t user[] = { 0, 1 }, item[] = { 3, 2 };
	static const float label[] = { 1, 1 };

	rows = (struct mf_rows){ user, item, label, NULL, NULL, 2, 2, 4 };
	die_name("unit");
	teachers();
	vectors();
	listed();
	return done();
}
