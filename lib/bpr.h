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

#include "liked.h"
#include "objective.h"

struct bpr_training {
	size_t batch; /* positives a batch, >= 1 */
	size_t negatives; /* of each, >= 1 */
	uint64_t seed;
};

/* Of positives, which must outlive it. Every epoch has its own order; a batch is its pairs (u, i),
 * then `negatives` pairs (u, j) for each in turn. Who has every item is left out. Memory beside
 * liked's: log2(positives) bits of a positive, and the batch. */
struct objective bpr_objective(const struct liked *liked, const struct bpr_training *training);

#endif
