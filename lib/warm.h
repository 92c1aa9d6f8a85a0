/* warm -- a model carried to another domain's vocabulary. Owns: which weights belong to an id, what
 * an id starts with that the source does not know.
 *
 *   W_target[v] = W_source[v]   for ids v, by name, that both domains have
 *   W_target[v] = fresh         for the others
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

#include "tensor.h"

enum warm_fresh {
	WARM_RANDOM, /* as training starts: normal, deviation 0.1 / sqrt(K) of factors, 0.05 of
			embeddings (0.01 of arch fm), 0 of what is one number an id */
	WARM_UNKNOWN, /* as the model sees an id that it does not know: 0, or the network's
			 embedding of the unknown */
	WARM_MEAN, /* the mean of the source's rows */
};
bool warm_fresh_parse(enum warm_fresh *fresh, const char *text); /* "random", "unknown", "mean" */

/* to (n, cols): row i is row of[i] of from (rows, cols), or fresh where of[i] is not below rows.
 * deviation, seed: for WARM_RANDOM; 0 gives zeros. unknown (cols): for WARM_UNKNOWN; NULL: zeros.
 */
void warm_rows(float *to, size_t n, const float *from, size_t rows, size_t cols, const uint32_t *of,
	enum warm_fresh fresh, double deviation, uint64_t seed, const float *unknown);

struct warm {
	const struct tensors *source,
		*target; /* target: vocabularies, tables, columns user and item */
	const char *model, *as; /* the model of the source, its name in the target */
	bool user, item, features; /* what is the same when it is called the same */
	enum warm_fresh fresh;
	uint64_t seed;
};

/* Appends the tensors of the model `as` to made, spec first, and says what was shared. Dies when
 * nothing was that could be, or when the target lacks a feature of the model or has it as another
 * kind. */
void warm_model(struct tensors *made, const struct warm *warm);

/* The model as it is under another name, with `notes` (lines) behind its spec. */
void warm_copy(struct tensors *made, const struct tensors *set, const char *model, const char *as,
	const char *notes);

/* Value of a key of a model's spec in the set, for free(); NULL when there is none. For models
 * whose tables are elsewhere; others are opened. */
char *warm_spec(const struct tensors *set, const char *model, const char *key);

#endif
