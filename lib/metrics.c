#include "metrics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fmath.h"
#include "mem.h"
#include "sweep.h"

enum { BLOCK = 4096 };
static const double smallest = 0x1p-52; /* probability, in the log loss */
static const double highest = 36.043653389117153; /* logit: ln((1 - 2^-52) / 2^-52) */

enum { RATING_WEIGHT, RATING_SQUARES, RATING_DISTANCES, RATING_LABELS, RATING_SUMS };
enum {
	BINARY_WEIGHT,
	BINARY_POSITIVE, /* weight of label 1 */
	BINARY_PREDICTED, /* w p */
	BINARY_LOSS,
	BINARY_SQUARES, /* w (p - y)^2 */
	BINARY_RIGHT, /* called what they are */
	BINARY_CALLED, /* called positive */
	BINARY_HIT, /* called positive, and are */
	BINARY_EXCESS, /* w (p - y) of each bin */
	BINARY_SUMS = BINARY_EXCESS + METRICS_BINS
};

/* Adds rows from .. to of a block to its sums. */
typedef void add_block(double *sum, const struct metrics_rows *rows, const struct metrics_how *how,
	size_t from, size_t to);

size_t metrics_not_finite(const float *x, size_t n)
{
	size_t i = 0;

	while (i < n && isfinite(x[i]))
		i++;
	return i;
}

size_t metrics_not_binary(const float *label, size_t n)
{
	size_t i = 0;

	while (i < n && (label[i] == 0 || label[i] == 1))
		i++;
	return i;
}

static double weight_of(const struct metrics_rows *rows, size_t r)
{
	return rows->weight ? (double)rows->weight[r] : 1;
}

static void sum_rows(double *sum, size_t sums, const struct metrics_rows *rows,
	const struct metrics_how *how, add_block *add)
{
	size_t blocks = (rows->n + BLOCK - 1) / BLOCK;
	double *part = mem_new(blocks * sums, sizeof *part);

#pragma omp parallel for schedule(static)
	for (size_t b = 0; b < blocks; b++)
		add(part + b * sums, rows, how, b * BLOCK,
			b + 1 < blocks ? (b + 1) * BLOCK : rows->n);
	memset(sum, 0, sums * sizeof *sum);
	for (size_t b = 0; b < blocks; b++)
		for (size_t k = 0; k < sums; k++)
			sum[k] += part[b * sums + k];
	free(part);
}

static void add_ratings(double *sum, const struct metrics_rows *rows, const struct metrics_how *how,
	size_t from, size_t to)
{
	(void)how;
	for (size_t r = from; r < to; r++) {
		double w = weight_of(rows, r);
		double error = (double)rows->score[r] - (double)rows->label[r];

		sum[RATING_WEIGHT] += w;
		sum[RATING_SQUARES] += w * error * error;
		sum[RATING_DISTANCES] += w * fabs(error);
		sum[RATING_LABELS] += w * (double)rows->label[r];
	}
}

/* how->threshold is the mean of the labels. */
static void add_spread(double *sum, const struct metrics_rows *rows, const struct metrics_how *how,
	size_t from, size_t to)
{
	for (size_t r = from; r < to; r++) {
		double d = (double)rows->label[r] - how->threshold;

		sum[0] += weight_of(rows, r) * d * d;
	}
}

/* The index of the first label that is not that of row 0; n when all are equal. */
static size_t first_other(const float *label, size_t n)
{
	size_t i = 0;

	while (i < n && label[i] == label[0])
		i++;
	return i;
}

void metrics_rating(struct metrics_rating *m, const struct metrics_rows *rows)
{
	double sum[RATING_SUMS], spread;
	struct metrics_how mean = { METRICS_UNIT, 0, 1 };

	sum_rows(sum, RATING_SUMS, rows, NULL, add_ratings);
	mean.threshold = sum[RATING_LABELS] / sum[RATING_WEIGHT];
	sum_rows(&spread, 1, rows, &mean, add_spread);
	m->r2 = first_other(rows->label, rows->n) < rows->n ? 1 - sum[RATING_SQUARES] / spread
							    : NAN;
	m->rmse = sqrt(sum[RATING_SQUARES] / sum[RATING_WEIGHT]);
	m->mae = sum[RATING_DISTANCES] / sum[RATING_WEIGHT];
}

static double clip(double x, double low, double high)
{
	return x < low ? low : x > high ? high : x;
}

double metrics_log_loss(double score, double label, enum metrics_scale scale)
{
	double q;

	if (scale == METRICS_LOGIT) {
		double z = clip(score, -highest, highest);

		return fmath_softplus(z) - label * z;
	}
	q = clip(score, smallest, 1 - smallest);
	return -fmath_log(label > 0 ? q : 1 - q);
}

double metrics_probability(double s, enum metrics_scale scale)
{
	return scale == METRICS_LOGIT ? fmath_sigmoid(s) : clip(s, 0, 1);
}

static void add_clicks(double *sum, const struct metrics_rows *rows, const struct metrics_how *how,
	size_t from, size_t to)
{
	for (size_t r = from; r < to; r++) {
		double s = (double)rows->score[r], y = (double)rows->label[r];
		double p = metrics_probability(s, how->scale);
		double w = weight_of(rows, r);
		bool called = p >= how->threshold;
		int bin = (int)(p * METRICS_BINS);

		sum[BINARY_WEIGHT] += w;
		sum[BINARY_POSITIVE] += w * y;
		sum[BINARY_PREDICTED] += w * p;
		sum[BINARY_SQUARES] += w * (p - y) * (p - y);
		sum[BINARY_LOSS] += w * metrics_log_loss(s, y, how->scale);
		sum[BINARY_RIGHT] += called == (y > 0) ? w : 0;
		sum[BINARY_CALLED] += called ? w : 0;
		sum[BINARY_HIT] += called && y > 0 ? w : 0;
		sum[BINARY_EXCESS + (bin < METRICS_BINS ? bin : METRICS_BINS - 1)] += w * (p - y);
	}
}

/* What depends on the order of scores, group by group: a positive row wins over the negatives below
 * its group and half of those in it; a group lies in the top as far as it reaches above `cut`. */
static void rank_rows(struct metrics_binary *m, const struct metrics_rows *rows, double positive,
	double total, const struct metrics_how *how)
{
	uint64_t *order = sweep_order(rows->score, rows->n);
	double pairs = 0, hits = 0, precisions = 0, cut = total - how->top * total;
	double excess[METRICS_BINS] = { 0 };
	struct sweep g = { 0 };

	m->constant = order[0] >> 32 == order[rows->n - 1] >> 32;
	for (size_t i = 0; i < rows->n;) {
		double p = metrics_probability((double)rows->score[(uint32_t)order[i]], how->scale);
		double weight, inside, below;
		int bin;

		i = sweep_next(&g, order, rows->n, i, rows->label, rows->weight);
		weight = g.positive + g.negative;
		below = g.below_positive + g.below_negative;
		if (!(weight > 0))
			continue;
		pairs += g.positive * (g.below_negative + g.negative / 2);
		inside = clip(below + weight - cut, 0, weight);
		hits += g.positive * (inside / weight);
		if (g.positive > 0)
			precisions += g.positive * (positive - g.below_positive) / (total - below);
		bin = (int)((below + weight / 2) / total * METRICS_BINS);
		excess[bin < METRICS_BINS ? bin : METRICS_BINS - 1] += weight * p - g.positive;
	}
	free(order);
	m->auc = pairs / (positive * (total - positive));
	m->pr_auc = precisions / positive;
	m->top = hits / (how->top * total);
	m->ece_mass = 0;
	for (int b = 0; b < METRICS_BINS; b++)
		m->ece_mass += fabs(excess[b]) / total;
}

void metrics_wilson(double *low, double *high, double x, double n)
{
	const double z = 1.9599639845400545; /* the normal distribution's 97.5 % */
	double middle = (x + z * z / (2 * n)) / (1 + z * z / n);
	double half = z / (1 + z * z / n) * sqrt(x * (1 - x) / n + z * z / (4 * n * n));

	*low = clip(middle - half, 0, x);
	*high = clip(middle + half, x, 1);
}

void metrics_binary(
	struct metrics_binary *m, const struct metrics_rows *rows, const struct metrics_how *how)
{
	double sum[BINARY_SUMS], total, positive, called, hit;

	sum_rows(sum, BINARY_SUMS, rows, how, add_clicks);
	total = sum[BINARY_WEIGHT];
	positive = sum[BINARY_POSITIVE];
	called = sum[BINARY_CALLED];
	hit = sum[BINARY_HIT];
	rank_rows(m, rows, positive, total, how);
	m->logloss = sum[BINARY_LOSS] / total;
	m->accuracy = sum[BINARY_RIGHT] / total;
	m->precision = hit / called;
	m->recall = hit / positive;
	m->f1 = 2 * hit / (called + positive); /* 2 TP + FP + FN = called + positive */
	m->observed = positive / total;
	m->predicted = sum[BINARY_PREDICTED] / total;
	m->lift = m->top / m->observed;
	m->brier = sum[BINARY_SQUARES] / total;
	m->calibration = positive > 0 ? sum[BINARY_PREDICTED] / positive : NAN;
	metrics_wilson(&m->low, &m->high, m->observed, total);
	m->ece = 0;
	for (int b = 0; b < METRICS_BINS; b++)
		m->ece += fabs(sum[BINARY_EXCESS + b]) / total;
}

double metrics_recovered(double student, double alone, double teacher, bool lower)
{
	double lead = lower ? alone - teacher : teacher - alone;

	if (!(lead > 0))
		return NAN;
	return (lower ? alone - student : student - alone) / lead;
}
