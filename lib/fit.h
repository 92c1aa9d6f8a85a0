/* fit -- the training of a network. Owns: the step: two phases, shards, pieces of weights. */
#ifndef FIT_H
#define FIT_H

#include "loss.h"
#include "net.h"
#include "schedule.h"

struct fit {
	uint64_t seed;
	size_t batch; /* rows a step */
	struct optim optim;
	double rate; /* learning rate, */
	struct schedule schedule; /* and how it changes */
	double l2; /* of embeddings and first-order weights */
	double l2_layers; /* of the weights of layers; biases have none */
	double dropout; /* share of hidden units dropped, < 1 */
	struct loss loss;
	const float *label; /* label[row] */
	const float *teacher; /* the teacher's output for the row; NULL: none */
	const float *trust; /* in it, 0 .. 1; NULL: 1 */
	const float *weight; /* of a row's loss; NULL: 1 */
};

/* One pass over the rows row[0 .. n), in an order drawn from (seed, epoch). Returns the mean loss
 * (each batch before its step). When it is not finite: NaN, *bad is the number of the batch (from
 * 1) and the weights are of no use.
 *
 * The bits do not depend on the threads: a batch is cut into 4 shards of rows, gradients are summed
 * in row order within a shard and shards meet in a binary tree. */
double fit_epoch(struct net *net, const struct fit *how, const struct net_field *field,
	const uint32_t *row, size_t n, uint64_t epoch, size_t *bad);

#endif
