/* ratings -- the rows of a stream as ratings. Owns: reading them whole, what a rating may be, where
 * the new model goes. */
#ifndef RATINGS_H
#define RATINGS_H

#include <stdbool.h>

#include "mf.h"
#include "stream.h"

/* What is wanted of the stream beside its rows. */
struct ratings_wish {
	const char *name; /* of the model that is made; one of that name is dropped, */
	bool replace; /* or, without this, dies */
	bool resume; /* or comes into set */
	const char *init; /* another model that comes into set; or NULL */
	const char *const *also; /* patterns of other tensors that do, up to a NULL; or NULL */
};

/* Loads user, item, label and, if there, weight and part, and passes the rest on. Dies of ids,
 * labels or weights that cannot be trained on, and without a training row. rows points into set. */
struct mf_rows ratings_read(struct tensors *set, struct stream *in, struct stream *out,
	const struct ratings_wish *wish);

/* The columns are no longer needed: the rows point at nothing then. */
void ratings_taken(struct tensors *set);

/* Dies when `need` bytes are more than the ceiling (0: 3/4 of this machine). `why` says what makes
 * it so many: "--dim 32". */
void ratings_fit(const struct mf_rows *rows, uint64_t need, uint64_t ceiling, const char *why);

#endif
