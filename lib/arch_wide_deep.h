/* arch_wide_deep -- Wide & Deep. Owns: what it is made of.
 *
 *   f(x) = b + sum_f w_f[id_f] + sum_j w_j x_j + sum_c w_c[hash] + o . h_L        wide + deep
 *
 *   wide: first order and the declared crosses c, each hashed into w_c (2^bits)
 *   deep: h_0 = z_0 (slots dim + numbers), h_{l+1} = act(norm(W_l h_l + b_l)); o (hidden_L)
 *
 * Both are trained together on one loss; here by one optimiser, where the paper takes FTRL for the
 * wide part. Cheng et al. 2016, "Wide & deep learning for recommender systems", eq. 3. */
#ifndef ARCH_WIDE_DEEP_H
#define ARCH_WIDE_DEEP_H

#include "parts.h"

extern const struct arch arch_wide_deep;

#endif
