#include "mixture.h"

#include "die.h"
#include "mem.h"

static bool equal(const float *a, const float *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (a[i] != b[i])
			return false;
	return true;
}

bool mixture_same_items(const struct mf *a, const struct mf *b)
{
	return a->items == b->items && a->dim == b->dim &&
	       equal(a->item_bias, b->item_bias, a->items) &&
	       equal(a->item_factors, b->item_factors, (size_t)a->items * a->dim);
}

static float at(const float *x, size_t row, size_t rows, size_t cols, size_t col)
{
	return row < rows ? x[row * cols + col] : 0;
}

/* A user's bias carries its share of both means; the model's mean stays a's. */
static void mix_users(struct mf *mf, const struct mf *a, const struct mf *b, const float *weight,
	size_t users, float scale)
{
	bool beside = mf->dim > a->dim;

#pragma omp parallel for schedule(static)
	for (size_t u = 0; u < mf->users; u++) {
		float w = u < users ? weight[u] : 0, v = w * scale;
		float *p = mf->user_factors + u * mf->dim;

		mf->user_bias[u] = (1 - w) * (a->mean + at(a->user_bias, u, a->users, 1, 0)) +
				   v * (b->mean + at(b->user_bias, u, b->users, 1, 0)) - a->mean;
		for (size_t k = 0; k < a->dim; k++)
			p[k] = (1 - w) * at(a->user_factors, u, a->users, a->dim, k);
		for (size_t k = 0; k < b->dim; k++)
			p[beside ? a->dim + k : k] +=
				v * at(b->user_factors, u, b->users, b->dim, k);
		if (beside) {
			p[a->dim + b->dim] = v;
			p[a->dim + b->dim + 1] = w;
		}
	}
}

/* An item's last two factors are b's bias, which meets w scale, and minus a's, which meets w. */
static void mix_items(struct mf *mf, const struct mf *a, const struct mf *b)
{
#pragma omp parallel for schedule(static)
	for (size_t i = 0; i < mf->items; i++) {
		float *q = mf->item_factors + i * mf->dim;

		mf->item_bias[i] = at(a->item_bias, i, a->items, 1, 0);
		for (size_t k = 0; k < a->dim; k++)
			q[k] = at(a->item_factors, i, a->items, a->dim, k);
		if (mf->dim == a->dim)
			continue;
		for (size_t k = 0; k < b->dim; k++)
			q[a->dim + k] = at(b->item_factors, i, b->items, b->dim, k);
		q[a->dim + b->dim] = at(b->item_bias, i, b->items, 1, 0);
		q[a->dim + b->dim + 1] = -mf->item_bias[i];
	}
}

struct mf *mixture_mf(
	const struct mf *a, const struct mf *b, const float *weight, size_t users, float scale)
{
	struct mf *mf = mem_new(1, sizeof *mf);

	*mf = (struct mf){ .users = a->users > b->users ? a->users : b->users,
		.items = a->items > b->items ? a->items : b->items,
		.dim = scale == 1 && mixture_same_items(a, b) ? a->dim : a->dim + b->dim + 2,
		.mean = a->mean,
		.low = a->low < b->low ? a->low : b->low,
		.high = a->high > b->high ? a->high : b->high };
	if (mf->dim > MF_DIM)
		die("factors of both models side by side are %u; at most %d", mf->dim, MF_DIM);
	mf->user_bias = mem_new(mf->users, sizeof(float));
	mf->item_bias = mem_new(mf->items, sizeof(float));
	mf->user_factors = mem_new((size_t)mf->users * mf->dim, sizeof(float));
	mf->item_factors = mem_new((size_t)mf->items * mf->dim, sizeof(float));
	mix_users(mf, a, b, weight, users, scale);
	mix_items(mf, a, b);
	return mf;
}
