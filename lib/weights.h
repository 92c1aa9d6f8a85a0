/* weights -- a model's tensors as they are needed. Owns: their types and shapes, weights that the
 * stream has in fewer bits, lists of ids.
 *
 * A weight is f32; or f16; or i8 with its rows' scales in model.NAME.rowscale.WEIGHT (quantise.h).
 * What is wrong with one dies with the model's name and the tensor's. */
#ifndef WEIGHTS_H
#define WEIGHTS_H

#include <stddef.h>
#include <stdint.h>

#include "csr.h"
#include "tensor.h"

struct weights {
	const char *model; /* its name; not owned, as is the set */
	const struct tensors *set;
	struct tensors thawed; /* those that the set has in fewer bits, as f32 */
};
void weights_free(struct weights *w);

/* model.NAME.<suffix>, finite f32 of rows (x cols), or any shape when rows is 0. */
const struct tensor *weights_need(
	struct weights *w, const char *suffix, uint64_t rows, uint64_t cols);

/* model.NAME.<suffix>, a list of integers. */
const struct tensor *weights_integers(
	const struct weights *w, const char *suffix, enum dtype dtype);

/* model.NAME.<what>.at, .id, .value: lists of ids below `below`, which ascend. */
struct csr weights_lists(struct weights *w, const char *what, uint64_t below);

double weights_there(const struct weights *w); /* how many numbers the model has in the set */

#endif
