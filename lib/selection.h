/* selection -- which columns of a file become which tensors. Owns: specs of columns, names of
 * tensors, what is done to features. */
#ifndef SELECTION_H
#define SELECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "column.h"
#include "dict.h"
#include "heading.h"
#include "sparse.h"
#include "tensor.h"

/* Starts zeroed but for the headings. */
struct selection {
	struct headings heading;
	struct column *column;
	size_t n;
	struct dict *nothing; /* or NULL */
};

void selection_free(struct selection *s); /* but the headings */
struct column *selection_find(const struct selection *s, const char *name); /* NULL: none */

/* One more tensor `name` of the fields from first on. */
struct column *selection_add(
	struct selection *s, enum column_kind kind, const char *name, size_t first, size_t width);

/* SPARSE_LIBFFM: row.cat.fieldNAME of the indices of each field but lists, and row.num.fieldNAME of
 * their values, if these are not all 1. */
void selection_fields(struct selection *s, const struct sparse *sparse);
void selection_words(
	struct selection *s, const char *name, const char *const *words, size_t n); /* TRUTH */

/* Makes columns the tensors prefix + heading, each in the first of the n tables that has it.
 *
 * Each of specs is a list with commas between (but one column if BAG). A column is a heading or
 * number; NUMBER and ID also take a range A-B or A- of numbers; TITLE= before it gives another
 * name. A range of NUMBER is one block (rows, B-A+1) called x, of ID one tensor a column. BAG takes
 * its separator after the first colon: "genres:|", and a sign between a value and its weight after
 * that: "words: :". */
void selection_take(struct selection *const *tables, size_t n, enum column_kind kind,
	const char *prefix, const char *const *specs, size_t lists);

/* The same for columns of times: of each, categories NAME_hour, NAME_weekday and NAME_month. */
void selection_dates(struct selection *const *tables, size_t n, const char *prefix,
	const char *const *specs, size_t lists);

/* What is done to features, before rows are read. A name is that of a tensor, in full or without
 * "row.cat." and the like. False when there is none of that name and kind. */
bool selection_hash(struct selection *s, const char *name, unsigned bits); /* ID: COLUMN_HASHED */
bool selection_log(struct selection *s, const char *name); /* NUMBER: sign(x) ln(1 + |x|) */
bool selection_gaps(struct selection *s, const char *name, float fill); /* NUMBER: for nothing */

/* Words that say that an ID or NUMBER is missing. */
void selection_nothing(struct selection *s, const char *const *words, size_t n);

/* Columns of which set has the vocabulary begin with its words and ids. */
void selection_vocabulary(
	struct selection *s, const struct tensors *set, enum column_unknown unknown);

#endif
