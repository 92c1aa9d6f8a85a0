/* The solution is that of the normal equations, by elimination. */
#include "ridge.h"

#include <stdlib.h>

#include "mem.h"
#include "rng.h"
#include "tap.h"

enum { R = 60, C = 25, W = 16, N = 400 };

/* a (C, C + W): the right side is solved in place. */
static void eliminate(double *a)
{
	size_t wide = C + W;

	for (size_t p = 0; p < C; p++)
		for (size_t r = 0; r < C; r++)
			for (size_t k = wide; r != p && k-- > p;)
				a[r * wide + k] -=
					a[r * wide + p] / a[p * wide + p] * a[p * wide + k];
}

int main(void)
{
	static uint32_t row[N], col[N];
	static float value[N], target[R * W], y[W];
	static double x[R][C], a[C * (C + W)];
	double worst = 0, l2 = 0.7, sum = 0;
	struct csr m;
	size_t steps;
	float *w;

	for (size_t e = 0; e < N; e++) {
		row[e] = (uint32_t)(e % R);
		col[e] = (uint32_t)rng_below(C, 1, RNG_MAKE, e);
		value[e] = (float)rng_normal(2, RNG_MAKE, e);
		x[row[e]][col[e]] += (double)value[e];
	}
	for (size_t i = 0; i < R * W; i++)
		target[i] = i % W == 7 ? 0 : (float)rng_normal(3, RNG_MAKE, i);
	for (size_t i = 0; i < C; i++) {
		for (size_t r = 0; r < R; r++) {
			for (size_t j = 0; j < C; j++)
				a[i * (C + W) + j] += x[r][i] * x[r][j];
			for (size_t k = 0; k < W; k++)
				a[i * (C + W) + C + k] += x[r][i] * (double)target[r * W + k];
		}
		a[i * (C + W) + i] += l2;
	}
	eliminate(a);
	m = csr_new(row, col, value, NULL, N, R);
	csr_unite(&m, false);
	w = ridge_fit(&m, C, target, W, l2, 1e-6, 200, &steps);
	for (size_t i = 0; i < C; i++)
		for (size_t k = 0; k < W; k++)
			worst = fmax(worst, fabs((double)w[i * W + k] -
						    a[i * (C + W) + C + k] / a[i * (C + W) + i]));
	near(worst, 0, 1e-5, "as elimination has it");
	ok(steps < 60, "in few steps");
	near((double)w[7], 0, 0, "a column without a target stays 0");
	ridge_apply(y, &m, 3, w, W);
	for (size_t j = 0; j < C; j++)
		sum += x[3][j] * (double)w[j * W + 2];
	near((double)y[2], sum, 1e-6, "a row times W");
	free(w);
	w = ridge_fit(&m, C, target, W, l2, 1e-6, 1, &steps);
	ok(steps == 1, "steps are bounded");
	free(w);
	csr_free(&m);
	return done();
}
