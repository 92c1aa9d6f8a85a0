/* bias -- models without factors, the least that others have to beat. Owns: the mean, popularity,
 * biases of users and items. */
#ifndef BIAS_H
#define BIAS_H

#include "mf.h"

/* The weighted mean of the training labels, for everybody. */
struct mf *bias_mean(const struct mf_rows *rows);

/* c_i = sum of the weights of the training rows of item i with a label above 0. */
struct mf *bias_popularity(const struct mf_rows *rows);

/* mean + b_u + c_i, clipped to the labels' range, at the least of
 *
 *   sum of w (r - mean - b_u - c_i)^2 + reg (sum b_u^2 + sum c_i^2)
 *
 * by turns, items first, `epochs` times: Koren 2010, "Factor in the neighbors", section 2.1, with
 * the minimum of the other side's biases in the place of 0. reg > 0. */
struct mf *bias_fit(const struct mf_rows *rows, double reg, long epochs);

#endif
