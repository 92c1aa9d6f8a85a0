#include "tensor.h"

#include <stdlib.h>

#include "child.h"
#include "die.h"
#include "tap.h"

struct need {
	const struct tensors *set;
	const char *name;
	enum dtype dtype;
	unsigned ndim;
};

static void ask(void *arg)
{
	const struct need *n = arg;

	tensors_need(n->set, n->name, n->dtype, n->ndim);
}

/* What tensors_need says when it dies. */
static const char *need(
	const struct tensors *set, const char *name, enum dtype dtype, unsigned ndim)
{
	run(ask, &(struct need){ set, name, dtype, ndim });
	return said;
}

static void shapes(void)
{
	struct tensor *line = tensor_new("label", F32, 5, 0), *block = tensor_new("x", F64, 3, 7);
	struct tensor *text = tensor_text("model.a.spec", "arch=fm\n");
	struct tensor scalar = { .dtype = U16 };

	ok(line->ndim == 1 && tensor_rows(line) == 5 && tensor_cols(line) == 1, "one axis");
	ok(tensor_bytes(line) == 20, "5 f32 are 20 bytes");
	ok(block->ndim == 2 && tensor_cols(block) == 7 && tensor_row_bytes(block) == 56,
		"two axes");
	ok(tensor_bytes(block) == 168, "3 x 7 f64 are 168 bytes");
	ok(text->dtype == U8 && tensor_rows(text) == 8 && memcmp(text->data, "arch=fm\n", 8) == 0,
		"a text without its end");
	ok(tensor_rows(&scalar) == 1 && tensor_bytes(&scalar) == 2, "a scalar has one row");
	tensor_free(line);
	tensor_free(block);
	tensor_free(text);
	tensor_free(NULL);
}

static void types(void)
{
	const enum dtype all[] = { U8, U16, U32, U64, I8, I16, I32, I64, F16, F32, F64, BF16 };
	const char *const name[] = { "u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64", "f16",
		"f32", "f64", "bf16" };
	const size_t size[] = { 1, 2, 4, 8, 1, 2, 4, 8, 2, 4, 8, 2 };
	int good = 1;

	for (int i = 0; i < 12; i++)
		good &= dtype_size(all[i]) == size[i] && strcmp(dtype_name(all[i]), name[i]) == 0;
	ok(good, "each type has its name and size");
	same(dtype_name((enum dtype)0x51), "?", "a type from the future has no name");
}

static void names(void)
{
	char longest[TENSOR_NAME + 2];
	const char *const good[] = { "a", "0", "_", "row.cat.A-b_C.2", "vocab.user.at" };
	const char *const bad[] = { "", ".a", "-a", "A", "a..b", "a.", "a/b", "a b", "a\n",
		"\xc3\xa4" };

	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		ok(!tensor_name_fault(good[i]), good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ok(tensor_name_fault(bad[i]) != NULL, "a bad name is refused");
	memset(longest, 'a', sizeof longest);
	longest[TENSOR_NAME] = 0;
	ok(!tensor_name_fault(longest), "200 bytes are a name");
	longest[TENSOR_NAME] = 'a';
	longest[TENSOR_NAME + 1] = 0;
	ok(tensor_name_fault(longest) != NULL, "201 are not");
}

static void roles(void)
{
	const char *const row[] = { "user", "item", "label", "weight", "time", "part", "row.cat.a",
		"row.num.a", "soft.t", "hint.t" };
	const char *const other[] = { "users", "user.cat.a", "row.bag.a.at", "row.bag.a.id",
		"softly", "vocab.user.at", "model.a.spec", "top.t.item" };
	int good = 1;

	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		good &= tensor_is_row(row[i]);
	ok(good, "columns of the rows");
	good = 1;
	for (size_t i = 0; i < sizeof other / sizeof *other; i++)
		good &= !tensor_is_row(other[i]);
	ok(good, "tables, bags and models are not");
}

static void patterns(void)
{
	ok(tensor_match("user.*", "user.cat.a") && !tensor_match("user.*", "user"), "a star");
	ok(tensor_match("*.at", "vocab.user.at") && tensor_match("*", ""),
		"a star in front, alone");
	ok(tensor_match("a*b*c", "aXbYbZc") && !tensor_match("a*b*c", "aXc"), "two stars");
	ok(tensor_match("?", "a") && !tensor_match("?", "") && !tensor_match("?", "ab"), "?");
	ok(!tensor_match("user", "user.cat.a") && !tensor_match("", "a"), "all of the name");
	ok(!tensor_match("[a]", "a") && tensor_match("[a]", "[a]"), "brackets are letters");
}

static void sets(void)
{
	struct tensors set = { 0 };
	struct tensor *taken;
	char name[16];

	same(need(&set, "user", U32, 1), "tensor: stdin: needs 'user'; stream has nothing of use\n",
		"nothing is there");
	for (int i = 0; i < 40; i++) {
		snprintf(name, sizeof name, "t%d", i);
		tensors_add(&set, tensor_new(name, U32, 1, 0));
	}
	ok(set.n == 40 && tensors_find(&set, "t39") == set.at[39], "forty are found");
	ok(!tensors_find(&set, "t4") == 0 && !tensors_find(&set, "t40"), "by the whole name");
	taken = tensors_take(&set, "t7");
	ok(taken && set.n == 39 && !tensors_find(&set, "t7"), "what is taken is not there");
	same(set.at[7]->name, "t8", "the order stays");
	ok(!tensors_take(&set, "t7"), "and cannot be taken again");
	tensor_free(taken);
	ok(tensors_need(&set, "t8", U32, 1) == set.at[7], "what is needed and right");
	same(need(&set, "t8", F32, 2), "tensor: stdin: 't8' is u32 of 1 axes; expected f32 of 2\n",
		"of another type");
	tensors_free(&set);
	ok(set.n == 0 && !set.at, "a freed set is empty");
	tensors_add(&set, tensor_new("user", U32, 1, 0));
	tensors_add(&set, tensor_new("item", U32, 1, 0));
	same(need(&set, "label", F32, 1), "tensor: stdin: needs 'label'; stream has user, item\n",
		"what is there instead");
	tensors_free(&set);
}

static void words(void)
{
	struct tensors set = { 0 };
	struct tensor *at = tensor_new("vocab.user.at", U64, 4, 0);
	uint64_t *offset = at->data;
	size_t n = 9;

	offset[1] = 3, offset[2] = 3, offset[3] = 5;
	tensors_add(&set, at);
	ok(!tensors_word(&set, "user", 0, &n), "offsets alone are no vocabulary");
	tensors_add(&set, tensor_text("vocab.user.text", "annbo"));
	ok(memcmp(tensors_word(&set, "user", 0, &n), "ann", 3) == 0 && n == 3, "the first word");
	ok(tensors_word(&set, "user", 1, &n) && n == 0, "an empty word");
	ok(memcmp(tensors_word(&set, "user", 2, &n), "bo", 2) == 0 && n == 2, "the last word");
	ok(!tensors_word(&set, "user", 3, &n), "an id behind the last");
	ok(!tensors_word(&set, "user", UINT64_MAX, &n), "the largest id does not wrap");
	ok(!tensors_word(&set, "item", 0, &n), "another vocabulary");
	offset[1] = offset[2] = offset[3] = 0;
	ok(!tensors_word(&set, "user", 3, &n), "also when all words are empty");
	offset[1] = offset[2] = 3, offset[3] = 6;
	ok(!tensors_word(&set, "user", 2, &n), "an offset behind the text");
	offset[2] = 7;
	ok(!tensors_word(&set, "user", 2, &n), "falling offsets");
	tensors_free(&set);
}

int main(void)
{
	die_name("tensor");
	shapes();
	types();
	names();
	roles();
	patterns();
	sets();
	words();
	return done();
}
