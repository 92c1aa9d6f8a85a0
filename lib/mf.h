/* mf -- matrix factorization with biases. Owns: the factor model and its training.
 *
 * rating(u, i) = mean + b_u + c_i + p_u . q_i, then clipped to low .. high
 * Koren, Bell, Volinsky 2009, "Matrix factorization techniques for recommender systems", eq. 4. */
#ifndef MF_H
#define MF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mf {
	uint32_t users, items, dim;
	float mean, low, high; /* low, high: range of the training labels */
	float *user_bias, *item_bias; /* (users), (items) */
	float *user_factors, *item_factors; /* (users, dim), (items, dim) row-major */
};

/* score[r] of the pairs (user[r], item[r]); ids beyond users or items count as unknown: their bias
 * and factors are 0. */
void mf_predict(
	float *score, const struct mf *mf, const uint32_t *user, const uint32_t *item, size_t n);

#endif
