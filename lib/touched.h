/* touched -- the rows of a table that a batch has. Owns: their gradients, summed by id, and their
 * steps.
 *
 * A gradient over a batch is summed in the shards of par.h. */
#ifndef TOUCHED_H
#define TOUCHED_H

#include "embed.h"
#include "optim.h"

/* A share of one field's ids in a batch. */
struct touched_piece {
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
SIMD_DECLARE(void, touched_sums,
	(float *sum, float *linear, const struct touched_piece *p, size_t width));

enum { TOUCHED_TOGETHER = 64 }; /* ids that take their steps together */

/* Adds up the gradients of the piece and takes the optimiser's step. scratch: TOUCHED_TOGETHER *
 * dim floats. */
SIMD_DECLARE(void, touched_step,
	(struct embed_table * t, const struct touched_piece *p, const struct optim_step *a,
		float *scratch));

#endif
