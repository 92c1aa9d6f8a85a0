#include "plain.h"

#include <stdlib.h>
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "mem.h"

enum { STEP = 64, WIDE = 16 };

typedef uint8_t bytes_16 __attribute__((vector_size(WIDE)));

/* Bit i is set where byte i is 0xFF; bytes are 0 or 0xFF. */
static inline uint64_t bits(bytes_16 mask)
{
#if defined(__SSE2__)
	return (uint64_t)(uint32_t)_mm_movemask_epi8((__m128i)mask);
#else
	uint64_t all = 0;

	for (unsigned i = 0; i < WIDE; i++)
		all |= (uint64_t)(mask[i] & 1) << i;
	return all;
#endif
}

/* Whether the CR of 64 bytes stand before LF, and nothing else of them is odd. */
static bool only_crlf(struct plain *p, const char *text, size_t n, uint64_t odd)
{
	for (; odd; odd &= odd - 1) {
		size_t i = (unsigned)__builtin_ctzll(odd);

		if (i < n && (text[i] != '\r' || text[i + 1] != '\n'))
			return false;
		p->crlf = true;
	}
	return true;
}

/* Puts the places of separators and line ends to p->stop; returns how many, 0 when not plain. */
static size_t find_stops(struct plain *p, size_t n, char separator, char quote)
{
	const bytes_16 zero = { 0 }, separators = zero + (uint8_t)separator, lf = zero + '\n';
	const bytes_16 quotes = zero + (uint8_t)quote, cr = zero + '\r';
	size_t found = 0;

	for (size_t at = 0; at < n; at += STEP) {
		uint64_t stops = 0, odd = 0;
		bytes_16 x[STEP / WIDE];

		if (n - at < STEP)
			memset(x, '0', STEP);
		memcpy(x, p->text + at, n - at < STEP ? n - at : STEP);
		for (unsigned i = 0; i < STEP / WIDE; i++) {
			odd |= bits((bytes_16)((x[i] == quotes) | (x[i] == cr) | (x[i] == zero)))
			       << WIDE * i;
			stops |= bits((bytes_16)((x[i] == separators) | (x[i] == lf))) << WIDE * i;
		}
		if (odd && !only_crlf(p, p->text + at, n - at, odd))
			return 0;
		if (found + STEP >= p->room) {
			p->room = 2 * p->room + 16384;
			p->stop = mem_grow(p->stop, p->room + 1, sizeof *p->stop);
		}
		for (; stops; stops &= stops - 1)
			p->stop[++found] = (uint32_t)(at + (unsigned)__builtin_ctzll(stops));
	}
	return found;
}

bool plain_cut(
	struct plain *p, const char *text, size_t n, char separator, size_t columns, bool quotes)
{
	size_t found, lines = 0;

	p->text = text;
	p->columns = columns;
	p->rows = 0;
	p->crlf = false;
	if (columns < 2 || n == 0 || n >= UINT32_MAX || text[n - 1] != '\n')
		return false;
	found = find_stops(p, n, separator, quotes ? '"' : 0);
	if (found == 0 || found % columns != 0)
		return false;
	p->stop[0] = UINT32_MAX; /* one less than where the first field begins */
	for (size_t i = columns; i <= found; i += columns)
		if (text[p->stop[i]] != '\n' || p->stop[i] - p->stop[i - columns] > CSV_FIELD)
			return false;
	for (size_t i = 1; i <= found; i++)
		lines += text[p->stop[i]] == '\n';
	p->rows = found / columns;
	return lines == p->rows;
}

void plain_free(struct plain *p)
{
	free(p->stop);
}
