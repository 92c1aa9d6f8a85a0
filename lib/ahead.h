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
	AHEAD_SOON = 4, /* rows that are made together, and asked for before their turn */
};

/* to[j] = (from[j] - mean[j]) scale[j], j < n, n >= 16. Rows of the same mean follow each other, and
 * have the same n. */
struct ahead_row {
	const float *from, *mean, *scale;
	float *to;
	size_t n;
};

/* What is left to do; {0}: nothing. */
struct ahead {
	const struct ahead_row *row; /* `rows` of them, and AHEAD_SOON more that are asked for */
	size_t rows, done; /* done: numbers of the first row, or of those that are made together */
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

/* The list at the pace that brings it to its end in so many turns; a NULL: {0}. */
static inline struct ahead ahead_paced(const struct ahead *a, size_t turns)
{
	struct ahead paced = { 0 };

	if (!a || !a->steps)
		return paced;
	paced = *a;
	paced.pace = turns ? (a->steps + turns - 1) / turns : 0;
	return paced;
}

#ifdef SIMD_SUFFIX
/* At least n lines of the first row, or of the first rows together, if they have as many; returns
 * how many. The last line of a row begins 16 numbers from its end: some are made twice. */
SIMD_INLINE size_t ahead_group(struct ahead *a, size_t n, size_t rows)
{
	const struct ahead_row *row = a->row;
	const float *mean = row->mean, *scale = row->scale;
	size_t at = a->done, width = row->n, left = (width - at + AHEAD_LINE - 1) / AHEAD_LINE;
	size_t lines = (n + rows - 1) / rows;

	lines = lines < left ? lines : left;
	for (size_t i = 0; i < lines; i++, at += AHEAD_LINE) {
		size_t from = at + AHEAD_LINE > width ? width - AHEAD_LINE : at;

		for (size_t v = from; v < from + AHEAD_LINE; v += VW) {
			vf m = vf_load(mean + v), s = vf_load(scale + v);

#pragma GCC unroll 4
			for (size_t r = 0; r < rows; r++)
				vf_store(row[r].to + v, (vf_load(row[r].from + v) - m) * s);
		}
#pragma GCC unroll 4
		for (size_t r = 0; r < rows; r++)
			__builtin_prefetch(row[r + AHEAD_SOON].from + from);
	}
	a->done = lines < left ? at : 0;
	if (lines == left) {
		a->row += rows;
		a->rows -= rows;
	}
	return lines * rows;
}

SIMD_INLINE size_t ahead_lines(struct ahead *a, size_t n)
{
	const struct ahead_row *last = a->row + AHEAD_SOON - 1;

	if (a->rows >= AHEAD_SOON && last->mean == a->row->mean)
		return ahead_group(a, n, AHEAD_SOON);
	return ahead_group(a, n, 1);
}

SIMD_INLINE void ahead_some(struct ahead *a)
{
	size_t n = a->pace;

	while (n && a->rows) {
		size_t made = ahead_lines(a, n);

		n = n > made ? n - made : 0;
	}
	for (; n && a->lines; n--, a->lines--)
		__builtin_prefetch(*a->line++);
}
#endif

#endif
