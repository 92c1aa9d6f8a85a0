/* norm -- layer and batch normalisation. Owns: their forward and backward pass.
 *
 *   xhat = (u - mean) / sqrt(variance + 1e-5)      y = gain * xhat + shift
 *
 * Layer: mean and variance of the n units of one row; Ba, Kiros, Hinton 2016, "Layer
 * normalization", eq. 4. Batch: of one unit over the rows of a batch; in use, running ones;
 * Ioffe, Szegedy 2015, "Batch normalization", algorithms 1 and 2. Variances are divided by n.
 *
 * With g = dL/dy * gain, and means over the same units or rows as above:
 *   dL/du = (g - mean(g) - xhat mean(g xhat)) / sqrt(variance + 1e-5)
 *   dL/dgain = sum_r dL/dy xhat      dL/dshift = sum_r dL/dy
 *
 * Rows of every matrix are ld floats apart. */
#ifndef NORM_H
#define NORM_H

#include <stddef.h>

#include "simd.h"

#define NORM_EPSILON 1e-5f

/* u[r] becomes xhat, inverse[r] = 1 / sqrt(variance + epsilon); rows by n. */
SIMD_DECLARE(void, norm_rows, (float *u, float *inverse, size_t ld, size_t rows, size_t n));

/* d[r] from dL/dy to dL/du. */
SIMD_DECLARE(void, norm_rows_backward,
	(float *d, const float *xhat, const float *inverse, const float *gain, size_t ld,
		size_t rows, size_t n));

/* Mean and variance of n columns over rows. */
SIMD_DECLARE(void, norm_moments,
	(float *mean, float *variance, const float *u, size_t ld, size_t rows, size_t n));

/* u[r] becomes (u - mean) * inverse, both of a column. */
SIMD_DECLARE(void, norm_columns,
	(float *u, const float *mean, const float *inverse, size_t ld, size_t rows, size_t n));

/* gain[i] = sum_r dy xhat, shift[i] = sum_r dy: what both kinds need. */
SIMD_DECLARE(void, norm_sums,
	(float *gain, float *shift, const float *dy, const float *xhat, size_t ld, size_t rows,
		size_t n));

/* d[r] from dL/dy to dL/du, with the sums over the whole batch of `batch` rows. */
SIMD_DECLARE(void, norm_columns_backward,
	(float *d, const float *xhat, const float *inverse, const float *gain,
		const float *gain_sum, const float *shift_sum, size_t batch, size_t ld, size_t rows,
		size_t n));

/* y[r] = gain * xhat[r] + shift. */
SIMD_DECLARE(void, norm_scale,
	(float *y, const float *xhat, const float *gain, const float *shift, size_t ld, size_t rows,
		size_t n));

#endif
