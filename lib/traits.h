/* traits -- features of users or items as content. Owns: which tensors of a stream are content,
 * what in them says that there is none. */
#ifndef TRAITS_H
#define TRAITS_H

#include <stdbool.h>

#include "content.h"
#include "tensor.h"

/* Features item.cat.*, item.bag.*, item.num.* of set (of user: user.*), those of `list` (names
 * between commas) or all, as rows of content: as many as the tables have, but at least `least`. The
 * empty word is none, nor is a number whose NAME_missing is not 0. Dies when there are no features,
 * or a table is damaged or shorter than another. */
struct csr traits_open(const struct tensors *set, bool of_users, const char *list,
	enum content_weight weight, size_t least, size_t *cols);

#endif
