/* ledger -- what a stream has held so far. Owns: tensors by name, the order of their frames,
 * duplicates, counts, digests, the end frame's text (FORMAT.md sections 4, 7, 8).
 *
 * A leaf: faults come back as text in why[FRAME_WHY]. */
#ifndef LEDGER_H
#define LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame.h"

enum { LEDGER_END = 160 };

struct entry {
	struct frame first; /* its bytes are gone */
	uint64_t rows, total;
	uint64_t frames, bytes, stored;
	uint32_t crc;
	unsigned section;
	bool whole;

	/* for whoever keeps the ledger */
	int choice; /* of the filter, once asked */
	bool asked;
	unsigned filter; /* chosen at the last trial */
	bool made, held; /* of an output */
	uint64_t pieces; /* frames made */
	struct tensor *tensor; /* being decoded, with room for so many bytes */
	uint64_t room;
	struct sha256 *sha256;
};

struct ledger {
	struct entry **at; /* in order of arrival */
	size_t n, room;
	uint32_t *slot; /* hash table of indices + 1 */
	size_t slots;
	unsigned section;
	uint64_t frames, tensors, bytes; /* of this section */
	uint32_t chain;
	size_t open; /* tensors without their last frame */
};

void ledger_start(struct ledger *ledger);
void ledger_free(struct ledger *ledger);

struct entry *ledger_find(const struct ledger *ledger, const char *name); /* or NULL */
struct entry *ledger_entry(struct ledger *ledger, const char *name); /* made if need be */

/* Counts a frame that is not an end frame; a tensor frame is checked against those before it.
 * NULL, or what is wrong. */
const char *ledger_take(struct ledger *ledger, const struct frame *f, char *why);

/* The end frame's text for what was counted; and the text read compared to it: NULL, or what is
 * wrong. The next section begins. */
void ledger_end(const struct ledger *ledger, char text[LEDGER_END]);
const char *ledger_close(struct ledger *ledger, const char *text, char *why);

/* "name dtype shape crc32:HHHHHHHH" into line[LEDGER_LINE]; shape as 138493x64, a scalar's is
 * "scalar". */
enum { LEDGER_LINE = 512 };
void ledger_shape(const struct entry *e, char line[LEDGER_LINE]);
void ledger_type(const struct entry *e, char line[LEDGER_LINE]); /* "f32", "0x51" */
uint32_t ledger_digest(const struct ledger *ledger);

#endif
