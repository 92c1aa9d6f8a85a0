/* liked -- who likes what. Owns: the positives of training rows, the drawing of items that a user
 * has not.
 *
 * A positive is a row of part 0 with a label above 0; a pair given twice counts twice. A negative
 * of a user is never one of his positives; rows of other parts do not exclude it, since that would
 * tell the model what is held out. It is drawn with equal chances, or as often as it is a positive
 * of anybody; one that the user has is drawn again, at the 33rd time from what is left to him, all
 * with equal chances.
 *
 * Memory of a positive: log2(items) bits, log2(positives) for the order of its row and as much
 * again for the order of an epoch, which is a loss's (bpr.h): 6.5 bytes where there are 1 M of 4 k
 * items. Where that is more than 8 bytes, beyond some 16 M, the order of rows is not kept. 4 bytes
 * more with weights, and 8 bytes a user. */
#ifndef LIKED_H
#define LIKED_H

#include <stdbool.h>

#include "mf.h"
#include "tight.h"

enum { LIKED_NONE = UINT32_MAX, LIKED_DRAWS = 33, LIKED_BITS = 64 };

struct liked {
	/* Positives, numbered as their rows come; by user and item if they take more bits then. */
	size_t n;
	uint32_t items;
	struct tight have; /* items of each user */
	struct packed place; /* of each positive; word NULL: they are numbered by their places */
	float *weight; /* of each positive; NULL: all are 1 */
	bool popular;
};

struct liked_pair {
	uint32_t user, item;
};

/* The rows may be freed after this. bits: what a positive may take, LIKED_BITS but for tests. */
struct liked liked_new(const struct mf_rows *rows, bool popular, unsigned bits);
void liked_free(struct liked *l);

/* Positive number e. */
struct liked_pair liked_pair(const struct liked *l, size_t e);

/* Whether it is a positive of the user. */
bool liked_has(const struct liked *l, uint32_t user, uint32_t item);

/* A negative for `user`; LIKED_NONE if he has every item. Takes the numbers index .. index +
 * LIKED_DRAWS - 1 of the seed. */
uint32_t liked_not(const struct liked *l, uint32_t user, uint64_t seed, uint64_t index);

#endif
