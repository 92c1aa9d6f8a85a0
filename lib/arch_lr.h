/* arch_lr -- logistic (or linear) regression. Owns: what it is made of.
 *
 *   f(x) = b + sum_f w_f[id_f] + sum_j w_j x_j + sum_c w_c[hash]
 *
 *   w_f (values of field f), w_j scalars, w_c (2^bits) of a declared cross; no embeddings
 *
 * Cox 1958, "The regression analysis of binary sequences"; with hashed crosses as in Weinberger et
 * al. 2009, "Feature hashing for large scale multitask learning". */
#ifndef ARCH_LR_H
#define ARCH_LR_H

#include "parts.h"

extern const struct arch arch_lr;

#endif
