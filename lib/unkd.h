/* unkd -- unbiased knowledge distillation. Owns: UnKD's groups of popularity and its pairs.
 *
 * Items are cut into groups by how many positives they have in train, the most popular first, so
 * that every group has about equally many. Of a user's list, the items of a group are ranked among
 * themselves. For every user of a batch k pairs (i, j), drawn anew every epoch, group by group in
 * turn: both from one group, place r = 1, 2, ... there in proportion to e^(-r / spread), i ranked
 * above j by the teacher:
 *
 *   L = -1/k sum over the pairs of  ln sigma(s_ui - s_uj)
 *   dL/ds_ui = -1/k sigma(s_uj - s_ui) = -dL/ds_uj
 *
 * So popular items are never held up against unpopular ones, whose teacher's scores say less of
 * taste than of popularity. Chen et al. 2023, "Unbiased knowledge distillation for recommendation",
 * section 4. */
#ifndef UNKD_H
#define UNKD_H

#include "taught.h"

enum { UNKD_MOST = 1024 };

struct unkd_training {
	size_t k, groups; /* pairs a user, 1 .. UNKD_MOST; at least 1 */
	double spread; /* above 0; 20 in the paper */
};

/* Takes t. */
struct objective unkd_objective(const struct taught *t, const struct unkd_training *training);

#endif
