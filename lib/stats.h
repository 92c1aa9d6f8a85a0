/* stats -- how sure a mean over users is. Owns: bootstrap intervals, paired tests.
 *
 * value (n, width): `width` values of each of n users, row-major. Users are drawn, or their signs
 * turned, by (seed, replicate, user), for all columns at once: the same bits on any number of
 * threads, and every model meets the same draws. */
#ifndef STATS_H
#define STATS_H

#include <stddef.h>
#include <stdint.h>

struct stats_how {
	size_t replicates; /* >= 1 */
	uint64_t seed;
};

/* mean (width): over users, summed in order. */
void stats_means(double *mean, const double *value, size_t n, size_t width);

/* The 2.5 % and 97.5 % quantiles of the means of `replicates` samples of n users drawn with
 * replacement: the percentile interval. Quantiles between two means are interpolated. Efron,
 * Tibshirani 1993, "An introduction to the bootstrap", chapter 13. */
void stats_interval(double *low, double *high, const double *value, size_t n, size_t width,
	const struct stats_how *how);

/* The same quantiles of x[0 .. n), which is sorted; NaN when one of them is. */
void stats_quantiles(double *low, double *high, double *x, size_t n);

/* Of d = a - b of each user, 0 when they are equal up to 1e-12 of the larger:
 *
 *   diff      mean of d
 *   student   two-sided p of Student's paired t-test, t = diff / sqrt(variance / n), n - 1 degrees
 *             of freedom; NaN for n < 2 or when all d are 0
 *   turned    two-sided p of the paired permutation test: how often the mean, with each d's sign
 *             turned or not at random, is at least as far from 0 as diff, (1 + count) /
 *             (1 + replicates). Fisher 1935; Smucker, Allan, Carterette 2007, "A comparison of
 *             statistical significance tests for information retrieval evaluation". */
struct stats_test {
	double diff, student, turned;
};
void stats_paired(struct stats_test *test, const double *a, const double *b, size_t n, size_t width,
	const struct stats_how *how);

/* P(|T| >= |t|) for Student's t with df >= 1 degrees of freedom; relative error < 1e-10. */
double stats_student(double t, double df);

#endif
