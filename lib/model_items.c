#include "model_items.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "gemm.h"
#include "mem.h"

/* A factor model is one matrix product: (p_u, mean + b_u, 1) times (q_i, 1, c_i). */
struct model_items {
	struct model *model;
	struct model_parts is;
	size_t items;
	struct mf mf; /* the model's; of towers their vectors, with one more user, the unknown */
	float *towers[2]; /* owned: what mf points at; or NULL */
	float *panels; /* (items / 32, dim + 2, 32); NULL when the model predicts rows */
	struct screen *screen; /* of the same, or NULL */
	struct model_items *warm, *cold; /* of two models */
};

static void pack_items(struct model_items *ready)
{
	const struct mf *mf = &ready->mf;
	size_t dim = mf->dim, height = dim + 2;
	size_t panels = (ready->items + GEMM_PANEL - 1) / GEMM_PANEL;

	ready->panels = mem_new(panels * height, GEMM_PANEL * sizeof *ready->panels);
#pragma omp parallel for schedule(static)
	for (size_t i = 0; i < panels * GEMM_PANEL; i++) {
		float *to = ready->panels + i / GEMM_PANEL * height * GEMM_PANEL + i % GEMM_PANEL;

		to[dim * GEMM_PANEL] = 1;
		if (i >= mf->items)
			continue;
		for (size_t k = 0; k < dim; k++)
			to[k * GEMM_PANEL] = mf->item_factors[i * dim + k];
		to[(dim + 1) * GEMM_PANEL] = mf->item_bias ? mf->item_bias[i] : 0;
	}
}

static void open_towers(struct model_items *ready)
{
	struct model *m = ready->model;
	struct mf *mf = &ready->mf;

	*mf = (struct mf){ .users = (uint32_t)model_users(m) + 1,
		.items = (uint32_t)ready->items,
		.dim = (uint32_t)model_width(m),
		.mean = *ready->is.net->bias.w };
	for (size_t side = 0; side < 2; side++) {
		size_t n = side ? mf->items : mf->users;

		ready->towers[side] = mem_new(n, mf->dim * sizeof **ready->towers);
		model_tower(m, side, n, ready->towers[side]);
	}
	mf->user_factors = ready->towers[0];
	mf->item_factors = ready->towers[1];
}

static double greatest(const float *x, size_t n)
{
	float most = 0;

	for (size_t i = 0; i < n; i++)
		most = fabsf(x[i]) > most ? fabsf(x[i]) : most;
	return (double)most;
}

static void check_range(const struct model_items *ready)
{
	const struct mf *mf = &ready->mf;
	size_t dim = mf->dim;
	double p = greatest(mf->user_factors, mf->users * dim), b = greatest(&mf->mean, 1);

	if (mf->user_bias)
		b += greatest(mf->user_bias, mf->users) + greatest(mf->item_bias, mf->items);
	if (!((double)dim * p * greatest(mf->item_factors, mf->items * dim) + b < 1e38))
		die("model '%s': its weights are so large that a score may not be finite",
			model_name(ready->model));
}

struct model_items *model_items_new(struct model *m, size_t items)
{
	struct model_items *ready = mem_new(1, sizeof *ready);
	struct model_parts *is = &ready->is;

	ready->model = m;
	ready->items = items;
	model_parts(is, m);
	for (size_t i = 0; is->features && i < is->features->n; i++)
		if (text_starts(is->features->name[i], "row."))
			die("model '%s' needs '%s': a model that ranks all items can only have "
			    "features of users and items",
				model_name(m), is->features->name[i]);
	if (is->pair) {
		ready->warm = model_items_new(is->pair->warm, items);
		ready->cold = model_items_new(is->pair->cold, items);
	}
	if (is->net && is->net->towers > 1)
		open_towers(ready);
	else if (is->mf)
		ready->mf = *is->mf;
	if (ready->mf.users) {
		check_range(ready);
		pack_items(ready);
		if (!ready->towers[0] && screen_works()) /* which knows no unknown user */
			ready->screen = screen_new(&ready->mf, items);
	}
	return ready;
}

void model_items_free(struct model_items *ready)
{
	screen_free(ready->screen);
	free(ready->towers[0]);
	free(ready->towers[1]);
	if (ready->is.pair) {
		model_items_free(ready->warm);
		model_items_free(ready->cold);
	}
	free(ready->panels);
	free(ready);
}

const struct screen *model_items_screen(const struct model_items *ready)
{
	return ready->screen;
}

bool model_items_apart(const struct model_items *ready)
{
	if (ready->is.pair)
		return model_items_apart(ready->warm) && model_items_apart(ready->cold);
	return ready->panels || ready->is.knn;
}

static void score_factors(const struct model_items *ready, float *score, const uint32_t *user,
	size_t n, size_t first, size_t count)
{
	const struct mf *mf = &ready->mf;
	size_t dim = mf->dim, height = dim + 2;
	float *a = mem_new(n * (dim + 1), sizeof *a);
	struct gemm g = { .a = a,
		.w = ready->panels + first / GEMM_PANEL * height * GEMM_PANEL,
		.lda = dim + 1,
		.k = dim + 1,
		.panels = (count + GEMM_PANEL - 1) / GEMM_PANEL,
		.end = GEMM_BIAS };

	for (size_t r = 0; r < n; r++) {
		size_t u = user[r];
		float *to = a + r * (dim + 1);
		bool known = u < mf->users || ready->towers[0];

		if (u >= mf->users && known)
			u = mf->users - 1;

		for (size_t k = 0; k < dim; k++)
			to[k] = known ? mf->user_factors[u * dim + k] : 0;
		to[dim] = mf->mean + (known && mf->user_bias ? mf->user_bias[u] : 0);
	}
	SIMD_CALL(gemm_forward, score, MODEL_TILE, &g, n);
	free(a);
}

static void score_rows(const struct model_items *ready, float *score, const uint32_t *user,
	size_t n, size_t first, size_t count)
{
	struct tensors rows = { 0 };
	struct tensor *u = tensor_new("user", U32, n * count, 0);
	struct tensor *i = tensor_new("item", U32, n * count, 0);
	float *made = mem_new(n * count, sizeof *made);

	for (size_t r = 0; r < n * count; r++) {
		((uint32_t *)u->data)[r] = user[r / count];
		((uint32_t *)i->data)[r] = (uint32_t)(first + r % count);
	}
	tensors_add(&rows, u);
	tensors_add(&rows, i);
	model_predict(ready->model, &rows, n * count, made);
	for (size_t r = 0; r < n * count; r++)
		if (!isfinite(made[r]))
			die("model '%s': score of user %u and item %zu is %g; expected a finite "
			    "number",
				model_name(ready->model), user[r / count], first + r % count,
				(double)made[r]);
	for (size_t r = 0; r < n; r++)
		memcpy(score + r * MODEL_TILE, made + r * count, count * sizeof *made);
	tensors_free(&rows);
	free(made);
}

static void score_neighbours(const struct model_items *ready, float *score, const uint32_t *user,
	size_t n, size_t first, size_t count)
{
	float room[MODEL_TILE];

	for (size_t r = 0; r < n; r++)
		knn_items(score + r * MODEL_TILE, ready->is.knn, user[r], first, count, room);
	for (size_t r = 0; r < n * MODEL_TILE; r++)
		if (r % MODEL_TILE < count && !isfinite(score[r]))
			die("model '%s': a score of user %u is %g; expected a finite number",
				model_name(ready->model), user[r / MODEL_TILE], (double)score[r]);
}

/* The cold model is asked only for tiles that have somebody new. */
static void score_pair(const struct model_items *ready, float *score, const uint32_t *user,
	size_t n, size_t first, size_t count)
{
	const struct pair *pair = ready->is.pair;
	bool all = true;
	float *cold;

	model_items_score(ready->warm, score, user, n, first, count);
	for (size_t r = 0; r < n; r++)
		all = all && user[r] < pair->users && pair->user[user[r]];
	for (size_t i = first; i < first + count; i++)
		all = all && i < pair->items && pair->item[i];
	if (all)
		return;
	cold = mem_new(MODEL_USERS * MODEL_TILE, sizeof *cold);
	model_items_score(ready->cold, cold, user, n, first, count);
	for (size_t r = 0; r < n; r++)
		for (size_t i = 0; i < count; i++) {
			size_t at = r * MODEL_TILE + i;

			if (!pair_is_warm(pair, user[r], first + i))
				score[at] = pair->scale * cold[at] + pair->shift;
		}
	free(cold);
}

void model_items_score(struct model_items *ready, float *score, const uint32_t *user, size_t n,
	size_t first, size_t count)
{
	assert(n <= MODEL_USERS && count <= MODEL_TILE && first % MODEL_TILE == 0);
	(ready->panels		     ? score_factors
		: ready->is.knn  ? score_neighbours
		: ready->is.pair ? score_pair
				     : score_rows)(ready, score, user, n, first, count);
}
