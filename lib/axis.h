/* axis -- columns of a table as axes of a figure. Owns: which names are qualities and costs, which
 * of them are better when lower, what an axis is called, which column is meant. */
#ifndef AXIS_H
#define AXIS_H

#include <stdbool.h>
#include <stddef.h>

#include "tsv.h"

enum { AXIS_LABEL = 128 };

void axis_label(char label[AXIS_LABEL], const char *column); /* "ndcg@10" -> "NDCG@10" */
bool axis_is_cost(const char *column); /* lower is better; false of a name that is not known */

/* The column asked for, or the first of the wishes (ended by NULL; a name that ends in '*' is the
 * beginning of one; "ndcg" is also "ndcg@10") that has numbers, or, for words, is there. Dies when
 * there is none, as the option --what and `place`, which names the table, say. */
size_t axis_choose(const struct tsv *t, const char *asked, const char *const *wish, bool number,
	const char *what, const char *place);

#endif
