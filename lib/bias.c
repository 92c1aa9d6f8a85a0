#include "bias.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

static bool trains(const struct mf_rows *rows, size_t r)
{
	return !rows->part || rows->part[r] == 0;
}

static double weight(const struct mf_rows *rows, size_t r)
{
	return rows->weight ? (double)rows->weight[r] : 1;
}

static struct mf *empty(const struct mf_rows *rows)
{
	struct mf *mf = mem_new(1, sizeof *mf);

	mf->users = rows->users;
	mf->items = rows->items;
	mf->low = -INFINITY;
	mf->high = INFINITY;
	mf->user_bias = mem_new(mf->users, sizeof *mf->user_bias);
	mf->item_bias = mem_new(mf->items, sizeof *mf->item_bias);
	return mf;
}

struct mf *bias_mean(const struct mf_rows *rows)
{
	struct mf *mf = empty(rows);
	double sum = 0, weights = 0;

	for (size_t r = 0; r < rows->n; r++)
		if (trains(rows, r)) {
			sum += weight(rows, r) * (double)rows->label[r];
			weights += weight(rows, r);
		}
	mf->mean = (float)(sum / weights);
	return mf;
}

struct mf *bias_popularity(const struct mf_rows *rows)
{
	struct mf *mf = empty(rows);
	double *sum = mem_new(rows->items, sizeof *sum);

	for (size_t r = 0; r < rows->n; r++)
		if (trains(rows, r) && rows->label[r] > 0)
			sum[rows->item[r]] += weight(rows, r);
	for (size_t i = 0; i < rows->items; i++)
		mf->item_bias[i] = (float)sum[i];
	free(sum);
	return mf;
}

/* own[id] <- sum of w (r - mean - other) / (reg + sum of w) over the rows of id. */
static void take_turn(double *own, double *weights, size_t ids, const uint32_t *id,
	const double *other, const uint32_t *other_id, const struct mf_rows *rows, double mean,
	double reg)
{
	memset(own, 0, ids * sizeof *own);
	memset(weights, 0, ids * sizeof *weights);
	for (size_t r = 0; r < rows->n; r++) {
		double w = weight(rows, r);

		if (!trains(rows, r))
			continue;
		own[id[r]] += w * ((double)rows->label[r] - mean - other[other_id[r]]);
		weights[id[r]] += w;
	}
	for (size_t i = 0; i < ids; i++)
		own[i] /= reg + weights[i];
}

struct mf *bias_fit(const struct mf_rows *rows, double reg, long epochs)
{
	size_t users = rows->users, items = rows->items;
	double *b = mem_new(users, sizeof *b), *c = mem_new(items, sizeof *c);
	double *weights = mem_new(users > items ? users : items, sizeof *weights);
	struct mf *mf = bias_mean(rows);
	double mean = (double)mf->mean;

	for (long e = 0; e < epochs; e++) {
		take_turn(c, weights, items, rows->item, b, rows->user, rows, mean, reg);
		take_turn(b, weights, users, rows->user, c, rows->item, rows, mean, reg);
	}
	for (size_t u = 0; u < users; u++)
		mf->user_bias[u] = (float)b[u];
	for (size_t i = 0; i < items; i++)
		mf->item_bias[i] = (float)c[i];
	mf->low = INFINITY;
	mf->high = -INFINITY;
	for (size_t r = 0; r < rows->n; r++)
		if (trains(rows, r)) {
			mf->low = rows->label[r] < mf->low ? rows->label[r] : mf->low;
			mf->high = rows->label[r] > mf->high ? rows->label[r] : mf->high;
		}
	free(b);
	free(c);
	free(weights);
	return mf;
}
