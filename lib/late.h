/* late -- rows of train that are later than the first row of test. Owns: the times that may turn
 * out to be late. */
#ifndef LATE_H
#define LATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "spool.h"
#include "split.h"

enum { LATE_ROOM = 1 << 15 };

/* LATE_NEW to begin with. Memory is bounded: times of train that are not later than the first row
 * of test so far are kept, in a spool when they are many. */
struct late {
	int64_t first; /* of test, so far */
	bool known; /* no earlier one comes, so no time is kept */
	size_t late, n;
	int64_t *early; /* n of LATE_ROOM; those before them are in the spool */
	struct spool spool;
};

#define LATE_NEW                                                                                   \
	{                                                                                          \
		.first = INT64_MAX                                                                 \
	}

/* Before the first row: no row of test is earlier than this. */
void late_know(struct late *late, int64_t first);

/* n rows more; part is below SPLIT_PARTS or SPLIT_OUT. */
void late_add(struct late *late, const int64_t *time, const uint8_t *part, size_t n);

size_t late_count(struct late *late); /* of all rows so far */
void late_free(struct late *late);

#endif
