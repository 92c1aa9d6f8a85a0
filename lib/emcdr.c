#include "emcdr.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cholesky.h"
#include "fmath.h"
#include "mem.h"
#include "optim.h"
#include "rng.h"

enum { BATCH = 64 };

/* ---- linear ---- */

static double entry(const float *x, size_t in, size_t k)
{
	return k < in ? (double)x[k] : 1;
}

/* a (d, d), lower half <- sum_u (x, 1)(x, 1)^T + l2; b (d, out) <- sum_u (x, 1) y^T, d = in + 1 */
static void normal_equations(double *a, double *b, const float *x, const float *y, size_t n,
	size_t in, size_t out, double l2)
{
	size_t d = in + 1;

#pragma omp parallel for schedule(dynamic, 4)
	for (size_t i = 0; i < d; i++) {
		for (size_t u = 0; u < n; u++) {
			double xi = entry(x + u * in, in, i);

			for (size_t j = 0; j <= i; j++)
				a[i * d + j] += xi * entry(x + u * in, in, j);
			for (size_t j = 0; j < out; j++)
				b[i * out + j] += xi * (double)y[u * out + j];
		}
		a[i * d + i] += i < in ? l2 : 0;
	}
}

bool emcdr_ridge(
	float *m, const float *x, const float *y, size_t n, size_t in, size_t out, double l2)
{
	size_t d = in + 1;
	double *a = mem_new(d * d, sizeof *a), *b = mem_new(d * out, sizeof *b);
	bool good;

	normal_equations(a, b, x, y, n, in, out, l2);
	good = cholesky_factor(a, d);
	if (good) {
		cholesky_forward(b, a, d, out);
		cholesky_back(b, a, d, out);
	}
	for (size_t i = 0; good && i < d * out; i++)
		m[i] = (float)b[i];
	free(a);
	free(b);
	return good;
}

void emcdr_linear(float *f, const float *m, const float *x, size_t n, size_t in, size_t out)
{
#pragma omp parallel for schedule(static)
	for (size_t u = 0; u < n; u++) {
		float *to = f + u * out;

		memcpy(to, m + in * out, out * sizeof *to);
		for (size_t k = 0; k < in; k++)
			for (size_t j = 0; j < out; j++)
				to[j] += x[u * in + k] * m[k * out + j];
	}
}

/* ---- one hidden layer ---- */

struct emcdr_mlp {
	size_t in, out;
	float x_scale, y_scale; /* root mean squares */
	float *w; /* A (in + 1, hidden), then B (hidden + 1, out); last rows are constants */
};

static size_t hidden_of(size_t in)
{
	return 2 * in;
}

static size_t size_of(size_t in, size_t out)
{
	return (in + 1) * hidden_of(in) + (hidden_of(in) + 1) * out;
}

/* to (cols) <- the last of w's rows + sum over k < rows of x[k] w[k] */
static void affine(
	float *restrict to, const float *x, const float *restrict w, size_t rows, size_t cols)
{
	memcpy(to, w + rows * cols, cols * sizeof *to);
	for (size_t k = 0; k < rows; k++) {
#pragma omp simd
		for (size_t j = 0; j < cols; j++)
			to[j] += x[k] * w[k * cols + j];
	}
}

/* g (rows + 1, cols) += (x, 1) d^T */
static void outer(
	float *restrict g, const float *x, const float *restrict d, size_t rows, size_t cols)
{
	for (size_t k = 0; k <= rows; k++) {
		float by = k < rows ? x[k] : 1;

#pragma omp simd
		for (size_t j = 0; j < cols; j++)
			g[k * cols + j] += by * d[j];
	}
}

static float tangens(float x)
{
	return (float)(2 * fmath_sigmoid(2 * (double)x) - 1);
}

static void forward(float *f, float *h, const float *w, const float *x, size_t in, size_t out)
{
	size_t hidden = hidden_of(in);

	affine(h, x, w, in, hidden);
	for (size_t j = 0; j < hidden; j++)
		h[j] = tangens(h[j]);
	affine(f, h, w + (in + 1) * hidden, hidden, out);
}

double emcdr_mlp_loss(float *gradient, const float *weights, const float *x, const float *y,
	const uint32_t *row, size_t n, size_t in, size_t out)
{
	size_t hidden = hidden_of(in);
	float *h = mem_new(2 * hidden + out, sizeof *h), *dh = h + hidden, *d = dh + hidden;
	const float *b = weights + (in + 1) * hidden;
	double loss = 0;

	memset(gradient, 0, size_of(in, out) * sizeof *gradient);
	for (size_t r = 0; r < n; r++) {
		const float *from = x + row[r] * in;

		forward(d, h, weights, from, in, out);
		for (size_t j = 0; j < out; j++) {
			float e = d[j] - y[row[r] * out + j];

			loss += (double)e * (double)e;
			d[j] = 2 * e / (float)n;
		}
		for (size_t j = 0; j < hidden; j++) {
			float sum = 0;

			for (size_t k = 0; k < out; k++)
				sum += b[j * out + k] * d[k];
			dh[j] = sum * (1 - h[j] * h[j]);
		}
		outer(gradient, from, dh, in, hidden);
		outer(gradient + (in + 1) * hidden, h, d, hidden, out);
	}
	free(h);
	return loss / (double)n;
}

static float root_mean_square(const float *x, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (double)x[i] * (double)x[i];
	return sum > 0 ? (float)sqrt(sum / (double)n) : 1;
}

static float *divided(const float *x, size_t n, float by)
{
	float *to = mem_new(n, sizeof *to);

	for (size_t i = 0; i < n; i++)
		to[i] = x[i] / by;
	return to;
}

/* Uniform within +-1/sqrt(inputs), constants 0. */
static void start(struct emcdr_mlp *mlp, uint64_t seed)
{
	size_t in = mlp->in, hidden = hidden_of(in), a = in * hidden, b = a + hidden;

	for (size_t i = 0; i < a; i++)
		mlp->w[i] = (float)((2 * rng_unit(seed, RNG_INIT, i) - 1) / sqrt((double)in));
	for (size_t i = b; i < b + hidden * mlp->out; i++)
		mlp->w[i] = (float)((2 * rng_unit(seed, RNG_INIT, i) - 1) / sqrt((double)hidden));
}

/* The penalty's part of the gradient: constants have none. */
static void add_penalty(float *g, const struct emcdr_mlp *mlp, float by)
{
	size_t hidden = hidden_of(mlp->in), a = mlp->in * hidden, b = a + hidden;

	for (size_t i = 0; i < a; i++)
		g[i] += by * mlp->w[i];
	for (size_t i = b; i < b + hidden * mlp->out; i++)
		g[i] += by * mlp->w[i];
}

static void train(struct emcdr_mlp *mlp, const float *x, const float *y, size_t n,
	const struct emcdr_training *t)
{
	size_t size = size_of(mlp->in, mlp->out), steps = (n + BATCH - 1) / BATCH, step = 0;
	float *m = mem_new(3 * size, sizeof *m), *v = m + size, *g = v + size;
	uint32_t *order = mem_new(n, sizeof *order);
	const struct optim adam = { .kind = OPTIM_ADAM, .clip = INFINITY };
	struct optim_clock clock = { 1, 1 };

	for (size_t e = 0; e < t->epochs; e++) {
		rng_permute(order, n, rng_derive(t->seed, e), RNG_SHUFFLE);
		for (size_t s = 0; s < n; s += BATCH, step++) {
			double left = 1 - (double)step / (double)(t->epochs * steps);
			struct optim_step how;

			optim_tick(&clock);
			how = optim_at(&clock, &adam, t->rate * left, 0);
			emcdr_mlp_loss(g, mlp->w, x, y, order + s, n - s < BATCH ? n - s : BATCH,
				mlp->in, mlp->out);
			add_penalty(g, mlp, (float)(2 * t->l2 / (double)n));
			SIMD_CALL(optim_step, mlp->w, m, v, g, size, &how);
		}
	}
	free(m);
	free(order);
}

struct emcdr_mlp *emcdr_mlp_new(const float *x, const float *y, size_t n, size_t in, size_t out,
	const struct emcdr_training *training)
{
	struct emcdr_mlp *mlp = mem_new(1, sizeof *mlp);
	float *xs, *ys;

	mlp->in = in;
	mlp->out = out;
	mlp->x_scale = root_mean_square(x, n * in);
	mlp->y_scale = root_mean_square(y, n * out);
	mlp->w = mem_new(size_of(in, out), sizeof *mlp->w);
	xs = divided(x, n * in, mlp->x_scale);
	ys = divided(y, n * out, mlp->y_scale);
	start(mlp, training->seed);
	train(mlp, xs, ys, n, training);
	free(xs);
	free(ys);
	return mlp;
}

void emcdr_mlp_map(float *f, const struct emcdr_mlp *mlp, const float *x, size_t n)
{
	float *xs = divided(x, n * mlp->in, mlp->x_scale);

#pragma omp parallel
	{
		float *h = mem_new(hidden_of(mlp->in), sizeof *h);

#pragma omp for schedule(static)
		for (size_t u = 0; u < n; u++) {
			float *to = f + u * mlp->out;

			forward(to, h, mlp->w, xs + u * mlp->in, mlp->in, mlp->out);
			for (size_t j = 0; j < mlp->out; j++)
				to[j] *= mlp->y_scale;
		}
		free(h);
	}
	free(xs);
}

void emcdr_mlp_free(struct emcdr_mlp *mlp)
{
	free(mlp->w);
	free(mlp);
}
