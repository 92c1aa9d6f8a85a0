/* regard -- what a student thinks of all items while it learns. Owns: the looks at its scores, its
 * ranks and best items.
 *
 * Losses that correct the student need that: it is looked at ahead of an epoch, every few epochs,
 * and costs a score for every user and item then. */
#ifndef REGARD_H
#define REGARD_H

#include "taught.h"

struct regard {
	void *student;
	/* score (n, items) of n users and every item; reverse: (n, users) of n items */
	void (*scores)(const void *student, bool reverse, float *score, const uint32_t *row,
		size_t n);
	size_t every; /* epochs from one look to the next */
};

/* When a look is due ahead of this epoch: calls look for every row of t in parallel, with a user's
 * scores of all items (or an item's of all users), -INFINITY where he is positive with one, which
 * it may spoil. */
typedef void regard_look(struct taught *t, size_t row, float *score);
void regard_at(const struct regard *regard, struct taught *t, uint64_t epoch, regard_look *look);

/* rank[i] of item[i], i < n: 1 + how many of all items have a higher score, or an equal one and a
 * lower id. */
void regard_ranks(uint32_t *rank, const float *score, size_t items, const uint32_t *item, size_t n);

/* The best k items, best first, of equal scores the lower id first; how many there are. */
size_t regard_top(uint32_t *item, size_t k, const float *score, size_t items);

#endif
