/* reason -- shares add up to scores where they are said to. */
#include "reason.h"

#include <stdlib.h>

#include "mem.h"
#include "model_write.h"
#include "rng.h"
#include "tap.h"

enum { U = 40, I = 50, N = 700, MOST = 200 };

static uint32_t user[N], item[N];
static float rating[N];

static void make_rows(void)
{
	for (size_t r = 0; r < N; r++) {
		user[r] = (uint32_t)(r < U ? r : rng_below(U, 1, RNG_MAKE, r));
		item[r] = (uint32_t)(r < I ? r : rng_below(I, 2, RNG_MAKE, r));
		rating[r] = 1 + (float)rng_below(5, 3, RNG_MAKE, r);
	}
}

static double score_of(struct model *model, uint32_t u, uint32_t i)
{
	struct tensors rows = { 0 };
	struct tensor *a = tensor_new("user", U32, 1, 0), *b = tensor_new("item", U32, 1, 0);
	float score;

	*(uint32_t *)a->data = u;
	*(uint32_t *)b->data = i;
	tensors_add(&rows, a);
	tensors_add(&rows, b);
	model_predict(model, &rows, 1, &score);
	tensors_free(&rows);
	return (double)score;
}

/* The largest gap between the shares above 0 and what they have to be, over all pairs where all
 * shares are above 0 (least: the smallest share that there can be). */
static double gap(struct model *model, double base, bool *ordered)
{
	struct reasons *reasons = reasons_new(model);
	static struct reason reason[MOST];
	double worst = 0;

	for (uint32_t u = 0; u < U; u++)
		for (uint32_t i = 0; i < I; i++) {
			size_t n = reasons_find(reasons, u, i, NULL, 0, reason, MOST);
			double sum = base;

			for (size_t r = 0; r < n; r++) {
				sum += (double)reason[r].share;
				*ordered &= !r || reason[r].share <= reason[r - 1].share;
			}
			worst = fmax(worst, fabs(sum - score_of(model, u, i)));
		}
	reasons_free(reasons);
	return worst;
}

static void neighbours(bool by_user)
{
	struct mf_rows rows = {
		.user = user, .item = item, .label = rating, .n = N, .users = U, .items = I
	};
	struct knn_how how = { .by_user = by_user,
		.ranking = true,
		.measure = KNN_COSINE,
		.neighbours = 20,
		.use = 7 };
	struct knn *knn = knn_fit(&rows, &how);
	struct text spec = { 0 };
	struct tensors set = { 0 };
	struct model *model;
	bool ordered = true;

	model_from_knn(&set, "m", &spec, knn);
	model = model_open(&set, "m");
	near(gap(model, 0, &ordered), 0, 1e-5,
		by_user ? "neighbours of users add up" : "neighbours of items add up");
	ok(ordered, "the largest first");
	model_free(model);
	tensors_free(&set);
	knn_end(knn);
}

static float *floats(struct tensors *set, const char *name, uint64_t n)
{
	struct tensor *t = tensor_new(name, F32, n, 0);

	for (size_t i = 0; i < n; i++)
		((float *)t->data)[i] = (float)rng_unit(set->n, RNG_MAKE, i);
	tensors_add(set, t);
	return t->data;
}

static void linear(void)
{
	struct tensors set = { 0 };
	struct tensor *at = tensor_new("item.bag.tags.at", U64, I + 1, 0);
	struct tensor *id = tensor_new("item.bag.tags.id", U32, 2 * I, 0);
	struct tensor *cat = tensor_new("user.cat.age", U32, U, 0);
	struct model *model;
	struct reasons *reasons;
	struct reason few[3];
	bool ordered = true;

	for (size_t i = 0; i <= I; i++)
		((uint64_t *)at->data)[i] = 2 * i;
	for (size_t i = 0; i < 2 * I; i++)
		((uint32_t *)id->data)[i] = (uint32_t)(i % 2 + 2 * (i / 2 % 3));
	for (size_t u = 0; u < U; u++)
		((uint32_t *)cat->data)[u] = (uint32_t)u % 4;
	tensors_add(
		&set, tensor_text("model.m.spec", "arch=lr\ntask=rating\n"
						  "features=user,item,user.cat.age,item.bag.tags,"
						  "item.num.price\ndim=0\nhidden=\n"));
	*floats(&set, "model.m.bias", 1) = 0.25F;
	floats(&set, "model.m.linear.user", U);
	floats(&set, "model.m.linear.item", I);
	floats(&set, "model.m.linear.user.cat.age", 4);
	floats(&set, "model.m.linear.item.bag.tags", 6);
	floats(&set, "model.m.linear.item.num.price", 1);
	*floats(&set, "model.m.mean.item.num.price", 1) = -1;
	*floats(&set, "model.m.scale.item.num.price", 1) = 2;
	tensors_add(&set, at);
	tensors_add(&set, id);
	tensors_add(&set, cat);
	floats(&set, "item.num.price", I);
	model = model_open(&set, "m");
	near(gap(model, 0.25, &ordered), 0, 1e-5, "features and bias add up to the score of lr");
	reasons = reasons_new(model);
	ok(reasons_find(reasons, 0, 0, NULL, 0, few, 3) == 3 && few[2].share > 0 &&
			few[0].share >= few[1].share && few[0].feature,
		"no more than asked for, with the names of features");
	reasons_free(reasons);
	model_free(model);
	tensors_free(&set);
}

static void factors(void)
{
	float p[] = { 1, 1 }, q[] = { 1, 0, 0, 1, 2, 2 }, zero[3] = { 0 };
	struct mf mf = { .users = 1,
		.items = 3,
		.dim = 2,
		.low = -9,
		.high = 9,
		.user_bias = zero,
		.item_bias = zero,
		.user_factors = p,
		.item_factors = q };
	static const uint32_t had[] = { 0, 1, 2, 7 };
	struct tensors set = { 0 };
	struct text spec = { 0 };
	struct model *model;
	struct reasons *reasons;
	struct reason r[4];

	model_from_mf(&set, "m", &spec, mf_copy(&mf));
	model = model_open(&set, "m");
	reasons = reasons_new(model);
	ok(reasons_find(reasons, 0, 0, had, 4, r, 4) == 1 && r[0].id == 2 && r[0].share == 2,
		"factors: what is alike, not the item itself, nor one that is not known");
	ok(reasons_find(reasons, 0, 9, had, 4, r, 4) == 0, "an item that is not known has none");
	reasons_free(reasons);
	model_free(model);
	tensors_free(&set);
}

int main(void)
{
	make_rows();
	neighbours(false);
	neighbours(true);
	linear();
	factors();
	return done();
}
