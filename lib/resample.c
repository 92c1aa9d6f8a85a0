#include "resample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "rng.h"
#include "sweep.h"

/* What of a row enters sums: its losses, in the order of the values. */
static void losses(
	double *loss, const struct metrics_rows *rows, size_t r, const struct resample_how *how)
{
	double s = (double)rows->score[r], y = (double)rows->label[r], p;

	loss[0] = loss[1] = loss[2] = 0;
	if (!how->binary) {
		loss[0] = (s - y) * (s - y);
		loss[1] = fabs(s - y);
		return;
	}
	p = metrics_probability(s, how->scale);
	loss[1] = metrics_log_loss(s, y, how->scale);
	loss[2] = (p - y) * (p - y);
}

/* AUC when row r weighs weight[r]. */
static double auc_of(const struct metrics_rows *rows, const uint64_t *order, const float *weight)
{
	struct sweep g = { 0 };
	double pairs = 0, positive, negative;

	for (size_t i = 0; i < rows->n;) {
		i = sweep_next(&g, order, rows->n, i, rows->label, weight);
		pairs += g.positive * (g.below_negative + g.negative / 2);
	}
	positive = g.below_positive + g.positive;
	negative = g.below_negative + g.negative;
	return pairs / (positive * negative);
}

/* times[u]: how often user u is drawn; only users with rows are. */
static void draw_users(uint32_t *times, const uint32_t *there, size_t n, uint64_t seed)
{
	for (size_t j = 0; j < n; j++)
		times[there[rng_below(n, seed, RNG_SAMPLE, j)]]++;
}

struct task {
	const struct metrics_rows *rows;
	const struct group *users;
	const struct resample_how *how;
	const uint64_t *order;
	const double *loss; /* (rows, RESAMPLE_VALUES) */
	const uint32_t *there; /* users with rows */
	size_t n;
};

static void replicate(double *value, const struct task *t, uint64_t seed)
{
	uint32_t *times = mem_new(t->users->ids, sizeof *times);
	float *weight = mem_new(t->rows->n, sizeof *weight);
	double sum[RESAMPLE_VALUES] = { 0 }, total = 0;

	draw_users(times, t->there, t->n, seed);
	for (size_t j = 0; j < t->n; j++) {
		uint32_t u = t->there[j];

		for (size_t i = t->users->start[u]; i < t->users->start[u + 1]; i++) {
			size_t r = t->users->row[i];
			float w = t->rows->weight ? t->rows->weight[r] : 1;

			weight[r] = w * (float)times[u];
			total += (double)weight[r];
			for (size_t v = 0; v < RESAMPLE_VALUES; v++)
				sum[v] += (double)weight[r] * t->loss[r * RESAMPLE_VALUES + v];
		}
	}
	for (size_t v = 0; v < RESAMPLE_VALUES; v++)
		value[v] = sum[v] / total;
	if (t->how->binary)
		value[0] = auc_of(t->rows, t->order, weight);
	else
		value[0] = sqrt(value[0]);
	free(times);
	free(weight);
}

/* Mean losses of each user. */
static void mean_losses(double *mean, const struct task *t)
{
	for (size_t j = 0; j < t->n; j++) {
		uint32_t u = t->there[j];
		double total = 0, *to = mean + j * RESAMPLE_VALUES;

		for (size_t i = t->users->start[u]; i < t->users->start[u + 1]; i++) {
			size_t r = t->users->row[i];
			double w = t->rows->weight ? (double)t->rows->weight[r] : 1;

			total += w;
			for (size_t v = 0; v < RESAMPLE_VALUES; v++)
				to[v] += w * t->loss[r * RESAMPLE_VALUES + v];
		}
		for (size_t v = 0; v < RESAMPLE_VALUES; v++)
			to[v] = total > 0 ? to[v] / total : 0;
	}
}

void resample_draw(struct resampled *made, const struct metrics_rows *rows,
	const struct group *users, const struct resample_how *how)
{
	double *loss = mem_new(rows->n * RESAMPLE_VALUES, sizeof *loss);
	uint32_t *there = mem_new(users->ids, sizeof *there);
	uint64_t *order = sweep_order(rows->score, rows->n);
	struct task task = { rows, users, how, order, loss, there, 0 };

	for (size_t u = 0; u < users->ids; u++)
		if (users->start[u + 1] > users->start[u])
			there[task.n++] = (uint32_t)u;
#pragma omp parallel for schedule(static)
	for (size_t r = 0; r < rows->n; r++)
		losses(loss + r * RESAMPLE_VALUES, rows, r, how);
	*made = (struct resampled){ mem_new(how->stats.replicates * RESAMPLE_VALUES,
					    sizeof *made->value),
		mem_new(task.n * RESAMPLE_VALUES, sizeof *made->loss), task.n };
#pragma omp parallel for schedule(dynamic)
	for (size_t b = 0; b < how->stats.replicates; b++)
		replicate(made->value + b * RESAMPLE_VALUES, &task, rng_derive(how->stats.seed, b));
	mean_losses(made->loss, &task);
	free(loss);
	free(there);
	free(order);
}

void resample_free(struct resampled *made)
{
	free(made->value);
	free(made->loss);
}

/* The interval of value v, or of its difference; NaN when a replicate has no value. */
static void interval(double *low, double *high, const struct resampled *a,
	const struct resampled *b, size_t v, size_t replicates)
{
	double *x = mem_new(replicates, sizeof *x);

	for (size_t r = 0; r < replicates; r++)
		x[r] = a->value[r * RESAMPLE_VALUES + v] -
		       (b ? b->value[r * RESAMPLE_VALUES + v] : 0);
	stats_quantiles(low, high, x, replicates);
	free(x);
}

void resample_compare(struct resample out[RESAMPLE_VALUES], const struct resampled *a,
	const double *own, const struct resampled *b, const double *theirs,
	const struct resample_how *how)
{
	struct stats_test test[RESAMPLE_VALUES];

	if (b)
		stats_paired(test, a->loss, b->loss, a->users, RESAMPLE_VALUES, &how->stats);
	for (size_t v = 0; v < RESAMPLE_VALUES; v++) {
		struct resample *o = &out[v];

		*o = (struct resample){ NAN, NAN, NAN, NAN, NAN, NAN, NAN };
		interval(&o->low, &o->high, a, NULL, v, how->stats.replicates);
		if (!b)
			continue;
		o->diff = own[v] - theirs[v];
		interval(&o->diff_low, &o->diff_high, a, b, v, how->stats.replicates);
		if (how->binary && v == 0)
			continue;
		o->student = test[v].student;
		o->turned = test[v].turned;
	}
}
