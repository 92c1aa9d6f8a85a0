/* sparse -- lines "label index:value ..." as rows of as many fields. Owns: the text formats of
 * SVMlight, libFM and libFFM.
 *
 * A leaf. Lines come as csv_rows cut at spaces; tokens from one that begins with # on are a remark.
 * Field 0 of a row is the label. */
#ifndef SPARSE_H
#define SPARSE_H

#include <stdbool.h>

#include "csv.h"

enum sparse_kind {
	SPARSE_NOT,
	SPARSE_SVMLIGHT, /* field i is the value of index i, 1 .. 4095, 0 where there is none */
	SPARSE_LIBFM, /* field 1 is the tokens "index:value", with spaces between */
	SPARSE_LIBFFM, /* "field:index:value": of F fields, those of the first line, field i is the
			* index in the i-th, and field F + i the value; empty when it is missing.
			* Or, after sparse_list, field i is all its "index:value" */
};

struct sparse;

struct sparse *sparse_new(enum sparse_kind kind);
void sparse_free(struct sparse *s);

/* Of LIBFFM, before the first row: the field in that column may come several times in a row. */
void sparse_list(struct sparse *s, size_t column);
bool sparse_is_list(const struct sparse *s, size_t column);

/* What LIBFFM's first line calls the field in that column; NULL when it is none. */
const char *sparse_field(const struct sparse *s, size_t column);
size_t sparse_last(const struct sparse *s); /* the greatest index of SVMLIGHT so far */

/* Makes row what its line says: NULL, or why it cannot be. Valid as long as the line's text. */
const char *sparse_row(struct sparse *s, struct csv_row *row);

#endif
