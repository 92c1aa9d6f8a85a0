/* arch_deepfm -- DeepFM. Owns: what it is made of.
 *
 *   f(x) = b + sum_f w_f[id_f] + sum_j w_j x_j + sum_{f<g} e_f . e_g + o . h_L          FM + deep
 *
 *   e_f (dim) rows of one set of tables, which both read: the pairs, and h_0 = z_0 (slots dim +
 *   numbers); a number is x_j v_j in the pairs, v (numbers, dim), and x_j in z_0
 *
 * Guo et al. 2017, "DeepFM: a factorization-machine based neural network for CTR prediction",
 * eq. 1 to 4. */
#ifndef ARCH_DEEPFM_H
#define ARCH_DEEPFM_H

#include "parts.h"

extern const struct arch arch_deepfm;

#endif
