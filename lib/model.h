/* model -- anything that can score rows, by one interface. Owns: which tensors a model has, what
 * its spec says, how a row is scored.
 *
 * A model NAME lies in the stream as model.NAME.spec (u8 text, lines key=value) and model.NAME.*.
 * Spec keys of every model: arch, task (binary: scores are logits; rating: scores are ratings);
 * networks add features, dim, hidden; a student adds teacher=NAME. The rest are hyper-parameters.
 * Weights are f32, f16 or i8 (weights.h); opened, they are f32 in any case. */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ease.h"
#include "feature.h"
#include "knn.h"
#include "mf.h"
#include "net.h"
#include "tensor.h"
#include "text.h"

struct model;

enum { MODEL_NAME = 60 /* bytes of a name */ };

/* NULL, or why a model cannot be called so (a tensor's name without dots, at most 60 bytes). */
const char *model_name_fault(const char *name);

/* Names of all models in the set, in order of arrival; the array and the names in it are one block,
 * which is the caller's. */
size_t model_list(const struct tensors *set, const char ***names);

/* The same for those of `only` (names between commas), in its order; NULL: all. Dies when one, or
 * any, is missing. */
size_t model_choose(const struct tensors *set, const char *only, const char ***names);

/* Opens model.NAME.* of set and binds it to the user and item tables there; the set must outlive
 * the model. Dies when the model is damaged ("model 'a': 'model.a.mlp.0.weight' is 32x16, expected
 * 48x16") or when the tables lack a feature ("model 'a' needs 'item.bag.genres'"). */
struct model *model_open(const struct tensors *set, const char *name);
void model_free(struct model *model);

/* Opens the model `name`, which `option` asks for, and gives its factors; dies when it is not there
 * or has none. */
const struct mf *model_open_factors(struct model **model, const struct tensors *set,
	const char *name, const char *option);

/* The factors of a model of arch mf, NULL of another; and a model around factors that are in no
 * stream yet. What they point at belongs to the caller. */
const struct mf *model_mf(const struct model *model);
struct model *model_around(const struct mf *mf, const char *name);

const char *model_name(const struct model *model);
/* Value of a key of the spec, NULL when it is not there. */
const char *model_spec(const struct model *model, const char *key);
bool model_is_binary(const struct model *model); /* scores are logits, else ratings */
/* Whether it tells users apart of whom there are no rows. */
bool model_meets_users(const struct model *model);
uint64_t model_parameters(const struct model *model);
uint64_t model_bytes(const struct model *model); /* of its weights, raw */
uint64_t model_multiply_adds(const struct model *model); /* to score one row */

/* A warm model, and a cold one for what the warm one does not know: its score times scale plus
 * shift. */
struct pair {
	struct model *warm, *cold;
	float scale, shift;
	const uint8_t *user, *item; /* whether the warm one knows them */
	uint64_t users, items;
};
bool pair_is_warm(const struct pair *pair, uint64_t user, uint64_t item);

/* What a model is made of: one of the five is there, features with a network. */
struct model_parts {
	const struct net *net;
	const struct features *features;
	const struct knn *knn;
	const struct ease *ease;
	const struct mf *mf;
	const struct pair *pair;
};
void model_parts(struct model_parts *parts, const struct model *model);

/* Whether scoring needs this row column. */
bool model_needs(const struct model *model, const char *column);

/* score[0 .. n) of n rows whose columns are in `rows`; the same bits for any threads. Dies when a
 * column is missing. */
void model_predict(struct model *model, const struct tensors *rows, size_t n, float *score);

/* What a model has inside. The width of its last hidden layer, 0 when there is none, and that
 * layer's activations beside the scores: hidden[r * width]. */
size_t model_width(const struct model *model);
void model_hidden(
	struct model *model, const struct tensors *rows, size_t n, float *score, float *hidden);
/* Of two towers: vector[id * model_width] of ids 0 .. n - 1 of users (tower 0) or items (1); and how
 * many users have anything of their own to go by. */
void model_tower(struct model *model, size_t tower, size_t n, float *vector);
size_t model_users(const struct model *model);
/* What it has of every user, or item, by itself: factors, what a tower makes of them, or without a
 * hidden layer the embeddings of ids. (rows, dim), the caller's; NULL when it has none. */
float *model_vectors(struct model *model, bool of_items, size_t *rows, size_t *dim);

/* A model around a network whose features are bound; both are the caller's, and outlive it. */
struct model *model_around_net(struct net *net, const struct features *features, const char *name);

#endif
