/* The loss of als.h falls with every epoch and is flat where the items were solved, by differences;
 * weights count as repeated rows; the same bits on any threads. */
#include "als.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>

#include "mem.h"
#include "rng.h"
#include "tap.h"

enum { U = 60, I = 40, N = 900, K = 3 };

static uint32_t user[2 * N], item[2 * N];
static float label[2 * N], weight[2 * N];
static uint8_t part[2 * N];

static void make(void)
{
	for (uint64_t r = 0; r < N; r++) {
		user[r] = (uint32_t)rng_below(U - 1, 1, RNG_MAKE, 2 * r);
		item[r] = (uint32_t)rng_below(I - 1, 1, RNG_MAKE, 2 * r + 1);
		label[r] = (float)(3 + rng_normal(2, RNG_MAKE, user[r]) +
				   rng_normal(3, RNG_MAKE, user[r]) *
					   rng_normal(4, RNG_MAKE, item[r]));
		weight[r] = 1 + (float)(r % 3 == 0);
		part[r] = r % 11 == 0 ? 2 : 0;
	}
	user[0] = U - 1; /* never in training */
	item[0] = I - 1;
}

static struct mf *train(
	const struct mf_rows *rows, const struct als_training *t, int epochs, double *rmse)
{
	struct als *fit = als_new(rows, t);
	struct mf *mf;

	for (int e = 0; e < epochs; e++)
		*rmse = als_epoch(fit);
	mf = als_model(fit);
	als_free(fit);
	return mf;
}

/* L of als.h, times the square of the labels' deviation. */
static double loss(const struct mf *mf, const struct mf_rows *rows, double l2)
{
	struct mf_labels labels = mf_measure(rows);
	double sum = 0, scale = labels.scale, fit, p = 0;

	for (size_t r = 0; r < rows->n; r++) {
		const float *x = mf->user_factors + user[r] * K,
			    *y = mf->item_factors + item[r] * K;
		double b = (double)mf->user_bias[user[r]], c = (double)mf->item_bias[item[r]];
		double w = rows->weight ? (double)rows->weight[r] : 1;

		if (part[r])
			continue;
		fit = (double)mf->mean + b + c;
		p = b * b + c * c;
		for (size_t k = 0; k < K; k++) {
			fit += (double)x[k] * (double)y[k];
			p += scale * ((double)x[k] * (double)x[k] + (double)y[k] * (double)y[k]);
		}
		sum += w * (((double)label[r] - fit) * ((double)label[r] - fit) + l2 * p);
	}
	return sum;
}

static double slope(struct mf *mf, const struct mf_rows *rows, double l2, float *x)
{
	float was = *x;
	double up, down;

	*x = was + 0.01F;
	up = loss(mf, rows, l2);
	*x = was - 0.01F;
	down = loss(mf, rows, l2);
	*x = was;
	return fabs(up - down) / 0.02;
}

static void minimum(const struct mf_rows *rows, uint32_t steps)
{
	struct als_training t = { K, 0.05, steps, 1 };
	double rmse, last = INFINITY, steepest = 0, mean = 0, falls = 1;
	struct mf *mf;

	for (int e = 1; e < 8; e++) {
		mf = train(rows, &t, e, &rmse);
		falls = falls > 0 && loss(mf, rows, t.l2) < last;
		last = loss(mf, rows, t.l2);
		mf_free(mf);
	}
	ok(falls > 0, "the loss falls with every epoch");
	mf = train(rows, &t, 8, &rmse);
	for (size_t i = 0; i < I; i++)
		steepest = fmax(steepest, slope(mf, rows, t.l2, mf->item_bias + i));
	for (size_t k = 0; k < I * K; k++)
		steepest = fmax(steepest, slope(mf, rows, t.l2, mf->item_factors + k));
	for (size_t k = 0; k < U * K; k++)
		mean += slope(mf, rows, t.l2, mf->user_factors + k) / (U * K);
	ok(steepest < (steps ? 0.5 : 0.05), "biases and factors of items are at the minimum");
	ok(mean < 5, "and those of users near it");
	ok(mf->user_bias[U - 1] == 0 && mf->item_factors[(I - 1) * K] == 0,
		"without a training row: 0");
	near(sqrt((loss(mf, rows, 0)) / mf_measure(rows).weights), rmse, 1e-4, "the RMSE told");
	mf_free(mf);
}

static int alike(const struct mf *a, const struct mf *b, double within)
{
	double most = 0;

	for (size_t k = 0; k < U * K; k++)
		most = fmax(most, fabs((double)a->user_factors[k] - (double)b->user_factors[k]));
	for (size_t i = 0; i < I; i++)
		most = fmax(most, fabs((double)a->item_bias[i] - (double)b->item_bias[i]));
	return most <= within;
}

static void repeats(const struct mf_rows *weighted)
{
	struct als_training t = { K, 0.05, 0, 1 };
	struct mf_rows rows = { user, item, label, NULL, part, N, U, I };
	double rmse;
	struct mf *mf = train(weighted, &t, 5, &rmse), *twice;

	for (size_t r = 0; r < N; r++)
		if (weight[r] > 1) {
			user[rows.n] = user[r];
			item[rows.n] = item[r];
			label[rows.n] = label[r];
			part[rows.n++] = part[r];
		}
	twice = train(&rows, &t, 5, &rmse);
	ok(alike(mf, twice, 1e-4), "a weight of 2 is two rows");
	mf_free(twice);
	for (int n = 2; n < 8; n += 5) {
		omp_set_num_threads(n);
		twice = train(weighted, &t, 5, &rmse);
		ok(alike(mf, twice, 0), "the same bits on any threads");
		mf_free(twice);
	}
	mf_free(mf);
}

/* Two arrays of state in a new training go on to the same bits. */
static void goes_on(const struct mf_rows *rows)
{
	struct als_training t = { K, 0.05, 3, 1 };
	struct mf_state a[MF_STATES], b[MF_STATES];
	struct als *fit = als_new(rows, &t), *other;
	struct mf *x, *y;

	als_epoch(fit);
	t.seed = 2;
	other = als_new(rows, &t);
	for (size_t i = 0, n = als_state(fit, a); i < n && als_state(other, b) == n; i++)
		memcpy(b[i].at, a[i].at, a[i].n * sizeof *a[i].at);
	als_epoch(fit);
	als_epoch(other);
	x = als_model(fit);
	y = als_model(other);
	ok(alike(x, y, 0), "with its arrays a training goes on elsewhere");
	als_free(fit);
	fit = als_new(rows, &t);
	als_start(fit, x);
	mf_free(y);
	y = als_model(fit);
	ok(alike(x, y, 1e-5), "a start from a model is that model");
	mf_free(x);
	mf_free(y);
	als_free(fit);
	als_free(other);
}

int main(void)
{
	struct mf_rows rows = { user, item, label, weight, part, N, U, I };

	make();
	minimum(&rows, 0);
	minimum(&rows, 3);
	goes_on(&rows);
	repeats(&rows);
	return done();
}
