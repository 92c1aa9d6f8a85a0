/* ahead -- what the next rows read, got while other work goes on. Owns: the list of it, the
 * standardising of numbers.
 *
 * Arithmetic keeps the multipliers busy, copying keeps memory busy: done in turns, either waits. So
 * a product takes some steps of such a list between its sums (gemm.h). A step is a line of 16
 * floats: one that is standardised into its place, or one that is only asked for. */
#ifndef AHEAD_H
#define AHEAD_H

#include <stddef.h>

#include "simd.h"

enum {
	AHEAD_LINE = 16, /* floats */
	AHEAD_SOON = 4, /* rows that are asked for before their turn */
};

/* to[j] = (from[j] - mean[j]) scale[j], j < n, n >= 16. */
struct ahead_row {
	const float *from, *mean, *scale;
	float *to;
	size_t n;
};

/* What is left to do; {0}: nothing. */
struct ahead {
	const struct ahead_row *row; /* `rows` of them, and AHEAD_SOON more that are asked for */
	size_t rows, done; /* done: numbers of the first row */
	const float *const *line; /* to be asked for */
	size_t lines;
	size_t steps; /* that there were at first, */
	size_t pace; /* and that are taken at a time */
};

/* All that is to be standardised; the rest is forgotten. */
SIMD_DECLARE(void, ahead_rest, (struct ahead * a));

/* x[j] = (number[j] - mean[j]) scale[j], j < n. */
SIMD_DECLARE(void, ahead_numbers,
	(float *x, const float *number, const float *mean, const float *scale, size_t n));

#ifdef SIMD_SUFFIX
/* At most n lines of the first row; returns how many. The last one begins 16 numbers from the row's
 * end: some are made twice. */
SIMD_INLINE size_t ahead_lines(struct ahead *a, size_t n)
{
	const struct ahead_row row = *a->row;
	const float *soon = a->row[AHEAD_SOON].from;
	size_t at = a->done, lines = (row.n - at + AHEAD_LINE - 1) / AHEAD_LINE;

	n = n < lines ? n : lines;
	for (size_t i = 0; i < n; i++, at += AHEAD_LINE) {
		size_t j = at + AHEAD_LINE > row.n ? row.n - AHEAD_LINE : at;

		__builtin_prefetch(soon + j);
		for (size_t v = j; v < j + AHEAD_LINE; v += VW)
			vf_store(row.to + v, (vf_load(row.from + v) - vf_load(row.mean + v)) *
						     vf_load(row.scale + v));
	}
	a->done = n < lines ? at : 0;
	a->row += n == lines;
	a->rows -= n == lines;
	return n;
}

SIMD_INLINE void ahead_some(struct ahead *a)
{
	size_t n = a->pace;

	while (n && a->rows)
		n -= ahead_lines(a, n);
	for (; n && a->lines; n--, a->lines--)
		__builtin_prefetch(*a->line++);
}
#endif

#endif
