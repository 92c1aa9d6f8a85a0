/* als -- alternating least squares for ratings. Owns: its loss and its alternation.
 *
 *   L = sum over rows of w (r - b_u - c_i - p_u . q_i)^2
 *     + l2 (sum over u of n_u (b_u^2 + |p_u|^2) + sum over i of n_i (c_i^2 + |q_i|^2))
 *
 * where r is the label less the mean and divided by the deviation of the labels, as in mf.h, and
 * n_u the weight of the training rows of u. Each half of an epoch minimises L over bias and factors
 * of one side together: Zhou, Wilkinson, Schreiber, Pan 2008, "Large-scale parallel collaborative
 * filtering for the Netflix prize", eq. 4 and 8 (there without biases). */
#ifndef ALS_H
#define ALS_H

#include "mf.h"

struct als_training {
	uint32_t dim; /* 1 .. MF_DIM */
	double l2; /* above 0 */
	uint32_t steps; /* of conjugate gradients for a row; 0: Cholesky */
	uint64_t seed;
};

enum { ALS_DIM = MF_DIM - 1 }; /* most factors: the bias is one more unknown */

struct als;

/* Bytes that training needs at its peak, with the best model so far and the one handed out, the
 * caller's columns left out. */
uint64_t als_memory(const struct mf_rows *rows, uint32_t dim);

/* Rows of part 0 train. They may be freed after this. */
struct als *als_new(const struct mf_rows *rows, const struct als_training *training);
void als_free(struct als *fit);

/* Biases and factors of another model take the place of the start, as far as both have the id (with
 * a training row) and the factor. */
void als_start(struct als *fit, const struct mf *from);
size_t als_trained(const struct als *fit); /* training rows */

/* Users, then items. Gives the RMSE of the training rows after it, weighted and not clipped; NaN
 * when something is not finite any more. The same bits on any number of threads and instruction
 * set: rows are independent. */
double als_epoch(struct als *fit);

/* The model as it is now. Ids without a training row have bias and factors of 0. */
struct mf *als_model(const struct als *fit);

/* With its arrays as they were, a new one of the same rows goes on to the same bits. */
size_t als_state(struct als *fit, struct mf_state list[MF_STATES]);

#endif
