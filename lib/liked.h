/* liked -- who likes what. Owns: the positives of training rows, the drawing of items that a user
 * has not.
 *
 * A positive is a row of part 0 with a label above 0; a pair given twice counts twice. A negative
 * of a user is never one of his positives; rows of other parts do not exclude it, since that would
 * tell the model what is held out. It is drawn with equal chances, or as often as it is a positive
 * of anybody; one that the user has is drawn again, at the 33rd time from what is left to him, all
 * with equal chances. */
#ifndef LIKED_H
#define LIKED_H

#include <stdbool.h>

#include "csr.h"
#include "mf.h"

enum { LIKED_NONE = UINT32_MAX, LIKED_DRAWS = 33 };

struct liked {
	uint32_t *user, *item; /* of the n positives */
	float *weight; /* NULL: all are 1 */
	size_t n;
	uint32_t items;
	struct csr have; /* items of each user, ascending */
	bool popular;
};

/* The rows may be freed after this. */
struct liked liked_new(const struct mf_rows *rows, bool popular);
void liked_free(struct liked *l);

/* A negative for `user`; LIKED_NONE if he has every item. Takes the numbers index .. index +
 * LIKED_DRAWS - 1 of the seed. */
uint32_t liked_not(const struct liked *l, uint32_t user, uint64_t seed, uint64_t index);

#endif
