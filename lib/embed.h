/* embed -- embedding tables. Owns: gathering rows, the FM term, gradients of embeddings by id.
 *
 * A gradient over a batch is summed in the shards of par.h. */
#ifndef EMBED_H
#define EMBED_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "optim.h"
#include "simd.h"

/* One more row than ids: the last one stays zero and stands for "unknown". */
struct embed_table {
	size_t rows, dim;
	float *w, *m, *v; /* (rows + 1, dim); NULL when dim is 0 */
	float *linear, *linear_m, *linear_v; /* (rows + 1); NULL without a first order */
};

/* x[r] <- w[id[r]], rows of x ldx apart; linear[r] += linear weight. */
SIMD_DECLARE(void, embed_gather,
	(float *x, size_t ldx, float *linear, const struct embed_table *t, const uint32_t *id,
		size_t n));

/* The n ids of one row's multi-valued field. */
struct embed_bag {
	uint32_t base, values,
		unknown; /* ids below values are rows base + id, others row unknown */
	bool sum; /* else the mean */
	const uint32_t *id;
	const float *weight; /* of each; NULL: all are 1 */
	size_t n;
};

/* The share of a weight of 1: 1 in a sum, else 1 / sum_i |weight[i]|. */
static inline float embed_unit(const float *weight, size_t n, bool sum)
{
	float total = weight ? 0 : (float)n;

	for (size_t i = 0; weight && i < n; i++)
		total += fabsf(weight[i]);
	return sum || !(total > 0) ? 1 : 1 / total;
}

/* x <- weighted mean (or sum) of the rows of w, *linear += that of the linear weights; zero for
 * n = 0. */
SIMD_DECLARE(void, embed_bag,
	(float *x, float *linear, const struct embed_table *t, const struct embed_bag *bag));

/* y (width) <- sum_i share[i] table[id[i]] over n rows of a table, width apart; onto: added to y.
 */
SIMD_DECLARE(void, embed_sum,
	(float *y, const float *table, size_t width, const uint32_t *id, const float *share,
		size_t n, bool onto));

/* A table and the row of it that each row wants. */
struct embed_lookup {
	const float *table;
	const uint32_t *row;
};

/* c[r] (width) <- c[r] (if onto) + the rows looked up in the first table, then in the second
 * (unless its table is NULL), below 0 made 0 if relu; r < n; width is a multiple of 32. */
SIMD_DECLARE(void, embed_join,
	(float *c, size_t width, const struct embed_lookup from[2], size_t n, bool onto,
		bool relu));

/* x[j] <- (number[j] - mean[j]) scale[j]. */
SIMD_DECLARE(void, embed_numbers,
	(float *x, const float *number, const float *mean, const float *scale, size_t n));

/* Second order of a factorization machine for one row.
 *
 *   out = 1/2 sum_d (s_d^2 - sum_f e_fd^2),  s_d = sum_f e_fd
 *
 * e are the `fields` embeddings of dim at x, and x_j v_j of `numbers` numbers (v: (numbers, dim)).
 * s (dim) is kept for the backward pass. Rendle 2010, lemma 3.1. */
SIMD_DECLARE(float, embed_fm,
	(float *s, const float *x, size_t fields, size_t dim, const float *number, size_t numbers,
		const float *v));

/* dx_f += slope (s - e_f) for the `fields` embeddings of one row. */
SIMD_DECLARE(void, embed_fm_backward,
	(float *dx, const float *x, const float *s, float slope, size_t fields, size_t dim));

/* g (dim) = sum_r slope[r] x[r] (s[r] - x[r] v), in shards: the gradient of one number's vector v
 * over rows; x has ldx between rows, s has dim. part: PAR_SHARDS * dim floats. */
SIMD_DECLARE(void, embed_fm_number,
	(float *g, float *part, const float *v, const float *x, size_t ldx, const float *s,
		const float *slope, size_t rows, size_t dim));

/* A share of one field's ids in a batch. */
struct embed_piece {
	const uint32_t *id, *row; /* n entries sorted by id, then row; ids are rows of the table */
	const float *weight; /* of each entry; NULL: 1 */
	size_t n;
	uint32_t first, last; /* the ids that this piece owns, [first, last) */
	bool lazy; /* step only the ids that occur */
	size_t batch;
	const float *dx; /* gradient of the field's slot for row r at dx + r * lddx */
	size_t lddx;
	const float *slope; /* gradient of the linear weight for row r */
};

/* sum[id - first] (width) <- sum over the piece's entries with that id of weight dx[row] (width),
 * and linear[id - first] that of weight slope[row] (linear may be NULL); ids without entries are
 * left as they are. */
SIMD_DECLARE(
	void, embed_sums, (float *sum, float *linear, const struct embed_piece *p, size_t width));

enum { EMBED_TOGETHER = 64 }; /* ids that take their steps together */

/* Adds up the gradients of the piece and takes the optimiser's step. scratch: EMBED_TOGETHER * dim
 * floats. */
SIMD_DECLARE(void, embed_step,
	(struct embed_table * t, const struct embed_piece *p, const struct optim_step *a,
		float *scratch));

#endif
