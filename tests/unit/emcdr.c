/* The two maps of EMCDR against scikit-learn and PyTorch (tests/fixtures/emcdr/make.py), and that
 * they learn what they can. */
#include "emcdr.h"

#include <math.h>
#include <stdlib.h>

#include "rng.h"
#include "tap.h"

#include "fixtures/emcdr/emcdr.inc"

static void ridge(void)
{
	float m[(IN + 1) * OUT], f[N * OUT];
	double most = 0, fit = 0;

	ok(emcdr_ridge(m, X, Y, N, IN, OUT, L2), "ridge: a solution");
	for (size_t i = 0; i < (IN + 1) * OUT; i++)
		most = fmax(most, fabs((double)m[i] - RIDGE[i]));
	near(most, 0, 1e-7, "ridge: scikit-learn's");
	emcdr_linear(f, m, X, N, IN, OUT);
	for (size_t u = 0; u < N; u++)
		for (size_t j = 0; j < OUT; j++) {
			double want = RIDGE[IN * OUT + j];

			for (size_t k = 0; k < IN; k++)
				want += (double)X[u * IN + k] * RIDGE[k * OUT + j];
			fit = fmax(fit, fabs((double)f[u * OUT + j] - want));
		}
	near(fit, 0, 1e-6, "ridge: and its predictions");
}

/* y = 2 x + 1 of x = 0, 1, 2: with l2 = 1, m = sum xc yc / (sum xc^2 + 1) = 4 / 3, and the constant
 * 3 - 4 / 3 makes the means meet. */
static void by_hand(void)
{
	const float x[] = { 0, 1, 2 }, y[] = { 1, 3, 5 }, twice[] = { 1, 1, 1 };
	float m[2];

	ok(emcdr_ridge(m, x, y, 3, 1, 1, 0), "by hand: without penalty");
	near((double)m[0], 2, 1e-6, "by hand: the slope");
	near((double)m[1], 1, 1e-6, "by hand: the constant");
	emcdr_ridge(m, x, y, 3, 1, 1, 1);
	near((double)m[0], 4.0 / 3, 1e-6, "by hand: the slope shrinks");
	near((double)m[1], 3 - 4.0 / 3, 1e-6, "by hand: the constant does not");
	ok(!emcdr_ridge(m, twice, y, 3, 1, 1, 0), "by hand: a constant x has no single solution");
	ok(emcdr_ridge(m, twice, y, 3, 1, 1, 0.1), "by hand: but with a penalty");
	near((double)m[0] + (double)m[1], 3, 1e-6, "by hand: which is the mean");
}

static void gradient(void)
{
	uint32_t row[N];
	float g[sizeof WEIGHTS / sizeof *WEIGHTS];
	double most = 0;

	for (uint32_t i = 0; i < N; i++)
		row[i] = i;
	near(emcdr_mlp_loss(g, WEIGHTS, X, Y, row, N, IN, OUT), LOSS, 1e-6, "mlp: PyTorch's loss");
	for (size_t i = 0; i < sizeof WEIGHTS / sizeof *WEIGHTS; i++)
		most = fmax(most, fabs((double)g[i] - GRADIENT[i]));
	near(most, 0, 1e-6, "mlp: and gradients");
}

static double error(const float *f, const float *y, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += ((double)f[i] - (double)y[i]) * ((double)f[i] - (double)y[i]);
	return sum / (double)n;
}

/* y = x1 x2, which no linear map comes near. */
static void learns(void)
{
	enum { M = 512 };
	float x[2 * M], y[M], f[M], again[M], m[3];
	struct emcdr_training t = { 200, 0.02, 0, 1 };
	struct emcdr_mlp *mlp;
	double linear;

	for (size_t i = 0; i < 2 * M; i++)
		x[i] = (float)rng_normal(1, RNG_MAKE, i);
	for (size_t u = 0; u < M; u++)
		y[u] = x[2 * u] * x[2 * u + 1];
	emcdr_ridge(m, x, y, M, 2, 1, 0.1);
	emcdr_linear(f, m, x, M, 2, 1);
	linear = error(f, y, M);
	mlp = emcdr_mlp_new(x, y, M, 2, 1, &t);
	emcdr_mlp_map(f, mlp, x, M);
	ok(error(f, y, M) < linear / 4, "mlp: learns a product, a line does not");
	emcdr_mlp_free(mlp);
	mlp = emcdr_mlp_new(x, y, M, 2, 1, &t);
	emcdr_mlp_map(again, mlp, x, M);
	ok(memcmp(f, again, sizeof f) == 0, "mlp: the same bits again");
	emcdr_mlp_free(mlp);
}

int main(void)
{
	ridge();
	by_hand();
	gradient();
	learns();
	return done();
}
