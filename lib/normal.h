/* normal -- least squares for one row of a factorization. Owns: the normal equations of a row,
 * their solution by Cholesky's factors and by conjugate gradients.
 *
 *   (G + lambda I + sum_j w_j h_j h_j^T) x = sum_j w_j t_j h_j
 *
 * h_j are rows of the fixed side, t_j is what x . h_j should be, G is symmetric. Hu, Koren,
 * Volinsky 2008, "Collaborative filtering for implicit feedback datasets", eq. 4; Takacs, Pilaszy,
 * Tikk 2011, "Applications of the conjugate gradient method for implicit feedback collaborative
 * filtering". */
#ifndef NORMAL_H
#define NORMAL_H

#include <stddef.h>
#include <stdint.h>

#include "simd.h"

enum {
	NORMAL_LANES = 16,
	NORMAL_WIDTH = 1024,
	NORMAL_PACK = 64,
	NORMAL_GROUP = 4,
	NORMAL_PAIR = 2
};

struct normal {
	size_t width; /* a multiple of NORMAL_LANES, at most NORMAL_WIDTH */
	const float *gram; /* G (width, width); NULL: 0 */
	float lambda; /* above 0 */
	const float *fixed; /* (any, width) */
	const uint32_t *id; /* rows of fixed that are the h_j */
	const float *weight; /* w; NULL: all are 1 */
	size_t n;
	const float *target; /* t; NULL: all are 1 */
};

/* g (width, width) <- sum over rows of x x^T, x (rows, width). Only columns from r / 16 * 16 on
 * of row r are sums. */
SIMD_DECLARE(void, normal_gram, (float *g, const float *x, size_t rows, size_t width));

/* Floats of room that Cholesky takes. */
static inline size_t normal_room(size_t width)
{
	return NORMAL_PAIR * width * width + 2 * NORMAL_PACK * width;
}

/* x[r] <- the solutions of n <= NORMAL_PAIR rows of the same width; each waits for itself alone, so
 * that two are done in less time than one and another one. A pivot that is not above 0, which only
 * rounding can make so, leaves its unknown at 0. Rows do not see each other. */
SIMD_DECLARE(
	void, normal_cholesky, (float *const *x, const struct normal *s, size_t n, float *room));

/* `steps` of conjugate gradients from x[r] for n <= NORMAL_GROUP rows with the same G, which is so
 * read once for all; a row stops where its residual is 0. Rows do not see each other. */
SIMD_DECLARE(
	void, normal_gradients, (float *const *x, const struct normal *s, size_t n, size_t steps));

#endif
