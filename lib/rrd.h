/* rrd -- relaxed ranking distillation. Owns: RRD and IR-RRD's draws.
 *
 * For every user of a batch: the loss of relaxed.h, with k items of the teacher's list as the
 * interesting ones, in its order, and l items that are neither in the list nor positives of his as
 * the uninteresting ones. Both are drawn anew every epoch: the k without replacement, place r = 1,
 * 2,
 * ... in proportion to e^(-r / spread), the l with equal chances. Without sampling the k are the
 * list's first; the authors found that better later (their README, section 5).
 *
 * Kang, Hwang, Kweon, Yu 2020, "DE-RRD: A knowledge distillation framework for recommender system",
 * section 4. Of items and their users (reverse lists) it is the item side of Kang, Hwang, Kweon,
 * Yu 2021, "Item-side ranking regularized distillation for recommender system", where the items are
 * those drawn for the users of the batch (objective_chain). */
#ifndef RRD_H
#define RRD_H

#include "taught.h"

struct rrd_training {
	size_t k, l; /* 1 .. RELAXED_MOST, 1 .. */
	double spread; /* 0: the list's first k */
};

/* Takes t, which has been opened. */
struct objective rrd_objective(const struct taught *t, const struct rrd_training *training);

#endif
