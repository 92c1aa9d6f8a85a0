/* tutor -- a network that is taught by a curriculum. Owns: what a curriculum sees of a network: its
 * vectors, and its scores of all items. */
#ifndef TUTOR_H
#define TUTOR_H

#include "curriculum.h"
#include "fit.h"
#include "model_items.h"

struct tutor {
	struct curriculum *curriculum; /* checked; NULL: nothing is taught, all does nothing */
	/* the work */
	struct net *net;
	const struct features *features;
	size_t users, items;
	struct tutor *self; /* what a look is given */
	struct model *model; /* made at an epoch's first look */
	struct model_items *ready;
};

/* For a network that is about to be trained as `fit` says: joins the curriculum to fit's objective
 * (base, {0}: none) and to its vectors. rows: all of the data. What comes back replaces base. */
struct objective tutor_open(struct tutor *t, struct objective base, struct fit *fit,
	struct net *net, const struct features *features, const struct mf_rows *rows);

/* Ahead of an epoch, with the weights of the base and of what is taught; and after it. */
void tutor_begin(struct tutor *t, double base, double taught);
void tutor_end(struct tutor *t);

void tutor_close(struct tutor *t); /* may be opened again */

#endif
