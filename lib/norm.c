#include "norm.h"

#define NAME(f) SIMD_NAME(f)

/* sum_i a[i] b[i]; b NULL: sum_i a[i]. Sixteen chains, whatever the width of a vector. */
static float sum(const float *a, const float *b, size_t n)
{
	float lane[16] = { 0 };

	for (size_t i = 0; i < n; i++)
		lane[i % 16] = b ? fmaf(a[i], b[i], lane[i % 16]) : lane[i % 16] + a[i];
	return vf_sum16(lane);
}

void NAME(norm_rows)(float *u, float *inverse, size_t ld, size_t rows, size_t n)
{
	for (size_t r = 0; r < rows; r++) {
		float *x = u + r * ld, mean = sum(x, NULL, n) / (float)n;

		for (size_t i = 0; i < n; i++)
			x[i] -= mean;
		inverse[r] = 1 / sqrtf(sum(x, x, n) / (float)n + NORM_EPSILON);
		for (size_t i = 0; i < n; i++)
			x[i] *= inverse[r];
	}
}

void NAME(norm_rows_backward)(float *d, const float *xhat, const float *inverse, const float *gain,
	size_t ld, size_t rows, size_t n)
{
	for (size_t r = 0; r < rows; r++) {
		float *g = d + r * ld, first, second;
		const float *x = xhat + r * ld;

		for (size_t i = 0; i < n; i++)
			g[i] *= gain[i];
		first = sum(g, NULL, n) / (float)n;
		second = sum(g, x, n) / (float)n;
		for (size_t i = 0; i < n; i++)
			g[i] = inverse[r] * fmaf(-x[i], second, g[i] - first);
	}
}

void NAME(norm_moments)(
	float *mean, float *variance, const float *u, size_t ld, size_t rows, size_t n)
{
	memset(mean, 0, n * sizeof *mean);
	memset(variance, 0, n * sizeof *variance);
	for (size_t r = 0; r < rows; r++)
		for (size_t i = 0; i < n; i++)
			mean[i] += u[r * ld + i];
	for (size_t i = 0; i < n; i++)
		mean[i] /= (float)rows;
	for (size_t r = 0; r < rows; r++)
		for (size_t i = 0; i < n; i++) {
			float x = u[r * ld + i] - mean[i];

			variance[i] = fmaf(x, x, variance[i]);
		}
	for (size_t i = 0; i < n; i++)
		variance[i] /= (float)rows;
}

void NAME(norm_columns)(float *restrict u, const float *restrict mean,
	const float *restrict inverse, size_t ld, size_t rows, size_t n)
{
	for (size_t r = 0; r < rows; r++)
		for (size_t i = 0; i < n; i++)
			u[r * ld + i] = (u[r * ld + i] - mean[i]) * inverse[i];
}

void NAME(norm_sums)(float *restrict gain, float *restrict shift, const float *dy,
	const float *xhat, size_t ld, size_t rows, size_t n)
{
	memset(gain, 0, n * sizeof *gain);
	memset(shift, 0, n * sizeof *shift);
	for (size_t r = 0; r < rows; r++)
		for (size_t i = 0; i < n; i++) {
			gain[i] = fmaf(dy[r * ld + i], xhat[r * ld + i], gain[i]);
			shift[i] += dy[r * ld + i];
		}
}

void NAME(norm_columns_backward)(float *restrict d, const float *restrict xhat,
	const float *restrict inverse, const float *restrict gain, const float *restrict gain_sum,
	const float *restrict shift_sum, size_t batch, size_t ld, size_t rows, size_t n)
{
	float share = 1 / (float)batch;

	for (size_t r = 0; r < rows; r++)
		for (size_t i = 0; i < n; i++) {
			float g = d[r * ld + i] - share * shift_sum[i];

			g = fmaf(-share * gain_sum[i], xhat[r * ld + i], g);
			d[r * ld + i] = gain[i] * inverse[i] * g;
		}
}

void NAME(norm_scale)(float *restrict y, const float *restrict xhat, const float *restrict gain,
	const float *restrict shift, size_t ld, size_t rows, size_t n)
{
	for (size_t r = 0; r < rows; r++)
		for (size_t i = 0; i < n; i++)
			y[r * ld + i] = fmaf(gain[i], xhat[r * ld + i], shift[i]);
}
