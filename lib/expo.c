#include "expo.h"

void SIMD_NAME(expo_shifted)(float *restrict e, const float *restrict x, float shift, size_t n)
{
	for (size_t i = 0; i < n; i++)
		e[i] = expo_negative(x[i] - shift);
}
