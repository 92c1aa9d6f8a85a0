/* mixture -- two factor models as one. Owns: the factors whose scores are a weighted sum of two
 * models', with a weight for each user.
 *
 *   s_ui = (1 - w_u) a_ui + w_u scale b_ui
 *
 * Factors stand side by side, with two more for the items' biases; where the items' factors and
 * biases are equal and scale is 1, those of users are mixed, and the model is as wide as before. */
#ifndef MIXTURE_H
#define MIXTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "mf.h"

/* Of weight[0 .. users), 0 beyond. The mean stays that of a. Dies when its dimension is above
 * MF_DIM.
 */
struct mf *mixture_mf(
	const struct mf *a, const struct mf *b, const float *weight, size_t users, float scale);

bool mixture_same_items(const struct mf *a, const struct mf *b);

#endif
