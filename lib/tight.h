/* tight -- sparse rows whose ids take as few bits as they need. Owns: how pairs of users and items
 * become such rows. */
#ifndef TIGHT_H
#define TIGHT_H

#include <stdbool.h>

#include "mf.h"
#include "packed.h"

enum { TIGHT_STRIDE = 64 };

/* Row r has the places at[r] .. at[r + 1], by rising id; a pair given twice is there twice. */
struct tight {
	size_t rows, n;
	uint64_t *at; /* (rows + 1) */
	uint32_t *near; /* the row that has place 0, TIGHT_STRIDE, 2 TIGHT_STRIDE, ... */
	struct packed id;
};

/* Users with their items, of those that `keep` says. place: of each of them, as they come; the
 * caller's. log2(items) bits each and 8 bytes a user; twice log2 of their number on the way. */
struct tight tight_new(struct packed *place, const struct mf_rows *rows,
	bool (*keep)(const struct mf_rows *rows, size_t r));
void tight_free(struct tight *t);

/* Whose a place is. */
static inline uint32_t tight_row(const struct tight *t, uint64_t place)
{
	const uint32_t *near = t->near + place / TIGHT_STRIDE;
	uint32_t row = near[0], left = near[1] - row + 1;

	/* the last one whose places begin there or before */
	while (left > 1) {
		uint32_t half = left / 2, there = t->at[row + half] <= place;

		row += half & -there;
		left -= half;
	}
	return row;
}

bool tight_has(const struct tight *t, uint32_t row, uint32_t id);

#endif
