/* table -- CSV rows <-> tensors. Owns: headings, rows, side tables joined by key;
 * dies with file and line.
 *
 * A table is opened (which reads its headings), told its columns, read, and asked for tensors. */
#ifndef TABLE_H
#define TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "column.h"
#include "csv.h"
#include "dict.h"
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

size_t table_headings(const struct table *t); /* columns of the file */

/* Dies: "no column <what>", and which there are. */
_Noreturn void table_lacks(const struct table *t, const char *what);

/* Makes a column the tensor `name`: that of spec, a heading or a number from 1, which must exist
 * (but "none" is none), or when spec is NULL of the first of the usual names (NULL at the end) that
 * is a heading, case and _ - . space left out. Returns its heading, NULL when there is none. */
const char *table_set(struct table *t, enum column_kind kind, const char *name, const char *spec,
	const char *const *usual);
/* SPARSE_LIBFFM: row.cat.fieldNAME of the indices of each field but lists, and row.num.fieldNAME of
 * their values, if these are not all 1. */
void table_fields(struct table *t);

/* Says which values were left out, and, of SPARSE_SVMLIGHT, when there were greater indices than
 * those of the columns taken. */
void table_tell(const struct table *t);
void table_words(struct table *t, const char *name, const char *const *words, size_t n); /* TRUTH */

/* Makes columns the tensors prefix + heading, each in the first of the n tables that has it.
 *
 * Each of specs is a list with commas between (but one column if BAG). A column is a heading or
 * number; NUMBER and ID also take a range A-B or A- of numbers; TITLE= before it gives another
 * name. A range of NUMBER is one block (rows, B-A+1) called x, of ID one tensor a column. BAG takes
 * its separator after the first colon: "genres:|", and a sign between a value and its weight after
 * that: "words: :". */
void table_select(struct table *const *tables, size_t n, enum column_kind kind, const char *prefix,
	const char *const *specs, size_t lists);

/* The same for columns of times: of each, categories NAME_hour, NAME_weekday and NAME_month. */
void table_dates(struct table *const *tables, size_t n, const char *prefix,
	const char *const *specs, size_t lists);

/* What is done to features, before rows are read. A name is that of a tensor, in full or without
 * "row.cat." and the like. False when there is none of that name and kind. */
bool table_hash(struct table *t, const char *name, unsigned bits); /* ID: COLUMN_HASHED */
bool table_log(struct table *t, const char *name); /* NUMBER: sign(x) ln(1 + |x|) */
bool table_gaps(struct table *t, const char *name, float fill); /* NUMBER: instead of nothing */

/* Words that say that an ID or NUMBER is missing. */
void table_nothing(struct table *t, const char *const *words, size_t n);

/* Columns of which set has the vocabulary begin with its words and ids. */
void table_vocabulary(struct table *t, const struct tensors *set, enum column_unknown unknown);

/* After all rows: words of ID and BAG columns without a given vocabulary that come fewer times than
 * `least` are one, COLUMN_RARE. */
void table_fold(struct table *t, uint64_t least);

/* Some rows more; false when all are read. */
bool table_read(struct table *t);

/* Reads all of a side table: each row goes where its key's id says; rows of unknown keys are left
 * out. Afterwards there is one row for each id; an id without a row has empty fields. The key is
 * column spec, or if NULL that of the usual heading, or else the first. */
void table_join(struct table *t, const struct dict *ids, const char *spec, const char *usual);

/* The rows' column `name` knows the keys of a side table too, those that are new behind its own. The
 * file is read for this alone, so it cannot be a pipe. Call it before any join. */
void table_keys(struct table *t, const char *name, const char *path,
	const struct table_format *format, const char *spec, const char *usual);

const char *table_name(const struct table *t); /* for messages: the path or "stdin" */
uint64_t table_rows(const struct table *t); /* read so far; after a join: that were used */
uint64_t table_unknown(const struct table *t); /* rows left out: by a join, COLUMN_DROP */
uint64_t table_left_out(const struct table *t); /* words, by COLUMN_DROP */
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

/* A column of rows equal values; the least and the greatest of an f32 column (0, 0 if empty); the
 * size of a vocabulary that is there. */
void table_fill(struct tensors *set, const char *name, uint64_t rows, float value);
void table_range(const struct tensors *set, const char *name, float *low, float *high);
size_t table_ids(const struct tensors *set, const char *name);

/* The column `part` of the rows of n files, of which file i ends before row end[i]; two are train
 * and test, three train, valid and test. */
void table_parts(struct tensors *set, const uint64_t *end, size_t n);

/* How many rows have the user and item of an earlier row. */
uint64_t table_repeats(const struct tensors *set);

#endif
