/* cd -- collaborative distillation. Owns: CD's draws and its loss.
 *
 * For every user of a batch, k items S_u of a list, drawn anew every epoch without replacement,
 * place r = 1, 2, ... in proportion to e^(-r / spread), or with spread 0 its first k:
 *
 *   L = -sum_{i in S_u} [ q_i ln p_i + (1 - q_i) ln(1 - p_i) ]      p_i = sigma(s_ui)
 *   dL/ds_ui = p_i - q_i                                           q_i = sigma((t_ui + shift) / T)
 *
 * t_ui is the teacher's score. The list is the teacher's (CD-TG), or the student's own (CD-SG):
 * then t_ui is the product of the teacher's factors. Lee, Choi, Lee, Shim 2019, "Collaborative
 * distillation for top-N recommendation", section 4. */
#ifndef CD_H
#define CD_H

#include "regard.h"

enum { CD_MOST = 1024 };

struct cd_training {
	size_t k; /* 1 .. CD_MOST */
	double spread, shift, temperature;
};

struct cd_teacher {
	const float *user, *item; /* (users, dim), (items, dim), the caller's */
	size_t dim;
};

/* Takes t. regard and teacher: CD-SG, whose lists are as long as t's; both NULL: CD-TG. */
struct objective cd_objective(const struct taught *t, const struct cd_training *training,
	const struct regard *regard, const struct cd_teacher *teacher);

#endif
