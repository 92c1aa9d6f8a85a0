/* model_write -- a model as tensors. Owns: the order in which a model's spec and weights are written,
 * and which of a network's weights an older model gives. */
#ifndef MODEL_WRITE_H
#define MODEL_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model.h"
#include "text.h"

/* Adds a line key=value to a spec, which starts zeroed. */
void model_note(struct text *spec, const char *key, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* What a spec says of a network itself: arch, task, features, sizes. */
void model_note_net(struct text *spec, const struct net *net, const struct features *features);

/* For a stage that makes model `model`: whether `tensor` is a part of an older one of that name, to
 * be dropped from the stream. Dies when it is and may not be replaced, before any work is done. */
bool model_replaces(const char *model, bool replace, const char *tensor);

/* The tensors of a model, appended to set, spec first; arch, task, features, sizes are noted here,
 * `spec` (which is freed) holds the rest. mf is taken, not copied. */
void model_from_mf(struct tensors *set, const char *name, struct text *spec, struct mf *mf);

void model_from_ease(
	struct tensors *set, const char *name, struct text *spec, const struct ease *ease);
void model_from_knn(
	struct tensors *set, const char *name, struct text *spec, const struct knn *knn);

/* Those of a network are given to `take` one by one, which may use each until it returns: a large
 * table is not copied. */
typedef void model_take(void *arg, const struct tensor *t);
void model_from_net(const char *name, struct text *spec, const struct net *net,
	const struct features *features, model_take *take, void *arg);

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

/* Sets the pace of the weights of net whose name after model.NAME. one of the patterns matches:
 * "mlp.*=0.1,embedding.user=2", or where paces are not said, "mlp.*,embedding.user", 0, which freezes
 * them. A later pattern has the last word. NULL, or the first part of the list that matches no weight
 * or says no number from 0 to 1e6. */
const char *model_pace(
	struct net *net, const struct features *features, const char *list, bool said);

/* Sets what weights of `net` the model NAME of the set has, by name and shape; the number of
 * tensors that were set. `all` is how many there are. */
size_t model_carry(struct net *net, const struct features *features, const struct tensors *set,
	const char *name, size_t *all);

#endif
