/* chosen -- products with chosen rows of a matrix. Owns: their register tiles.
 *
 * Every output is one chain of fused multiply-adds in the order of the summed index, whichever
 * other rows are chosen. */
#ifndef CHOSEN_H
#define CHOSEN_H

#include <stdint.h>

#include "gemm.h"

/* c[i][j] <- sum_k a[row[i]][k] w[k][j], i < n, j < g->cols. Of g no mask, run or end is used. */
SIMD_DECLARE(void, chosen_product,
	(float *c, size_t ldc, const struct gemm *g, const uint32_t *row, size_t n));

/* c[i] <- a[row[i]], width floats, i < n; c has width between rows, a lda. */
SIMD_DECLARE(void, chosen_copy,
	(float *c, const float *a, size_t lda, size_t width, const uint32_t *row, size_t n));

/* g[k][j] += sum_i h[i][k] d[row[i]][j], row NULL: d[i][j], i = 0, 1, .., n - 1, k < ks, j < cols; g is (ks, 32), h (n,
 * ks). d may have to be readable up to column 32. */
SIMD_DECLARE(void, chosen_gradient,
	(float *g, size_t ks, const float *h, const float *d, size_t ldd, const uint32_t *row,
		size_t n, size_t cols));

#endif
