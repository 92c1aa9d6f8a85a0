/* fm -- factorization machines. Owns: the second order and its gradients.
 *
 * A gradient over a batch is summed in the shards of par.h. */
#ifndef FM_H
#define FM_H

#include <stddef.h>
#include <stdint.h>

#include "simd.h"

/* Second order of a factorization machine.
 *
 *   z[r] += 1/2 sum_d (s_d^2 - sum_f e_fd^2),  s_d = sum_f e_fd
 *
 * e are a row's `fields` embeddings of dim at x + r * ldx, and x_j v_j of the `numbers` numbers
 * that follow them (v: (numbers, dim)). s (rows, dim) is kept for the backward pass. Rendle 2010,
 * lemma 3.1. */
SIMD_DECLARE(void, fm_terms,
	(float *z, float *s, const float *x, size_t ldx, size_t rows, size_t fields, size_t dim,
		const float *v, size_t numbers));

/* dx_f += slope[r] (s - e_f) for the `fields` embeddings of each row r; lddx and ldx
 * between rows. */
SIMD_DECLARE(void, fm_backward,
	(float *dx, size_t lddx, const float *x, size_t ldx, const float *s, const float *slope,
		size_t rows, size_t fields, size_t dim));

/* The same for one field: dx_i of row r = row[i], i < n; dim between dx. */
SIMD_DECLARE(void, fm_backward_rows,
	(float *dx, const float *x, size_t ldx, const float *s, const float *slope,
		const uint32_t *row, size_t n, size_t dim));

/* g_j = sum_r slope[r] x_j[r] (s[r] - x_j[r] v_j), in shards: the gradients of the vectors v (n,
 * dim) of n numbers over rows; the numbers of row r are at x + r * ldx, s has dim between rows. */
SIMD_DECLARE(void, fm_numbers,
	(float *g, const float *v, size_t n, const float *x, size_t ldx, const float *s,
		const float *slope, size_t rows, size_t dim));

#endif
