/* dcd -- dual correction distillation. Owns: which items the student under- and over-estimates.
 *
 * The loss of relaxed.h for every user of a batch, with k items that he under-estimates above l
 * items that he over-estimates, both drawn anew every epoch without replacement:
 *
 *   under  of the teacher's list, in its order     p ~ tanh(max((rank_s - rank_t) / scale, 0))
 *   over   of the student's own, as long a list    p ~ tanh(max((rank_t - rank_s) / scale, 0))
 *
 * rank_s is the place in the student's ranking of all items that the user is not positive with,
 * rank_t that in the teacher's list; behind it for items that are not there.
 * Lee, Kim 2021, "Dual correction strategy for ranking distillation in top-N recommender system",
 * section 3; its user side. */
#ifndef DCD_H
#define DCD_H

#include "regard.h"

struct dcd_training {
	size_t k, l; /* 1 .. RELAXED_MOST, 1 .. */
	double scale;
};

/* Takes t. */
struct objective dcd_objective(
	const struct taught *t, const struct dcd_training *training, const struct regard *regard);

#endif
