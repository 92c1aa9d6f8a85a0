/* model_items -- a model that scores every item for some users. Owns: the packed copy of items, what
 * is worked out once for all users.
 *
 * Users come in groups, items in tiles, so that a score never leaves the cache before it is used. */
#ifndef MODEL_ITEMS_H
#define MODEL_ITEMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model.h"
#include "screen.h"

/* A model made ready to score the items 0 .. items - 1. A factor model, and one of two towers, gets
 * a packed copy of its items' factors; its scores are not clipped, since clipping would make ties
 * of the best. Any other model predicts made rows. Dies when the model needs columns of the rows,
 * or has weights so large that a score could overflow. */
struct model_items;
struct model_items *model_items_new(struct model *model, size_t items);
void model_items_free(struct model_items *ready);

/* For a factor model, on a machine that can, what tells most items from the best without their
 * scores; else NULL. The same scores, bit for bit. */
const struct screen *model_items_screen(const struct model_items *ready);

/* Whether model_items_score may be called by several threads at once; otherwise it uses them. */
bool model_items_apart(const struct model_items *ready);

/* score[u * MODEL_TILE + i] of user[u] and item first + i, u < n <= MODEL_USERS, i < count <=
 * MODEL_TILE; first is a multiple of MODEL_TILE. What lies beyond count in a row is spoilt. Dies of
 * a score that is not finite. */
enum { MODEL_USERS = 24, MODEL_TILE = 1024 };
void model_items_score(struct model_items *ready, float *score, const uint32_t *user, size_t n,
	size_t first, size_t count);

#endif
