/* expo -- e^x and ln x of many floats. Owns: the exponential and the logarithm that kernels use. */
#ifndef EXPO_H
#define EXPO_H

#include <stddef.h>
#include <stdint.h>

#include "simd.h"

/* e[i] = e^(x[i] - shift) for x[i] <= shift; relative error < 2e-7; e^-87 for anything below. */
SIMD_DECLARE(void, expo_shifted, (float *e, const float *x, float shift, size_t n));

/* y[i] = ln x[i] of normal numbers above 0; error < 2e-7 (1 + |ln x|). y may be x. */
SIMD_DECLARE(void, expo_log, (float *y, const float *x, size_t n));

/* value[i] = ln(1 + e^x[i]), slope[i] = its derivative 1 / (1 + e^-x[i]); error < 3e-7 of 1 + |x|.
 * slope may be x. */
SIMD_DECLARE(void, expo_softplus, (float *value, float *slope, const float *x, size_t n));

#ifdef SIMD_SUFFIX
/* e^x for x <= 0; relative error < 2e-7; e^-87 below -87. */
static inline float expo_negative(float x)
{
	float n, r, p;
	uint32_t bits;

	x = x < -87 ? -87 : x;
	n = fmaf(x, 1.44269504f, 12582912.0f); /* 1.5 * 2^23: the sum is rounded to an integer */
	n -= 12582912.0f;
	r = fmaf(n, -0.693359375f, x);
	r = fmaf(n, 2.12194440e-4f, r);
	p = 1.98756915e-4f; /* Cephes expf */
	p = fmaf(p, r, 1.39819995e-3f);
	p = fmaf(p, r, 8.33345192e-3f);
	p = fmaf(p, r, 4.16657962e-2f);
	p = fmaf(p, r, 1.66666657e-1f);
	p = fmaf(p, r, 5.00000012e-1f);
	p = fmaf(p * r, r, r) + 1;
	bits = (uint32_t)((int32_t)n + 127) << 23;
	memcpy(&n, &bits, sizeof n);
	return p * n;
}

/* ln(1 + e) for 0 <= e <= 1, as 2 atanh(e / (2 + e)). */
static inline float expo_one_plus(float e)
{
	float s = e / (2 + e), q = s * s, p = 1.0f / 13;

	p = fmaf(p, q, 1.0f / 11);
	p = fmaf(p, q, 1.0f / 9);
	p = fmaf(p, q, 1.0f / 7);
	p = fmaf(p, q, 1.0f / 5);
	p = fmaf(p, q, 1.0f / 3);
	p = fmaf(p, q, 1.0f);
	return 2 * s * p;
}
#endif

#endif
