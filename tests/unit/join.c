/* Two domains of three rows each, joined by hand. */
#include "join.h"

#include <stdlib.h>

#include "tap.h"

static void column(
	struct tensors *set, const char *name, enum dtype dtype, const double *x, size_t n)
{
	struct tensor *t = tensor_new(name, dtype, n, 0);

	for (size_t i = 0; i < n; i++)
		if (dtype == U32)
			((uint32_t *)t->data)[i] = (uint32_t)x[i];
		else if (dtype == F32)
			((float *)t->data)[i] = (float)x[i];
		else
			((uint8_t *)t->data)[i] = (uint8_t)x[i];
	tensors_add(set, t);
}

static void words(struct tensors *set, const char *kind, const char *letters)
{
	char name[32];
	struct tensor *at;
	size_t n = strlen(letters);

	snprintf(name, sizeof name, "vocab.%s.at", kind);
	at = tensor_new(name, U64, n + 1, 0);
	for (size_t i = 0; i <= n; i++)
		((uint64_t *)at->data)[i] = i;
	tensors_add(set, at);
	snprintf(name, sizeof name, "vocab.%s.text", kind);
	tensors_add(set, tensor_text(name, letters));
}

static int has(const struct tensors *set, const char *name, const double *x, size_t n)
{
	const struct tensor *t = tensors_find(set, name);

	if (!t || tensor_rows(t) != n)
		return 0;
	for (size_t i = 0; i < n; i++) {
		double y = t->dtype == U32   ? ((uint32_t *)t->data)[i]
			   : t->dtype == F32 ? (double)((float *)t->data)[i]
					     : ((uint8_t *)t->data)[i];

		if (y != x[i])
			return 0;
	}
	return 1;
}

static int word(const struct tensors *set, const char *kind, size_t id, const char *want)
{
	size_t n;
	const char *text = tensors_word(set, kind, id, &n);

	return text && n == strlen(want) && memcmp(text, want, n) == 0;
}

int main(void)
{
	struct tensors source = { 0 }, target = { 0 }, made = { 0 };
	struct align user, item;

	/* source: users a b c; items x y; the last row is of part 2 */
	words(&source, "user", "abc");
	words(&source, "item", "xy");
	column(&source, "user", U32, (double[]){ 0, 1, 2 }, 3);
	column(&source, "item", U32, (double[]){ 0, 1, 1 }, 3);
	column(&source, "label", F32, (double[]){ 5, 3, 4 }, 3);
	column(&source, "weight", F32, (double[]){ 2, 1, 1 }, 3);
	column(&source, "part", U8, (double[]){ 0, 0, 2 }, 3);
	/* target: users b d; items x z, where x is another x */
	words(&target, "user", "bd");
	words(&target, "item", "xz");
	column(&target, "user", U32, (double[]){ 0, 1, 0 }, 3);
	column(&target, "item", U32, (double[]){ 0, 0, 1 }, 3);
	column(&target, "label", F32, (double[]){ 1, 2, 3 }, 3);
	column(&target, "part", U8, (double[]){ 0, 1, 2 }, 3);

	user = align_new(&source, &target, "user", 3, 2);
	item = align_nothing(2, 2);
	join_rows(&made, &source, &target, &user, &item, 0.5);
	ok(has(&made, "user", (double[]){ 0, 1, 0, 2, 0 }, 5), "b is b; a comes behind b and d");
	ok(has(&made, "item", (double[]){ 0, 0, 1, 2, 3 }, 5), "no item is shared");
	ok(has(&made, "label", (double[]){ 1, 2, 3, 5, 3 }, 5), "labels");
	ok(has(&made, "weight", (double[]){ 1, 1, 1, 1, 0.5 }, 5), "weights: half of 2 and of 1");
	ok(has(&made, "part", (double[]){ 0, 1, 2, 0, 0 }, 5), "only the target is judged");
	ok(word(&made, "user", 0, "b") && word(&made, "user", 2, "a") &&
			word(&made, "user", 3, "c"),
		"users: b d a c");
	ok(word(&made, "item", 0, "x") && word(&made, "item", 2, "source:x") &&
			word(&made, "item", 3, "y"),
		"items: x z source:x y");
	align_free(&user);
	align_free(&item);
	tensors_free(&made);
	tensors_free(&source);
	tensors_free(&target);
	return done();
}
