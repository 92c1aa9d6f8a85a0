/* objective -- what pairs of users and items are trained on. Owns: the interface between losses of
 * ranking or of representations and the engines that train a model on them; weighted sums.
 *
 * An epoch is a number of batches. A batch is pairs (user, item), chosen by the loss; the engine
 * scores them and gets back the loss and its derivative by every score. Engines that keep factors
 * (factors.h) and networks alike can train on that, and nothing is known here of either. */
#ifndef OBJECTIVE_H
#define OBJECTIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Starts zeroed. */
struct pairs {
	uint32_t *user, *item; /* (n) */
	size_t n, room;
	/* of a sum: the pairs from .. joined - 1 are those that an extra joins; joined 0: no sum */
	size_t from, joined;
};

void pairs_add(struct pairs *pairs, uint32_t user, uint32_t item);
void pairs_free(struct pairs *pairs);

struct objective {
	void *self;

	/* Draws what the epoch needs; the number of its batches, or 0 from a loss that only joins
	 * the batches of another. */
	size_t (*start)(void *self, uint64_t epoch);

	/* Appends the pairs of a batch, which depend on seed, epoch and batch only. A loss that
	 * joins another's batches finds its pairs from `from` to `joined`: their users and items
	 * are the batch's. No batch is drawn before the one at hand has its slopes. */
	void (*draw)(void *self, size_t batch, struct pairs *pairs);

	/* Of the pairs that draw appended, and only these: the loss, summed over the batch (not its
	 * mean), with slope[k] = d loss / d score[k]. */
	double (*slope)(void *self, const struct pairs *pairs, const float *score, float *slope);

	void (*end)(void *self); /* frees self */
};

/* base_weight base + extra_weight extra, on base's batches. base may be a sum itself; what both
 * extras join is its base then. The weights may be changed between epochs; an extra of weight 0 is
 * not asked, and stays so once it was. Both objectives are owned by the sum. */
struct objective_sum {
	struct objective base, extra;
	double base_weight, extra_weight;
	bool chain;
	/* where the batch at hand has its two halves */
	size_t middle;
};
struct objective objective_sum(
	struct objective base, double base_weight, struct objective extra, double extra_weight);

/* The same, but extra joins the pairs that base has drawn and no others, even where base itself
 * joins another's batches. */
struct objective objective_chain(
	struct objective base, double base_weight, struct objective extra, double extra_weight);

/* Rows of a model's representation that a batch has, as factors or activations: row s, s < n, is of
 * the user, item or row of the data id[s], and is `dim` floats at row[at[s] * pitch] (at NULL: at
 * row[id[s] * pitch]); what is added to slope[s * width] is added to its gradient. */
struct vectors {
	const float *row;
	size_t pitch, width, dim, n;
	const uint32_t *id;
	float *slope;
	const uint32_t *at;
};

/* A loss on those, weight times which is trained on. */
struct vectors_loss {
	void *self;
	void (*start)(void *self, uint64_t epoch);
	/* Adds its gradient, times the weight; returns the loss, less what does not depend on the
	 * rows if that is costly. A batch that has rows of the data has no items. The same bits on
	 * any number of threads. */
	double (*slope)(void *self, const struct vectors *users, const struct vectors *items,
		double weight);
	void (*end)(void *self);
	double weight;
};

/* The distinct ones of id[0 .. n), by first appearance, into distinct[]; how many. stamp: as many
 * zeros as there are ids at first, then left to this function. */
size_t objective_distinct(uint32_t *distinct, uint32_t *stamp, const uint32_t *id, size_t n);

#endif
