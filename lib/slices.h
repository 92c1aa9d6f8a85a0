/* slices -- users or items told apart. Owns: what --by means, groups by popularity, what slices are
 * called, the values of items that --diversity compares.
 *
 *   user.cat.X item.cat.X   by value
 *   item.popularity         by rows of train: group 1 are the few popular items that have a share
 *                           1 / groups of the rows, the last the many rare ones
 *   user.activity           the same of users
 */
#ifndef SLICES_H
#define SLICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rank.h"
#include "ranking.h"
#include "tensor.h"

enum { SLICES_MOST = 10000 };

struct slices {
	const char *by;
	bool of_items; /* else of users */
	uint32_t *of; /* (members): the slice of each */
	size_t members, n;
	char **name; /* (n) */
};

/* Whether text is one of the four; of which it is tells *of_items. */
bool slices_parse(bool *of_items, const char *by);

/* Whether tensor is needed for it. */
bool slices_carrier(const char *by, const char *tensor);

/* Whether it is by rows of train. */
bool slices_counted(const char *by);

/* n slices that are the values of any column, with their names only. */
void slices_words(struct slices *slices, const struct tensors *set, const char *column, size_t n);

/* Rows of train of every user or item; part NULL means that all of them train. The caller's. */
uint64_t *slices_count(const struct ranking_rows *rows, bool of_items);

/* Of members users or items; count (members) is used for groups only. Dies when the column is not
 * there, is short, or has too many values. */
void slices_open(struct slices *slices, const struct tensors *set, const char *by, size_t members,
	const uint64_t *count, size_t groups);
void slices_free(struct slices *slices);

/* The values of items in item.cat.X or item.bag.X, at least `items` of them; `made` owns what had
 * to be made, and both live as long as set. Dies when the column is not there or damaged. */
void slices_traits(struct rank_traits *traits, uint64_t **made, const struct tensors *set,
	const char *column, size_t items);

#endif
