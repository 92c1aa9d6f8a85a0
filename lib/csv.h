/* csv -- rows of text fields from a CSV file. Owns: libcsv, separators of several bytes, line
 * numbers and limits of text, pieces that others may parse.
 *
 * A leaf: nothing here dies but for want of memory; what is wrong is said by csv_fault. libcsv is
 * always strict. Its laxer habits are mended here: NUL bytes are refused, sizes are bounded, lines
 * are counted (by LF). */
#ifndef CSV_H
#define CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	CSV_FIELD = 65536,
	CSV_LINE = 1048576,
	CSV_COLUMNS = 4096,
	CSV_PIECE = 262144,
	CSV_PIECES = 16
};

#define CSV_UNCUT SIZE_MAX

struct csv;

struct csv_format {
	/* One byte, "tab", "space", or 2 to 8 bytes as in MovieLens's "::". A longer one works on
	 * plain text only: quotes are ordinary bytes then, and byte 0x1F, which stands for it
	 * inside, is refused. */
	const char *separator;
	bool no_quotes; /* '"' is an ordinary byte */
	bool sha256; /* digest the file also for csv_sha256 */
	bool latin_1; /* the bytes are ISO-8859-1; they are made UTF-8 */
	size_t piece; /* bytes of a csv_piece; 0: CSV_PIECE; CSV_UNCUT: there are none. Changes no
		       * result: for tests */
};

struct csv_field {
	const char *text; /* ends in NUL, holds none */
	size_t n;
};

/* Spaces and tabs around a field are gone unless they were quoted; blank lines are no rows. */
struct csv_row {
	uint64_t line; /* where it begins, from 1 */
	size_t n;
	const struct csv_field *field; /* valid until the next csv_next */
};

const char *csv_format_fault(const struct csv_format *format); /* NULL, or why it cannot be */

/* Takes fd over, which gives text or gzip of it (source.h). */
struct csv *csv_open(int fd, const struct csv_format *format);

/* The next row; false at the end and at a fault. */
bool csv_next(struct csv *c, struct csv_row *row);

/* NULL, or what is wrong, at which line. Asked after csv_next was false. */
const char *csv_fault(const struct csv *c, uint64_t *line);

/* Whole lines that nobody has parsed: for readers who can do without libcsv. */
struct csv_piece {
	const char *text; /* ends in LF; 8 bytes more can be read; valid until the next csv_next or
			   * csv_pieces */
	size_t n;
	uint64_t at; /* offset in the text */
};

/* The next pieces, 0 when libcsv stands within a row, or csv_next will tell why there is none. The
 * reader goes through them in order: a piece that begins where csv_where is may be skipped; another
 * is for csv_next. */
size_t csv_pieces(struct csv *c, struct csv_piece piece[CSV_PIECES]);
void csv_skip(struct csv *c, const struct csv_piece *piece, uint64_t lines);

/* Offset of the text that is read next; *between: a row begins there. */
uint64_t csv_where(const struct csv *c, bool *between);
char csv_separator(const struct csv *c); /* as it stands in pieces */
bool csv_quotes(const struct csv *c); /* whether '"' quotes */

uint64_t csv_size(const struct csv *c); /* bytes of the file; 0 for a pipe */
uint64_t csv_bytes(const struct csv *c); /* read from fd so far */
uint32_t csv_crc(const struct csv *c); /* of these bytes, as they lie in the file */
bool csv_sha256(const struct csv *c, uint8_t digest[32]); /* false when it was not asked for */
void csv_close(struct csv *c);

#endif
