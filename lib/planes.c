#include "planes.h"

/* Elements are worked on in pieces that stay in the first-level cache. */
enum { PIECE = 1024 };

/* For elements of so many bits:
 *   scatter  byte j of element i goes to out[j * stride + i]
 *   gather   and back
 *   delta    zigzag of the difference to the element before, mod 2^bits
 *   undelta  and back, in place; sum is the element before */
#define FILTERS(bits)                                                                              \
	static void scatter##bits(                                                                 \
		uint8_t *restrict out, size_t stride, const uint8_t *restrict in, size_t n)        \
	{                                                                                          \
		for (size_t j = 0; j < bits / 8; j++)                                              \
			for (size_t i = 0; i < n; i++) {                                           \
				uint##bits##_t x;                                                  \
                                                                                                   \
				memcpy(&x, in + i * sizeof x, sizeof x);                           \
				out[j * stride + i] = (uint8_t)(x >> 8 * j);                       \
			}                                                                          \
	}                                                                                          \
	static void gather##bits(                                                                  \
		uint8_t *restrict out, const uint8_t *restrict in, size_t stride, size_t n)        \
	{                                                                                          \
		for (size_t i = 0; i < n; i++) {                                                   \
			uint##bits##_t x = 0;                                                      \
                                                                                                   \
			for (size_t j = 0; j < bits / 8; j++)                                      \
				x |= (uint##bits##_t)(                                             \
					(uint##bits##_t)in[j * stride + i] << 8 * j);              \
			memcpy(out + i * sizeof x, &x, sizeof x);                                  \
		}                                                                                  \
	}                                                                                          \
	static inline uint##bits##_t zigzag##bits(uint##bits##_t d)                                \
	{                                                                                          \
		return (uint##bits##_t)((uint##bits##_t)(d << 1) ^                                 \
					(uint##bits##_t)(0 - (uint##bits##_t)(d >> (bits - 1))));  \
	}                                                                                          \
	static void delta##bits(uint8_t *restrict out, const uint8_t *restrict in, size_t n)       \
	{                                                                                          \
		for (size_t i = 0; i < n; i++) {                                                   \
			uint##bits##_t x, left, d;                                                 \
                                                                                                   \
			memcpy(&x, in + i * sizeof x, sizeof x);                                   \
			memcpy(&left, in + i * sizeof x - sizeof x, sizeof x);                     \
			d = zigzag##bits((uint##bits##_t)(x - left));                              \
			memcpy(out + i * sizeof d, &d, sizeof d);                                  \
		}                                                                                  \
	}                                                                                          \
	static uint##bits##_t undelta##bits(uint8_t *data, size_t n, uint##bits##_t sum)           \
	{                                                                                          \
		for (size_t i = 0; i < n; i++) {                                                   \
			uint##bits##_t z;                                                          \
                                                                                                   \
			memcpy(&z, data + i * sizeof z, sizeof z);                                 \
			z = (uint##bits##_t)(                                                      \
				(z >> 1) ^ (uint##bits##_t)(0 - (uint##bits##_t)(z & 1)));         \
			sum = (uint##bits##_t)(sum + z);                                           \
			memcpy(data + i * sizeof sum, &sum, sizeof sum);                           \
		}                                                                                  \
		return sum;                                                                        \
	}                                                                                          \
	static void filter##bits(uint8_t *out, const uint8_t *in, size_t n, bool with_delta)       \
	{                                                                                          \
		_Alignas(64) uint8_t piece[PIECE * bits / 8];                                      \
		const size_t w = bits / 8;                                                         \
		uint##bits##_t first = 0;                                                          \
                                                                                                   \
		for (size_t from = 0; from < n; from += PIECE) {                                   \
			size_t m = from + PIECE < n ? PIECE : n - from;                            \
                                                                                                   \
			if (!with_delta) {                                                         \
				scatter##bits(out + from, n, in + from * w, m);                    \
				continue;                                                          \
			}                                                                          \
			if (from) {                                                                \
				delta##bits(piece, in + from * w, m);                              \
			} else {                                                                   \
				memcpy(&first, in, w);                                             \
				first = zigzag##bits(first);                                       \
				memcpy(piece, &first, w);                                          \
				delta##bits(piece + w, in + w, m - 1);                             \
			}                                                                          \
			scatter##bits(out + from, n, piece, m);                                    \
		}                                                                                  \
	}                                                                                          \
	static void unfilter##bits(uint8_t *out, const uint8_t *in, size_t n, bool with_delta)     \
	{                                                                                          \
		uint##bits##_t sum = 0;                                                            \
                                                                                                   \
		for (size_t from = 0; from < n; from += PIECE) {                                   \
			size_t m = from + PIECE < n ? PIECE : n - from;                            \
			uint8_t *to = out + from * (bits / 8);                                     \
                                                                                                   \
			gather##bits(to, in + from, n, m);                                         \
			if (with_delta)                                                            \
				sum = undelta##bits(to, m, sum);                                   \
		}                                                                                  \
	}
FILTERS(16)
FILTERS(32)
FILTERS(64)

void SIMD_NAME(planes_split)(uint8_t *out, const uint8_t *in, size_t n, size_t w, bool delta)
{
	if (w == 2)
		filter16(out, in, n, delta);
	else if (w == 4)
		filter32(out, in, n, delta);
	else
		filter64(out, in, n, delta);
}

void SIMD_NAME(planes_join)(uint8_t *out, const uint8_t *in, size_t n, size_t w, bool delta)
{
	if (w == 2)
		unfilter16(out, in, n, delta);
	else if (w == 4)
		unfilter32(out, in, n, delta);
	else
		unfilter64(out, in, n, delta);
}
