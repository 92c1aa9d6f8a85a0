/* backward -- from the slope of the loss by a row's output to that by each layer's. Owns: the
 * backward pass.
 *
 * Gradients of weights are not made here: gradient.c sums them over the batch, weight by weight. */
#ifndef BACKWARD_H
#define BACKWARD_H

#include "forward.h"

/* Buffers for some rows: the loss's gradient by what each layer has made. */
struct backward_rows {
	float *delta[NET_TOWERS * NET_LAYERS]; /* by W x + b of hidden layers */
	float *dy[NET_TOWERS * NET_LAYERS]; /* by what a normalisation made of it; else NULL */
	float *dx; /* by the embeddings in x */
	float *du[NET_CROSSES]; /* by W x + b of cross layers */
	float *g, *g0, *back; /* work space of cross layers */
	/* From others, or NULL: by what the last layer of each tower (of one: the first) has made,
	 * or by embeddings at hint_at in x; (hinted, hint_width) for the first rows. Not owned; a
	 * window's `hinted` is the caller's to set. */
	const float *hint[NET_TOWERS];
	size_t hinted, hint_width, hint_at[NET_TOWERS];
	bool hint_embedded;
};
struct backward_rows backward_new(const struct net *net, size_t n);
void backward_free(const struct net *net, struct backward_rows *b);
struct backward_rows backward_window(
	const struct net *net, const struct backward_rows *b, size_t first);

/* The pass in steps, the reverse of those of forward.h, on the same n <= FORWARD_CHUNK rows;
 * slope[r] is the gradient by output r. Each hidden layer from the last: to the end of its sums or,
 * with a normalisation, to dy; then with one through it, for which batch normalisation needs
 * moments[l].gain and .shift, the norm_sums of the whole batch of `batch` rows. At last the
 * input: dx has of tabled fields what does not come by the first layer. */
void backward_layer(const struct net *net, size_t layer, const float *slope, size_t n,
	const struct forward_rows *f, struct backward_rows *b, const struct forward_training *how);
void backward_norm(const struct net *net, size_t layer, size_t n, size_t batch,
	const struct forward_rows *f, struct backward_rows *b, const struct forward_training *how);
void backward_input(const struct net *net, const float *slope, size_t n,
	const struct forward_rows *f, struct backward_rows *b, const struct forward_training *how);

#endif
