/* softmax -- the right item among sampled ones. Owns: the sampled softmax loss, its batches and its
 * negatives.
 *
 *   L = sum over positives (u, i), each with n negatives j drawn anew every epoch, of
 *       -w_ui ln(e^{a_i} / (e^{a_i} + sum_j e^{a_j})),   a_x = s_ux - ln q_x
 *
 *   dL / ds_ux = w_ui (p_x - [x = i]),   p the softmax of a
 *
 * q_x is proportional to the chance of x to be drawn; where all are equal it drops out. Bengio,
 * Senecal 2008, "Adaptive importance sampling to accelerate training of a neural probabilistic
 * language model"; Yi et al. 2019, "Sampling-bias-corrected neural modeling for large corpus item
 * recommendations", section 3. Positives and negatives are liked.h's. */
#ifndef SOFTMAX_H
#define SOFTMAX_H

#include "liked.h"
#include "objective.h"

struct softmax_training {
	size_t batch; /* positives a batch, >= 1 */
	size_t negatives; /* for each, >= 1 */
	uint64_t seed;
};

/* Of positives, which must outlive it. A batch of n positives is, one after the other, a positive
 * and its negatives. Who has every item is left out. */
struct objective softmax_objective(
	const struct liked *liked, const struct softmax_training *training);

#endif
