/* mapper -- a network from content to factors. Owns: its layers, their gradients, its training.
 *
 *   h   = relu(b1 + sum_f x_f W1_f + keep sum_k q_k V_k)        keep in {0, 1}
 *   out = b2 + h W2
 *
 *   min over W  sum over batches of mean over rows  (out - q)^T C (out - q) / (2 scale)
 *
 * x is a row's content, q its factors in the model that is learned from, scale the mean of
 * q^T C q over the rows. C = I learns the factors. C = the Gramian of the other side's factors
 * learns the scores of all pairs: then (out - q)^T C (out - q) = sum over u of (p_u . out - p_u .
 * q)^2, which is DropoutNet's loss over all users, without drawing any. In training keep is 0 with
 * probability `drop`: so out is good from content alone, and from both. Without preferences
 * (drop = 1) it is a plain MLP.
 *
 * With C = L L^T training goes by q L and out L, whose plain squared error that is; afterwards W2,
 * b2 and V are multiplied so that factors go in and come out. By q itself, whose errors C mixes, it
 * takes many times the epochs.
 * Gantner, Drumond, Freudenthaler, Rendle, Schmidt-Thieme 2010, "Learning attribute-to-feature
 * mappings for cold-start recommendations"; Volkovs, Yu, Poutanen 2017, "DropoutNet: addressing
 * cold start in recommender systems", eq. 1 and algorithm 1. */
#ifndef MAPPER_H
#define MAPPER_H

#include "csr.h"

enum { MAPPER_WIDTH = 2048 }; /* of the hidden layer, and of factors */

struct mapper_how {
	size_t hidden; /* a multiple of 16, at most MAPPER_WIDTH */
	size_t epochs, batch;
	double rate; /* Adam's */
	double l2;
	double drop; /* 0 .. 1 */
	double judged; /* share of the rows that choose the epoch by their loss from content alone
			*/
	uint64_t seed;
};

struct mapper;

/* Learns from the rows row[0 .. n) of x (any, cols) and q (any, width), width a multiple of 16 at
 * most MAPPER_WIDTH; metric C (width, width), NULL: I. *best is the epoch that is kept, *loss the
 * mean loss of the judged rows then (1: no better than factors of 0), NAN when it is never finite.
 * The same bits on any number of threads and instruction set: rows are independent, every weight
 * has one writer, which adds rows in order. */
struct mapper *mapper_fit(const struct csr *x, size_t cols, const float *q, size_t width,
	const float *metric, const uint32_t *row, size_t n, const struct mapper_how *how,
	size_t *best, double *loss);

/* out (n, width) for the rows row[0 .. n); with their factors q, or q NULL: from content alone. */
void mapper_apply(float *out, const struct mapper *m, const struct csr *x, const float *q,
	const uint32_t *row, size_t n);
void mapper_free(struct mapper *m);

/* All that mapper_apply without q needs, where it lies: to be kept, and put back into a new one. */
struct mapper_parts {
	size_t cols, hidden, width;
	float *unit, *b1, *b2, *w1,
		*w2; /* (1), (hidden), (width), (cols, hidden), (hidden, width) */
};
struct mapper_parts mapper_parts(struct mapper *m);
struct mapper *mapper_new(size_t cols, size_t hidden, size_t width); /* all 0 */

/* ---- for its test ---- */

/* The mean loss of the rows (C = I), and its gradient by all weights, mapper_weights in number, in
 * the order b1, b2, W2, V, W1; keep[r]: whether row[r] has its factors. */
size_t mapper_weights(const struct mapper *m);
float *mapper_weight(struct mapper *m);
double mapper_slope(struct mapper *m, float *gradient, const struct csr *x, const float *q,
	const uint32_t *row, const unsigned char *keep, size_t n);

#endif
