#include "stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fmath.h"
#include "mem.h"
#include "rng.h"

enum { WORD = 64 };

void stats_means(double *mean, const double *value, size_t n, size_t width)
{
	memset(mean, 0, width * sizeof *mean);
	for (size_t u = 0; u < n; u++)
		for (size_t v = 0; v < width; v++)
			mean[v] += value[u * width + v];
	for (size_t v = 0; v < width; v++)
		mean[v] /= (double)n;
}

static int rising(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double quantile(const double *sorted, size_t n, double q)
{
	double at = q * (double)(n - 1);
	size_t i = (size_t)at;

	if (i + 1 >= n)
		return sorted[n - 1];
	return sorted[i] + (at - (double)i) * (sorted[i + 1] - sorted[i]);
}

static void draw(double *mean, const double *value, size_t n, size_t width, uint64_t seed)
{
	for (size_t j = 0; j < n; j++) {
		const double *row = value + rng_below(n, seed, RNG_SAMPLE, j) * width;

		for (size_t v = 0; v < width; v++)
			mean[v] += row[v];
	}
	for (size_t v = 0; v < width; v++)
		mean[v] /= (double)n;
}

void stats_quantiles(double *low, double *high, double *x, size_t n)
{
	*low = *high = NAN;
	for (size_t i = 0; i < n; i++)
		if (isnan(x[i]))
			return;
	qsort(x, n, sizeof *x, rising);
	*low = quantile(x, n, 0.025);
	*high = quantile(x, n, 0.975);
}

void stats_interval(double *low, double *high, const double *value, size_t n, size_t width,
	const struct stats_how *how)
{
	size_t replicates = how->replicates;
	double *mean = mem_new(replicates * width, sizeof *mean);
	double *sorted = mem_new(replicates, sizeof *sorted);

#pragma omp parallel for schedule(static)
	for (size_t b = 0; b < replicates; b++)
		draw(mean + b * width, value, n, width, rng_derive(how->seed, b));
	for (size_t v = 0; v < width; v++) {
		for (size_t b = 0; b < replicates; b++)
			sorted[b] = mean[b * width + v];
		stats_quantiles(&low[v], &high[v], sorted, replicates);
	}
	free(sorted);
	free(mean);
}

/* ---- Student's t ---- */

static double away_from_zero(double x)
{
	return fabs(x) < 1e-300 ? 1e-300 : x;
}

/* The continued fraction of the incomplete beta function, by Lentz's method; it converges fast for
 * x < (a + 1) / (a + b + 2). Abramowitz, Stegun 26.5.8. */
static double beta_fraction(double a, double b, double x)
{
	double c = 1, d = 1 / away_from_zero(1 - (a + b) * x / (a + 1)), h = d, step = 0;

	for (int m = 1; m < 10000 && fabs(step - 1) > 1e-15; m++) {
		double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));

		d = 1 / away_from_zero(1 + even * d);
		c = away_from_zero(1 + even / c);
		h *= d * c;
		d = 1 / away_from_zero(1 + odd * d);
		c = away_from_zero(1 + odd / c);
		step = d * c;
		h *= step;
	}
	return h;
}

/* I_x(a, b); y = 1 - x, given so that no digits are lost. */
static double incomplete_beta(double a, double b, double x, double y)
{
	double front;

	if (x <= 0 || y <= 0)
		return x <= 0 ? 0 : 1;
	front = fmath_exp(fmath_log_gamma(a + b) - fmath_log_gamma(a) - fmath_log_gamma(b) +
			  a * fmath_log(x) + b * fmath_log(y));
	if (x < (a + 1) / (a + b + 2))
		return front * beta_fraction(a, b, x) / a;
	return 1 - front * beta_fraction(b, a, y) / b;
}

double stats_student(double t, double df)
{
	double square = t * t;

	if (isinf(square))
		return 0;
	return incomplete_beta(df / 2, 0.5, df / (df + square), square / (df + square));
}

/* ---- paired tests ---- */

/* Whether each column's sum with turned signs is as far from 0 as the sum itself. */
static void turn(unsigned char *as_far, double *sum, const double *d, const double *whole, size_t n,
	size_t width, uint64_t seed)
{
	memset(sum, 0, width * sizeof *sum);
	for (size_t u = 0; u < n; u += WORD) {
		uint64_t signs = rng_bits(seed, RNG_SHUFFLE, u / WORD);
		size_t end = u + WORD < n ? u + WORD : n;

		for (size_t j = u; j < end; j++, signs >>= 1)
			for (size_t v = 0; v < width; v++)
				sum[v] += signs & 1 ? -d[j * width + v] : d[j * width + v];
	}
	/* sums that are equal but for rounding count as equal */
	for (size_t v = 0; v < width; v++)
		as_far[v] = fabs(sum[v]) >= fabs(whole[v]) * (1 - 1e-10);
}

static double student(const double *d, double diff, size_t n, size_t width)
{
	double square = 0, error;

	for (size_t u = 0; u < n; u++)
		square += (d[u * width] - diff) * (d[u * width] - diff);
	if (n < 2 || (square == 0 && diff == 0))
		return NAN;
	error = sqrt(square / (double)(n - 1) / (double)n);
	return error > 0 ? stats_student(diff / error, (double)(n - 1)) : 0;
}

/* Values that differ by the order of a sum are equal: noise would pass for evidence. */
static double difference(double a, double b)
{
	return fabs(a - b) <= 1e-12 * fmax(fabs(a), fabs(b)) ? 0 : a - b;
}

void stats_paired(struct stats_test *test, const double *a, const double *b, size_t n, size_t width,
	const struct stats_how *how)
{
	double *d = mem_new(n * width, sizeof *d), *mean = mem_new(width, sizeof *mean);
	double *whole = mem_new(width, sizeof *whole);
	unsigned char *as_far = mem_new(how->replicates, width);

	for (size_t i = 0; i < n * width; i++)
		d[i] = difference(a[i], b[i]);
	stats_means(mean, d, n, width);
	for (size_t v = 0; v < width; v++)
		whole[v] = mean[v] * (double)n;
#pragma omp parallel for schedule(static)
	for (size_t r = 0; r < how->replicates; r++) {
		double *sum = mem_new(width, sizeof *sum);

		turn(as_far + r * width, sum, d, whole, n, width, rng_derive(how->seed, r));
		free(sum);
	}
	for (size_t v = 0; v < width; v++) {
		size_t count = 0;

		for (size_t r = 0; r < how->replicates; r++)
			count += as_far[r * width + v];
		test[v] = (struct stats_test){ mean[v], student(d + v, mean[v], n, width),
			(double)(1 + count) / (double)(1 + how->replicates) };
	}
	free(d);
	free(mean);
	free(whole);
	free(as_far);
}
