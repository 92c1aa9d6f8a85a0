/* corrected -- what the estimator has to do by its definition; tests/cli/rs-score.t has NumPy's. */
#include "corrected.h"

#include <stdlib.h>

#include "tap.h"

enum { N = 60, SAMPLE = 9, MORE = 1000 };

/* E[g(r) | R], by the recurrence of the binomial distribution. */
static double expected(const double *g, size_t n, double q)
{
	double p = pow(1 - q, (double)n), sum = 0;

	if (q == 1)
		return g[n];
	for (size_t x = 0; x <= n; x++) {
		sum += p * g[x];
		p *= (double)(n - x) / (double)(x + 1) * q / (1 - q);
	}
	return sum;
}

static double mean_of(const double *g, size_t n, size_t items)
{
	double sum = 0;

	for (size_t r = 0; r < items; r++)
		sum += expected(g, n, (double)r / (double)(items - 1)) / (double)items;
	return sum;
}

int main(void)
{
	static double line[N], g[MORE + 1], five[10];
	double off = 0, top, naive = 0, better = 0;

	for (size_t r = 0; r < N; r++)
		line[r] = (double)r / (N - 1);
	corrected_weights(g, SAMPLE, N, line, N, 1, 1e-9);
	for (size_t x = 0; x <= SAMPLE; x++)
		off = fmax(off, fabs(g[x] - (double)x / SAMPLE));
	near(off, 0, 1e-5, "a line has an unbiased estimate: the line");

	for (size_t r = 0; r < 5; r++)
		five[2 * r] = 1, five[2 * r + 1] = 1 / (double)(r + 1);
	corrected_weights(g, SAMPLE, N, five, 5, 2, 0.1);
	ok(g[0] > g[2] && g[1] > g[3], "the first place means most, for both metrics");
	for (size_t x = 0; x <= SAMPLE; x++)
		g[x] = g[2 * x];
	near(mean_of(g, SAMPLE, N), 5.0 / N, 1e-12, "over all ranks alike the mean is right");
	for (size_t r = 0; r < N; r++) {
		double q = (double)r / (N - 1), want = r < 5, plain[SAMPLE + 1] = { 1, 1, 1, 1, 1 };

		naive += fabs(expected(plain, SAMPLE, q) - want);
		better += fabs(expected(g, SAMPLE, q) - want);
	}
	ok(better < naive / 4, "and at each rank far nearer than the sampled value itself");

	for (size_t r = 0; r < 5; r++)
		five[r] = 1;
	corrected_weights(g, MORE, 3 * MORE, five, 5, 1, 0.1);
	top = mean_of(g, MORE, 3 * MORE);
	near(top, 5.0 / (3 * MORE), 1e-9, "many samples of many items");
	return done();
}
