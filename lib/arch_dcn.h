/* arch_dcn -- Deep & Cross Network V2, parallel. Owns: what it is made of.
 *
 *   f(x) = b + u . z_L + o . h_L
 *   z_{l+1} = z_0 * (W_l z_l + b_l) + z_l           cross layers, * element by element
 *
 *   z_0 (n = slots dim + numbers); W_l (n, n), b_l, u (n); beside them the MLP on the same z_0; no
 *   first order: a cross layer has it
 *
 * Wang et al. 2021, "DCN V2: improved deep & cross network", eq. 1 and fig. 1b. */
#ifndef ARCH_DCN_H
#define ARCH_DCN_H

#include "parts.h"

extern const struct arch arch_dcn;

#endif
