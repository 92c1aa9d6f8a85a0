/* Tensors side by side as TSV: ids as strings, lists, blocks, text; written by hand. */
#include "values.h"

#include <stdlib.h>

#include "mem.h"
#include "tap.h"

static struct tensors tables, rows;

static void *add(struct tensors *set, const char *name, enum dtype dtype, uint64_t n, uint64_t cols)
{
	struct tensor *t = tensor_new(name, dtype, n, cols);

	tensors_add(set, t);
	return t->data;
}

static void words(const char *at_name, const char *text_name)
{
	static const uint64_t at[] = { 0, 2, 5 };

	memcpy(add(&tables, at_name, U64, 3, 0), at, sizeof at);
	memcpy(add(&tables, text_name, U8, 5, 0), "anb\tc", 5);
}

static void make(void)
{
	static const uint64_t at[] = { 0, 2, 2, 3 };
	static const uint32_t user[] = { 1, 0, 1 }, id[] = { 1, 0, 0 }, top[] = { 1, 0, 0, UINT32_MAX };
	static const float label[] = { 1, 0.1f, -0.0f }, block[] = { 1, 2, 3, 4, 5, 6 };

	words("vocab.user.at", "vocab.user.text");
	words("vocab.item.at", "vocab.item.text");
	words("vocab.row.bag.tag.at", "vocab.row.bag.tag.text");
	memcpy(add(&tables, "row.bag.tag.at", U64, 4, 0), at, sizeof at);
	memcpy(add(&tables, "row.bag.tag.id", U32, 3, 0), id, sizeof id);
	memcpy(add(&rows, "top.a.item", U32, 2, 2), top, sizeof top);
	memcpy(add(&rows, "model.a.spec", U8, 8, 0), "k=v\nl\t=w", 8);
	memcpy(add(&rows, "user", U32, 3, 0), user, sizeof user);
	memcpy(add(&rows, "label", F32, 3, 0), label, sizeof label);
	memcpy(add(&rows, "row.num.x", F32, 3, 2), block, sizeof block);
}

static void says(const char *first, const char *second, const char *want, const char *what)
{
	char *names[] = { (char *)(uintptr_t)first, (char *)(uintptr_t)second };
	struct values *v = values_new(names, second ? 2 : 1);
	char got[400] = "";
	const char *text;
	size_t used;

	values_bind(v, &tables, &rows, 0);
	while ((used = values_next(v, &text)))
		strncat(got, text, used);
	same(got, want, what);
	values_free(v);
}

int main(void)
{
	char user[] = "user", label[] = "label";
	struct values *v = values_new((char *[]){ user, label }, 2);

	make();
	says("user", "label", "user\tlabel\nb\\tc\t1\nan\t0.1\nb\\tc\t-0\n",
		"users by their names, a tab as \\t, the fewest digits");
	says("row.bag.tag", NULL, "row.bag.tag\nb\\tc|an\n\nan\n", "lists in one cell");
	says("row.num.x", "label",
		"row.num.x.0\trow.num.x.1\tlabel\n1\t2\t1\n3\t4\t0.1\n5\t6\t-0\n",
		"a block has a column for each number");
	says("top.a.item", NULL, "top.a.item.0\ttop.a.item.1\nb\\tc\tan\nan\t\n",
		"best items by name; a list that ends early");
	says("vocab.user", NULL, "vocab.user\nan\nb\\tc\n", "a vocabulary");
	says("model.a.spec", NULL, "k=v\nl\\t=w\n", "a text keeps its lines");
	ok(values_want(v, "user") && values_want(v, "vocab.user.at") &&
			values_want(v, "vocab.user.text") && values_want(v, "label") &&
			!values_want(v, "item") && !values_want(v, "vocab.item.at"),
		"what is needed for two columns");
	ok(values_are_rows(v), "both travel with the rows");
	values_free(v);
	tensors_free(&tables);
	tensors_free(&rows);
	return done();
}
