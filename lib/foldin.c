#include "foldin.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "csr.h"
#include "fmath.h"
#include "mem.h"
#include "normal.h"

struct work {
	const struct mf *mf;
	const struct foldin_how *how;
	size_t width; /* of fixed */
	double deviation, root; /* of labels, and its square root */
	float *fixed; /* (items, width): factors, and for ratings 1, which the bias meets */
	float *gram; /* (width, width); NULL for ratings */
	size_t items; /* with factors */
	struct csr rows, weight; /* of new users; weight has no values when all are 1 */
	size_t most; /* rows of one user */
};

static bool is_zero(const float *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (x[i] != 0)
			return false;
	return true;
}

static bool is_known(const float *factors, size_t ids, size_t id, size_t dim)
{
	return id < ids && !is_zero(factors + id * dim, dim);
}

static double deviation(const struct mf_rows *rows)
{
	double n = 0, sum = 0, squares = 0;

	for (size_t r = 0; r < rows->n; r++) {
		double w = rows->weight ? (double)rows->weight[r] : 1;

		if (rows->part && rows->part[r] != 0)
			continue;
		n += w;
		sum += w * (double)rows->label[r];
	}
	for (size_t r = 0; r < rows->n; r++) {
		double w = rows->weight ? (double)rows->weight[r] : 1;
		double x = (double)rows->label[r] - sum / n;

		if (!rows->part || rows->part[r] == 0)
			squares += w * x * x;
	}
	return squares > 0 ? sqrt(squares / n) : 1;
}

/* Rows that count: of new users, with items that have factors. */
static uint8_t *choose(const struct work *w, const struct mf_rows *rows)
{
	const struct mf *mf = w->mf;
	uint8_t *keep = mem_new(rows->n, 1);

	for (size_t r = 0; r < rows->n; r++)
		keep[r] = (!rows->part || rows->part[r] == 0) &&
			  (!w->how->positives || rows->label[r] > 0) &&
			  (!rows->weight || rows->weight[r] > 0) &&
			  !is_known(mf->user_factors, mf->users, rows->user[r], mf->dim) &&
			  is_known(mf->item_factors, mf->items, rows->item[r], mf->dim);
	return keep;
}

static void make_gram(struct work *w)
{
	w->gram = mem_new(w->width * w->width, sizeof *w->gram);
	SIMD_CALL(normal_gram, w->gram, w->fixed, w->mf->items, w->width);
	for (size_t i = 0; i < w->width; i++)
		for (size_t j = i; j < w->width; j++) {
			float x = (float)w->how->alpha * w->gram[i * w->width + j];

			w->gram[i * w->width + j] = w->gram[j * w->width + i] = x;
		}
}

static void open_work(struct work *w, const struct mf_rows *rows)
{
	const struct mf *mf = w->mf;
	size_t unknowns = mf->dim + !w->how->positives;
	uint8_t *keep = choose(w, rows);

	w->width = (unknowns + NORMAL_LANES - 1) / NORMAL_LANES * NORMAL_LANES;
	w->deviation = w->how->positives ? 1 : deviation(rows);
	w->root = sqrt(w->deviation);
	w->fixed = mem_new(mf->items * w->width, sizeof *w->fixed);
	for (size_t i = 0; i < mf->items; i++) {
		for (size_t k = 0; k < mf->dim; k++)
			w->fixed[i * w->width + k] =
				(float)((double)mf->item_factors[i * mf->dim + k] / w->root);
		if (!w->how->positives)
			w->fixed[i * w->width + mf->dim] = 1;
		w->items += is_known(mf->item_factors, mf->items, i, mf->dim);
	}
	if (w->how->positives)
		make_gram(w);
	w->rows = csr_new(rows->user, rows->item, rows->label, keep, rows->n, rows->users);
	w->weight = csr_new(rows->user, rows->item, rows->weight, keep, rows->n, rows->users);
	for (size_t u = 0; u < w->rows.rows; u++)
		if (w->rows.at[u + 1] - w->rows.at[u] > w->most)
			w->most = w->rows.at[u + 1] - w->rows.at[u];
	free(keep);
}

static void close_work(struct work *w)
{
	free(w->fixed);
	free(w->gram);
	csr_free(&w->rows);
	csr_free(&w->weight);
}

/* What is left of the ratings for b_u and p_u; the sum of the weights. */
static double targets(float *target, const struct work *w, size_t user)
{
	double weights = 0;

	for (uint64_t e = w->rows.at[user], i = 0; e < w->rows.at[user + 1]; e++, i++) {
		double left = (double)w->rows.value[e] - (double)w->mf->mean -
			      (double)w->mf->item_bias[w->rows.id[e]];

		target[i] = (float)(left / w->deviation);
		weights += w->weight.value ? (double)w->weight.value[e] : 1;
	}
	return weights;
}

static void solve(struct mf *to, const struct work *w, size_t user, float *target, float *room)
{
	uint64_t at = w->rows.at[user], n = w->rows.at[user + 1] - at;
	double weights = targets(target, w, user),
	       size = (double)n + w->how->alpha * (double)w->items;
	double power = w->how->nu == 0 ? 1 : fmath_exp(w->how->nu * fmath_log(size));
	struct normal s = { w->width, w->gram,
		(float)(w->how->l2 * (w->how->positives ? power : weights)), w->fixed,
		w->rows.id + at, w->weight.value ? w->weight.value + at : NULL, n,
		w->how->positives ? NULL : target };
	float x[NORMAL_WIDTH], *at_x = x;

	SIMD_CALL(normal_cholesky, &at_x, &s, 1, room);
	for (size_t k = 0; k < to->dim; k++)
		to->user_factors[user * to->dim + k] = (float)((double)x[k] * w->root);
	if (!w->how->positives)
		to->user_bias[user] = (float)((double)x[to->dim] * w->deviation);
}

struct mf *foldin_users(size_t *folded, const struct mf *mf, const struct mf_rows *rows,
	const struct foldin_how *how)
{
	struct work w = { .mf = mf, .how = how };
	struct mf *to = mf_enlarged(mf, rows->users, 0);

	open_work(&w, rows);
	*folded = 0;
	for (size_t u = 0; u < w.rows.rows; u++)
		*folded += w.rows.at[u] < w.rows.at[u + 1];
#pragma omp parallel
	{
		float *room = mem_new(normal_room(w.width), sizeof *room);
		float *target = mem_new(w.most, sizeof *target);

#pragma omp for schedule(dynamic, 32)
		for (size_t u = 0; u < w.rows.rows; u++)
			if (w.rows.at[u] < w.rows.at[u + 1])
				solve(to, &w, u, target, room);
		free(room);
		free(target);
	}
	close_work(&w);
	return to;
}
