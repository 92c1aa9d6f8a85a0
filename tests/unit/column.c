/* column: one field after the other, each value worked by hand; hashes are FNV-1a's published ones.
 */
#include "column.h"

#include <stdlib.h>

#include "tap.h"

enum { ROWS = 8 };

static struct column c;

static void start(enum column_kind kind)
{
	column_start(&c, kind, "x", 0, 1);
	column_room(&c, ROWS);
}

/* Stores the words one by one, up to NULL; what is wrong with the last. */
static const char *store(const char *const *words)
{
	const char *why = NULL;
	size_t bad;

	for (uint64_t to = 0; words[to] && !why; to++)
		why = column_store(
			&c, to, &(struct csv_field){ words[to], strlen(words[to]) }, &bad);
	return why;
}

#define STORE(...) store((const char *const[]){ __VA_ARGS__, NULL })

/* The dictionary's words, and then the first `rows` ids. */
static const char *ids(size_t rows)
{
	static char text[200];
	size_t n = 0, length;

	text[0] = 0;
	for (uint32_t i = 0; i < dict_size(c.dict); i++) {
		const char *word = dict_word(c.dict, i, &length);

		n += (size_t)snprintf(text + n, sizeof text - n, "%.*s|", (int)length, word);
	}
	for (size_t r = 0; r < rows; r++)
		n += (size_t)snprintf(text + n, sizeof text - n, " %u", ((uint32_t *)c.data)[r]);
	return text;
}

static void words(void)
{
	struct dict *nothing = dict_new();

	start(COLUMN_ID);
	ok(!STORE("b", "", "a", "b"), "words");
	same(ids(4), "b||a| 0 1 2 0", "ids by first appearance; nothing is a word");
	column_free(&c);
	start(COLUMN_KEY);
	same(STORE("b", ""), "expected an id", "a key has no nothing");
	column_free(&c);
	start(COLUMN_ID);
	dict_add(nothing, "NA", 2);
	c.nothing = nothing;
	STORE("NA", "b", "", "na");
	same(ids(4), "|b|na| 0 1 0 2", "words for nothing are it");
	column_free(&c);
	dict_free(nothing);
	start(COLUMN_ID);
	c.word = COLUMN_HASHED;
	c.bits = 16;
	STORE("foobar", "", "a"); /* 85944171f73967e8, af63dc4c8601ec8c */
	same(ids(3), "#67e8||#ec8c| 0 1 2", "low bits of hashes");
	column_free(&c);
}

static void unknown(void)
{
	struct csv_field new = { "c", 1 }, old = { "a", 1 };

	start(COLUMN_ID);
	STORE("a", "b");
	c.unknown = COLUMN_DROP;
	ok(column_drops(&c, &new) && !column_drops(&c, &old), "a row with a new word is dropped");
	c.unknown = COLUMN_ERROR;
	ok(STORE("b", "c") && !column_drops(&c, &new), "or an error");
	c.side = true;
	c.unknown = COLUMN_DROP;
	ok(!STORE("c", "a", "c") && c.left_out == 2, "in a side table the word is left out,");
	same(ids(3), "a|b|| 2 0 2", "which is then empty");
	column_free(&c);
}

static void dates(void)
{
	/* date -u: 2017-01-28 is a Saturday, 1969-12-31 a Wednesday */
	static const char *const want[] = { "14|23| 0 1", "6|3| 0 1", "1|12| 0 1" };

	for (int k = 0; k < 3; k++) {
		start(COLUMN_ID);
		c.word = COLUMN_HOUR + (enum column_word)k;
		STORE("2017-01-28 14:06:53", "-1");
		same(ids(2), want[k], k == 0 ? "hours" : k == 1 ? "weekdays" : "months");
		ok(STORE("soon") != NULL && STORE("253402300800") != NULL,
			"no time, and one beyond the year 9999");
		column_free(&c);
	}
}

static void numbers(void)
{
	const float *x;

	start(COLUMN_NUMBER);
	ok(!STORE("4.5", "", "-1e3") && c.missing, "something is missing");
	x = c.data;
	ok(x[0] == 4.5F && x[1] == 0 && x[2] == -1000, "nothing is 0");
	ok(c.missing[0] == 0 && c.missing[1] == 1 && c.missing[2] == 0, "and marked");
	ok(STORE("x") != NULL, "no number");
	column_free(&c);
	start(COLUMN_NUMBER);
	c.log = c.filled = true;
	c.fill = 7;
	STORE("-1.7182817459106445", "", "0"); /* 1 - e */
	x = c.data;
	near((double)x[0], -1, 1e-7, "sign(x) ln(1 + |x|)");
	ok(x[1] == 7 && x[2] == 0 && !c.missing, "what stands for nothing is as it was given");
	column_free(&c);
	start(COLUMN_LABEL);
	ok(STORE("") != NULL && !STORE("-2"), "a label is never nothing");
	column_free(&c);
	start(COLUMN_WEIGHT);
	same(STORE("1", "-2"), "expected 0 or more", "a weight is not below 0");
	column_free(&c);
}

static void kinds(void)
{
	start(COLUMN_TIME);
	ok(!STORE("1970-01-02", "-5") && ((int64_t *)c.data)[0] == 86400 &&
			((int64_t *)c.data)[1] == -5 && STORE("") != NULL,
		"times");
	column_free(&c);
	start(COLUMN_PART);
	ok(!STORE("train", "dev", "2", "validation") && memcmp(c.data, "\0\1\2\1", 4) == 0 &&
			STORE("3") != NULL,
		"parts");
	column_free(&c);
	start(COLUMN_TRUTH);
	dict_add(c.words, "yes", 3);
	STORE("no", "yes", "");
	ok(((float *)c.data)[0] == 0 && ((float *)c.data)[1] == 1 && ((float *)c.data)[2] == 0,
		"words that are true");
	column_free(&c);
}

static void bags(void)
{
	struct tensors set = { 0 };
	const uint64_t *at;

	start(COLUMN_BAG);
	c.separator = '|';
	c.weigh = ':';
	ok(STORE("a:x") != NULL, "no weight");
	ok(!STORE("a:2| b ||a:0.5", "", "c"), "values with weights");
	column_tensors(&c, 3, &set);
	at = tensors_find(&set, "x.at")->data;
	ok(at[0] == 0 && at[1] == 3 && at[2] == 3 && at[3] == 4, "offsets");
	ok(memcmp(tensors_find(&set, "x.id")->data, (uint32_t[]){ 0, 1, 0, 2 }, 16) == 0, "ids");
	ok(memcmp(tensors_find(&set, "x.weight")->data, (float[]){ 2, 1, 0.5F, 1 }, 16) == 0,
		"weights, 1 unless told");
	column_free(&c);
	tensors_free(&set);
}

static void rare(void)
{
	start(COLUMN_ID);
	STORE("a", "b", "", "b", "c", "b", "a");
	column_fold(&c, 7, 2);
	same(ids(7), "a|b||<rare>| 0 1 2 1 3 1 0", "c is rare, nothing is not");
	column_fold(&c, 7, 3);
	same(ids(7), "<rare>|b|| 0 1 2 1 0 1 0", "ids are of first appearance again");
	column_free(&c);
}

static void tensors(void)
{
	struct tensors set = { 0 };

	start(COLUMN_NUMBER);
	c.may_be_one = true;
	STORE("1", "1");
	column_tensors(&c, 2, &set);
	ok(set.n == 0, "no tensor of ones that nobody asked for");
	STORE("1", "");
	column_tensors(&c, 2, &set);
	ok(set.n == 0, "nor where they are missing");
	STORE("3", "");
	column_tensors(&c, 2, &set);
	ok(set.n == 2 && tensors_find(&set, "x_missing"), "but of other numbers");
	column_free(&c);
	tensors_free(&set);
	start(COLUMN_KEY);
	STORE("p", "qr");
	column_vocabulary(&c, &set);
	column_tensors(&c, 2, &set);
	ok(memcmp(tensors_find(&set, "vocab.x.at")->data, (uint64_t[]){ 0, 1, 3 }, 24) == 0 &&
			memcmp(tensors_find(&set, "vocab.x.text")->data, "pqr", 3) == 0 &&
			tensors_find(&set, "x")->dtype == U32,
		"a vocabulary and its ids");
	column_free(&c);
	tensors_free(&set);
}

int main(void)
{
	words();
	unknown();
	dates();
	numbers();
	kinds();
	bags();
	rare();
	tensors();
	return done();
}
