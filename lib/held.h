/* held -- frames that wait. Owns: their bytes until they go on, the order of rows. */
#ifndef HELD_H
#define HELD_H

#include <stddef.h>
#include <stdint.h>

#include "frame.h"
#include "spool.h"

/* Starts zeroed. Of a frame that waits all but its header is in the spool. */
struct held {
	struct held_frame {
		struct frame f;
		uint64_t at;
	} *list;
	size_t n, room;
	struct spool spool;
	uint8_t *bytes; /* of the last held_get */
	size_t bytes_room;
};

void held_add(struct held *held, const struct frame *f); /* copies it */

/* Frame i with its bytes, valid until the next call. */
const struct frame *held_get(struct held *held, size_t i);

/* Tables in order of arrival, then all rows group by group, whatever order they came in. */
void held_sort(struct held *held);

void held_free(struct held *held); /* and makes it empty */

#endif
