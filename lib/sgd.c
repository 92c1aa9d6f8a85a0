#include "sgd.h"

enum { PER = SGD_LANES / VW }; /* vectors for 16 lanes */

typedef float four __attribute__((vector_size(16)));
typedef double double_four __attribute__((vector_size(32)));

/* Where speed matters, loops over a known width are unrolled, so that a row stays in registers.
 * (clang does it by itself. Sanitizers would take minutes to compile it.) */
#if defined(__AVX2__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define NARROW 1
#else
#define NARROW 0
#endif
#if NARROW && !defined(__clang__)
#define UNROLL _Pragma("GCC unroll 16")
#else
#define UNROLL
#endif
#define INLINE static inline __attribute__((always_inline))

/* vf_sum16 of four vectors at once: the same tree. */
#if defined(__AVX512F__)
INLINE four sum_four(vf x[SGD_GROUP][PER])
{
	const __m512i firsts = _mm512_set_epi32(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 12, 8, 4, 0);
	vf a = _mm512_shuffle_f32x4(x[0][0], x[1][0], 0x44) +
	       _mm512_shuffle_f32x4(x[0][0], x[1][0], 0xEE);
	vf b = _mm512_shuffle_f32x4(x[2][0], x[3][0], 0x44) +
	       _mm512_shuffle_f32x4(x[2][0], x[3][0], 0xEE);
	vf c = _mm512_shuffle_f32x4(a, b, 0x88) + _mm512_shuffle_f32x4(a, b, 0xDD);

	c += _mm512_permute_ps(c, 0x4E);
	c += _mm512_permute_ps(c, 0xB1);
	return (four)_mm512_castps512_ps128(_mm512_permutexvar_ps(firsts, c));
}
#elif defined(__AVX2__) && defined(__FMA__)
INLINE four sum_four(vf x[SGD_GROUP][PER])
{
	vf a[SGD_GROUP], even, odd, c;

	for (int j = 0; j < SGD_GROUP; j++)
		a[j] = x[j][0] + x[j][1];
	even = _mm256_permute2f128_ps(a[0], a[1], 0x20) + _mm256_permute2f128_ps(a[0], a[1], 0x31);
	odd = _mm256_permute2f128_ps(a[2], a[3], 0x20) + _mm256_permute2f128_ps(a[2], a[3], 0x31);
	c = _mm256_shuffle_ps(even, odd, 0x44) + _mm256_shuffle_ps(even, odd, 0xEE);
	c += _mm256_movehdup_ps(c);
	return (four)_mm_blend_ps(
		_mm256_castps256_ps128(c), _mm_moveldup_ps(_mm256_extractf128_ps(c, 1)), 0xA);
}
#else
INLINE four sum_four(vf x[SGD_GROUP][PER])
{
	float lane[SGD_LANES];
	four sum;

	for (int j = 0; j < SGD_GROUP; j++) {
		for (int h = 0; h < PER; h++)
			vf_store(lane + h * VW, x[j][h]);
		sum[j] = vf_sum16(lane);
	}
	return sum;
}
#endif

/* The four numbers p . q[j]; those of j >= n are 0. */
INLINE four dots(const vf *p, float *const *q, size_t n, size_t steps)
{
	vf sum[SGD_GROUP][PER];

	UNROLL
	for (size_t j = 0; j < SGD_GROUP; j++)
		UNROLL
	for (size_t h = 0; h < PER; h++)
		sum[j][h] = vf_set(0);
	UNROLL
	for (size_t v = 0; v < steps; v++)
		UNROLL
	for (size_t j = 0; j < n; j++)
		UNROLL
	for (size_t h = 0; h < PER; h++) {
		vf x = vf_load(q[j] + v * SGD_LANES + h * VW);

		sum[j][h] = vf_fma(p[v * PER + h], x, sum[j][h]);
	}
	return sum_four(sum);
}

/* The factors' step for n ratings of one row, with g[j] = rate w e. */
INLINE void move(vf *p, float *const *q, four g, size_t n, size_t steps, struct sgd_step step)
{
	vf own = vf_set(step.shrink[n]), each = vf_set(step.shrink[1]), gain[SGD_GROUP];

	UNROLL
	for (size_t j = 0; j < n; j++)
		gain[j] = vf_set(g[j]);
	UNROLL
	for (size_t v = 0; v < steps * PER; v++) {
		vf old = p[v], new = old *own;

		UNROLL
		for (size_t j = 0; j < n; j++) {
			vf x = vf_load(q[j] + v * VW);

			new = vf_fma(gain[j], x, new);
			vf_store(q[j] + v * VW, vf_fma(gain[j], old, x * each));
		}
		p[v] = new;
	}
}

/* n <= SGD_GROUP ratings, from number `at` of the block, of the row with factors p. */
INLINE void group(vf *p, float *bias, double_four *error, struct sgd_block block, size_t at,
	size_t n, size_t steps, struct sgd_side col, struct sgd_step step)
{
	const uint16_t *y = block.col + at;
	four label = { 0 }, w = { 0 }, c = { 0 }, e, g;
	float *q[SGD_GROUP];

	UNROLL
	for (size_t j = 0; j < n; j++) {
		q[j] = col.factors + (size_t)y[j] * steps * SGD_LANES;
		label[j] = block.label[at + j];
		c[j] = col.bias[y[j]];
		w[j] = block.weight ? block.weight[at + j] : 1;
	}
	e = ((label - c) - *bias) - dots(p, q, n, steps);
	g = e * (w * step.rate);
	c = c * step.shrink[1] + g;
	UNROLL
	for (size_t j = 0; j < n; j++)
		col.bias[y[j]] = c[j];
	*error += __builtin_convertvector(e * e * w, double_four);
	*bias = *bias * step.shrink[n] + ((g[0] + g[1]) + (g[2] + g[3]));
	move(p, q, g, n, steps, step);
}

INLINE double runs(vf *p, struct sgd_block block, size_t steps, struct sgd_side row,
	struct sgd_side col, struct sgd_step step)
{
	double_four error = { 0 };
	size_t at = 0;

	for (size_t r = 0; r < block.runs; r++) {
		size_t x = block.run[r].row, end = at + block.run[r].n;
		float *home = row.factors + x * steps * SGD_LANES, bias = row.bias[x];

		UNROLL
		for (size_t v = 0; v < steps * PER; v++)
			p[v] = vf_load(home + v * VW);
		for (; at + SGD_GROUP <= end; at += SGD_GROUP)
			group(p, &bias, &error, block, at, SGD_GROUP, steps, col, step);
		if (end - at == 1)
			group(p, &bias, &error, block, at, 1, steps, col, step);
		else if (end - at == 2)
			group(p, &bias, &error, block, at, 2, steps, col, step);
		else if (end - at == 3)
			group(p, &bias, &error, block, at, 3, steps, col, step);
		at = end;
		row.bias[x] = bias;
		UNROLL
		for (size_t v = 0; v < steps * PER; v++)
			vf_store(home + v * VW, p[v]);
	}
	return (error[0] + error[1]) + (error[2] + error[3]);
}

#define WIDTH(name, n, room)                                                                       \
	static double name(const struct sgd_block *block, struct sgd_side row,                     \
		struct sgd_side col, const struct sgd_step *step)                                  \
	{                                                                                          \
		vf p[(room)*PER];                                                                  \
                                                                                                   \
		return runs(p, *block, n, row, col, *step);                                        \
	}
#if NARROW
WIDTH(runs_1, 1, 1)
WIDTH(runs_2, 2, 2)
WIDTH(runs_4, 4, 4)
WIDTH(runs_8, 8, 8)
#endif
WIDTH(runs_any, step->width / SGD_LANES, SGD_WIDTH / SGD_LANES)

double SIMD_NAME(sgd_block)(const struct sgd_block *block, struct sgd_side row, struct sgd_side col,
	const struct sgd_step *step)
{
	switch (step->width / SGD_LANES) {
#if NARROW
	case 1:
		return runs_1(block, row, col, step);
	case 2:
		return runs_2(block, row, col, step);
	case 4:
		return runs_4(block, row, col, step);
	case 8:
		return runs_8(block, row, col, step);
#endif
	default:
		return runs_any(block, row, col, step);
	}
}

float SIMD_NAME(sgd_dot)(const float *a, const float *b, size_t n)
{
	float lane[SGD_LANES], rest[2][SGD_LANES] = { { 0 } };
	size_t whole = n / SGD_LANES * SGD_LANES;
	vf sum[PER];

	for (size_t h = 0; h < PER; h++)
		sum[h] = vf_set(0);
	for (size_t i = 0; i < whole; i += VW)
		sum[i / VW % PER] = vf_fma(vf_load(a + i), vf_load(b + i), sum[i / VW % PER]);
	memcpy(rest[0], a + whole, (n - whole) * sizeof *a);
	memcpy(rest[1], b + whole, (n - whole) * sizeof *b);
	for (size_t h = 0; h < PER; h++) {
		sum[h] = vf_fma(vf_load(rest[0] + h * VW), vf_load(rest[1] + h * VW), sum[h]);
		vf_store(lane + h * VW, sum[h]);
	}
	return vf_sum16(lane);
}
