/* plain -- lines of CSV without quotes, cut into fields. Owns: what is so plain that libcsv would
 * find the same fields.
 *
 * A leaf. Plain are lines of at most 64 KiB that end in LF or CRLF and have all the same number of
 * fields, two or more; no NUL byte, no quote, no other CR. Whatever else there is is not plain,
 * be it right or wrong: libcsv decides. */
#ifndef PLAIN_H
#define PLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "csv.h"
#include "figures.h"

struct plain {
	const char *text;
	size_t rows, columns;
	bool crlf, blank; /* some lines end in it; there are blanks, so perhaps around fields */
	uint32_t *stop; /* where each field ends, after one for the beginning */
	size_t room;
};

/* Cuts n bytes, which end in LF; false when they are not plain. quotes: '"' quotes. Zeroed before
 * the first call; then its memory is used again. */
bool plain_cut(
	struct plain *p, const char *text, size_t n, char separator, size_t columns, bool quotes);
void plain_free(struct plain *p);

/* Whether fields of a column may have blanks or a CR around them. */
static inline bool plain_is_rough(const struct plain *p, size_t column)
{
	return p->blank || (p->crlf && column + 1 == p->columns);
}

/* The same fields for figures.h, n from a row on; for a column that is not rough. */
static inline struct figures plain_figures(
	const struct plain *p, size_t row, size_t n, size_t column)
{
	return (struct figures){ p->text, p->stop + row * p->columns + column, p->columns, n };
}

/* A field without the blanks around it, not terminated. (A separator that is a blank is in none.)
 */
static inline struct csv_field plain_field(const struct plain *p, size_t row, size_t column)
{
	const uint32_t *stop = p->stop + row * p->columns + column;
	const char *from = p->text + (uint32_t)(stop[0] + 1), *end = p->text + stop[1];

	if (p->crlf || p->blank) {
		end -= end > from && end[-1] == '\r';
		while (from < end && (*from == ' ' || *from == '\t'))
			from++;
		while (from < end && (end[-1] == ' ' || end[-1] == '\t'))
			end--;
	}
	return (struct csv_field){ from, (size_t)(end - from) };
}

#endif
