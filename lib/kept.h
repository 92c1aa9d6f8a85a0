/* kept -- what a split must know of all rows before it can part them. Owns: how few bytes a row
 * that takes: 4 for user, 4 for time, or 8 where time needs it. */
#ifndef KEPT_H
#define KEPT_H

#include <stddef.h>
#include <stdint.h>

#include "group.h"
#include "when.h"

struct kept {
	size_t n, room;
	uint32_t *user;
	struct when when;
};

/* For so many rows: memory that grows would take twice as much on the way. */
void kept_start(struct kept *kept, size_t rows);

/* n rows more; a column that is NULL is not kept, which must be so for all pieces. Dies at 2^32
 * rows with users. */
void kept_add(struct kept *kept, const uint32_t *user, const int64_t *time, size_t n);

/* Groups the rows by user in the memory of the column, which is gone after that. */
void kept_group(struct group *users, struct kept *kept, size_t ids);

/* The time of the first row of test; INT64_MAX when there is none. */
int64_t kept_first(const struct kept *kept, const uint8_t *part);
void kept_free(struct kept *kept);

#endif
