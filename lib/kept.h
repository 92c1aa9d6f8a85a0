/* kept -- the columns of rows that a split cannot forget. Owns: how few bytes a row they take.
 *
 * 4 each for user, item and time (8 where time needs it), 1 for part, an eighth for label. */
#ifndef KEPT_H
#define KEPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "group.h"
#include "tally.h"
#include "when.h"

struct kept {
	size_t n, room;
	uint32_t *user, *item;
	uint8_t *part, *positive; /* positive: a bit a row */
	struct when when;
	bool labels, binary; /* labels are kept; all so far are 0 or 1 */
};

/* Columns that are NULL in rows are not kept, which must be so for all pieces. Without part, room
 * for it is made by kept_part, once. Dies at 2^32 rows. */
void kept_add(struct kept *kept, const struct tally_rows *rows);
uint8_t *kept_part(struct kept *kept);

/* Groups the rows by user in the memory of the column, which is gone after that. */
void kept_group(struct group *users, struct kept *kept, size_t ids);

/* Tells the tally all rows, user by user if users is not NULL. */
void kept_tell(struct tally *tally, const struct kept *kept, const struct group *users);
void kept_free(struct kept *kept);

#endif
