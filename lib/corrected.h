/* corrected -- a metric of the full ranking from ranks among samples. Owns: the estimator of
 * Krichene and Rendle.
 *
 * An item of rank R among N has rank r among n + 1, itself and n sampled with replacement from the
 * others, with P(r | R) = binomial(r - 1; n, (R - 1) / (N - 1)). The mean of f(r) is not that of
 * f(R), not even in its order of methods. Of all g(1) .. g(n + 1) this takes the one that minimizes
 *
 *   sum over R of p(R) [ (E[g(r) | R] - f(R))^2 + gamma Var[g(r) | R] ],   p(R) = 1 / N,
 *
 * bias against variance: with A(R, r) = sqrt(p(R)) P(r | R), c(r) = sum_R p(R) P(r | R), b(R) =
 * sqrt(p(R)) f(R) it is ((1 - gamma) A'A + gamma diag(c))^-1 A'b. Krichene, Rendle 2020, "On
 * sampled metrics for item recommendation", section 5.2; they take gamma = 0.1. */
#ifndef CORRECTED_H
#define CORRECTED_H

#include <stddef.h>

enum { CORRECTED_NEGATIVES = 1000, CORRECTED_ITEMS = 200000 };

/* g (n + 1, metrics): row-major, for f (k, metrics): f[R - 1] for R <= k, 0 beyond; 1 <= n <=
 * CORRECTED_NEGATIVES, 2 <= N <= CORRECTED_ITEMS, k <= N. Time about N n: the same on any threads.
 */
void corrected_weights(
	double *g, size_t n, size_t items, const double *f, size_t k, size_t metrics, double gamma);

#endif
