#include "experts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "expo.h"
#include "gemm.h"
#include "layer.h"
#include "mem.h"
#include "optim.h"
#include "rng.h"

enum { LANES = LAYER_LANES, TASKS = 1 << 14 /* rows times experts at once */, CHUNK = 96 };

#define LEAST 0.01F /* share of an expert that counts */

static const struct optim ADAM = { OPTIM_ADAM, false, 0, INFINITY };

struct experts {
	struct experts_training how;
	struct layer gate, *first, *second;
	struct optim_clock clock;
	uint64_t batch;
	size_t room;
	/* (n, LANES): fitness, its logarithm with noise, shares, and the loss's slope by them */
	float *a, *noisy, *z, *dz;
	double *loss; /* (n) */
	/* a piece of the batch: its pairs of row and expert, by expert */
	size_t *row, at[EXPERTS_MOST + 1];
	size_t *pair; /* (n, LANES): where the pair of row and expert is */
	float *s, *hidden, *out, *ds;
	float *target; /* (n, out's width): 2 weight (sum - t) */
};

/* ---- making ---- */

struct experts *experts_new(const struct experts_training *training)
{
	struct experts *x = mem_new(1, sizeof *x);
	size_t d = training->dim, t = training->teacher_dim, h = (d + t) / 2 ? (d + t) / 2 : 1;

	x->how = *training;
	x->clock = (struct optim_clock){ 1, 1 };
	x->first = mem_new(training->count, sizeof *x->first);
	x->second = mem_new(training->count, sizeof *x->second);
	layer_new(&x->gate, t, training->count, rng_derive(training->seed, 0));
	for (size_t m = 0; m < training->count; m++) {
		layer_new(&x->first[m], d, h, rng_derive(training->seed, 2 * m + 1));
		layer_new(&x->second[m], h, t, rng_derive(training->seed, 2 * m + 2));
	}
	x->row = mem_new(TASKS, sizeof *x->row);
	x->s = mem_new(TASKS * d, sizeof *x->s);
	x->hidden = mem_new(TASKS * layer_round_up(h), sizeof *x->hidden);
	x->out = mem_new(TASKS * layer_round_up(t), sizeof *x->out);
	x->ds = mem_new(TASKS * (layer_round_up(h) + layer_round_up(d)), sizeof *x->ds);
	return x;
}

static void free_room(struct experts *x)
{
	free(x->a);
	free(x->noisy);
	free(x->z);
	free(x->dz);
	free(x->loss);
	free(x->pair);
	free(x->target);
}

static void make_room(struct experts *x, size_t n)
{
	if (n <= x->room)
		return;
	free_room(x);
	x->room = n + n / 4;
	x->a = mem_new(x->room * LANES, sizeof *x->a);
	x->noisy = mem_new(x->room * LANES, sizeof *x->noisy);
	x->z = mem_new(x->room * LANES, sizeof *x->z);
	x->dz = mem_new(x->room * LANES, sizeof *x->dz);
	x->loss = mem_new(x->room, sizeof *x->loss);
	x->pair = mem_new(x->room * LANES, sizeof *x->pair);
	x->target = mem_new(x->room * layer_round_up(x->how.teacher_dim), sizeof *x->target);
}

void experts_free(struct experts *x)
{
	layer_free(&x->gate);
	for (size_t m = 0; m < x->how.count; m++) {
		layer_free(&x->first[m]);
		layer_free(&x->second[m]);
	}
	free_room(x);
	free(x->first);
	free(x->second);
	free(x->row);
	free(x->s);
	free(x->hidden);
	free(x->out);
	free(x->ds);
	free(x);
}

/* ---- shares ---- */

static void softmax(float *p, const float *x, size_t n, double temperature)
{
	float scaled[LANES], most = -INFINITY;
	double sum = 0;

	for (size_t m = 0; m < n; m++)
		most = x[m] > most ? x[m] : most;
	for (size_t m = 0; m < n; m++) /* the difference first: T may be tiny */
		scaled[m] = (float)fmax((double)(x[m] - most) / temperature, -87);
	SIMD_CALL(expo_shifted, p, scaled, 0, n);
	for (size_t m = 0; m < n; m++)
		sum += (double)p[m];
	for (size_t m = 0; m < n; m++)
		p[m] = (float)((double)p[m] / sum);
}

/* ln(a + 1e-10) plus a Gumbel number: minus ln of an exponential one, E = -ln u. */
static void add_noise(const struct experts *x, size_t i)
{
	uint64_t seed = rng_derive(rng_derive(x->how.seed, 1u << 20), x->batch);
	float e[LANES], fit[LANES];
	size_t n = x->how.count;

	for (size_t m = 0; m < n; m++) {
		uint64_t bits = rng_bits(seed, RNG_SAMPLE, i * LANES + m);

		e[m] = ((float)(bits >> 41) + 0.5F) * 0x1p-23F;
		fit[m] = x->a[i * LANES + m] + 1e-10F;
	}
	SIMD_CALL(expo_log, e, e, n);
	for (size_t m = 0; m < n; m++)
		e[m] = -e[m];
	SIMD_CALL(expo_log, e, e, n);
	SIMD_CALL(expo_log, fit, fit, n);
	for (size_t m = 0; m < n; m++)
		x->noisy[i * LANES + m] = fit[m] - e[m];
}

/* Small shares become 0, and the others add up to 1. */
static void cut(float *z, size_t n)
{
	float sum = 0;

	for (size_t m = 0; m < n; m++) {
		z[m] = z[m] < LEAST ? 0 : z[m];
		sum += z[m];
	}
	for (size_t m = 0; m < n; m++)
		z[m] /= sum;
}

static void find_shares(struct experts *x, const struct experts_rows *rows, double temperature)
{
	size_t count = x->how.count;

#pragma omp parallel for schedule(static)
	for (size_t from = 0; from < rows->n; from += CHUNK) {
		size_t n = rows->n - from < CHUNK ? rows->n - from : CHUNK;
		float logit[CHUNK * LANES];

		if (count > 1)
			layer_forward(&x->gate, logit, rows->teacher + from * x->how.teacher_dim,
				x->how.teacher_dim, n, GEMM_BIAS);
		for (size_t i = from; i < from + n; i++) {
			float *z = x->z + i * LANES;

			z[0] = 1;
			if (count == 1)
				continue;
			softmax(x->a + i * LANES, logit + (i - from) * LANES, count, 1);
			add_noise(x, i);
			softmax(z, x->noisy + i * LANES, count, temperature);
			cut(z, count);
		}
	}
}

/* ---- a piece of the batch ---- */

/* Rows from `from` on whose pairs have room; returns where the next piece begins. */
static size_t take(struct experts *x, const struct experts_rows *rows, size_t from)
{
	size_t count = x->how.count, end = from, next[EXPERTS_MOST] = { 0 }, pairs = 0;

	for (; end < rows->n && pairs + count <= TASKS; end++)
		for (size_t m = 0; m < count; m++) {
			next[m] += x->z[end * LANES + m] > 0;
			pairs += x->z[end * LANES + m] > 0;
		}
	x->at[0] = 0;
	for (size_t m = 0; m < count; m++) {
		x->at[m + 1] = x->at[m] + next[m];
		next[m] = x->at[m];
	}
	for (size_t i = from; i < end; i++)
		for (size_t m = 0; m < count; m++)
			if (x->z[i * LANES + m] > 0) {
				x->pair[i * LANES + m] = next[m];
				x->row[next[m]++] = i;
			}
	return end;
}

static void ask(struct experts *x, const struct experts_rows *rows, size_t m)
{
	const struct layer *first = &x->first[m], *second = &x->second[m];
	size_t d = x->how.dim, at = x->at[m], n = x->at[m + 1] - at;
	size_t h = first->panels * LANES, o = second->panels * LANES;

	for (size_t e = at; e < at + n; e++)
		memcpy(x->s + e * d, rows->student + x->row[e] * d, d * sizeof *x->s);
	layer_forward(first, x->hidden + at * h, x->s + at * d, d, n, GEMM_RELU);
	layer_forward(second, x->out + at * o, x->hidden + at * h, h, n, GEMM_BIAS);
}

/* target = 2 weight (sum_m z_m E_m - t), and the loss's slope by every z_m. */
static void compare(struct experts *x, const struct experts_rows *rows, size_t i, double weight)
{
	size_t t = x->how.teacher_dim, o = x->second[0].panels * LANES;
	const float *teacher = rows->teacher + i * t, *z = x->z + i * LANES;
	float *sum = x->target + i * o;

	memset(sum, 0, o * sizeof *sum);
	for (size_t m = 0; m < x->how.count; m++)
		for (size_t k = 0; z[m] > 0 && k < t; k++)
			sum[k] = fmaf(z[m], x->out[x->pair[i * LANES + m] * o + k], sum[k]);
	for (size_t k = 0; k < t; k++)
		sum[k] -= teacher[k];
	x->loss[i] = (double)SIMD_CALL(gemm_dot, sum, sum, t);
	for (size_t k = 0; k < t; k++)
		sum[k] *= (float)(2 * weight);
	for (size_t m = 0; m < x->how.count; m++)
		x->dz[i * LANES + m] =
			z[m] > 0 ? SIMD_CALL(gemm_dot, sum, x->out + x->pair[i * LANES + m] * o, t)
				 : 0;
}

/* The gradients of one expert's weights, and of the student's rows that asked it. */
static void learn(struct experts *x, size_t m)
{
	const struct layer *first = &x->first[m], *second = &x->second[m];
	size_t at = x->at[m], n = x->at[m + 1] - at, d = x->how.dim;
	size_t h = first->panels * LANES, o = second->panels * LANES, p = layer_round_up(d);
	float *dhidden = x->ds + at * (h + p), *ds = dhidden + n * h, *spare;

	if (!n)
		return;
	spare = mem_new((h > d ? h + 1 : d + 1) * LANES, sizeof *spare);
	for (size_t e = at; e < at + n; e++)
		for (size_t k = 0; k < o; k++)
			x->out[e * o + k] =
				x->z[x->row[e] * LANES + m] * x->target[x->row[e] * o + k];
	layer_collect(second, x->hidden + at * h, h, x->out + at * o, n, spare);
	layer_backward(second, dhidden, x->out + at * o, x->hidden + at * h, n);
	layer_collect(first, x->s + at * d, d, dhidden, n, spare);
	layer_backward(first, ds, dhidden, NULL, n);
	free(spare);
}

static void hand_back(const struct experts *x, float *slope, size_t i)
{
	size_t d = x->how.dim, h = x->first[0].panels * LANES, p = layer_round_up(d);

	for (size_t m = 0; m < x->how.count; m++) {
		size_t at = x->at[m], n = x->at[m + 1] - at;
		const float *ds = x->ds + at * (h + p) + n * h;

		if (!(x->z[i * LANES + m] > 0))
			continue;
		ds += (x->pair[i * LANES + m] - at) * p;
		for (size_t k = 0; k < d; k++)
			slope[i * d + k] += ds[k];
	}
}

/* slope NULL: only the loss is wanted. */
static void run_piece(struct experts *x, float *slope, const struct experts_rows *rows, size_t from,
	size_t end, double weight)
{
#pragma omp parallel
	{
#pragma omp for schedule(dynamic)
		for (size_t m = 0; m < x->how.count; m++)
			ask(x, rows, m);
#pragma omp for schedule(static)
		for (size_t i = from; i < end; i++)
			compare(x, rows, i, weight);
#pragma omp for schedule(dynamic)
		for (size_t m = 0; m < x->how.count; m++)
			if (slope)
				learn(x, m);
#pragma omp for schedule(static)
		for (size_t i = from; i < end; i++)
			if (slope)
				hand_back(x, slope, i);
	}
}

/* ---- the choice's own gradient ---- */

/* From the slope by z to that by the gate's output, in its place: z = softmax(y / T), y = ln(a +
 * 1e-10) + g, a = softmax(output). What was cut off has no part in it. */
static void through_choice(struct experts *x, size_t i, double temperature)
{
	const float *z = x->z + i * LANES, *a = x->a + i * LANES;
	float *dz = x->dz + i * LANES;
	double mean = 0, sum = 0;

	for (size_t m = 0; m < x->how.count; m++)
		mean += (double)z[m] * (double)dz[m];
	for (size_t m = 0; m < x->how.count; m++) {
		double dy = (double)z[m] * ((double)dz[m] - mean) / temperature;

		dz[m] = (float)(dy / ((double)a[m] + 1e-10));
		sum += (double)a[m] * (double)dz[m];
	}
	for (size_t m = 0; m < LANES; m++)
		dz[m] = m < x->how.count ? (float)((double)a[m] * ((double)dz[m] - sum)) : 0;
}

static void learn_choice(struct experts *x, const struct experts_rows *rows, double temperature)
{
	size_t t = x->how.teacher_dim;
	float *spare = mem_new((t + 1) * LANES, sizeof *spare);

#pragma omp parallel for schedule(static)
	for (size_t i = 0; i < rows->n; i++)
		through_choice(x, i, temperature);
	layer_collect(&x->gate, rows->teacher, t, x->dz, rows->n, spare);
	free(spare);
}

/* ---- a batch ---- */

static double run(struct experts *x, float *slope, const struct experts_rows *rows,
	double temperature, double weight)
{
	double loss = 0;

	make_room(x, rows->n);
	find_shares(x, rows, temperature);
	for (size_t from = 0, end; from < rows->n; from = end) {
		end = take(x, rows, from);
		run_piece(x, slope, rows, from, end, weight);
	}
	for (size_t i = 0; i < rows->n; i++)
		loss += x->loss[i];
	return loss;
}

double experts_loss(struct experts *x, const struct experts_rows *rows, double temperature)
{
	return run(x, NULL, rows, temperature, 1);
}

double experts_slope(struct experts *x, float *slope, const struct experts_rows *rows,
	double temperature, double weight)
{
	struct optim_step step;
	double loss;

#pragma omp parallel for schedule(dynamic)
	for (size_t m = 0; m < x->how.count; m++) {
		layer_turn(&x->first[m]);
		layer_turn(&x->second[m]);
	}
	loss = run(x, slope, rows, temperature, weight);
	if (x->how.count > 1)
		learn_choice(x, rows, temperature);
	optim_tick(&x->clock);
	step = optim_at(&x->clock, &ADAM, x->how.rate, x->how.l2);
#pragma omp parallel for schedule(dynamic)
	for (size_t m = 0; m < x->how.count; m++) {
		layer_step(&x->first[m], &step);
		layer_step(&x->second[m], &step);
	}
	if (x->how.count > 1)
		layer_step(&x->gate, &step);
	x->batch++;
	return loss;
}

void experts_groups(struct experts *x, uint32_t *group, const float *teacher, size_t n)
{
#pragma omp parallel for schedule(static)
	for (size_t from = 0; from < n; from += CHUNK) {
		size_t some = n - from < CHUNK ? n - from : CHUNK;
		float logit[CHUNK * LANES];

		layer_forward(&x->gate, logit, teacher + from * x->how.teacher_dim,
			x->how.teacher_dim, some, GEMM_BIAS);
		for (size_t i = 0; i < some; i++) {
			uint32_t best = 0;

			for (uint32_t m = 1; m < x->how.count; m++)
				if (logit[i * LANES + m] > logit[i * LANES + best])
					best = m;
			group[from + i] = best;
		}
	}
}
