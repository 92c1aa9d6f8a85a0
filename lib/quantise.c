#include "quantise.h"

#include <math.h>
#include <string.h>

uint16_t quantise_half(float x)
{
	uint32_t bits, sign, rest, shift;

	memcpy(&bits, &x, sizeof bits);
	sign = bits >> 16 & 0x8000;
	bits &= 0x7FFFFFFF;
	if (bits > 0x7F800000) /* not a number */
		return (uint16_t)(sign | 0x7E00);
	if (bits >= 0x477FF000) /* 65520 and beyond */
		return (uint16_t)(sign | 0x7C00);
	if (bits >= 0x38800000) { /* 2^-14, the least normal number */
		rest = bits & 0x1FFF;
		bits = (bits - 0x38000000) >> 13;
		return (uint16_t)(sign | (bits + (rest > 0x1000 || (rest == 0x1000 && bits & 1))));
	}
	if (bits < 0x33000000) /* below 2^-25 */
		return (uint16_t)sign;
	shift = 126 - (bits >> 23);
	bits = (bits & 0x7FFFFF) | 0x800000;
	rest = bits & ((1u << shift) - 1);
	bits >>= shift;
	bits += rest > 1u << (shift - 1) || (rest == 1u << (shift - 1) && bits & 1);
	return (uint16_t)(sign | bits);
}

float quantise_single(uint16_t half)
{
	uint32_t sign = (uint32_t)(half >> 15) << 31, power = half >> 10 & 31, part = half & 1023;
	uint32_t bits = power == 31 ? sign | 0x7F800000 | part << 13
				    : sign | (power + 112) << 23 | part << 13;
	float x;

	if (!power)
		return (sign ? -1 : 1) * (float)part / 16777216; /* part x 2^-24 */
	memcpy(&x, &bits, sizeof x);
	return x;
}

void quantise_rows(int8_t *q, float *scale, const float *x, size_t rows, size_t cols)
{
#pragma omp parallel for schedule(static)
	for (size_t r = 0; r < rows; r++) {
		float most = 0;

		for (size_t j = 0; j < cols; j++)
			most = fmaxf(most, fabsf(x[r * cols + j]));
		scale[r] = most / 127;
		for (size_t j = 0; j < cols; j++)
			q[r * cols + j] = scale[r] > 0
						  ? (int8_t)nearbyintf(fminf(127,
							    fmaxf(-127, x[r * cols + j] / scale[r])))
						  : 0;
	}
}

void quantise_restore(float *x, const int8_t *q, const float *scale, size_t rows, size_t cols)
{
#pragma omp parallel for schedule(static)
	for (size_t r = 0; r < rows; r++)
		for (size_t j = 0; j < cols; j++)
			x[r * cols + j] = (float)q[r * cols + j] * scale[r];
}
