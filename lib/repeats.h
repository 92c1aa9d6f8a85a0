/* repeats -- pairs of user and item with rows in more than one part. Owns: sorting more pairs than
 * memory holds. */
#ifndef REPEATS_H
#define REPEATS_H

#include <stddef.h>
#include <stdint.h>

#include "spool.h"
#include "split.h"

/* Pairs are gathered part by part, sorted when so many are there, and put away as a run; runs are
 * merged at the end. Memory is 16 MiB at most, and 4 KiB a run. */
enum { REPEATS_RUN = 1 << 19 };

/* Starts zeroed. A key is user * 2^32 + item. */
struct repeats {
	uint64_t *key[SPLIT_PARTS];
	size_t n[SPLIT_PARTS], room[SPLIT_PARTS];
	struct repeats_run {
		uint64_t at; /* in the spool */
		size_t n;
		uint8_t part;
	} *run;
	size_t runs;
	struct spool spool;
};

/* n rows more; part is below SPLIT_PARTS, or SPLIT_OUT, which does not count. */
void repeats_add(struct repeats *repeats, const uint32_t *user, const uint32_t *item,
	const uint8_t *part, size_t n);

size_t repeats_count(struct repeats *repeats); /* once, after all rows */
void repeats_free(struct repeats *repeats);

#endif
