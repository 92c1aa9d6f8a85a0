/* axpy -- one row times a number, added to another. Owns: the inner loop of sparse times dense. */
#ifndef AXPY_H
#define AXPY_H

#include <stddef.h>

#include "simd.h"

enum { AXPY_LANES = 16 };

/* y[i] += a x[i], fused, i < n; n a multiple of AXPY_LANES. */
SIMD_DECLARE(void, axpy, (float *y, float a, const float *x, size_t n));

#endif
