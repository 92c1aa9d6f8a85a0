/* dots -- rows of tables, chosen by id, times each other. Owns: the inner loops of factors.
 *
 * A table's rows have `width` numbers that count, a multiple of DOTS_LANES, and lie `pitch` apart.
 */
#ifndef DOTS_H
#define DOTS_H

#include <stddef.h>
#include <stdint.h>

#include "simd.h"

enum { DOTS_LANES = 16 };

/* score[k] = p[user[k]] . q[item[k]]: lane i % 16 sums in order, lanes meet in vf_sum16's tree. */
SIMD_DECLARE(void, dots_pairs,
	(float *score, const float *p, const float *q, size_t pitch, size_t width,
		const uint32_t *user, const uint32_t *item, size_t n));

/* g = sum_e c[pair[e]] q[id[pair[e]]] for e < n in order: the gradient of a row that meets the rows
 * q in n of the pairs, c being the slopes of all. */
SIMD_DECLARE(void, dots_gather,
	(float *g, const float *q, size_t pitch, size_t width, const uint32_t *id, const float *c,
		const uint32_t *pair, size_t n));

#endif
