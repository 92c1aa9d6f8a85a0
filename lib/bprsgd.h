/* bprsgd -- BPR by plain stochastic gradient descent. Owns: which blocks meet in an epoch.
 *
 * The grid (grid.h) has users as rows. In each epoch its chunks of items are paired at random, and
 * a job is a chunk of users with a pair of chunks of items, whose positives find their negatives in
 * both (duel.h). So negatives never reach beyond what a job owns, the result is that of one serial
 * order, and over the epochs every item meets every other. Negatives are uniform over the items of
 * the pair that have positives, or in proportion to their positives. Positives are the rows of
 * part 0 with a label above 0. The same bits on any number of threads and instruction set. */
#ifndef BPRSGD_H
#define BPRSGD_H

#include "mf.h"

struct bprsgd_training {
	uint32_t dim; /* 1 .. MF_DIM */
	double rate, decay, l2; /* the rate is multiplied by decay after each epoch */
	bool popular, bias; /* bias: items have one */
	uint64_t seed;
};

struct bprsgd;

/* Bytes that training needs at its peak, with the best model so far and the one handed out, the
 * caller's columns left out. While it trains: 2 a positive and 4 a run of a user's positives in a
 * block, 2 more for popular negatives, 4 more for weights. */
uint64_t bprsgd_memory(const struct mf_rows *rows, uint32_t dim);

/* The rows may be freed after this. */
struct bprsgd *bprsgd_new(const struct mf_rows *rows, const struct bprsgd_training *training);
void bprsgd_free(struct bprsgd *fit);
void bprsgd_start(struct bprsgd *fit, const struct mf *from); /* from another model */
size_t bprsgd_positives(const struct bprsgd *fit);

/* Share of the pairs that were ranked right, met on the way; NaN when a factor is not finite. */
double bprsgd_epoch(struct bprsgd *fit);

/* The model as it is now; ids without a positive have 0. */
struct mf *bprsgd_model(const struct bprsgd *fit);

/* With its arrays as they were after so many epochs, a new one of the same rows goes on to the same
 * bits. */
size_t bprsgd_state(struct bprsgd *fit, struct mf_state list[MF_STATES]);
void bprsgd_skip(struct bprsgd *fit, size_t epochs);

#endif
