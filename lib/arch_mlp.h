/* arch_mlp -- the multi-layer perceptron over embeddings and numbers. Owns: what it is made of.
 *
 *   f(x) = b + o . h_L,  h_{l+1} = act(norm(W_l h_l + b_l)),  h_0 = z_0 = [e_1 .. e_slots, x_1 ..]
 *
 *   z_0 (slots dim + numbers); W_l (in, hidden_l), b_l (hidden_l); o (hidden_L)
 *
 * Zhang, Du, Wang 2016, "Deep learning over multi-field categorical data" (FNN, section 3), without
 * its pre-training; Covington et al. 2016, "Deep neural networks for YouTube recommendations",
 * fig. 7. */
#ifndef ARCH_MLP_H
#define ARCH_MLP_H

#include "parts.h"

extern const struct arch arch_mlp;

#endif
