/* reverse -- the best K of all users, item by item. Owns: the blocks that reverse lists are made in.
 *
 * The scores are those of ranking's lists, bit for bit. Memory: 8 K bytes an item, and a tile of
 * 100 KB a thread; never users x items. */
#ifndef REVERSE_H
#define REVERSE_H

#include <stddef.h>
#include <stdint.h>

#include "ranking.h"

struct reverse_lists {
	const struct ranking_sets *seen; /* items whose lists a user is left out of; NULL: none */
	size_t users, items, k; /* 1 <= k <= users */
	/* (items, k), the caller's: best first, of equal scores the lower user; what is left is
	 * padded as ranking_pad does */
	uint32_t *user;
	float *score;
};

void reverse_make(struct reverse_lists *lists, const struct ranking_scorer *scorer);

#endif
