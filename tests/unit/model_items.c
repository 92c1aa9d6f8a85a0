/* model_items: every item's score for some users, against the model's rows one by one. */
#include "model_items.h"

#include <stdlib.h>

#include "child.h"
#include "die.h"
#include "made.h"
#include "mem.h"
#include "tap.h"

enum { U = 30, I = 2500, D = 7, SOME = 1100 };

/* The largest difference from the scores of rows; low and high of factor models do not count. */
static double worst(struct model *model, const uint32_t *user, size_t n, size_t items)
{
	struct model_items *ready = model_items_new(model, items);
	float *score = mem_new(MODEL_USERS * MODEL_TILE, sizeof *score), want[MODEL_TILE];
	double most = 0;

	for (size_t first = 0; first < items; first += MODEL_TILE) {
		size_t count = items - first < MODEL_TILE ? items - first : MODEL_TILE;

		model_items_score(ready, score, user, n, first, count);
		for (size_t u = 0; u < n; u++) {
			struct tensors rows = { 0 };
			uint32_t who[MODEL_TILE], what[MODEL_TILE];

			for (uint32_t i = 0; i < count; i++) {
				who[i] = user[u];
				what[i] = (uint32_t)first + i;
			}
			made_column(&rows, "user", U32, count, who);
			made_column(&rows, "item", U32, count, what);
			model_predict(model, &rows, count, want);
			for (size_t i = 0; i < count; i++)
				most = fmax(most,
					fabs((double)score[u * MODEL_TILE + i] - (double)want[i]));
			tensors_free(&rows);
		}
	}
	model_items_free(ready);
	free(score);
	return most;
}

static void factors(void)
{
	struct mf *mf = made_factors(U, I, D, 3, 5);
	struct model *model = model_around(mf, "m");
	const uint32_t user[] = { 3, 29, 0, 30, 1000 };
	struct model_items *ready = model_items_new(model, I);

	near(worst(model, user, 5, I + 20), 0, 1e-5,
		"factors, also of users and items that the model does not know");
	ok(model_items_apart(ready), "by several threads at once");
	model_items_free(ready);
	mf->high = -90; /* rows are clipped, what is ranked is not */
	mf->low = -91;
	model_free(model);
	model = model_around(mf, "m");
	ok(worst(model, user, 2, I) > 80, "scores that are ranked are not clipped");
	model_free(model);
	mf_free(mf);
}

static void others(void)
{
	static const float weight[] = { 0, 0.5F, -1, 0.25F, 0, 2, 3, -0.5F, 0 }, bias = 0.5F;
	static const uint64_t at[] = { 0, 2, 3 };
	static const uint32_t id[] = { 0, 2, 1 }, user[] = { 1, 0, 2 };
	static const float of_user[] = { 1, -2, 3 };
	float of_item[SOME];
	struct tensor *w = tensor_new("model.e.weights", F32, 3, 3);
	struct tensors set = { 0 };
	struct model *model;

	tensors_add(&set, tensor_text("model.e.spec", "arch=ease\ntask=binary\n"));
	memcpy(w->data, weight, sizeof weight);
	tensors_add(&set, w);
	made_column(&set, "model.e.seen.at", U64, 3, at);
	made_column(&set, "model.e.seen.id", U32, 3, id);
	model = model_open(&set, "e");
	near(worst(model, user, 3, 3), 0, 1e-6, "a linear model of items");
	model_free(model);
	tensors_add(&set,
		tensor_text("model.l.spec", "arch=lr\ntask=binary\nfeatures=user,item\ndim=0\n"));
	made_column(&set, "model.l.bias", F32, 1, &bias);
	made_column(&set, "model.l.linear.user", F32, 3, of_user);
	for (size_t i = 0; i < SOME; i++)
		of_item[i] = 0.25F * (float)i;
	made_column(&set, "model.l.linear.item", F32, SOME, of_item);
	model = model_open(&set, "l");
	near(worst(model, user, 3, SOME), 0, 1e-6, "a network");
	model_free(model);
	tensors_free(&set);
}

/* A model without factors: item i is worth step i. */
static void add_biases(struct tensors *set, const char *name, float step)
{
	static const float zeros[3] = { 0 };
	float bias[SOME];
	char full[64];

	for (size_t i = 0; i < SOME; i++)
		bias[i] = step * (float)i;
	snprintf(full, sizeof full, "model.%s.spec", name);
	tensors_add(set, tensor_text(full, "arch=mf\ntask=rating\ndim=0\nlow=-1e9\nhigh=1e9\n"));
	snprintf(full, sizeof full, "model.%s.bias", name);
	made_column(set, full, F32, 1, zeros);
	snprintf(full, sizeof full, "model.%s.user.bias", name);
	made_column(set, full, F32, 3, zeros);
	snprintf(full, sizeof full, "model.%s.item.bias", name);
	made_column(set, full, F32, SOME, bias);
}

static void pairs(void)
{
	static const uint8_t users[] = { 1, 0, 1 };
	static const uint32_t user[] = { 2, 1, 0 };
	uint8_t items[SOME];
	struct tensors set = { 0 };
	struct model *model;

	for (size_t i = 0; i < SOME; i++)
		items[i] = i % 3 == 1;
	add_biases(&set, "w", 1);
	add_biases(&set, "c", -0.5F);
	tensors_add(&set, tensor_text("model.p.spec",
				  "arch=pair\ntask=rating\nwarm=w\ncold=c\nscale=2\nshift=1\n"));
	made_column(&set, "model.p.user.known", U8, 3, users);
	made_column(&set, "model.p.item.known", U8, SOME, items);
	model = model_open(&set, "p");
	near(worst(model, user, 3, SOME), 0, 1e-6, "two models as one");
	model_free(model);
	tensors_free(&set);
}

static void make(void *model)
{
	model_items_new(model, 3);
}

static void refused(void)
{
	static const float x[] = { 1, 2, 3 };
	static const uint32_t id[] = { 0, 1, 2 };
	struct tensors set = { 0 };
	struct model *model;

	tensors_add(&set,
		tensor_text("model.r.spec", "arch=lr\ntask=binary\nfeatures=row.cat.day\ndim=0\n"));
	made_column(&set, "model.r.bias", F32, 1, x);
	made_column(&set, "model.r.linear.row.cat.day", F32, 3, x);
	made_column(&set, "row.cat.day", U32, 3, id);
	model = model_open(&set, "r");
	ok(run(make, model) == 1 && strstr(said, "row.cat.day"),
		"who is asked for all items has no columns of rows");
	model_free(model);
	tensors_free(&set);
}

int main(void)
{
	die_name("unit");
	refused();
	factors();
	others();
	pairs();
	return done();
}
