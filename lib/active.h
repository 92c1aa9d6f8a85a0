/* active -- activations of hidden layers. Owns: their values and slopes.
 *
 *   relu max(0, x)   tanh   sigmoid 1 / (1 + e^-x)   linear x
 *
 * sigmoid and tanh are within 2e-7 of the exact ones. */
#ifndef ACTIVE_H
#define ACTIVE_H

#include <stddef.h>

#include "simd.h"

enum active { ACTIVE_RELU, ACTIVE_TANH, ACTIVE_SIGMOID, ACTIVE_LINEAR, ACTIVES };

/* a[r][i] <- f(a[r][i]), r < rows, i < n; rows are ld apart. */
SIMD_DECLARE(void, active_apply, (float *a, size_t ld, size_t rows, size_t n, enum active f));

/* a[i] <- f(x[i] + y[i]), i < n; f is relu or linear. */
SIMD_DECLARE(void, active_sum,
	(float *a, const float *x, const float *y, size_t n, enum active f));

/* d[r][i] *= f'(x), where a[r][i] = f(x). */
SIMD_DECLARE(void, active_backward,
	(float *d, const float *a, size_t ld, size_t rows, size_t n, enum active f));

#endif
