/* The inverse times the matrix is the identity, to rounding; bits do not depend on threads. */
#include "dense.h"

#include <omp.h>
#include <stdlib.h>

#include "mem.h"
#include "rng.h"
#include "tap.h"

/* (n, n): X^T X + n I of normal X (n, n). */
static float *make(size_t n)
{
	float *x = mem_new(n * n, sizeof *x), *a = mem_new(n * n, sizeof *a);

	for (size_t i = 0; i < n * n; i++)
		x[i] = (float)rng_normal(n, RNG_MAKE, i);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++) {
			double sum = i == j ? (double)n : 0;

			for (size_t k = 0; k < n; k++)
				sum += (double)x[k * n + i] * (double)x[k * n + j];
			a[i * n + j] = (float)sum;
		}
	free(x);
	return a;
}

/* The largest element of a b - I. */
static double residual(const float *a, const float *b, size_t n)
{
	double most = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++) {
			double sum = i == j ? -1 : 0;

			for (size_t k = 0; k < n; k++)
				sum += (double)a[i * n + k] * (double)b[k * n + j];
			most = fabs(sum) > most ? fabs(sum) : most;
		}
	return most;
}

int main(void)
{
	for (size_t n = DENSE_BLOCK; n <= 4 * DENSE_BLOCK; n *= 2) {
		float *a = make(n), *b = make(n);

		omp_set_num_threads(1);
		dense_inverse(b, n);
		near(residual(a, b, n), 0, 1e-5, "inverse");
		for (int threads = 2; threads < 8; threads += 1 + threads / 3 * 3) {
			float *c = make(n);

			omp_set_num_threads(threads);
			dense_inverse(c, n);
			ok(memcmp(b, c, n * n * sizeof *b) == 0, "the same bits");
			free(c);
		}
		free(a);
		free(b);
	}
	return done();
}
