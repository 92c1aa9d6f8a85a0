/* backward -- from the slope of the loss by a row's output to that by each layer's. Owns: the
 * backward pass.
 *
 * Gradients of weights are not made here: fit.c sums them over the batch, weight by weight. */
#ifndef BACKWARD_H
#define BACKWARD_H

#include "forward.h"

/* Buffers for some rows: the loss's gradient by what each layer has made. */
struct backward_rows {
	float *delta[NET_LAYERS]; /* by the sums of hidden layers, before their activation */
	float *dx; /* by the embeddings in x */
	float *du[NET_CROSSES]; /* by W x + b of cross layers */
	float *g, *g0, *back; /* work space of cross layers */
};
struct backward_rows backward_new(const struct net *net, size_t n);
void backward_free(const struct net *net, struct backward_rows *b);
struct backward_rows backward_window(
	const struct net *net, const struct backward_rows *b, size_t first);

/* Fills b for the n <= FORWARD_CHUNK rows that forward_pass has filled f for; slope[r] is the
 * gradient by output r. dropout is the share that was dropped. */
void backward_pass(const struct net *net, const float *slope, size_t n,
	const struct forward_rows *f, double dropout, struct backward_rows *b);

#endif
