/* dcd -- dual correction distillation. Owns: which items the student under- and over-estimates.
 *
 * For every user of a batch the loss of relaxed.h, with k items that the student under-estimates
 * above l items that it over-estimates, both drawn anew every epoch without replacement:
 *
 *   under  of the teacher's list, in its order     p ~ tanh(max((rank_s - rank_t) / scale, 0))
 *   over   of the student's own, as long a list    p ~ tanh(max((rank_t - rank_s) / scale, 0))
 *
 * rank_s is the place in the student's ranking of all items that the user is not positive with,
 * rank_t that in the teacher's list; behind it for items that are not there.
 *
 * The item side is the same of the items of a batch, with the users of reverse lists: users who
 * should have the item further up, above users who should have it further down, by the student's
 * ranking of all users for the item. Lee, Kim 2021, "Dual correction strategy for ranking
 * distillation in top-N recommender system", section 3. */
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
