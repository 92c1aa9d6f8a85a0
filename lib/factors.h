/* factors -- factors of users and items, trained on batches of pairs. Owns: the batched step.
 *
 *   s_ui = p_u . q_i (+ c_i)      dL/dp_u = sum over u's pairs of dL/ds_ui q_i, so for q_i and c_i
 *
 * of any objective (objective.h), and Adam with L2 added to the gradient (optim.h): dense, where
 * every row takes every step as torch.optim.Adam with weight_decay does, or lazy, where only rows
 * that the batch has take it. Dense Adam is exact and yet touches only the batch's rows: a row that
 * comes up first takes the steps that it has missed, all at once in registers (optim_adam_rest).
 *
 * Pairs are sorted by row, each row has one writer and sums in the order of the batch: the bits
 * depend neither on the number of threads nor on the instruction set. */
#ifndef FACTORS_H
#define FACTORS_H

#include <stdbool.h>

#include "mf.h"
#include "objective.h"

struct factors_training {
	uint32_t dim; /* 1 .. MF_DIM */
	double rate, l2;
	bool lazy, bias; /* bias: items have one */
	uint64_t seed; /* of the first factors: normal, deviation 0.01 */
};

struct factors;

uint64_t factors_memory(uint32_t users, uint32_t items, const struct factors_training *training);
struct factors *factors_new(
	uint32_t users, uint32_t items, const struct factors_training *training);

/* From the next epoch on. */
void factors_rate(struct factors *f, double rate);

/* One pass over the objective's epoch, joined by `owns` losses on the factors (whose items and users
 * are those of the batch's joined pairs; without a sum, of all its pairs). Losses are summed,
 * each batch before its step. */
struct factors_losses {
	double sum; /* of the objective; when it is not finite, the factors are of no use */
	double first; /* what it would be if all batches were as the first */
	double own; /* of the others, weighted */
};
struct factors_losses factors_epoch(struct factors *f, const struct objective *objective,
	const struct vectors_loss *own, size_t owns, uint64_t epoch);

/* score[(k, items)] of user row[k] and every item, k < n, between epochs: what the student thinks.
 * reverse: score[(k, users)] of item row[k] and every user. */
void factors_scores(
	const struct factors *f, bool reverse, float *score, const uint32_t *row, size_t n);

/* Starts from the factors (and biases) of a model, as far as it has the users and items. */
void factors_start(struct factors *f, const struct mf *from);

/* All that the next epoch depends on, between epochs; once the arrays are put back into new factors
 * of the same training, factors_resume makes them go on to the same bits; false when they say that
 * there were more steps than `most`, or no number of them. */
size_t factors_state(struct factors *f, struct mf_state list[MF_STATES]);
bool factors_resume(struct factors *f, uint64_t most);

/* A copy: no mean, no bounds, no biases of users. */
struct mf *factors_mf(const struct factors *f);
void factors_free(struct factors *f);

#endif
