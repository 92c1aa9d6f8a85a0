/* embed -- embedding tables. Owns: gathering rows and sums of rows. */
#ifndef EMBED_H
#define EMBED_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "simd.h"

/* One more row than ids: the last one stays zero and stands for "unknown". */
struct embed_table {
	size_t rows, dim;
	float *w, *m, *v; /* (rows + 1, dim); of optim.h's rowwise m is NULL, v (rows + 1) */
	/* (rows + 1); NULL without a first order, linear_m of rowwise too */
	float *linear, *linear_m, *linear_v;
};

/* Asks for what an id's step reads and writes. */
static inline void embed_ask(const struct embed_table *t, uint32_t id)
{
	for (size_t d = 0; d < t->dim; d += 16) {
		__builtin_prefetch(t->w + id * t->dim + d, 1);
		if (!t->m)
			continue;
		__builtin_prefetch(t->m + id * t->dim + d, 1);
		__builtin_prefetch(t->v + id * t->dim + d, 1);
	}
	if (t->dim && !t->m)
		__builtin_prefetch(t->v + id, 1);
	if (!t->linear)
		return;
	__builtin_prefetch(t->linear + id, 1);
	__builtin_prefetch(t->linear_v + id, 1);
	if (t->linear_m)
		__builtin_prefetch(t->linear_m + id, 1);
}

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

/* Entries of some ids: those of id k are the rows row[at[k]] .. row[at[k + 1]]. */
struct embed_entries {
	const uint32_t *at, *row;
	size_t n; /* ids */
};

/* t[k] (width) <- sum over the entries r of id k of weight[r] c[r][0 .. width), weight NULL: 1; ldc
 * between rows, width a multiple of 16. Entry i of an id goes to sum i % 4; sums meet in a tree. */
SIMD_DECLARE(void, embed_collect,
	(float *t, size_t width, const float *c, size_t ldc, const float *weight,
		const struct embed_entries *e));

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

#endif
