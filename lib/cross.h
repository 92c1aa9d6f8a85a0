/* cross -- the cross layer of DCN-v2. Owns: its formula, forward and backward.
 *
 *   x_{l+1} = x_0 * (W_l x_l + b_l) + x_l        * element by element
 *
 * Wang et al. 2021, "DCN V2: improved deep & cross network", eq. 1. The product is gemm's. */
#ifndef CROSS_H
#define CROSS_H

#include <stddef.h>

#include "simd.h"

/* y = x0 * u + x, n elements; u = W x + b. */
SIMD_DECLARE(
	void, cross_forward, (float *y, const float *x0, const float *u, const float *x, size_t n));

/* From g, the gradient by y: du = g * x0, g0 += g * u. (The gradient by x is g + W' du.) */
SIMD_DECLARE(void, cross_backward,
	(float *du, float *g0, const float *g, const float *x0, const float *u, size_t n));

/* a += b, n elements. */
SIMD_DECLARE(void, cross_add, (float *a, const float *b, size_t n));

#endif
