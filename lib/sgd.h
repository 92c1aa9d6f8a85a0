/* sgd -- gradient steps of a factor model on one block of ratings. Owns: the arithmetic of a step.
 *
 * A block is a chunk of rows against a chunk of columns (users against items, or the other way
 * round). For a rating r with weight w of row x and column y
 *
 *   e   = r - b_x - c_y - p_x . q_y
 *   p_x = s p_x + rate w e q_y        b_x = s b_x + rate w e        s = 1 - rate l2
 *   q_y = s q_y + rate w e p_x        c_y = s c_y + rate w e
 *
 * The ratings of a row come together, and up to SGD_GROUP of them are one step: their errors and
 * the columns' steps see the same p_x, whose own step is the sum. So p_x stays in registers and
 * four sums are formed at once. With z, a constant for each row, p_x + z_x stands for p_x in e and
 * in the step of q_y, not in that of p_x, which so shrinks alone. Koren, Bell, Volinsky 2009,
 * "Matrix factorization techniques for recommender systems", eq. 5 and below. */
#ifndef SGD_H
#define SGD_H

#include <stddef.h>
#include <stdint.h>

#include "simd.h"

enum { SGD_LANES = 16, SGD_GROUP = 4, SGD_WIDTH = 1024 };

/* n neighbouring ratings of one row: `skip` rows after that of the run before, or after row 0. A
 * row with more than SGD_RUN has several runs, and one after a longer skip comes behind empty ones.
 */
struct sgd_run {
	uint16_t skip : 10, n : 6;
};
enum { SGD_SKIP = 1023, SGD_RUN = 56 };

struct sgd_block {
	const struct sgd_run *run;
	size_t runs;
	const uint16_t *col; /* of each rating, from the first of the first run */
	const float *label; /* r */
	const float *weight; /* w; NULL: all are 1 */
};

struct sgd_side { /* what is learned of the rows, or of the columns, of a block */
	float *factors; /* (rows, width) */
	float *bias; /* (rows) */
	const float *pull; /* of rows: z (rows, width), or NULL */
};

struct sgd_step {
	size_t width; /* a multiple of SGD_LANES, at most SGD_WIDTH */
	float rate;
	float shrink[SGD_GROUP + 1]; /* s^n */
};

static inline struct sgd_step sgd_step(size_t width, double rate, double l2)
{
	struct sgd_step step = { width, (float)rate, { 1 } };

	for (int n = 0; n < SGD_GROUP; n++)
		step.shrink[n + 1] = step.shrink[n] * (float)(1 - rate * l2);
	return step;
}

/* One pass over a block; the sum of w e^2, each e as it was before its own step. */
SIMD_DECLARE(double, sgd_block,
	(const struct sgd_block *block, struct sgd_side row, struct sgd_side col,
		const struct sgd_step *step));

/* What SVD++ asks of a block (implicit.h), sums over the ratings of the block in their order.
 *
 * sgd_gather   to_x  += d_y      to (rows, width), d (columns, width)
 * sgd_scatter  to_y  += d_x      to (columns, width), d (rows, width)
 * sgd_curve    to_x  += w (d_x . q_y) q_y
 * sgd_descent  to_x  += w e q_y, e as above, at factors and biases that stay */
SIMD_DECLARE(
	void, sgd_gather, (float *to, const struct sgd_block *block, const float *d, size_t width));
SIMD_DECLARE(void, sgd_scatter,
	(float *to, const struct sgd_block *block, const float *d, size_t width));
SIMD_DECLARE(void, sgd_curve,
	(float *to, const struct sgd_block *block, const float *d, struct sgd_side col,
		size_t width));
SIMD_DECLARE(void, sgd_descent,
	(float *to, const struct sgd_block *block, struct sgd_side row, struct sgd_side col,
		size_t width));

/* a . b of n numbers: lane i % 16 sums in order, then the lanes by the tree of vf_sum16. */
SIMD_DECLARE(float, sgd_dot, (const float *a, const float *b, size_t n));

#endif
