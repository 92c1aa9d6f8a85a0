#include "dense.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "slab.h"

enum { ROWS = 16 }; /* that one task updates */

_Static_assert((int)DENSE_BLOCK == (int)SLAB_DEPTH, "a block of rows is what a slab takes in");

/* The block's own inverse, in double: negative, since slab_update subtracts. */
static void invert_block(float *negative, const float *a, size_t n)
{
	enum { K = DENSE_BLOCK };
	double *x = mem_new((size_t)K * K, sizeof *x);

	for (size_t i = 0; i < (size_t)K * K; i++)
		x[i] = (double)a[i / K * n + i % K];
	for (size_t p = 0; p < K; p++) {
		double inverse = 1 / x[p * K + p];

		x[p * K + p] = 1;
		for (size_t j = 0; j < K; j++)
			x[p * K + j] *= inverse;
		for (size_t i = 0; i < K; i++) {
			double factor = x[i * K + p];

			if (i == p)
				continue;
			x[i * K + p] = 0;
			for (size_t j = 0; j < K; j++)
				x[i * K + j] -= factor * x[p * K + j];
		}
	}
	for (size_t i = 0; i < (size_t)K * K; i++)
		negative[i] = (float)-x[i];
	free(x);
}

/* Rows [i, i + ROWS) of a: a_ij - a_ib inv(a_bb) a_bj, and -a_ib inv(a_bb) in the block's columns,
 * where panel has inv(a_bb). */
static void update_rows(float *a, size_t i, size_t at, const float *panel, size_t n)
{
	float f[ROWS * DENSE_BLOCK];

	for (size_t r = 0; r < ROWS; r++) {
		float *own = a + (i + r) * n + at;

		memcpy(f + r * DENSE_BLOCK, own, DENSE_BLOCK * sizeof *f);
		memset(own, 0, DENSE_BLOCK * sizeof *f);
	}
	SIMD_CALL(slab_update, a + i * n, f, panel, ROWS, n);
}

void dense_inverse(float *a, size_t n)
{
	float *negative = mem_new((size_t)DENSE_BLOCK * DENSE_BLOCK, sizeof *negative);
	float *panel = mem_new(DENSE_BLOCK * n, sizeof *panel);

	for (size_t at = 0; at < n; at += DENSE_BLOCK) {
		float *rows = a + at * n;

		invert_block(negative, rows + at, n);
		memset(panel, 0, DENSE_BLOCK * n * sizeof *panel);
		SIMD_CALL(slab_update, panel, negative, rows, DENSE_BLOCK, n);
		for (size_t i = 0; i < DENSE_BLOCK; i++)
			for (size_t j = 0; j < DENSE_BLOCK; j++)
				panel[i * n + at + j] = -negative[i * DENSE_BLOCK + j];
#pragma omp parallel for schedule(dynamic, 1)
		for (size_t i = 0; i < n; i += ROWS)
			if (i < at || i >= at + DENSE_BLOCK)
				update_rows(a, i, at, panel, n);
		memcpy(rows, panel, DENSE_BLOCK * n * sizeof *panel);
	}
	free(negative);
	free(panel);
}
