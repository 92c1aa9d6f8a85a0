/* rd -- ranking distillation. Owns: RD's weights and its loss.
 *
 * For every user of a batch, with the first k items pi_1, pi_2, ... of the teacher's list as
 * positives:
 *
 *   L = -sum_r w_r ln sigma(s_u,pi_r)                dL/ds_u,pi_r = -w_r sigma(-s_u,pi_r)
 *   w_r = a_r b_r / sum over r of a_r b_r
 *   a_r = e^(-r / spread)                            the teacher's best count most
 *   b_r = tanh(max(mu (rank_s(pi_r) - r), 0))        and those that the student ranks too low
 *
 * rank_s is the place in the student's own ranking of all items that u is not positive with, found
 * exactly (the paper estimates it by sampling); until `warm` epochs are over b_r = 1.
 * Tang, Wang 2018, "Ranking distillation: learning compact ranking models with high performance for
 * recommender system", eq. 5 to 10. */
#ifndef RD_H
#define RD_H

#include "regard.h"

enum { RD_MOST = 1024 };

struct rd_training {
	size_t k, warm; /* k: 1 .. RD_MOST */
	double spread, mu;
};

/* Takes t. */
struct objective rd_objective(
	const struct taught *t, const struct rd_training *training, const struct regard *regard);

#endif
