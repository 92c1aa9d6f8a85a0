/* feature -- columns of a stream as inputs of a network. Owns: how features are found in a stream,
 * checked, and joined to rows; what the weights of each are called. */
#ifndef FEATURE_H
#define FEATURE_H

#include <stdbool.h>
#include <stddef.h>

#include "net.h"
#include "tensor.h"

/* A feature by its tensor: "user", "item", "row.cat.x", "user.cat.x", "item.bag.x", "row.num.x". */
struct features {
	size_t n;
	char (*name)[TENSOR_NAME + 1];
	struct net_field *field;
};

/* Whether a tensor is a feature, a part of one (row.bag.x.at) or says how many values one has
 * (vocab.x.at): what to keep of a stream. */
bool feature_carrier(const char *tensor);

/* list: names separated by commas, NULL for every feature of the set in the order user, item, then
 * as they arrived. Sets names, kinds and sizes (of the vocabulary, else largest id + 1). Dies on a
 * name given twice or absent (and says which there are); warns of a feature that no row has a value
 * of, and leaves it out. */
void feature_find(struct features *f, const struct tensors *set, const char *list);

/* Takes those of list out; dies by usage when one is not there, or none is left. NULL: none. */
void feature_drop(struct features *f, const char *list);

/* Points the fields at the tables of `tables` and at the columns and lists (row.bag.*, see
 * members_lists) of `rows`; either may be NULL: as before. Dies when one is missing, of another
 * type, or damaged ("item.bag.x.at" falls). */
void feature_bind(struct features *f, const struct tensors *tables, const struct tensors *rows);
void feature_free(struct features *f);

/* What a name says. Length of its "row", "user" or "item" before a dot, 0 when there is none; the
 * net_kind, -1 when it is no feature's. */
size_t feature_owner(const char *name);
int feature_kind(const char *name);

/* The tensor NAME + part of a set; NULL when it is not there. */
struct tensor *feature_part(const struct tensors *set, const char *name, const char *part);

/* Name of a network's tensor after model.NAME. */
void feature_weight(char *suffix, size_t room, struct net_tensor t, const struct features *f);

#endif
