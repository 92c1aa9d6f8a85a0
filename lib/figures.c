#include "figures.h"

#include "digits.h"

enum { STEP = 64 };

#define LOW_BITS 0x7F7F7F7F7F7F7F7Fu
#define HIGH_BITS 0x8080808080808080u
#define POINTS 0x1E1E1E1E1E1E1E1Eu /* '.' ^ '0' */

/* Some fields, in the bytes of words. Loops over them are simple and have no branches, so that they
 * become vectors; those over the text only load. */
struct words {
	uint64_t head[STEP], length[STEP]; /* the first 8 bytes, and how many belong */
	uint64_t bad[STEP]; /* not 0: some other kind of field */
};

SIMD_INLINE size_t load(struct words *w, const struct figures *f, size_t at)
{
	size_t m = f->n - at < STEP ? f->n - at : STEP, columns = f->columns;
	const uint32_t *stop = f->stop + at * columns;
	const char *text = f->text;

	for (size_t i = 0; i < m; i++, stop += columns) {
		uint32_t from = stop[0] + 1;

		w->head[i] = digits_load(text + from);
		w->length[i] = stop[1] - from;
	}
	for (size_t i = m; i < STEP; i++)
		w->head[i] = w->length[i] = 0;
	return m;
}

/* The field's bytes XOR zeros, moved up so that the last is the highest. */
SIMD_INLINE uint64_t align(uint64_t head, uint64_t length)
{
	return (head ^ DIGITS_ZEROS) << ((64 - 8 * length) & 63);
}

/* digits_sum, without products of 64 bits. */
SIMD_INLINE uint64_t sum(uint64_t y)
{
	y = (y << 3) + (y << 1) + (y >> 8);
	y &= 0x00FF00FF00FF00FFu;
	y = (y << 6) + (y << 5) + (y << 2) + (y >> 16);
	y &= 0x0000FFFF0000FFFFu;
	y = (y << 13) + (y << 10) + (y << 9) + (y << 8) + (y << 4) + (y >> 32);
	return y & 0xFFFFFFFFu;
}

SIMD_INLINE uint64_t no_digits(uint64_t y)
{
	return ((y + 0x7676767676767676u) | y) & HIGH_BITS;
}

void SIMD_NAME(figures_ids)(
	uint32_t *id, const struct figures *f, const uint32_t *number, size_t numbers)
{
	struct words w;

	for (size_t at = 0; at < f->n; at += STEP) {
		size_t m = load(&w, f, at);

		for (size_t i = 0; i < STEP; i++) {
			uint64_t head = w.head[i], length = w.length[i];
			uint64_t y = align(head, length), x = sum(y);
			uint64_t zero = ((head & 0xFF) == '0') & (length != 1);
			uint64_t bad = no_digits(y) | (length - 1 > 7) | zero | (x >= numbers);

			w.head[i] = bad ? numbers : x;
		}
		for (size_t i = 0; i < m; i++)
			id[at + i] = number[w.head[i]] - 1;
	}
}

/* Adds those of the first m that are bad to the n that there are. */
SIMD_INLINE size_t add_bad(uint32_t *bad, size_t n, const struct words *w, size_t at, size_t m)
{
	uint64_t any = 0;

	for (size_t i = 0; i < m; i++)
		any |= w->bad[i];
	for (size_t i = 0; i < m && any; i++) {
		bad[n] = (uint32_t)(at + i);
		n += w->bad[i] != 0;
	}
	return n;
}

size_t SIMD_NAME(figures_floats)(float *x, const struct figures *f, uint32_t *bad)
{
	static const float power[] = { 1, 1e1F, 1e2F, 1e3F, 1e4F, 1e5F, 1e6F, 1e7F, -1, -1e1F,
		-1e2F, -1e3F, -1e4F, -1e5F, -1e6F, -1e7F };
	struct words w;
	uint64_t over[STEP]; /* which power to divide by */
	size_t n = 0;

	for (size_t at = 0; at < f->n; at += STEP) {
		size_t m = load(&w, f, at);

		for (size_t i = 0; i < STEP; i++) {
			uint64_t minus = (w.head[i] & 0xFF) == '-', head = w.head[i] >> 8 * minus;
			uint64_t length = w.length[i] - minus, y = align(head, length);
			uint64_t point = y ^ POINTS, above, moved, count;

			/* as digits_float: lower digits move up to where the point was; the lowest
			 * point counts, so that a second is no digit */
			point = ~(((point & LOW_BITS) + LOW_BITS) | point | LOW_BITS);
			point &= 0 - point;
			above = 0 - (point << 1);
			moved = (y & above) | (y & ((point >> 7) - 1)) << 8;
			y = point ? moved : y;
			w.head[i] = sum(y);
			w.bad[i] = no_digits(y) | (length - 1 > 7 - minus) | w.head[i] >> 24 |
				   ((point != 0) & (length == 1));
			count = above & 0x0101010101010101u;
			count += count >> 32;
			count += count >> 16;
			count += count >> 8;
			over[i] = (count & 7) + 8 * minus;
		}
		for (size_t i = 0; i < m; i++)
			x[at + i] = (float)(int32_t)w.head[i] / power[over[i]];
		n = add_bad(bad, n, &w, at, m);
	}
	return n;
}

size_t SIMD_NAME(figures_integers)(int64_t *x, const struct figures *f, uint32_t *bad)
{
	struct words w;
	uint64_t tail[STEP] = { 0 };
	size_t n = 0;

	for (size_t at = 0; at < f->n; at += STEP) {
		size_t m = load(&w, f, at);

		for (size_t i = 0; i < m; i++) {
			uint32_t from = f->stop[(at + i) * f->columns] + 1;
			uint64_t more = w.length[i] > 8 ? w.length[i] - 8 : 0;

			/* the last 8 of more than 8 bytes */
			tail[i] = digits_load(f->text + from + (more < 8 ? more : 8));
		}
		for (size_t i = 0; i < STEP; i++) {
			uint64_t length = w.length[i], longer = length > 8;
			uint64_t low = align(tail[i], longer ? 8 : length);
			uint64_t high = longer ? align(w.head[i], length - 8) : 0;
			uint64_t y = sum(high), low_sum = sum(low);

			w.bad[i] = no_digits(low) | no_digits(high) | (length - 1 > 15);
			/* 10^8 y, by a product of 32 bits each */
			w.head[i] = (y & 0xFFFFFFFFu) * 100000000u + low_sum;
		}
		for (size_t i = 0; i < m; i++)
			x[at + i] = (int64_t)w.head[i];
		n = add_bad(bad, n, &w, at, m);
	}
	return n;
}
