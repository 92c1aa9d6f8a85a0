#include "expo.h"

void SIMD_NAME(expo_shifted)(float *restrict e, const float *restrict x, float shift, size_t n)
{
	for (size_t i = 0; i < n; i++)
		e[i] = expo_negative(x[i] - shift);
}

/* x = m 2^e, m in [sqrt(1/2), sqrt(2)); ln m = 2 atanh(s), s = (m - 1) / (m + 1), |s| < 0.172. */
void SIMD_NAME(expo_log)(float *y, const float *x, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t bits, low;
		float m, e, s, q, p;

		memcpy(&bits, x + i, sizeof bits);
		low = bits - 0x3F3504F3; /* sqrt(1/2) */
		e = (float)((int32_t)low >> 23);
		bits = (low & 0x7FFFFF) + 0x3F3504F3;
		memcpy(&m, &bits, sizeof m);
		s = (m - 1) / (m + 1);
		q = s * s;
		p = fmaf(q, 1.0F / 9, 1.0F / 7);
		p = fmaf(p, q, 1.0F / 5);
		p = fmaf(p, q, 1.0F / 3);
		p = fmaf(p, q, 1.0F);
		y[i] = fmaf(e, 0.693147181F, 2 * s * p);
	}
}

void SIMD_NAME(expo_softplus)(float *restrict value, float *slope, const float *x, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		float z = x[i], e = expo_negative(-fabsf(z));

		value[i] = (z > 0 ? z : 0) + expo_one_plus(e);
		slope[i] = (z < 0 ? e : 1) / (1 + e);
	}
}
