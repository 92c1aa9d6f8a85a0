/* side -- what is learned of the users, or of the items, of a grid. Owns: factors and biases by
 * slot in training, by id in a model.
 *
 * A model on the labels' own scale has biases times `scale` and factors times its root, so that a
 * product of two has all of it. */
#ifndef SIDE_H
#define SIDE_H

#include <stdbool.h>

#include "grid.h"

struct side {
	uint32_t ids, slots, dim;
	const uint32_t *slot; /* of an id, or GRID_NONE; the grid's */
	size_t width; /* floats of a slot's factors: dim rounded up to SGD_LANES */
	size_t size; /* floats of now: (slots, width) factors, then (slots) biases */
	float *now;
};

size_t side_width(uint32_t dim);

/* Random factors, uniform over `spread` around 0; what an id starts with depends on it alone. */
struct side side_new(uint32_t ids, uint32_t slots, const uint32_t *slot, uint32_t dim,
	uint64_t seed, double spread);
void side_free(struct side *side);

/* From a model, as far as both have the id and the factor; `shift` is added to its biases. */
void side_from(struct side *side, uint32_t ids, uint32_t dim, const float *factors,
	const float *bias, double scale, double shift);

/* For a model: (ids, dim) and (ids), 0 for an id without slot. pull (slots, width) is added to the
 * factors, or NULL. */
void side_out(
	float **factors, float **bias, const struct side *side, double scale, const float *pull);

/* What a block's kernel sees of it from that slot on. */
struct sgd_side side_at(const struct side *side, size_t slot, const float *pull);
bool side_finite(const struct side *side);

#endif
