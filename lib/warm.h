/* warm -- a model carried to another domain's vocabulary. Owns: which weights belong to an
 * id, what a model needs of the target.
 *
 *   W_target[v] = W_source[v]   for ids v, by name, that both domains have
 *   W_target[v] = fresh         for the others (fresh.h)
 *
 * for every table W with a row an id: factors and biases of users and items; embeddings and
 * first-order weights of categorical and multi-valued features. Weights of declared crosses, which
 * are found by the numbers of ids, start at 0. Other weights (layers, numbers with
 * their mean and scale, the bias) go over as they are. This is the usual start of fine-tuning:
 * Yosinski, Clune, Bengio, Lipson 2014, "How transferable are features in deep neural networks?".
 */
#ifndef WARM_H
#define WARM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fresh.h"
#include "tensor.h"

struct warm {
	const struct tensors *source,
		*target; /* target: vocabularies, tables, columns user and item */
	const char *model, *as; /* the model of the source, its name in the target */
	bool user, item, features; /* what is the same when it is called the same */
	enum fresh fresh;
	uint64_t seed;
};

/* Appends the tensors of the model `as` to made, spec first, and says what was shared. Dies when
 * nothing was that could be, or when the target lacks a feature of the model or has it as another
 * kind. */
void warm_model(struct tensors *made, const struct warm *warm);

/* The model as it is under another name, with `notes` (lines) behind its spec. */
void warm_copy(struct tensors *made, const struct tensors *set, const char *model, const char *as,
	const char *notes);

#endif
