#include "plain.h"

#include <stdlib.h>
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "mem.h"

enum { STEP = 64 };

typedef uint8_t bytes_64 __attribute__((vector_size(STEP)));
typedef uint64_t words_64 __attribute__((vector_size(STEP)));

/* Bit i is set where byte i is 0xFF; bytes are 0 or 0xFF. */
static inline uint64_t bits(const bytes_64 *mask)
{
	uint64_t all = 0;

#if defined(__SSE2__)
	__m128i part[4];

	memcpy(part, mask, STEP);
	for (unsigned i = 0; i < 4; i++)
		all |= (uint64_t)(uint32_t)_mm_movemask_epi8(part[i]) << 16 * i;
#else
	for (unsigned i = 0; i < STEP; i++)
		all |= (uint64_t)((*mask)[i] & 1) << i;
#endif
	return all;
}

static inline bool any(const bytes_64 *mask)
{
	words_64 w = (words_64)*mask;

	return (w[0] | w[1] | w[2] | w[3] | w[4] | w[5] | w[6] | w[7]) != 0;
}

/* Whether 64 bytes at text, some of which are odd, are plain after all: CR that stand before LF. */
static bool only_crlf(struct plain *p, const char *text, const bytes_64 *bytes, char quote)
{
	bytes_64 cr = (bytes_64)(*bytes == '\r');
	bytes_64 bad = (bytes_64)(*bytes == (uint8_t)quote) | (bytes_64)(*bytes == 0);

	for (uint64_t left = bits(&cr); left; left &= left - 1)
		if (text[__builtin_ctzll(left) + 1] != '\n')
			return false;
	p->crlf = true;
	return !any(&bad);
}

/* Puts the places of separators and line ends to p->stop; returns how many, 0 when not plain. */
static size_t find_stops(struct plain *p, size_t n, char separator, char quote)
{
	size_t found = 0;

	for (size_t at = 0; at < n; at += STEP) {
		bytes_64 bytes, odd, stops;

		if (n - at < STEP)
			memset(&bytes, '0', STEP);
		memcpy(&bytes, p->text + at, n - at < STEP ? n - at : STEP);
		odd = (bytes_64)(bytes == (uint8_t)quote) | (bytes_64)(bytes == '\r') |
		      (bytes_64)(bytes == 0);
		if (any(&odd) && !only_crlf(p, p->text + at, &bytes, quote))
			return 0;
		stops = (bytes_64)(bytes == (uint8_t)separator) | (bytes_64)(bytes == '\n');
		if (found + STEP >= p->room) {
			p->room = 2 * p->room + 16384;
			p->stop = mem_grow(p->stop, p->room + 1, sizeof *p->stop);
		}
		for (uint64_t left = bits(&stops); left; left &= left - 1)
			p->stop[++found] = (uint32_t)(at + (unsigned)__builtin_ctzll(left));
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
