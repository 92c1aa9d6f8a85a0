#include "dots.h"

enum { FOUR = 4 };

SIMD_INLINE vf_four four_dots(const float *const *a, const float *const *b, size_t width)
{
	vf sum[FOUR][VF_PER];

	SIMD_UNROLL
	for (size_t j = 0; j < FOUR; j++)
		SIMD_UNROLL
	for (size_t h = 0; h < VF_PER; h++)
		sum[j][h] = vf_set(0);
	for (size_t i = 0; i < width; i += DOTS_LANES)
		SIMD_UNROLL
	for (size_t j = 0; j < FOUR; j++)
		SIMD_UNROLL
	for (size_t h = 0; h < VF_PER; h++)
		sum[j][h] =
			vf_fma(vf_load(a[j] + i + h * VW), vf_load(b[j] + i + h * VW), sum[j][h]);
	return vf_sum_four(sum);
}

void SIMD_NAME(dots_pairs)(float *score, const float *p, const float *q, size_t pitch, size_t width,
	const uint32_t *user, const uint32_t *item, size_t n)
{
	for (size_t k = 0; k < n; k += FOUR) {
		size_t m = n - k < FOUR ? n - k : FOUR;
		const float *a[FOUR], *b[FOUR];
		vf_four s;

		for (size_t j = 0; j < FOUR; j++) {
			size_t e = k + (j < m ? j : 0);

			a[j] = p + user[e] * pitch;
			b[j] = q + item[e] * pitch;
		}
		s = four_dots(a, b, width);
		for (size_t j = 0; j < m; j++)
			score[k + j] = s[j];
	}
}

/* The sum's columns i .. i + 16 groups, which stay in registers. */
SIMD_INLINE void gather(float *g, const float *q, size_t pitch, const uint32_t *id, const float *c,
	const uint32_t *pair, size_t n, size_t groups)
{
	vf sum[FOUR * VF_PER];

	SIMD_UNROLL
	for (size_t h = 0; h < groups * VF_PER; h++)
		sum[h] = vf_set(0);
	for (size_t e = 0; e < n; e++) {
		const float *row = q + id[pair[e]] * pitch;
		vf x = vf_set(c[pair[e]]);

		SIMD_UNROLL
		for (size_t h = 0; h < groups * VF_PER; h++)
			sum[h] = vf_fma(x, vf_load(row + h * VW), sum[h]);
	}
	SIMD_UNROLL
	for (size_t h = 0; h < groups * VF_PER; h++)
		vf_store(g + h * VW, sum[h]);
}

void SIMD_NAME(dots_gather)(float *g, const float *q, size_t pitch, size_t width,
	const uint32_t *id, const float *c, const uint32_t *pair, size_t n)
{
	size_t i = 0;

	for (; i + 4 * DOTS_LANES <= width; i += 4 * DOTS_LANES)
		gather(g + i, q + i, pitch, id, c, pair, n, 4);
	for (; i + 2 * DOTS_LANES <= width; i += 2 * DOTS_LANES)
		gather(g + i, q + i, pitch, id, c, pair, n, 2);
	for (; i < width; i += DOTS_LANES)
		gather(g + i, q + i, pitch, id, c, pair, n, 1);
}
