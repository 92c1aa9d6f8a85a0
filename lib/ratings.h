/* ratings -- the rows of a stream as ratings. Owns: reading them whole, what a rating may be, where
 * the new model goes. */
#ifndef RATINGS_H
#define RATINGS_H

#include <stdbool.h>

#include "mf.h"
#include "stream.h"

/* Loads user, item, label and, if there, weight and part, and passes the rest on; drops the model
 * `name` of the stream, or dies of it unless `replace`. Dies of ids, labels or weights that cannot
 * be trained on, and without a training row. rows points into set. */
struct mf_rows ratings_read(
	struct tensors *set, struct stream *in, struct stream *out, const char *name, bool replace);

/* Dies when `need` bytes are more than the ceiling (0: 3/4 of this machine). `why` says what makes
 * it so many: "--dim 32". */
void ratings_fit(const struct mf_rows *rows, uint64_t need, uint64_t ceiling, const char *why);

#endif
