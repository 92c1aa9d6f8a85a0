/* values -- tensors side by side as TSV. Owns: ids back to strings, bags as one cell.
 *
 * A name stands for a tensor; for a bag (NAME.at, NAME.id), its values joined by '|'; for a
 * vocabulary (NAME.at, NAME.text), its strings. Ids whose column has a vocabulary come as
 * strings. */
#ifndef VALUES_H
#define VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tensor.h"

struct values;

struct values *values_new(char *const *names, size_t n);
void values_free(struct values *v);

bool values_are_rows(const struct values *v); /* all columns travel cut with the rows */

/* Whether a tensor is needed; to be asked of every tensor of the stream. */
bool values_want(struct values *v, const char *tensor);

/* Points the columns at tensors of either set, for rows from `start` on. Dies when one is missing
 * or the columns have different numbers of rows. */
void values_bind(
	struct values *v, const struct tensors *tables, const struct tensors *rows, uint64_t start);

/* Some more text, its length or 0 at the end; a heading comes first. Dies of an id or offset that
 * points nowhere. */
size_t values_next(struct values *v, const char **text);

#endif
