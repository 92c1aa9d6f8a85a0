/* bpr -- Bayesian personalised ranking. Owns: its loss, its batches and its negatives.
 *
 *   L = sum over positives (u, i), each with n negatives j drawn anew every epoch, of
 *       w_ui / n sum_j softplus(-(s_ui - s_uj)) = -w_ui / n sum_j ln sigma(s_ui - s_uj)
 *
 *   dL / ds_uj = w_ui / n sigma(s_uj - s_ui)     dL / ds_ui = -sum_j dL / ds_uj
 *
 * More negatives leave the loss what it is on average and take noise off its gradient.
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
	size_t negatives; /* of each, >= 1 */
	/* j is drawn as often as it is a positive of anybody; otherwise all items are equal. */
	bool popular;
	uint64_t seed;
};

/* The positives of rows, which may be freed after this; *positives becomes their number (when it is
 * 0, nothing can be trained). A pair given twice counts twice. Every epoch has its own order; a
 * batch is its pairs (u, i), then `negatives` pairs (u, j) for each in turn. Who has every item is
 * left out. */
struct objective bpr_objective(
	const struct mf_rows *rows, const struct bpr_training *training, size_t *positives);

#endif
