/* arch_fm -- the factorization machine. Owns: what it is made of.
 *
 *   f(x) = b + sum_f w_f[id_f] + sum_j w_j x_j + sum_{f<g} e_f . e_g
 *
 *   e_f (dim) a row of E_f (values, dim); of a number x_j v_j, v (numbers, dim)
 *
 * The pairs cost (slots + numbers) dim by 1/2 sum_d ((sum_f e_fd)^2 - sum_f e_fd^2). Embeddings
 * start smaller than in networks: a pair's product is in the sum as it is, and no layer scales it
 * down. Rendle 2010, "Factorization machines", eq. 1 and lemma 3.1. */
#ifndef ARCH_FM_H
#define ARCH_FM_H

#include "parts.h"

extern const struct arch arch_fm;

#endif
