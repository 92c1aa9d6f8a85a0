/* layer -- one affine layer by itself, with its training. Owns: a matrix with its bias in panels
 * (gemm.h), its gradient, Adam's moments.
 *
 *   y_n = b_n + sum_k W_nk x_k      n < out, k < in
 *
 * Rows of y, and of slopes by it, are padded to whole panels; what lies in the padding of a slope
 * is 0. */
#ifndef LAYER_H
#define LAYER_H

#include <stddef.h>
#include <stdint.h>

#include "gemm.h"
#include "optim.h"

enum { LAYER_LANES = GEMM_PANEL };

struct layer {
	size_t in, out, panels, size;
	float *w; /* [panel][k <= in][lane]: column n of W is lane n % LANES of panel n / LANES, b_n
		   * at k = in */
	float *m, *v, *g;
	float *back; /* panels of its transpose, without the bias: (out, in) */
};

size_t layer_round_up(size_t n); /* to whole panels */

/* Weights and biases uniform in +-1 / sqrt(in). */
void layer_new(struct layer *l, size_t in, size_t out, uint64_t seed);
void layer_free(struct layer *l);

/* to (n, round_up(out)) from rows of `in` numbers, ld apart. */
void layer_forward(const struct layer *l, float *to, const float *from, size_t ld, size_t n,
	enum gemm_end end);

/* The slope by the layer's input, (n, round_up(in)), from that by its output; mask: the input,
 * where it came from a ReLU, or NULL. It sees the weights of the last layer_turn. */
void layer_turn(struct layer *l);
void layer_backward(
	const struct layer *l, float *to, const float *slope, const float *mask, size_t n);

/* Adds the gradient of n rows to g; spare has room for a panel, (in + 1) LANES. The step uses it
 * up. */
void layer_collect(const struct layer *l, const float *from, size_t ld, const float *slope,
	size_t n, float *spare);
void layer_step(struct layer *l, const struct optim_step *step);

#endif
