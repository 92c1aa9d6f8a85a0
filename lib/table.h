/* table -- CSV rows <-> tensors. Owns: files of rows, side tables joined by key, room
 * for rows to come; dies with file and line.
 *
 * A table is opened (which reads its headings), told its columns (selection.h), read, and asked for
 * tensors. */
#ifndef TABLE_H
#define TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "csv.h"
#include "dict.h"
#include "selection.h"
#include "sparse.h"
#include "tensor.h"

struct table;

struct table_format {
	struct csv_format csv; /* separator NULL: tab for *.tsv and *.tab (also .gz), else comma */
	bool no_header; /* columns go by number, the first row is data */
	enum sparse_kind sparse; /* the separator is a space then, and there are no headings */
	const size_t *list; /* SPARSE_LIBFFM: fields that are lists, `lists` of them */
	size_t lists;
};

/* Opens path (NULL or "-": standard input) and reads its headings; dies when there is no row. */
struct table *table_open(const char *path, const struct table_format *format);

/* After table_read has given all rows: goes on with another file, which has the same headings, or
 * without headings as many columns. */
void table_next(struct table *t, const char *path, const struct table_format *format);

struct selection *table_selection(struct table *t); /* its columns */

/* Makes a column the tensor `name`: that of spec, a heading or a number from 1, which must exist
 * (but "none" is none), or when spec is NULL of the first of the usual names (NULL at the end) that
 * is a heading, case and _ - . space left out. Returns its heading, NULL when there is none. */
const char *table_set(struct table *t, enum column_kind kind, const char *name, const char *spec,
	const char *const *usual);
void table_fields(struct table *t); /* SPARSE_LIBFFM: all of them (selection_fields) */

/* Says which values were left out, and, of SPARSE_SVMLIGHT, when there were greater indices than
 * those of the columns taken. */
void table_tell(const struct table *t);

/* After all rows: words of ID and BAG columns without a given vocabulary that come fewer times than
 * `least` are one, COLUMN_RARE. */
void table_fold(struct table *t, uint64_t least);

/* Some rows more; false when all are read. */
bool table_read(struct table *t);

/* Reads all of a side table: each row goes where its key's id says; rows of unknown keys are left
 * out. Afterwards there is one row for each id; an id without a row has empty fields. The key is
 * column spec, or if NULL that of the usual heading, or else the first. */
void table_join(struct table *t, const struct dict *ids, const char *spec, const char *usual);

/* The rows' column `name` knows the keys of a side table too, those that are new behind its own.
 * The file is read for this alone, so it cannot be a pipe. Call it before any join. */
void table_keys(struct table *t, const char *name, const char *path,
	const struct table_format *format, const char *spec, const char *usual);

const char *table_name(const struct table *t); /* for messages: the path or "stdin" */
uint64_t table_rows(const struct table *t); /* read so far; after a join: that were used */
uint64_t table_unknown(const struct table *t); /* rows left out: by a join, COLUMN_DROP */
uint64_t table_memory(const struct table *t); /* bytes of its columns and dictionaries */
uint64_t table_size(const struct table *t); /* bytes of the file; 0 for a pipe */
uint64_t table_bytes(const struct table *t); /* read from the file so far */
uint32_t table_crc(const struct table *t); /* of these bytes */
bool table_sha256(const struct table *t, uint8_t digest[32]);
const struct dict *table_dict(const struct table *t, const char *name); /* of a column, or NULL */

/* Moves the columns into tensors: vocabularies, then columns in the order of their making. The
 * table is empty afterwards. */
void table_tensors(struct table *t, struct tensors *set);
void table_free(struct table *t);

#endif
