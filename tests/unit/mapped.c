/* A map is written, found again, and says the same. */
#include "mapped.h"

#include <stdio.h>
#include <string.h>

#include "model_write.h"
#include "tap.h"

enum { K = 2, ITEMS = 3 };

static struct tensor *put(
	struct tensors *set, const char *name, enum dtype dtype, uint64_t rows, const void *data)
{
	struct tensor *t = tensor_new(name, dtype, rows, 0);

	memcpy(t->data, data, tensor_bytes(t));
	tensors_add(set, t);
	return t;
}

/* Items of the words a and b, and a number. */
static void tables(struct tensors *set)
{
	put(set, "item.cat.sort", U32, ITEMS, (const uint32_t[]){ 0, 1, 1 });
	put(set, "vocab.item.cat.sort.at", U64, 3, (const uint64_t[]){ 0, 1, 2 });
	put(set, "vocab.item.cat.sort.text", U8, 2, "ab");
	put(set, "item.num.year", F32, ITEMS, (const float[]){ 1, 2, 3 });
}

static void write(struct tensors *set, enum fill_method method)
{
	static float user_bias[1], item_bias[ITEMS], user[] = { 1, 2 },
						     item[] = { 1, 2, 3, 4, 5, 6 };
	static const uint8_t known[] = { 1, 1, 1 };
	const struct mf from = { 1, ITEMS, K, 0, -9, 9, user_bias, item_bias, user, item };
	struct fill_how how = {
		.method = method, .l2 = 0.1, .net = { 16, 3, 2, 1e-2, 0, 0.5, 0, 1 }
	};
	struct traits traits;
	struct content_scale scale;
	struct fill_report report;
	struct fill_map map;
	struct text spec = { 0 };
	struct csr x;
	struct mf *mf;

	traits_open(&traits, set, false, "item.cat.sort,item.num.year");
	scale = content_learn(traits.field, 2, ITEMS, CONTENT_TFIDF, known);
	x = content_rows(&scale, traits.field, ITEMS);
	mf = fill_factors(&report, &from, &x, scale.cols, known, &how, &map);
	model_note(&spec, "of", "item");
	model_note(&spec, "method", method == FILL_RIDGE ? "ridge" : "mlp");
	model_note(&spec, "weight", "tfidf");
	model_note(&spec, "hidden", "16");
	mapped_note(&spec, set, &traits);
	model_from_mf(set, "m", &spec, mf_copy(&from));
	mapped_write(set, "m", &traits, &scale, &map);
	fill_map_free(&map);
	mf_free(mf);
	csr_free(&x);
	content_free(&scale);
	traits_free(&traits);
}

static void again(enum fill_method method, const char *name)
{
	struct tensors set = { 0 }, made = { 0 };
	struct model *model;
	struct mapped m;
	size_t n;

	tables(&set);
	write(&set, method);
	n = set.n;
	model = model_open(&set, "m");
	mapped_open(&m, &set, model);
	printf("# %s\n", name);
	ok(!m.of_users && m.scale.cols == 5 && m.map.dim == K && m.map.width == 16,
		"columns and factors");
	mapped_write(&made, "m", &m.traits, &m.scale, &m.map);
	ok(made.n == (method == FILL_RIDGE ? 4u : 8u), "content of each field, and the map");
	for (size_t i = 0; i < made.n; i++) {
		const struct tensor *a = made.at[i], *b = set.at[n - made.n + i];

		ok(strcmp(a->name, b->name) == 0 && tensor_bytes(a) == tensor_bytes(b) &&
				memcmp(a->data, b->data, tensor_bytes(a)) == 0,
			a->name);
	}
	mapped_free(&m);
	model_free(model);
	tensors_free(&made);
	tensors_free(&set);
}

int main(void)
{
	again(FILL_RIDGE, "ridge");
	again(FILL_MLP, "mlp");
	return done();
}
