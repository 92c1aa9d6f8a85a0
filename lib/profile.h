/* profile -- what users are to content. Owns: profiles of users over what items are, and of items
 * over what users are.
 *
 *   by item  of user u over column m:  sum over the items j of u of given_uj x_jm
 *   by user  of column m over item i:  sum over the users v of i of x_vm given_vi
 *
 * For rankings (given is 1) the first is scaled to a length of 1, so that a score is the cosine of
 * the profile and the item (Lops, de Gemmis, Semeraro 2011, "Content-based recommender systems:
 * state of the art and trends", section 3.3.1); the second is divided by the sum of x_vm over all
 * v, so that it is the share of such users that took the item. For ratings (given is a rating less
 * base) either is divided by shrink + the sum of x over the same pairs: a shrunk mean. */
#ifndef PROFILE_H
#define PROFILE_H

#include <stdbool.h>

#include "csr.h"

/* given (users, items); x (items, cols) or by user (users, cols), whose rows may be more or fewer
 * than those of given. The result is (users, cols), by user (cols, items): ids ascend. */
struct csr profile_new(const struct csr *given, size_t items, const struct csr *x, size_t cols,
	bool by_user, bool ranking, double shrink);

#endif
