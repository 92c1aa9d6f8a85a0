/* top -- the best K of many scores. Owns: the bounded heap, the order of equal scores.
 *
 * Higher scores come first, of equal ones the lower item. So a list depends on the scores alone. */
#ifndef TOP_H
#define TOP_H

#include <stddef.h>
#include <stdint.h>

#include "simd.h"

/* The best n <= k that were offered: a heap with the worst at its root, a list after top_sort.
 * Starts with n = 0; score and item have room for k >= 1. */
struct top {
	float *score;
	uint32_t *item;
	size_t k, n;
};

/* Offers score[0 .. n) of the items first, first + 1, ... Over all calls items ascend. No score is
 * NaN; -infinity means that the item is no candidate.
 *
 * Whole vectors are compared with the worst that is kept, so most scores cost a fraction of a
 * cycle: of n random ones about k ln(n / k) enter the heap. */
SIMD_DECLARE(void, top_offer, (struct top * top, const float *score, uint32_t first, size_t n));

/* Best first; nothing can be offered after that. */
SIMD_DECLARE(void, top_sort, (struct top * top));

/* How many of score[0 .. n), n < 2^32, are greater than x, and how many equal it. */
struct top_count {
	size_t above, equal;
};
SIMD_DECLARE(void, top_count, (struct top_count * count, const float *score, size_t n, float x));

#endif
