#include "cross.h"

#define NAME(f) SIMD_NAME(f)

void NAME(cross_forward)(float *restrict y, const float *restrict x0, const float *restrict u,
	const float *restrict x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		y[i] = fmaf(x0[i], u[i], x[i]);
}

void NAME(cross_backward)(float *restrict du, float *restrict g0, const float *restrict g,
	const float *restrict x0, const float *restrict u, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		du[i] = g[i] * x0[i];
		g0[i] = fmaf(g[i], u[i], g0[i]);
	}
}

void NAME(cross_add)(float *restrict a, const float *restrict b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		a[i] += b[i];
}
