/* ridge -- linear maps from sparse rows to dense ones. Owns: the least squares problem and its
 * solution.
 *
 *   min over W of  sum over rows |t_r - x_r W|^2 + l2 |W|^2:   (X^T X + l2 I) W = X^T T
 *
 * X (rows, cols) sparse, T (rows, width), W (cols, width). Hoerl, Kennard 1970, "Ridge regression";
 * solved by conjugate gradients (Hestenes, Stiefel 1952), each column of W by its own steps, so
 * that no matrix of cols by cols is made. */
#ifndef RIDGE_H
#define RIDGE_H

#include "csr.h"

/* W; free(). width is a multiple of 16, l2 above 0. Stops when each column's residual is at most
 * `within` of its right side, or after `steps`; *taken is how many they were. The same bits on any
 * number of threads and instruction set. */
float *ridge_fit(const struct csr *x, size_t cols, const float *target, size_t width, double l2,
	double within, size_t steps, size_t *taken);

/* y (width) <- row `row` of X times W. */
void ridge_apply(float *y, const struct csr *x, size_t row, const float *weight, size_t width);

#endif
