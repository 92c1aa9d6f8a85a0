/* gemm -- matrix products for small layers. Owns: the panel layout, the register tiles.
 *
 * Every output is one chain of fused multiply-adds in the order of the summed index, so the bits
 * do not depend on the tile, the vector width or the number of threads. An input of 0 may be left
 * out of the chain: it adds nothing, unless the weight is no number.
 *
 * Panels: a (K, N) matrix lies as ceil(N / 32) panels, each (K, 32) row-major, padded with zero
 * columns: element (k, n) is panel[(n / 32) * K * 32 + k * 32 + n % 32]. */
#ifndef GEMM_H
#define GEMM_H

#include <stdbool.h>
#include <stddef.h>

#include "ahead.h"

enum { GEMM_PANEL = 32 };

enum gemm_end {
	GEMM_PLAIN, /* c = sum */
	GEMM_BIAS, /* c = bias + sum */
	GEMM_RELU, /* c = max(0, bias + sum) */
	GEMM_MASKED, /* c = scale * sum where mask > 0, else 0: the backward pass of ReLU */
};

/* How many of a matrix's columns lie in a panel: 32, in the last one what is left. */
static inline size_t gemm_cols(size_t columns, size_t panel)
{
	size_t left = columns - panel * GEMM_PANEL;

	return left < GEMM_PANEL ? left : GEMM_PANEL;
}

/* Some of the inputs: a[r][from ..], w[from ..], n of them. */
struct gemm_run {
	size_t from, n;
};

struct gemm {
	const float *a; /* (rows, k), lda floats apart */
	const float *w; /* panels; with a bias they have k + 1 rows, the last one is the bias */
	const float *mask; /* (rows, 32 * panels), ldmask floats apart; GEMM_MASKED only */
	size_t lda, ldmask, k, panels;
	size_t height; /* rows of a panel, where it has more than that; else 0 */
	size_t cols; /* columns that are wanted, <= 32 * panels, others may be left as they are; 0:
			all */
	float scale;
	enum gemm_end end;
	bool onto; /* c = end(c + sum) */
	bool zeros; /* many of a may be 0, as ReLU leaves them: these are skipped where that is faster */
	const struct gemm_run *run; /* the inputs to sum, `runs` runs of them; NULL: all k */
	size_t runs;
	struct ahead *ahead; /* is worked off between the sums, in even steps; NULL: nothing */
};

/* c[r][n] = end(sum_k a[r][k] w[k][n]), r < rows, n < cols; rows of c are ldc apart. */
SIMD_DECLARE(void, gemm_forward, (float *c, size_t ldc, const struct gemm *g, size_t rows));

enum { GEMM_NEXT = 3 };

/* g[k][n] = sum_r h[r][k] d[r][n], k < ks, n < cols: the gradient of a weight tile over rows of
 * activations h (ldh apart) and deltas d (ldd apart), summed in the shards of par.h. g is (ks, 32),
 * 0 from column `cols` <= 32 on; d may have to be readable beyond it. next: blocks of the same
 * shape that g is for, which are asked for while it is summed; NULL: none. */
SIMD_DECLARE(void, gemm_gradient,
	(float *g, size_t ks, const float *h, size_t ldh, const float *d, size_t ldd, size_t rows,
		size_t cols, const float *const next[GEMM_NEXT]));

/* to[j][k] = from[k][j], k < ks, j < n, rows of 32: part of a panel into one of the transposed
 * matrix. */
SIMD_DECLARE(void, gemm_transpose, (float *to, const float *from, size_t ks, size_t n));

/* g[n] = sum_r s[r] d[r][n], n < cols, in the shards of par.h; s may be NULL: all ones. */
SIMD_DECLARE(void, gemm_column_sums,
	(float *g, const float *s, const float *d, size_t ldd, size_t rows, size_t cols));

/* sum_i a[i] b[i]: lane i % 16 sums its elements in order, lanes meet in vf_sum16's tree. */
SIMD_DECLARE(float, gemm_dot, (const float *a, const float *b, size_t n));

/* z[r] += gemm_dot of row r of h (ldh apart) and w, r < rows. */
SIMD_DECLARE(void, gemm_dots,
	(float *z, const float *h, size_t ldh, const float *w, size_t n, size_t rows));

#endif
