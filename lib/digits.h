/* digits -- short decimal text -> number, eight bytes at a time. Owns: digits in a machine word.
 *
 * A leaf. Text is n bytes of which at least 8 (of an integer of more than 8 bytes: all n) can be
 * read, however many belong to it. Nothing depends on how long the digits are but their count, so
 * that fields of mixed lengths cost no wrong guesses. */
#ifndef DIGITS_H
#define DIGITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define DIGITS_ZEROS 0x3030303030303030u
#define DIGITS_NONE UINT64_MAX

static inline uint64_t digits_load(const char *text)
{
	uint64_t word;

	memcpy(&word, text, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	return word;
}

/* Whether every byte of x, the text XOR zeros, is 0 .. 9. */
static inline bool digits_are(uint64_t x)
{
	return (((x + 0x7676767676767676u) | x) & 0x8080808080808080u) == 0;
}

/* The number whose eight digits are the bytes of x, the first in the lowest: pairs, then fours. */
static inline uint64_t digits_sum(uint64_t x)
{
	const uint64_t mask = 0x000000FF000000FFu;

	x = x * 10 + (x >> 8);
	return ((x & mask) * 0x000F424000000064u + (x >> 16 & mask) * 0x0000271000000001u) >> 32;
}

/* The number that n bytes write, the first of them in the lowest byte of head, as printf would: 1
 * to 8 digits, no zero before others; else DIGITS_NONE. */
static inline uint64_t digits_canonical(uint64_t head, size_t n)
{
	uint64_t x = (head ^ DIGITS_ZEROS) << ((64 - 8 * n) & 63);
	bool good = n - 1 < 8 && digits_are(x) && ((head & 0xFF) != '0' || n == 1);

	return good ? digits_sum(x) : DIGITS_NONE;
}

/* [-] digits, at most one point among them, 8 bytes at most after the sign and less than 2^24
 * without the point: so few that one division of floats rounds once. False: not so. */
bool digits_float(float *x, const char *text, size_t n);

bool digits_integer(int64_t *x, const char *text, size_t n); /* 1 to 16 digits */

#endif
