/* arch_two_tower -- two towers, which nearest neighbours can serve. Owns: what they are made of.
 *
 *   f(x) = b + p . q,  p = tower(z_0 of the user's fields), q = tower(z_0 of the item's)
 *   tower: h_{l+1} = act(norm(W_l h_l + b_l)), the last layer linear and not normalised
 *
 *   p, q (hidden_L); both towers have the same widths and weights of their own; no first order
 *
 * Huang et al. 2013, "Learning deep structured semantic models for web search using clickthrough
 * data", without its cosine; Yi et al. 2019, "Sampling-bias-corrected neural modeling for large
 * corpus item recommendations", section 3. */
#ifndef ARCH_TWO_TOWER_H
#define ARCH_TWO_TOWER_H

#include "parts.h"

extern const struct arch arch_two_tower;

#endif
