/* thin -- the gradient of a layer's weights where ReLU has cut many of its deltas to 0. Owns: the sums
 * without them.
 *
 * With x[r] the inputs and d[r][u] the delta of unit u in row r, dL/dW_u = sum_r d[r][u] x[r]. gemm.h
 * sums 32 units together, for which all rows count; here one unit's sum over some inputs stays in
 * registers and goes through the rows that have a delta. That takes a load for each product, so it
 * pays only where a good third of the deltas is 0; and registers for it, which vectors
 * of 4 do not have. */
#ifndef THIN_H
#define THIN_H

#include <stdbool.h>
#include <stddef.h>

#include "simd.h"

enum {
	THIN_INPUTS = 224, /* of a tile, at most: the more, the better, */
	THIN_ROWS = 256, /* of a batch, at least */
};

/* gemm_gradient (gemm.h) to the same bits where it is faster so; returns whether it has been done. A
 * product with a delta of 0 adds nothing, unless its input is no number. */
SIMD_DECLARE(bool, thin_gradient,
	(float *g, size_t ks, const float *h, size_t ldh, const float *d, size_t ldd, size_t rows,
		size_t cols));

#endif
