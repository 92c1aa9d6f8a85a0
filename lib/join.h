/* join -- the rows of two domains as one data set. Owns: the ids, vocabularies and weights of the
 * union.
 *
 * A factorization of the union is a collective one:
 *
 *   L = sum over target rows of w l(r, p_u . q_i) + W sum over source rows of w l(r, p_u . q_j)
 *     + penalties
 *
 * with one p_u for a user that both domains have, or one q for an item: Singh, Gordon 2008,
 * "Relational learning via collective matrix factorization", eq. 1. Any loss and engine that takes
 * weighted rows will do, and W is its alpha / (1 - alpha).
 *
 * The target's ids stay as they are; the source's that are not shared follow behind them. So a
 * model of the union is a model of the target. */
#ifndef JOIN_H
#define JOIN_H

#include "align.h"
#include "tensor.h"

/* Appends to made: vocab.user, vocab.item (unless neither domain has names), user, item, label,
 * weight, part. Rows of the target keep part and weight; of the source those of part 0 come, as
 * part 0, with W times their weight. A label that one domain lacks is 1 there. A name of the source
 * that is not shared, but in the target too, becomes "source:NAME". Dies of columns that do not fit
 * and of ids beyond those of user and item. */
void join_rows(struct tensors *made, const struct tensors *source, const struct tensors *target,
	const struct align *user, const struct align *item, double weight);

#endif
