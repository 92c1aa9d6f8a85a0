/* bpr -- Bayesian personalised ranking. Owns: its loss, its batches and its negatives.
 *
 *   L = sum over positives (u, i), each with a negative j drawn anew every epoch, of
 *       w_ui softplus(-(s_ui - s_uj)) = -w_ui ln sigma(s_ui - s_uj)
 *
 *   dL / ds_ui = -w_ui sigma(s_uj - s_ui) = -dL / ds_uj
 *
 * Rendle, Freudenthaler, Gantner, Schmidt-Thieme 2009, "BPR: Bayesian personalized ranking from
 * implicit feedback", section 4. The penalty is the optimiser's. Positives and negatives
 * are liked.h's. */
#ifndef BPR_H
#define BPR_H

#include <stdbool.h>

#include "mf.h"
#include "objective.h"

struct bpr_training {
	size_t batch; /* positives a batch, >= 1 */
	/* j is drawn as often as it is a positive of anybody; otherwise all items are equal. */
	bool popular;
	uint64_t seed;
};

/* The positives of rows, which may be freed after this; *positives becomes their number (when it is
 * 0, nothing can be trained). A pair given twice counts twice. Every epoch has its own order; a
 * batch of n positives is n pairs (u, i), then as many (u, j). Who has every item is left out. */
struct objective bpr_objective(
	const struct mf_rows *rows, const struct bpr_training *training, size_t *positives);

#endif
