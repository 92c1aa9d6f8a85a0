/* The cross layer's formula, and equal bits from every instruction set. Gradients as a whole are
 * checked in epoch.c. */
#include "cross.h"

#include <stdint.h>

#include "levels.h"
#include "rng.h"
#include "tap.h"

enum { N = 37 };

typedef void forward_fn(float *y, const float *x0, const float *u, const float *x, size_t n);
typedef void backward_fn(
	float *du, float *g0, const float *g, const float *x0, const float *u, size_t n);
typedef void add_fn(float *a, const float *b, size_t n);

int main(void)
{
	forward_fn *const forward[] = LEVELS(cross_forward);
	backward_fn *const backward[] = LEVELS(cross_backward);
	add_fn *const add[] = LEVELS(cross_add);
	float x0[N], u[N], x[N], out[3][3][N];
	int good = 1, equal = 1;

	for (uint64_t i = 0; i < N; i++) {
		x0[i] = (float)rng_normal(1, RNG_MAKE, i);
		u[i] = (float)rng_normal(2, RNG_MAKE, i);
		x[i] = (float)rng_normal(3, RNG_MAKE, i);
	}
	for (int l = 0; l < levels(); l++) {
		forward[l](out[l][0], x0, u, x, N);
		memcpy(out[l][2], x, sizeof x);
		backward[l](out[l][1], out[l][2], x, x0, u, N);
		add[l](out[l][1], out[l][2], N);
		equal &= memcmp(out[0], out[l], sizeof *out) == 0;
	}
	for (int i = 0; i < N; i++) {
		double y = (double)x0[i] * (double)u[i] + (double)x[i];
		double g0 = (double)x[i] + (double)x[i] * (double)u[i];

		good &= fabs(y - (double)out[0][0][i]) < 1e-6 &&
			fabs(g0 - (double)out[0][2][i]) < 1e-6;
		good &= fabs((double)x[i] * (double)x0[i] + g0 - (double)out[0][1][i]) < 2e-6;
	}
	ok(good, "y = x0 u + x, du = g x0, g0 += g u");
	ok(equal, "the same bits from every instruction set");
	return done();
}
