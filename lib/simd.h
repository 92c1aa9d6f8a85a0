/* simd -- one vector type over every instruction set. Owns: which kernels run.
 *
 * Kernel files (MULTI in the Makefile) are compiled once for each instruction set, with
 * SIMD_SUFFIX = _base, _v3 (AVX2 + FMA) or _v4 (AVX-512). They write their loops over `vf`, a
 * vector of VW floats, and name their functions SIMD_NAME(f). Elsewhere SIMD_CALL(f, ...) calls
 * the copy for this machine, and SIMD_PICK(f) is it. Every copy MUST give the same bits: lanes
 * never meet except through vf_sum16's fixed tree, and products are fused only where vf_fma or fmaf
 * stands. */
#ifndef SIMD_H
#define SIMD_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum simd { SIMD_BASE, SIMD_V3, SIMD_V4 };

/* The widest set that this machine has; the environment's RS_SIMD=base|v3|v4 lowers it. */
enum simd simd_level(void);

#if defined(__x86_64__)
#define SIMD_DECLARE(type, name, args)                                                             \
	type name##_base args;                                                                     \
	type name##_v3 args;                                                                       \
	type name##_v4 args
#define SIMD_PICK(name)                                                                            \
	(simd_level() == SIMD_V4 ? name##_v4 : simd_level() == SIMD_V3 ? name##_v3 : name##_base)
#else
#define SIMD_DECLARE(type, name, args) type name##_base args
#define SIMD_PICK(name) (name##_base)
#endif
#define SIMD_CALL(name, ...) SIMD_PICK(name)(__VA_ARGS__)

#ifdef SIMD_SUFFIX
#define SIMD_PASTE2(a, b) a##b
#define SIMD_PASTE(a, b) SIMD_PASTE2(a, b)
#define SIMD_NAME(name) SIMD_PASTE(name, SIMD_SUFFIX)

#if defined(__AVX512F__)
#include <immintrin.h>
enum { VW = 16 };
typedef __m512 vf;
static inline vf vf_load(const float *p)
{
	return _mm512_loadu_ps(p);
}
static inline void vf_store(float *p, vf x)
{
	_mm512_storeu_ps(p, x);
}
static inline vf vf_set(float x)
{
	return _mm512_set1_ps(x);
}
static inline vf vf_fma(vf a, vf b, vf c)
{
	return _mm512_fmadd_ps(a, b, c);
}
static inline vf vf_max(vf a, vf b) /* b where either is NaN */
{
	return _mm512_max_ps(a, b);
}
static inline vf vf_sqrt(vf a)
{
	return _mm512_sqrt_ps(a);
}
static inline vf vf_where_positive(vf test, vf x) /* x where test > 0, else 0 */
{
	return _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(test, _mm512_setzero_ps(), _CMP_GT_OQ), x);
}
static inline int vf_any_above(vf a, vf b) /* whether a lane of a is greater than that of b */
{
	return _mm512_cmp_ps_mask(a, b, _CMP_GT_OQ) != 0;
}
static inline unsigned vf_nonzero(vf x) /* a bit for each lane that is not 0 */
{
	return _mm512_cmp_ps_mask(x, _mm512_setzero_ps(), _CMP_NEQ_UQ);
}
static inline unsigned vf_have(const uint32_t *x, uint32_t bit) /* one for each of VW words that has it */
{
	return _mm512_test_epi32_mask(_mm512_loadu_si512(x), _mm512_set1_epi32((int)bit));
}
#elif defined(__AVX2__) && defined(__FMA__)
#include <immintrin.h>
enum { VW = 8 };
typedef __m256 vf;
static inline vf vf_load(const float *p)
{
	return _mm256_loadu_ps(p);
}
static inline void vf_store(float *p, vf x)
{
	_mm256_storeu_ps(p, x);
}
static inline vf vf_set(float x)
{
	return _mm256_set1_ps(x);
}
static inline vf vf_fma(vf a, vf b, vf c)
{
	return _mm256_fmadd_ps(a, b, c);
}
static inline vf vf_max(vf a, vf b)
{
	return _mm256_max_ps(a, b);
}
static inline vf vf_sqrt(vf a)
{
	return _mm256_sqrt_ps(a);
}
static inline vf vf_where_positive(vf test, vf x)
{
	return _mm256_and_ps(_mm256_cmp_ps(test, _mm256_setzero_ps(), _CMP_GT_OQ), x);
}
static inline int vf_any_above(vf a, vf b)
{
	return _mm256_movemask_ps(_mm256_cmp_ps(a, b, _CMP_GT_OQ)) != 0;
}
static inline unsigned vf_nonzero(vf x)
{
	return (unsigned)_mm256_movemask_ps(_mm256_cmp_ps(x, _mm256_setzero_ps(), _CMP_NEQ_UQ));
}
static inline unsigned vf_have(const uint32_t *x, uint32_t bit)
{
	__m256i one = _mm256_set1_epi32((int)bit), y = _mm256_loadu_si256((const __m256i *)x);

	return (unsigned)_mm256_movemask_ps(
		_mm256_castsi256_ps(_mm256_cmpeq_epi32(_mm256_and_si256(y, one), one)));
}
#else
enum { VW = 4 };
typedef float vf __attribute__((vector_size(16)));
static inline vf vf_load(const float *p)
{
	vf x;

	memcpy(&x, p, sizeof x);
	return x;
}
static inline void vf_store(float *p, vf x)
{
	memcpy(p, &x, sizeof x);
}
static inline vf vf_set(float x)
{
	return (vf){ x, x, x, x };
}
static inline vf vf_fma(vf a, vf b, vf c)
{
	return (vf){ fmaf(a[0], b[0], c[0]), fmaf(a[1], b[1], c[1]), fmaf(a[2], b[2], c[2]),
		fmaf(a[3], b[3], c[3]) };
}
static inline vf vf_max(vf a, vf b)
{
	return (vf){ a[0] > b[0] ? a[0] : b[0], a[1] > b[1] ? a[1] : b[1],
		a[2] > b[2] ? a[2] : b[2], a[3] > b[3] ? a[3] : b[3] };
}
static inline vf vf_sqrt(vf a)
{
	return (vf){ sqrtf(a[0]), sqrtf(a[1]), sqrtf(a[2]), sqrtf(a[3]) };
}
static inline vf vf_where_positive(vf test, vf x)
{
	return (vf){ test[0] > 0 ? x[0] : 0, test[1] > 0 ? x[1] : 0, test[2] > 0 ? x[2] : 0,
		test[3] > 0 ? x[3] : 0 };
}
static inline int vf_any_above(vf a, vf b)
{
	return a[0] > b[0] || a[1] > b[1] || a[2] > b[2] || a[3] > b[3];
}
static inline unsigned vf_nonzero(vf x)
{
	return (unsigned)(x[0] != 0) | (unsigned)(x[1] != 0) << 1 | (unsigned)(x[2] != 0) << 2 |
	       (unsigned)(x[3] != 0) << 3;
}
static inline unsigned vf_have(const uint32_t *x, uint32_t bit)
{
	return (unsigned)((x[0] & bit) != 0) | (unsigned)((x[1] & bit) != 0) << 1 |
	       (unsigned)((x[2] & bit) != 0) << 2 | (unsigned)((x[3] & bit) != 0) << 3;
}
#endif

/* Sixteen lanes, whatever VW: x[0..15] summed as ((x0+x8)+(x4+x12)) + ... , one fixed tree. */
static inline float vf_sum16(const float x[16])
{
	float a[8], b[4];

	for (int i = 0; i < 8; i++)
		a[i] = x[i] + x[i + 8];
	for (int i = 0; i < 4; i++)
		b[i] = a[i] + a[i + 4];
	return (b[0] + b[2]) + (b[1] + b[3]);
}
enum { VF_PER = 16 / VW }; /* vectors for 16 lanes */

typedef float vf_four __attribute__((vector_size(16)));

/* Where speed matters, loops over a known width are unrolled, so that a row stays in registers.
 * (clang does it by itself. Sanitizers would take minutes to compile it.) */
#if defined(__AVX2__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define SIMD_NARROW 1
#else
#define SIMD_NARROW 0
#endif
#if SIMD_NARROW && !defined(__clang__)
#define SIMD_UNROLL _Pragma("GCC unroll 16")
#else
#define SIMD_UNROLL
#endif
#define SIMD_INLINE static inline __attribute__((always_inline))

/* A loop by whole vectors, then by what is left: left to themselves, compilers take 16 floats one
 * by one. */
#define VF_EACH(d, n, vector, scalar)                                                              \
	do {                                                                                       \
		size_t d = 0;                                                                      \
                                                                                                   \
		for (; d + VW <= (n); d += VW)                                                     \
			vector;                                                                    \
		for (; d < (n); d++)                                                               \
			scalar;                                                                    \
	} while (0)

/* vf_sum16 of four vectors at once: the same tree. */
#if defined(__AVX512F__)
SIMD_INLINE vf_four vf_sum_four(vf x[4][VF_PER])
{
	const __m512i firsts = _mm512_set_epi32(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 12, 8, 4, 0);
	vf a = _mm512_shuffle_f32x4(x[0][0], x[1][0], 0x44) +
	       _mm512_shuffle_f32x4(x[0][0], x[1][0], 0xEE);
	vf b = _mm512_shuffle_f32x4(x[2][0], x[3][0], 0x44) +
	       _mm512_shuffle_f32x4(x[2][0], x[3][0], 0xEE);
	vf c = _mm512_shuffle_f32x4(a, b, 0x88) + _mm512_shuffle_f32x4(a, b, 0xDD);

	c += _mm512_permute_ps(c, 0x4E);
	c += _mm512_permute_ps(c, 0xB1);
	return (vf_four)_mm512_castps512_ps128(_mm512_permutexvar_ps(firsts, c));
}
#elif defined(__AVX2__) && defined(__FMA__)
SIMD_INLINE vf_four vf_sum_four(vf x[4][VF_PER])
{
	vf a[4], even, odd, c;

	for (int j = 0; j < 4; j++)
		a[j] = x[j][0] + x[j][1];
	even = _mm256_permute2f128_ps(a[0], a[1], 0x20) + _mm256_permute2f128_ps(a[0], a[1], 0x31);
	odd = _mm256_permute2f128_ps(a[2], a[3], 0x20) + _mm256_permute2f128_ps(a[2], a[3], 0x31);
	c = _mm256_shuffle_ps(even, odd, 0x44) + _mm256_shuffle_ps(even, odd, 0xEE);
	c += _mm256_movehdup_ps(c);
	return (vf_four)_mm_blend_ps(
		_mm256_castps256_ps128(c), _mm_moveldup_ps(_mm256_extractf128_ps(c, 1)), 0xA);
}
#else
SIMD_INLINE vf_four vf_sum_four(vf x[4][VF_PER])
{
	float lane[16];
	vf_four sum;

	for (int j = 0; j < 4; j++) {
		for (int h = 0; h < VF_PER; h++)
			vf_store(lane + h * VW, x[j][h]);
		sum[j] = vf_sum16(lane);
	}
	return sum;
}
#endif

#endif /* SIMD_SUFFIX */

#endif
