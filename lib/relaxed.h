/* relaxed -- the relaxed permutation probability of a ranking. Owns: its loss and gradient.
 *
 * k interesting scores s_1 .. s_k, which should come in that order, all above l uninteresting ones
 * n_1 .. n_l, whose order does not matter:
 *
 *   L = -sum_{j=1..k} [ s_j - ln B_j ]           B_j = sum_{i>=j} e^{s_i} + sum_i e^{n_i}
 *   dL/ds_i = -1 + e^{s_i} sum_{j<=i} 1 / B_j    dL/dn_i = e^{n_i} sum_{j<=k} 1 / B_j
 *
 * Scores that lie more than 87 below the best count as 87 below it.
 * Kang, Hwang, Kweon, Yu 2020, "DE-RRD: A knowledge distillation framework for recommender system",
 * section 4.2, which relaxes the list-wise likelihood of Xia et al. 2008 (ListMLE). */
#ifndef RELAXED_H
#define RELAXED_H

#include <stddef.h>

enum { RELAXED_MOST = 1024 };

/* score and slope (k + l), 1 <= k <= RELAXED_MOST: the interesting ones first. Returns L. */
double relaxed_loss(float *slope, const float *score, size_t k, size_t l);

#endif
