/* implicit -- what the set of items that a user has rated says of the user: the part of SVD++ that
 * plain factors lack. Owns: the factors y of that set and their steps.
 *
 * rating(u, i) = mean + b_u + c_i + q_i . (p_u + z_u),  z_u = |N(u)|^(-1/2) sum over j in N(u) of
 * y_j
 *
 * N(u) are the training rows of u. Koren 2008, "Factorization meets the neighborhood", eq. 15;
 * there every rating moves all y of its user, which costs ratings x |N(u)|. Here p, q, b, c take
 * their steps with z fixed; then y takes one, down its slope (scaled by 1 / n_j) as far as
 *
 *   sum over rows of w/2 e^2 + l2/2 sum over j of n_j |y_j|^2
 *
 * falls with the others fixed; n_j are the ratings of j, since each of them would shrink y_j. An
 * epoch costs two and a half of plain SGD. Sums are formed chunk by chunk of the grid, in its
 * order: the same bits on any number of threads. */
#ifndef IMPLICIT_H
#define IMPLICIT_H

#include "grid.h"

struct implicit {
	const struct grid *grid; /* its rows are users */
	size_t width;
	float *z; /* (rows, width) */
	float *y; /* (cols, width) */
	float *row; /* (rows, width): a sum over the ratings of each row */
	float *rest, *way, *bend; /* (cols, width): minus the slope, the way, the curvature on it */
	float *root, *count; /* (rows): |N|^(-1/2); (cols): n */
};

struct implicit *implicit_new(const struct grid *grid, size_t width);
void implicit_free(struct implicit *im);
uint64_t implicit_memory(uint32_t rows, uint32_t cols, size_t width);

/* z of y as it is: after y was put back from another day. */
void implicit_pull(struct implicit *im);

/* The step of y, and z again. row and col: all factors and biases of the grid's slots. */
void implicit_step(struct implicit *im, struct sgd_side row, struct sgd_side col, double l2);

#endif
