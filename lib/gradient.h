/* gradient -- from a batch's gradients by layers to a step of the weights. Owns: the pieces that
 * the weights are cut into, each with its gradient and its step.
 *
 * A piece's gradient is summed over the whole batch by one thread, which takes the optimiser's step
 * at once. So no gradient is ever stored or reduced. A batch is cut into 4 shards of rows, sums are
 * made in row order within a shard and shards meet in a binary tree: the bits do not depend on the
 * threads. */
#ifndef GRADIENT_H
#define GRADIENT_H

#include "backward.h"
#include "ids.h"

enum gradient_kind {
	GRADIENT_TILE, /* some inputs x 32 units of a hidden layer */
	GRADIENT_CROSS, /* the same of a cross layer */
	GRADIENT_NORM, /* gain and shift of 32 units */
	GRADIENT_OUTPUT, /* output weights and the bias */
	GRADIENT_LINEAR, /* first order of some numbers of a field */
	GRADIENT_VECTOR, /* their vectors in FM */
	GRADIENT_EMBED, /* a share of a field's ids */
	GRADIENT_WIDE, /* of a cross's buckets */
	GRADIENT_TABLE, /* a tabled field: its embeddings and its weights of the first layer */
	GRADIENT_COMMON, /* fields with common ids: 32 units' weights of the first layer */
};

struct gradient_piece {
	enum gradient_kind kind;
	size_t which; /* layer, field or cross of the wide part */
	size_t panel; /* or the number of the share */
	size_t from, to;
};

/* All of a network's, the largest first, so that the last ones level the threads out; what is
 * frozen is left out. `split`: no piece has inputs of the first layer on both sides of it, 0: any may;
 * `batch`: rows, at most; `shares`: into how many a field's ids are cut; `threads`: how many take
 * turns on the list. The array is the caller's. */
size_t gradient_plan(const struct net *net, const struct tabled *tabled,
	const struct common *common, size_t split, size_t batch, size_t shares, size_t threads,
	struct gradient_piece **pieces);

/* Floats that the largest piece needs. */
size_t gradient_scratch(
	const struct net *net, const struct tabled *tabled, const struct common *common);

/* A batch after its backward pass. */
struct gradient_batch {
	const struct forward_rows *forward;
	const struct backward_rows *backward;
	const float *slope; /* (n) */
	const struct ids *ids; /* of each field, then of each cross */
	const struct forward_moments *moments; /* of each hidden layer */
	const struct tabled *tabled;
	const struct common *common;
	size_t n, shares;
	bool lazy;
	struct optim_steps how;
};

void gradient_step(struct net *net, const struct gradient_piece *piece,
	const struct gradient_batch *batch, float *scratch);

/* The transposed copies of all weights; gradient_step keeps them up. */
void gradient_transpose(struct net *net);

#endif
