/* ials -- implicit alternating least squares. Owns: its loss and its alternation.
 *
 *   L = sum over positives of w (1 - p_u . q_i)^2 + alpha sum_u sum_i (p_u . q_i)^2
 *     + l2 (sum_u (n_u + alpha I)^nu |p_u|^2 + sum_i (n_i + alpha U)^nu |q_i|^2)
 *
 * n_u is how many positives u has; U and I are the users and items that have any. Each half of an
 * epoch minimises L over the factors of one side: Rendle, Krichene, Zhang, Koren 2021, "Revisiting
 * the performance of iALS on item recommendation benchmarks", eq. 1 to 4. Hu, Koren, Volinsky
 * 2008, with confidence 1 + a, is weights a / alpha' and alpha up to a factor, and nu = 0. */
#ifndef IALS_H
#define IALS_H

#include "mf.h"

struct ials_training {
	uint32_t dim; /* 1 .. MF_DIM */
	double alpha, l2, nu; /* above 0, above 0, 0 to 1 */
	uint32_t steps; /* of conjugate gradients for a row; 0: Cholesky */
	uint64_t seed;
};

struct ials;

/* Bytes that training needs at its peak, the caller's columns left out. */
uint64_t ials_memory(const struct mf_rows *rows, uint32_t dim);

/* Positives are the rows of part 0 with a label above 0; one given twice counts twice. The rows may
 * be freed after this. */
struct ials *ials_new(const struct mf_rows *rows, const struct ials_training *training);
void ials_free(struct ials *fit);

/* Factors of another model take the place of the random ones, as far as both have the id (with a
 * positive) and the factor. */
void ials_start(struct ials *fit, const struct mf *from);

size_t ials_positives(const struct ials *fit);

/* Users, then items. False when a factor is not finite any more. The same bits on any number of
 * threads and instruction set: rows are independent, the Gramian is summed in fixed chunks. */
bool ials_epoch(struct ials *fit);

/* The model as it is now, without biases and bounds. Ids without a positive have factors of 0. */
struct mf *ials_model(const struct ials *fit);

/* With its arrays as they were, a new one of the same rows goes on to the same bits. */
size_t ials_state(struct ials *fit, struct mf_state list[MF_STATES]);

#endif
