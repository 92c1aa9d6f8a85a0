/* reason -- why a model gives an item its score. Owns: how a score is shared out.
 *
 * Shares by kind of model; those above 0 count, largest first, of equal ones in the order found:
 *
 *   ease      B_ji of each item j that the user has: they add up to the score
 *   knn       given x likeness, over the sum of likeness for means, of each neighbour that counts,
 *             an item or a user: they add up to the score less its base
 *   mf        q_j q_i of each item j that the user has: how alike both are by their factors; these
 *             do not add up to the score
 *   lr        weight x value of each feature, the mean over a multi-valued one: they add up to the
 *             score less its bias */
#ifndef REASON_H
#define REASON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model.h"

enum reason_kind { REASON_ITEM, REASON_USER, REASON_VALUE, REASON_NUMBER };

struct reason {
	enum reason_kind kind;
	const char *feature; /* VALUE, NUMBER: its name */
	uint32_t id; /* of the item, user or value; NUMBER: its place */
	float share;
};

struct reasons;

/* NULL when scores of the model have no reasons: those of networks but lr. */
struct reasons *reasons_new(const struct model *model);
void reasons_free(struct reasons *reasons);

/* The first `most` reasons for item and user, who has items had[0 .. n); returns how many. By
 * several threads at once. */
size_t reasons_find(const struct reasons *reasons, uint32_t user, uint32_t item,
	const uint32_t *had, size_t n, struct reason *reason, size_t most);

#endif
