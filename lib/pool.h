/* pool -- several measurements of one thing. Owns: their mean and deviation, what runs that differ
 * in their seed only are called. */
#ifndef POOL_H
#define POOL_H

#include <stddef.h>

/* Of x_1 .. x_n, fed one after the other: mean, and sd = sqrt(sum (x - mean)^2 / (n - 1)), NaN for
 * n < 2. Welford 1962. Starts zeroed. */
struct pool {
	size_t n;
	double mean, squares;
};
void pool_add(struct pool *pool, double x);
double pool_deviation(const struct pool *pool);

/* The length of a run's name without its seed: NAME of NAME_s1, NAME-s20; all of other names. */
size_t pool_stem(const char *name);

#endif
