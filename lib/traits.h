/* traits -- features of users or items as content. Owns: which tensors of a stream are content,
 * what in them says that there is none. */
#ifndef TRAITS_H
#define TRAITS_H

#include <stdbool.h>
#include <stddef.h>

#include "content.h"
#include "model.h"

struct traits {
	struct features f;
	struct content_field *field; /* (f.n), bound */
	size_t rows; /* of the tables */
};

/* Features item.cat.*, item.bag.*, item.num.* of set (of user: user.*), those of `list` (names
 * between commas) or all. The empty word is none, nor is a number whose NAME_missing is not 0. Dies
 * when there are no features, or a table is damaged or shorter than another. The set must outlive
 * them. */
void traits_open(struct traits *t, const struct tensors *set, bool of_users, const char *list);
void traits_free(struct traits *t);

#endif
