/* certificate -- what a split is like, for people and for programs. Owns: the lines of
 * split.certificate, the warnings.
 *
 * Rows are told in any number of pieces; memory is bounded but for 9 bytes for each user and item.
 */
#ifndef CERTIFICATE_H
#define CERTIFICATE_H

#include <stdbool.h>
#include <stdint.h>

#include "late.h"
#include "repeats.h"
#include "stream.h"
#include "tally.h"

struct certificate {
	const char *scheme;
	bool full; /* pairs are counted, where rows have user and item */
	struct tally tally;
	struct late late;
	struct repeats repeats;
	uint32_t crc; /* of the column part */
	bool has_times, has_pairs;
	size_t late_rows, pairs; /* counted when no more rows come */
};

#define CERTIFICATE_NEW                                                                            \
	{                                                                                          \
		.tally = TALLY_NEW, .late = LATE_NEW                                               \
	}

void certificate_add(struct certificate *c, const struct tally_rows *rows);
void certificate_free(struct certificate *c);

/* When no more rows come: the text split.certificate, whose lines rs-split(1) lists, and the same
 * by warn(), with a warning for each fault of the split; what was not told has no line. want[p]:
 * whether part p was asked for. strict: dies when a pair is in two parts or a row of train is later
 * than the first of test. */
void certificate_put(
	struct certificate *c, struct stream *out, const bool want[SPLIT_PARTS], bool strict);

#endif
