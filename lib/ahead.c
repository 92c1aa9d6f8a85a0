#include "ahead.h"

void SIMD_NAME(ahead_rest)(struct ahead *a)
{
	while (a->rows)
		ahead_lines(a, a->row->n);
	a->lines = 0;
}

void SIMD_NAME(ahead_numbers)(float *restrict x, const float *restrict number,
	const float *restrict mean, const float *restrict scale, size_t n)
{
	for (size_t j = 0; j < n; j++)
		x[j] = (number[j] - mean[j]) * scale[j];
}
