/* emcdr -- one space of factors mapped into another. Owns: the two maps, their training.
 *
 * x_u are the factors of user u in the source (in), y_u in the target (out), for the n users that
 * both know. f is learned on these and then asked for users that the target hardly knows:
 *
 *   linear   f(x) = M (x, 1),                 M minimises sum_u |f(x_u) - y_u|^2 + l2 |M|^2
 *   mlp      f(x) = B (tanh(A (x, 1)), 1),    2 in hidden units, A and B the same, by Adam
 *
 * where the constants' columns are not penalised. Rows are dense and narrow, so the linear map is
 * exact, in double; ridge.h and mapper.h are for rows that are wide and sparse. Man, Shen, Jin,
 * Cheng 2017, "Cross-domain recommendation: an embedding and mapping approach", eq. 4 to 7. */
#ifndef EMCDR_H
#define EMCDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* m (in + 1, out): row k is what x_k adds to f, the last row the constant. x (n, in), y (n, out),
 * l2 >= 0. The normal equations, in double, by Cholesky's factors. False when they have no single
 * solution, which l2 above 0 prevents. */
bool emcdr_ridge(
	float *m, const float *x, const float *y, size_t n, size_t in, size_t out, double l2);

/* f (n, out) of x (n, in). */
void emcdr_linear(float *f, const float *m, const float *x, size_t n, size_t in, size_t out);

/* x and y are divided by their root mean squares, and the loss is the mean over users. Batches of
 * 64 in an order drawn for every epoch; the rate falls to 0 in a straight line. */
struct emcdr_training {
	size_t epochs;
	double rate, l2;
	uint64_t seed;
};
struct emcdr_mlp;
struct emcdr_mlp *emcdr_mlp_new(const float *x, const float *y, size_t n, size_t in, size_t out,
	const struct emcdr_training *training);
void emcdr_mlp_map(float *f, const struct emcdr_mlp *mlp, const float *x, size_t n);
void emcdr_mlp_free(struct emcdr_mlp *mlp);

/* For tests: the mean loss |f(x) - y|^2 of rows (already divided), and its gradient by all weights
 * (in + 1) hidden + (hidden + 1) out, hidden = 2 in. */
double emcdr_mlp_loss(float *gradient, const float *weights, const float *x, const float *y,
	const uint32_t *row, size_t n, size_t in, size_t out);

#endif
