/* tally -- what a split has in each part, and who is new in test. Owns: those counts.
 *
 * Rows are told in any number of pieces. Kept are 9 bytes for each user and item. */
#ifndef TALLY_H
#define TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "split.h"

/* The ids of one column, each with the parts that it occurs in, as bits, and its rows of test. */
struct tally_side {
	bool there;
	size_t ids, room;
	uint8_t *seen;
	uint64_t *tests;
};

struct tally {
	size_t rows[SPLIT_PARTS], out, positives[SPLIT_PARTS];
	bool labels, binary; /* whether labels were told, and all are 0 or 1 */
	struct tally_side user, item;
};

#define TALLY_NEW                                                                                  \
	{                                                                                          \
		.binary = true                                                                     \
	}

/* n rows more; a column that is NULL is not told, which must be so for all pieces. part is below
 * SPLIT_PARTS or SPLIT_OUT. Time is not looked at here (late.h). */
struct tally_rows {
	size_t n;
	const uint8_t *part;
	const uint32_t *user, *item;
	const float *label;
	const int64_t *time;
};
void tally_add(struct tally *tally, const struct tally_rows *rows);
void tally_free(struct tally *tally);

/* Users or items that have a row in part p. */
size_t tally_ids(const struct tally_side *side, int p);

/* Ids of test that have no row in train, and how many rows of test these have. */
void tally_cold(const struct tally_side *side, size_t *ids, size_t *rows);

#endif
