/* ranking -- the best K of all items, user by user. Owns: which items a user has, which items are
 * candidates, the blocks of users and items that lists are made in.
 *
 * Memory for lists: 8 K bytes a user asked for, and a tile of 100 KB a thread; never users x items.
 * Every user is ranked alone, so lists do not depend on the blocks or the number of threads. */
#ifndef RANKING_H
#define RANKING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model_items.h"
#include "tensor.h"

/* Rows of a data set, all of them. label and part are NULL when they are not there. */
struct ranking_rows {
	const uint32_t *user, *item;
	const float *label;
	const uint8_t *part;
	size_t n, users, items; /* ids are below these */
};

/* Columns user and item, and label, part of set, which may be used as long as it lives. There are
 * as many users and items as their vocabularies or tables have, else as occur. */
void ranking_open(struct ranking_rows *rows, const struct tensors *set);

/* Items of each user, ascending, without repeats: those of user u are item[at[u] .. at[u + 1]),
 * with the largest label of their rows (when rows have labels). */
struct ranking_sets {
	size_t *at;
	uint32_t *item;
	float *label;
};

/* Of the rows r with keep[r]; keep NULL: of all. 8 bytes a kept row, 8 more on the way. */
void ranking_sets_new(
	struct ranking_sets *sets, const struct ranking_rows *rows, const uint8_t *keep);
void ranking_sets_free(struct ranking_sets *sets);
/* Where the first of a user's items that is not below `item` stands. */
size_t ranking_sets_from(const struct ranking_sets *sets, size_t user, uint32_t item);
bool ranking_sets_have(const struct ranking_sets *sets, size_t user, uint32_t item);

struct ranking_lists {
	const struct ranking_sets *seen; /* items that are left out of a user's list; NULL: none */
	const uint8_t *candidate; /* (items), whether an item may be listed; NULL: all */
	size_t items, k;
	/* made: for each user asked for, n[u] <= k items at item[u * k], best first */
	uint32_t *item;
	float *score;
	size_t *n;
};

/* What scores items for users: `score` does as model_items_score does, also by several threads at
 * once when it is `apart`. */
struct ranking_scorer {
	void *self;
	void (*score)(void *self, float *score, const uint32_t *user, size_t n, size_t first,
		size_t count);
	bool apart;
	const struct screen
		*screen; /* tells most items from the best of the same scores, or NULL */
};

/* Room for the lists of so many users at a time. */
void ranking_lists_new(struct ranking_lists *lists, size_t users);
void ranking_lists_make(
	struct ranking_lists *lists, struct model_items *model, const uint32_t *user, size_t users);
void ranking_lists_ask(struct ranking_lists *lists, const struct ranking_scorer *scorer,
	const uint32_t *user, size_t users);
void ranking_lists_free(struct ranking_lists *lists);

/* Gives every user its scores of all items, -infinity for what is no candidate, to
 * visit(arg, u, score), u the index in user[0 .. users): in any order, by several threads at once.
 * k is not looked at and nothing is listed. Memory: 4 MODEL_USERS bytes an item and thread. */
typedef void ranking_visit(void *arg, size_t u, const float *score);
void ranking_scores(const struct ranking_lists *lists, struct model_items *model,
	const uint32_t *user, size_t users, ranking_visit *visit, void *arg);

/* What stands where a list of `k` has only n entries: RANKING_NONE with score -infinity. */
#define RANKING_NONE UINT32_MAX
void ranking_pad(uint32_t *id, float *score, size_t n, size_t k);

#endif
