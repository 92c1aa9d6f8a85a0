#include "stops.h"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

/* 64 bytes, and which of them are equal to a byte: bit i for byte i. */
#if defined(__AVX512BW__)
typedef __m512i block;
SIMD_INLINE block load(const void *at)
{
	return _mm512_loadu_si512(at);
}
SIMD_INLINE uint64_t equal(block x, char byte)
{
	return _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8(byte));
}
#elif defined(__AVX2__)
typedef struct {
	__m256i part[2];
} block;
SIMD_INLINE block load(const void *at)
{
	const __m256i *from = at;

	return (block){ { _mm256_loadu_si256(from), _mm256_loadu_si256(from + 1) } };
}
SIMD_INLINE uint64_t equal(block x, char byte)
{
	__m256i all = _mm256_set1_epi8(byte);
	uint32_t low = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(x.part[0], all));
	uint32_t high = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(x.part[1], all));

	return (uint64_t)high << 32 | low;
}
#elif defined(__SSE2__)
typedef struct {
	__m128i part[4];
} block;
SIMD_INLINE block load(const void *at)
{
	const __m128i *from = at;

	return (block){ { _mm_loadu_si128(from), _mm_loadu_si128(from + 1),
		_mm_loadu_si128(from + 2), _mm_loadu_si128(from + 3) } };
}
SIMD_INLINE uint64_t equal(block x, char byte)
{
	__m128i all = _mm_set1_epi8(byte);
	uint64_t bits = 0;

	for (int i = 0; i < 4; i++)
		bits |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(x.part[i], all))
			<< 16 * i;
	return bits;
}
#else
typedef struct {
	char byte[STOPS_STEP];
} block;
SIMD_INLINE block load(const void *at)
{
	block x;

	memcpy(&x, at, sizeof x);
	return x;
}
SIMD_INLINE uint64_t equal(block x, char byte)
{
	uint64_t bits = 0;

	for (int i = 0; i < STOPS_STEP; i++)
		bits |= (uint64_t)(x.byte[i] == byte) << i;
	return bits;
}
#endif

/* Bits to places, eight at a time: whether there are more is a better guess than how many. */
SIMD_INLINE size_t spread(uint32_t *to, uint64_t bits, uint32_t at)
{
	size_t n = (size_t)__builtin_popcountll(bits);

	for (size_t i = 0; i < n; i += 8)
		for (size_t k = i; k < i + 8; k++, bits &= bits - 1)
			to[k] = at + (uint32_t)__builtin_ctzll(bits | (uint64_t)1 << 63);
	return n;
}

void SIMD_NAME(stops_find)(struct stops *s)
{
	char last[STOPS_STEP];
	uint64_t odd = 0, any_cr = 0, blank = 0;

	for (; s->at < s->n && s->found <= s->room; s->at += STOPS_STEP) {
		size_t left = s->n - s->at;
		const char *from = s->text + s->at;
		uint64_t line_ends, separators, cr;
		block x;

		if (left < STOPS_STEP) {
			memset(last, '0', sizeof last);
			from = memcpy(last, from, left);
		}
		x = load(from);
		line_ends = equal(x, '\n');
		separators = equal(x, s->separator);
		cr = equal(x, '\r');
		/* the text ends in LF, so a CR always has a byte after it */
		if (cr)
			odd |= (cr & ~(line_ends >> 1) & ~((uint64_t)1 << 63)) |
			       (cr >> 63 && s->text[s->at + STOPS_STEP] != '\n');
		odd |= equal(x, s->quote) | equal(x, 0);
		blank |= (equal(x, ' ') | equal(x, '\t')) & ~separators;
		any_cr |= cr;
		s->lines += (size_t)__builtin_popcountll(line_ends);
		s->found += spread(s->stop + s->found, line_ends | separators, (uint32_t)s->at);
	}
	s->odd |= odd != 0;
	s->crlf |= any_cr != 0;
	s->blank |= blank != 0;
}
