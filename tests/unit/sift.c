/* sift: eight rows of three users, cut and numbered anew by hand. */
#include "sift.h"

#include <stdlib.h>

#include "child.h"
#include "die.h"
#include "made.h"
#include "tap.h"

static struct tensors set;

static void fill(void)
{
	static const uint32_t user[] = { 0, 1, 2, 0, 1, 2, 2, 0 },
			      item[] = { 0, 0, 3, 1, 1, 0, 1, 0 };
	static const float label[] = { 5, 3, 1, 2, 4, 4, 5, 1 };
	static const uint64_t words[] = { 0, 1, 2, 3, 4 };
	static const uint32_t age[] = { 7, 8, 9 };

	tensors_free(&set);
	made_rows(&set, 8, user, item, label, NULL);
	made_column(&set, "vocab.item.at", U64, 5, words);
	made_column(&set, "vocab.item.text", U8, 4, "pqrs");
	made_column(&set, "user.cat.age", U32, 3, age);
}

static void take(void *task)
{
	sift_remove(&set, task);
}

static const char *ids(const char *name)
{
	const struct tensor *t = tensors_find(&set, name);
	static char line[100];
	size_t n = 0;

	for (size_t i = 0; i < tensor_rows(t); i++)
		n += (size_t)snprintf(
			line + n, sizeof line - n, "%u ", ((const uint32_t *)t->data)[i]);
	return line;
}

static void cut(void)
{
	struct prep_task task = { .how = PREP_LAST, .sample_users = 1, .sample_rows = 1 };
	struct prep_task core = { .sample_users = 1, .sample_rows = 1, .min_item = 2 };
	const char *word;
	size_t n;

	die_quiet();
	fill();
	sift_remove(&set, &task);
	same(ids("user"), "0 1 2 0 1 1 2 ",
		"row 0 is repeated by row 7; users are numbered by first appearance");
	same(ids("user.cat.age"), "8 9 7 ", "with their tables");
	ok(((float *)tensors_find(&set, "label")->data)[6] == 1, "of which the last stays");
	fill();
	sift_remove(&set, &core);
	same(ids("item"), "0 0 1 1 0 1 0 ", "items 2 and 3 are gone, 0 and 1 are as they were");
	word = tensors_word(&set, "item", 1, &n);
	ok(n == 1 && *word == 'q', "and so are their words");
	same(ids("user"), "0 1 0 1 2 2 0 ", "users keep their numbers");
	same(ids("user.cat.age"), "7 8 9 ", "and tables");
	fill();
	core.max_user = 2;
	core.min_item = 0;
	sift_remove(&set, &core);
	same(ids("user"), "0 0 ", "users 0 and 2 have three rows");
	same(ids("user.cat.age"), "8 ", "user 1 is left");
}

static void labels(void)
{
	struct prep_task task = { .binary = true, .rule = { PREP_GE, 4 } };
	struct prep_rows rows;

	fill();
	sift_rows(&rows, &set, &task);
	sift_label(&rows, &task);
	ok(rows.label[0] == 1 && rows.label[1] == 0 && rows.label[4] == 1 && rows.n == 8,
		"4 and 5 are positive");
}

static void answers(void *name)
{
	sift_refuse_answers(name, true);
}

static void answers_stay(void *name)
{
	sift_refuse_answers(name, false);
}

static void wild(void *arg)
{
	(void)arg;
	sift_check_label((const float[]){ 1, 2, NAN }, 100, 3);
}

static void faults(void)
{
	struct prep_task twice = { .how = PREP_ERROR, .sample_users = 1, .sample_rows = 1 };
	struct prep_task nothing = { .sample_users = 1, .sample_rows = 1, .min_user = 9 };

	fill();
	ok(run(take, &twice) == 1 &&
			strstr(said,
				"row 8 has the user and item of row 1; expected each pair once"),
		"a pair twice");
	ok(run(take, &nothing) == 1 && strstr(said, "nothing left of 8 rows"), "nothing left");
	ok(run(wild, NULL) == 1 && strstr(said, "'label' of row 103 is not finite"), "no number");
	ok(run(answers, "model.a.spec") == 1 && run(answers_stay, "top.a.item") == 1,
		"models and lists go by ids");
	ok(run(answers, "soft.a") == 1 && run(answers_stay, "soft.a") == 0,
		"answers to rows are in the way of new rows only");
	ok(run(answers, "label") == 0, "other columns are not");
}

int main(void)
{
	die_name("unit");
	faults();
	cut();
	labels();
	tensors_free(&set);
	return done();
}
