#include "sieve.h"

/* Several chains overlap. */
void SIMD_NAME(sieve_scores)(float *score, const float *const *p, const float *const *q,
	const float *c, const float *base, size_t dim)
{
	float sum[SIEVE_SIDE];

	for (int j = 0; j < SIEVE_SIDE; j++)
		sum[j] = c[j];
	for (size_t k = 0; k < dim; k++)
		for (int j = 0; j < SIEVE_SIDE; j++)
			sum[j] = fmaf(p[j][k], q[j][k], sum[j]);
	for (int j = 0; j < SIEVE_SIDE; j++)
		score[j] = fmaf(base[j], 1, sum[j]);
}

static inline struct sieve_pair *list(
	struct sieve_pair *pair, uint32_t mask, size_t panel, size_t user)
{
	for (; mask; mask &= mask - 1)
		*pair++ = (struct sieve_pair){ (uint32_t)user,
			(uint32_t)(panel * SIEVE_PANEL) + (uint32_t)__builtin_ctz(mask) };
	return pair;
}

#if defined(__AVX512F__)

enum { TR = 12 }; /* users of a register tile, with two vectors of 16 items */

#define VNNI __attribute__((target("avx512vnni")))

static inline uint32_t VNNI above(
	__m512i sum, const float *scale, const float *bias, float unit, float bound)
{
	__m512 score = _mm512_mul_ps(_mm512_cvtepi32_ps(sum), _mm512_loadu_ps(scale));

	score = _mm512_fmadd_ps(score, _mm512_set1_ps(unit), _mm512_loadu_ps(bias));
	return _mm512_cmp_ps_mask(score, _mm512_set1_ps(bound), _CMP_NLE_UQ);
}

/* Users from .. from + m of one panel; m is a constant where it is inlined. */
static inline __attribute__((always_inline)) VNNI struct sieve_pair *tile(struct sieve_pair *pair,
	const struct sieve *items, size_t p, const struct sieve_users *users, size_t from, int m)
{
	const uint8_t *w = items->panel + p * items->quads * SIEVE_PANEL * 4;
	const float *scale = items->scale + p * SIEVE_PANEL, *bias = items->bias + p * SIEVE_PANEL;
	__m512i sum[TR][2];

#pragma GCC unroll 12
	for (int i = 0; i < m; i++)
		sum[i][0] = sum[i][1] = _mm512_set1_epi32(-users->offset[from + (size_t)i]);
	for (size_t q = 0; q < items->quads; q++) {
		const int32_t *b = users->bytes + q * SIEVE_USERS + from;
		__m512i low = _mm512_loadu_si512(w + q * SIEVE_PANEL * 4);
		__m512i high = _mm512_loadu_si512(w + q * SIEVE_PANEL * 4 + 64);

#pragma GCC unroll 12
		for (int i = 0; i < m; i++) {
			__m512i x = _mm512_set1_epi32(b[i]);

			sum[i][0] = _mm512_dpbusd_epi32(sum[i][0], low, x);
			sum[i][1] = _mm512_dpbusd_epi32(sum[i][1], high, x);
		}
	}
#pragma GCC unroll 12
	for (int i = 0; i < m; i++) {
		size_t u = from + (size_t)i;
		float bound = users->room[u] - users->norm[u] * items->error[p] -
			      users->error[u] * items->norm[p];

		pair = list(pair,
			above(sum[i][0], scale, bias, users->scale[u], bound) |
				above(sum[i][1], scale + 16, bias + 16, users->scale[u], bound)
					<< 16,
			p, u);
	}
	return pair;
}

VNNI size_t SIMD_NAME(sieve_pairs)(
	struct sieve_pair *pair, const struct sieve *items, const struct sieve_users *users)
{
	struct sieve_pair *start = pair;

	for (size_t p = 0; p < items->panels; p++) {
		size_t u = 0;

		for (; u + TR <= users->n; u += TR)
			pair = tile(pair, items, p, users, u, TR);
		for (; u < users->n; u++)
			pair = tile(pair, items, p, users, u, 1);
	}
	return (size_t)(pair - start);
}

#else

size_t SIMD_NAME(sieve_pairs)(
	struct sieve_pair *pair, const struct sieve *items, const struct sieve_users *users)
{
	struct sieve_pair *start = pair;

	for (size_t p = 0; p < items->panels; p++)
		for (size_t u = 0; u < users->n; u++)
			pair = list(pair, UINT32_MAX, p, u);
	return (size_t)(pair - start);
}

#endif
