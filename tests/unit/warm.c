/* A factor model and a network in another domain's ids: what is carried, and what is not. */
#include "warm.h"

#include <string.h>

#include "mf.h"
#include "model_write.h"
#include "tap.h"

/* vocab.KIND of words of one letter each. */
static void words(struct tensors *set, const char *kind, const char *letters)
{
	size_t n = strlen(letters);
	char name[64];
	struct tensor *at, *text;

	snprintf(name, sizeof name, "vocab.%s.at", kind);
	at = tensor_new(name, U64, n + 1, 0);
	snprintf(name, sizeof name, "vocab.%s.text", kind);
	text = tensor_new(name, U8, n, 0);
	for (size_t i = 0; i < n; i++) {
		((uint64_t *)at->data)[i + 1] = i + 1;
		((char *)text->data)[i] = letters[i];
	}
	tensors_add(set, at);
	tensors_add(set, text);
}

static const float *data(const struct tensors *set, const char *name)
{
	return tensors_find(set, name)->data;
}

int main(void)
{
	float user_bias[] = { 1, 2 }, item_bias[] = { 3, 4, 5 };
	float user[] = { 10, 11, 20, 21 }, item[] = { 30, 31, 40, 41, 50, 51 };
	struct mf mf = { 2, 3, 2, 7, 0, 9, user_bias, item_bias, user, item };
	struct tensors source = { 0 }, target = { 0 }, made = { 0 };
	struct text spec = { 0 };
	struct warm w = { &source, &target, "old", "new", true, true, true, FRESH_UNKNOWN, 1 };
	const struct tensor *t;

	words(&source, "user", "ab");
	words(&source, "item", "pqr");
	model_note(&spec, "alpha", "3");
	model_from_mf(&source, "old", &spec, mf_copy(&mf));
	words(&target, "user", "zba");
	words(&target, "item", "rs");
	tensors_add(&target, tensor_new("user", U32, 1, 0));
	tensors_add(&target, tensor_new("item", U32, 1, 0));

	warm_model(&made, &w);
	ok(*data(&made, "model.new.bias") == 7, "what belongs to no id goes over");
	ok(memcmp(data(&made, "model.new.user.factors"), (float[]){ 0, 0, 20, 21, 10, 11 },
		   6 * sizeof(float)) == 0,
		"users by name");
	ok(memcmp(data(&made, "model.new.item.bias"), (float[]){ 5, 0 }, 2 * sizeof(float)) == 0,
		"items by name, others unknown");
	t = tensors_find(&made, "model.new.spec");
	ok(made.at[0] == t && strstr(t->data, "alpha=3\n") && strstr(t->data, "source=old\n"),
		"the spec is first, and says where it is from");
	tensors_free(&made);

	w.user = false;
	warm_model(&made, &w);
	ok(memcmp(data(&made, "model.new.user.factors"), (float[6]){ 0 }, 6 * sizeof(float)) == 0 &&
			data(&made, "model.new.item.bias")[0] == 5,
		"what is not shared is not carried");
	tensors_free(&made);

	warm_copy(&made, &source, "old", "twin", "mark=1\n");
	t = tensors_find(&made, "model.twin.spec");
	ok(made.n == 6 && strstr(t->data, "mark=1\n") &&
			memcmp(data(&made, "model.twin.item.factors"), item, sizeof item) == 0,
		"a copy, marked");
	tensors_free(&made);
	tensors_free(&target);
	tensors_free(&source);
	return done();
}
