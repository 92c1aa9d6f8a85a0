/* lineage -- history entries (FORMAT.md section 7). Owns: those that were read and are carried on,
 * the one that a stage adds. */
#ifndef LINEAGE_H
#define LINEAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "held.h"
#include "ledger.h"
#include "text.h"

enum { LINEAGE_BYTES = 65536 /* of an entry */ };

/* What of a call goes into its entry; opt_parse makes it. */
struct provenance {
	const char *tool; /* "rs-mf 0.1.0" */
	char *const *arg; /* normalised: "--dim=16", operands as base names */
	size_t args;
	bool has_seed;
	uint64_t seed;
};

/* Starts zeroed. */
struct lineage {
	struct held frames; /* entries as they were read */
	char **entry; /* their text */
	size_t n;
	const char *last; /* of the section before; NULL: none yet */
	struct text from; /* lines: last entries of the sections so far */
	struct text consumed; /* lines: what was read besides */
};

/* Takes an entry's text over, which lay in frame f. NULL, or what is wrong, when it is freed; with
 * text NULL, whether there is room for one more. */
const char *lineage_take(struct lineage *l, const struct frame *f, char *text);
void lineage_section(struct lineage *l); /* a section ends here */

/* A file that was read: its base name, bytes <= 0x20, 0x7F and % as %HH; sha256 (32 bytes) may be
 * NULL. A stream that was read to its end. */
void lineage_consumed(
	struct lineage *l, const char *name, uint64_t bytes, uint32_t crc, const uint8_t *sha256);
void lineage_beside(
	struct lineage *l, const char *name, const struct ledger *ledger, const uint8_t *sha256);

/* What a stage carries on of its input, which is empty afterwards. */
void lineage_inherit(struct lineage *to, struct lineage *from);

/* This stage's entry, with the tensors of the ledger that it made; those that do not fit are
 * counted in a last line. Dies, with `where`, when options and operands are too long for it. */
void lineage_entry(struct text *text, const struct lineage *l, const struct provenance *by,
	const struct ledger *made, const char *where);

void lineage_free(struct lineage *l);

#endif
