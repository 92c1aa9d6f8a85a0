/* certificate -- what a split is like, for people and for programs. Owns: the lines of
 * split.certificate, the warnings. */
#ifndef CERTIFICATE_H
#define CERTIFICATE_H

#include <stdbool.h>
#include <stdint.h>

#include "tally.h"

struct certificate {
	const char *scheme;
	struct tally *tally;
	bool has_pairs; /* whether pairs were counted */
	size_t pairs; /* of user and item, in two parts or more */
	uint32_t crc; /* of the column part */
};

/* Lines key=value, as rs-split(1) lists them; freed by the caller. What was not told has no line.
 */
char *certificate_text(const struct certificate *c);

/* The same by warn(), with a warning for each fault of the split. want[p]: whether part p was
 * asked for. */
void certificate_tell(const struct certificate *c, const bool want[SPLIT_PARTS]);

/* Dies when a pair is in two parts or a row of train is later than the first of test. */
void certificate_strict(const struct certificate *c);

#endif
