/* duel -- gradient steps of BPR on blocks of positives. Owns: the arithmetic of a step, and how its
 * negatives are drawn.
 *
 * A row (a user) has positives among the columns (items) of two chunks. To each positive y a
 * negative z is drawn from both chunks, which is no positive of the row; with g = rate w
 * sigma(-x), x = p . (q_y - q_z) + c_y - c_z,
 *
 *   p   = s p + g (q_y - q_z)      c_y = s c_y + g      s = 1 - rate l2
 *   q_y = s q_y + g p              c_z = s c_z - g
 *   q_z = s q_z - g p
 *
 * Up to DUEL_GROUP positives of the row are one step: they see the same p, whose own step is the
 * sum. So p stays in registers. Rendle, Freudenthaler, Gantner, Schmidt-Thieme 2009, "BPR: Bayesian
 * personalized ranking from implicit feedback", section 4. */
#ifndef DUEL_H
#define DUEL_H

#include "sgd.h"

enum { DUEL_GROUP = 8 };

struct duel_chunk { /* columns, and the rows' positives among them */
	const struct sgd_block *block; /* its labels are not looked at */
	struct sgd_side col; /* bias: NULL without */
	uint32_t cols;
	/* columns in the frequencies of the draw; NULL: all are equal */
	const uint16_t *often;
	size_t often_n;
};

struct duel {
	struct duel_chunk chunk[2]; /* the second may be all zeros */
	float *row; /* factors (rows, width) */
	uint8_t *mark; /* (cols of both), zeros, and left so */
	uint64_t key; /* of the draws: the same key, the same negatives */
};

/* What came of it. */
struct duel_count {
	uint64_t pairs, won; /* won: x > 0, before the pair's own step */
};

/* All positives of the rows of both blocks, row by row; a positive for which TRIES draws found no
 * negative is left out. */
SIMD_DECLARE(struct duel_count, duel_run, (const struct duel *duel, const struct sgd_step *step));

#endif
