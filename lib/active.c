#include "active.h"

#include "expo.h"

#define NAME(f) SIMD_NAME(f)

static inline float sigmoid(float z)
{
	float e = expo_negative(-fabsf(z));

	return (z < 0 ? e : 1.0f) / (1 + e);
}

static inline float hyperbolic(float z)
{
	float e = expo_negative(-2 * fabsf(z)), t = (1 - e) / (1 + e);

	return z < 0 ? -t : t;
}

void NAME(active_apply)(float *a, size_t ld, size_t rows, size_t n, enum active f)
{
	for (size_t r = 0; r < rows; r++) {
		float *x = a + r * ld;

		if (f == ACTIVE_RELU)
			for (size_t i = 0; i < n; i++)
				x[i] = x[i] > 0 ? x[i] : 0;
		else if (f == ACTIVE_TANH)
			for (size_t i = 0; i < n; i++)
				x[i] = hyperbolic(x[i]);
		else if (f == ACTIVE_SIGMOID)
			for (size_t i = 0; i < n; i++)
				x[i] = sigmoid(x[i]);
	}
}

void NAME(active_sum)(float *restrict a, const float *restrict x, const float *restrict y, size_t n,
	enum active f)
{
	if (f == ACTIVE_RELU)
		for (size_t i = 0; i < n; i++)
			a[i] = x[i] + y[i] > 0 ? x[i] + y[i] : 0;
	else
		for (size_t i = 0; i < n; i++)
			a[i] = x[i] + y[i];
}

void NAME(active_backward)(
	float *d, const float *a, size_t ld, size_t rows, size_t n, enum active f)
{
	for (size_t r = 0; r < rows; r++) {
		float *restrict x = d + r * ld;
		const float *restrict y = a + r * ld;

		if (f == ACTIVE_RELU)
			for (size_t i = 0; i < n; i++)
				x[i] = y[i] > 0 ? x[i] : 0;
		else if (f == ACTIVE_TANH)
			for (size_t i = 0; i < n; i++)
				x[i] *= fmaf(-y[i], y[i], 1);
		else if (f == ACTIVE_SIGMOID)
			for (size_t i = 0; i < n; i++)
				x[i] *= fmaf(-y[i], y[i], y[i]);
	}
}
