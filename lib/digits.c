#include "digits.h"

enum { MOST = 8, POINT = '.' ^ '0' };

/* 0x80 in the bytes of x that are the point. */
static uint64_t points(uint64_t x)
{
	const uint64_t low = 0x7F7F7F7F7F7F7F7Fu, y = x ^ POINT * 0x0101010101010101u;

	return ~(((y & low) + low) | y | low);
}

bool digits_float(float *x, const char *text, size_t n)
{
	static const float power[] = { 1, 1e1F, 1e2F, 1e3F, 1e4F, 1e5F, 1e6F, 1e7F };
	bool negative = n && *text == '-';
	uint64_t head, word, point, above, number;
	unsigned bit;

	n -= negative;
	if (n < 1 || n > MOST)
		return false;
	head = digits_load(text) >> 8 * negative;
	if (negative && n == MOST)
		head |= (uint64_t)(uint8_t)text[MOST] << 56;
	word = (head ^ DIGITS_ZEROS) << (64 - 8 * n);
	/* the digits before the point move up to those after it; without one, it is as if it stood
	 * behind all, but nothing moves */
	point = points(word);
	bit = (unsigned)__builtin_ctzll(point | (uint64_t)1 << 63) - 7;
	above = ~(uint64_t)0xFF << bit;
	word = point ? (word & above) | (word & ~(above | (uint64_t)0xFF << bit)) << 8 : word;
	number = digits_sum(word);
	if (!digits_are(word) || number >> 24 || (point && n == 1))
		return false;
	*x = (float)(int32_t)number / power[(56 - bit) / 8];
	*x = negative ? -*x : *x;
	return true;
}

bool digits_integer(int64_t *x, const char *text, size_t n)
{
	uint64_t high = 0, low;

	if (n < 1 || n > 2 * MOST)
		return false;
	if (n > MOST) {
		high = (digits_load(text) ^ DIGITS_ZEROS) << (128 - 8 * n);
		low = digits_load(text + n - MOST) ^ DIGITS_ZEROS;
	} else {
		low = (digits_load(text) ^ DIGITS_ZEROS) << (64 - 8 * n);
	}
	*x = (int64_t)(digits_sum(high) * 100000000 + digits_sum(low));
	return digits_are(high) && digits_are(low);
}
