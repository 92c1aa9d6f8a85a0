/* negative -- items that a user has no row of. Owns: the drawing of negatives.
 *
 * A user's negatives are drawn one after the other, row by row, each from the items that are
 * neither in a row of his, whatever its part and label, nor drawn for him before: with equal
 * probability, or in proportion to `weight`. A draw is a function of the seed, the row's position
 * and the user's other rows, so it is the same on any number of threads. */
#ifndef NEGATIVE_H
#define NEGATIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NEGATIVE_NONE = UINT32_MAX }; /* no item was left */

struct negative_task {
	size_t n, users, items; /* ids are below users, items */
	const uint32_t *user, *item;
	const uint8_t *positive; /* of each row: whether negatives are drawn for it */
	const uint64_t *weight; /* of each item; NULL: equal */
	size_t per; /* negatives a positive row */
	uint64_t seed;
};

/* drawn[k per .. (k + 1) per) becomes the negatives of the k-th positive row. Returns how many
 * could not be drawn. */
size_t negative_draw(uint32_t *drawn, const struct negative_task *task);

#endif
