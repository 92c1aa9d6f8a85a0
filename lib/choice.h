/* choice -- users and items by what people call them. Owns: names to ids, conditions on items, the
 * order of popularity. */
#ifndef CHOICE_H
#define CHOICE_H

#include <stddef.h>
#include <stdint.h>

#include "dict.h"
#include "ranking.h"
#include "tensor.h"

#define CHOICE_UNKNOWN UINT32_MAX

/* The words of vocab.KIND in order ("user", "item.cat.genre"); NULL without one, when ids are
 * called by their number. Dies when it is damaged. */
struct dict *choice_names(const struct tensors *set, const char *kind);

/* The id that text stands for, CHOICE_UNKNOWN when there is none; ids are below `ids`. */
uint32_t choice_id(const struct dict *names, const char *text, size_t n, size_t ids);

/* Users in the order in which they were asked for. */
struct choice_users {
	struct {
		uint32_t id; /* CHOICE_UNKNOWN: has a name only */
		char *name; /* NULL for those with an id */
	} * at;
	size_t n, room;
};

/* One more; and those of a file, one a line, empty lines left out; dies when it cannot be read. */
void choice_user(struct choice_users *asked, const struct dict *names, const char *name, size_t n,
	size_t ids);
void choice_user_file(
	struct choice_users *asked, const struct dict *names, const char *path, size_t ids);
void choice_users_free(struct choice_users *asked);

/* Whether tensor is needed for conditions: item.cat.*, item.bag.* and their vocabularies. */
int choice_carrier(const char *tensor);

/* candidate[0 .. items) becomes 0 where an item does not meet "item.cat.NAME=VALUE" or
 * "item.bag.NAME=VALUE" (one of its values); VALUE|VALUE is either, and != is not. `option` is who
 * asks, for messages. Dies when there is no such column or value. */
void choice_where(uint8_t *candidate, size_t items, const struct tensors *set, const char *option,
	const char *condition);

/* The same for all n conditions and all items of set: 1 where an item meets them. NULL when n is 0,
 * else the caller's. */
uint8_t *choice_items(
	const struct tensors *set, const char *option, const char *const *where, size_t n);

/* Cuts the rows of set down to those whose item meets all n conditions; says how many, and dies
 * when none does. Without conditions it does nothing. */
void choice_rows(struct tensors *set, const char *option, const char *const *where, size_t n);

/* Items by how many users have them, most first, of equal ones the lower id first. users_of (items)
 * is made by choice_users_of. The array is the caller's. */
void choice_users_of(uint32_t *users_of, const struct ranking_sets *sets, size_t users);
uint32_t *choice_popular(const uint32_t *users_of, size_t items);

#endif
