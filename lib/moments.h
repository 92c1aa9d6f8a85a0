/* moments -- batch normalisation in training. Owns: where a batch's mean and deviation of units
 * lie, what of them joins the running ones.
 *
 *   mean, variance    of a unit's sums u over the n rows of the batch (norm.h); variance by / n
 *   running mean      += 0.1 (mean - running mean)
 *   running variance  += 0.1 (n / (n - 1) variance - running variance)
 *
 * The running ones, which are used after training, stay where their pace is 0. Ioffe, Szegedy 2015,
 * "Batch normalization", algorithm 2; the share of 0.1 is PyTorch's.
 *
 * Units are taken in panels of GEMM_PANEL, each by one thread. */
#ifndef MOMENTS_H
#define MOMENTS_H

#include "forward.h"

/* Of each hidden layer that has batch normalisation; m[net->layers]. */
void moments_new(struct forward_moments *m, const struct net *net);
void moments_free(struct forward_moments *m, const struct net *net);

/* m->mean and m->inverse of the panel's units, from u (n, y->width); and the running ones. */
void moments_take(struct net_layer *y, const struct forward_moments *m, const float *u, size_t n,
	size_t panel);

/* m->gain and m->shift, the sums of norm.h: dy, xhat (n, y->width). */
void moments_sums(const struct net_layer *y, const struct forward_moments *m, const float *dy,
	const float *xhat, size_t n, size_t panel);

#endif
