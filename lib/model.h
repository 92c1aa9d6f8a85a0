/* model -- anything that can score rows, by one interface. Owns: which tensors a model has, what
 * its spec says, how features are found in a stream and joined to rows.
 *
 * A model NAME lies in the stream as model.NAME.spec (u8 text, lines key=value) and model.NAME.*.
 * Spec keys of every model: arch, task (binary: scores are logits; rating: scores are ratings);
 * networks add features, dim, hidden; a student adds teacher=NAME. The rest are hyper-parameters.
 *
 * A weight is f32; or f16; or i8 with its rows' scales in model.NAME.rowscale.WEIGHT (quantise.h).
 * Opened, it is f32 in any case. */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ease.h"
#include "knn.h"
#include "mf.h"
#include "net.h"
#include "screen.h"
#include "tensor.h"
#include "text.h"

struct model;

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

/* The factors of a model of arch mf, NULL of another; and a model around factors that are in no
 * stream yet. What they point at belongs to the caller. */
/* Opens the model `name`, which `option` asks for, and gives its factors; dies when it is not there
 * or has none. */
const struct mf *model_open_factors(struct model **model, const struct tensors *set,
	const char *name, const char *option);
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

/* What a model is made of: one of the four is there, features with a network. */
struct model_parts {
	const struct net *net;
	const struct features *features;
	const struct knn *knn;
	const struct ease *ease;
	const struct mf *mf;
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
/* The factors (rows, dim) of users or items; NULL when it has none. */
const float *model_factors(const struct model *model, bool of_items, size_t *rows, size_t *dim);

/* ---- every item for some users ---- */

/* A model made ready to score the items 0 .. items - 1. A factor model, and one of two towers, gets
 * a packed copy of its items' factors; its scores are not clipped, since clipping would make ties
 * of the best. Any other model predicts made rows. Dies when the model needs columns of the rows,
 * or has weights so large that a score could overflow. */
struct model_items;
struct model_items *model_items_new(struct model *model, size_t items);
void model_items_free(struct model_items *ready);

/* For a factor model, on a machine that can, what tells most items from the best without their
 * scores; else NULL. The same scores, bit for bit. */
const struct screen *model_items_screen(const struct model_items *ready);

/* Whether model_items_score may be called by several threads at once; otherwise it uses them. */
bool model_items_apart(const struct model_items *ready);

/* score[u * MODEL_TILE + i] of user[u] and item first + i, u < n <= MODEL_USERS, i < count <=
 * MODEL_TILE; first is a multiple of MODEL_TILE. What lies beyond count in a row is spoilt. Dies of
 * a score that is not finite. */
enum { MODEL_USERS = 24, MODEL_TILE = 1024 };
void model_items_score(struct model_items *ready, float *score, const uint32_t *user, size_t n,
	size_t first, size_t count);

/* ---- features ---- */

/* A feature by its tensor: "user", "item", "row.cat.x", "user.cat.x", "item.bag.x", "row.num.x". */
struct features {
	size_t n;
	char (*name)[TENSOR_NAME + 1];
	struct net_field *field;
};

/* Whether a tensor is a feature, a part of one (row.bag.x.at) or says how many values one has
 * (vocab.x.at): what to keep of a stream. */
bool features_carrier(const char *tensor);

/* list: names separated by commas, NULL for every feature of the set in the order user, item, then
 * as they arrived. Sets names, kinds and sizes (of the vocabulary, else largest id + 1). Dies on a
 * name given twice or absent (and says which there are). */
void features_find(struct features *f, const struct tensors *set, const char *list);

/* Takes those of list out; dies by usage when one is not there, or none is left. NULL: none. */
void features_drop(struct features *f, const char *list);

/* Points the fields at the tables of `tables` and at the columns of `rows`; either may be NULL: as
 * before. Dies when one is missing, of another type, or damaged ("item.bag.x.at" falls). */
void features_bind(struct features *f, const struct tensors *tables, const struct tensors *rows);
void features_free(struct features *f);

/* A model around a network whose features are bound; both are the caller's, and outlive it. */
struct model *model_around_net(struct net *net, const struct features *features, const char *name);

/* What the spec calls activations and normalisations, by their number; NULL at the end. */
extern const char *const model_actives[], *const model_norms[];

/* ---- writing ---- */

/* Adds a line key=value to a spec, which starts zeroed. */
void model_note(struct text *spec, const char *key, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* NULL, or why a model cannot be called so (a tensor's name without dots, at most 60 bytes). */
const char *model_name_fault(const char *name);

/* For a stage that makes model `model`: whether `tensor` is a part of an older one of that name, to
 * be dropped from the stream. Dies when it is and may not be replaced, before any work is done. */
bool model_replaces(const char *model, bool replace, const char *tensor);

/* The tensors of a model, appended to set, spec first; arch, task, features, sizes are noted here,
 * `spec` (which is freed) holds the rest. */
void model_from_mf(struct tensors *set, const char *name, struct text *spec, const struct mf *mf);

/* Freezes the weights of net whose name after model.NAME. one of the patterns matches (list:
 * "mlp.*,embedding.user"). NULL, or the first pattern that matches none. */
const char *model_freeze(struct net *net, const struct features *features, const char *list);

/* Sets what weights of `net` the model NAME of the set has, by name and shape; the number of
 * tensors that were set. `all` is how many there are. */
size_t model_carry(struct net *net, const struct features *features, const struct tensors *set,
	const char *name, size_t *all);
void model_from_ease(
	struct tensors *set, const char *name, struct text *spec, const struct ease *ease);
void model_from_knn(
	struct tensors *set, const char *name, struct text *spec, const struct knn *knn);
/* Two models as one: a pair of a user and an item that are both known is for the warm one, others
 * are for the cold one, whose score is times scale plus shift. Both stay in the stream. */
struct model_pair {
	bool binary;
	const char *warm, *cold;
	double scale, shift;
	const uint8_t *user, *item; /* known */
	size_t users, items;
};
void model_from_pair(
	struct tensors *set, const char *name, struct text *spec, const struct model_pair *pair);
void model_from_net(struct tensors *set, const char *name, struct text *spec, const struct net *net,
	const struct features *features);

#endif
