#include "slab.h"

enum { ACROSS = 2 }; /* vectors of a tile: SLAB_ROWS x ACROSS stay in registers */

SIMD_INLINE void tile(float *c, const float *f, const float *r, size_t n)
{
	vf sum[SLAB_ROWS][ACROSS];

	SIMD_UNROLL
	for (size_t i = 0; i < SLAB_ROWS; i++)
		SIMD_UNROLL
	for (size_t v = 0; v < ACROSS; v++)
		sum[i][v] = vf_load(c + i * n + v * VW);
	for (size_t k = 0; k < SLAB_DEPTH; k++) {
		vf x[ACROSS];

		SIMD_UNROLL
		for (size_t v = 0; v < ACROSS; v++)
			x[v] = vf_load(r + k * n + v * VW);
		SIMD_UNROLL
		for (size_t i = 0; i < SLAB_ROWS; i++)
			SIMD_UNROLL
		for (size_t v = 0; v < ACROSS; v++)
			sum[i][v] = vf_fma(vf_set(-f[i * SLAB_DEPTH + k]), x[v], sum[i][v]);
	}
	SIMD_UNROLL
	for (size_t i = 0; i < SLAB_ROWS; i++)
		SIMD_UNROLL
	for (size_t v = 0; v < ACROSS; v++)
		vf_store(c + i * n + v * VW, sum[i][v]);
}

void SIMD_NAME(slab_update)(float *c, const float *f, const float *r, size_t rows, size_t n)
{
	for (size_t j = 0; j < n; j += ACROSS * VW)
		for (size_t i = 0; i < rows; i += SLAB_ROWS)
			tile(c + i * n + j, f + i * SLAB_DEPTH, r + j, n);
}
