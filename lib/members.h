/* members -- what goes with rows, users and items. Owns: which tensors have one row or one list for
 * each of them; cutting and renumbering them together.
 *
 * A kind is "row" (columns of the rows and the lists row.bag.*), "user" (user.* with the lists
 * user.bag.*, and the lists vocab.user.*) or "item". Faults of the data die. */
#ifndef MEMBERS_H
#define MEMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tensor.h"

bool members_own(const char *name); /* whether the tensor goes with any kind */

/* Whether the tensor, if it has one axis, says how many users or items there are. */
bool members_count_ids(const char *name);

/* How many members the first tensor of the kind says that there are; `none` without any. */
size_t members_count(const struct tensors *set, const char *kind, size_t none);

/* How many rows the columns of the rows have; dies unless all have the same, 0 without any. */
size_t members_rows(const struct tensors *set);

/* The data of a column of one axis; NULL when it is not there, which dies if it is needed. */
void *members_column(const struct tensors *set, const char *name, enum dtype dtype, bool needed);

/* How many users or items there are: as many as their tables have rows, else 1 + the largest id of
 * the column (u32, n rows). Dies when an id is beyond the table, or, as ids are contiguous, not
 * below n: so a wild id asks for no memory. */
size_t members_ids(const struct tensors *set, const char *kind, size_t n);

/* For rows that come in pieces: dies when one of id[0 .. n) is beyond the table, or, without one, not
 * below the rows so far, or 2^24 where these are fewer: a wild id must not ask for much memory, and
 * how many rows are to come is not known. id may be NULL. */
void members_below(
	const struct tensors *set, const char *kind, const uint32_t *id, size_t n, size_t rows);

/* Every tensor of the kind becomes its members from[0 .. n); dies when one has not `members`. */
void members_cut(
	struct tensors *set, const char *kind, size_t members, const uint64_t *from, size_t n);

/* The column `kind` gets the numbers 0, 1, 2 ... in order of first appearance, and the tables are
 * cut to match. ids as members_ids said. Returns how many there are now. */
size_t members_renumber(struct tensors *set, const char *kind, size_t ids);

/* The lists row.bag.* travel ahead of all rows. Adds to `rows` copies of those that tables has for
 * rows start + row[0 .. n) of the stream, row NULL: the next n. Dies when such a row has no list. */
void members_lists(struct tensors *rows, const struct tensors *tables, uint64_t start,
	const size_t *row, size_t n);
void members_unlist(struct tensors *rows); /* takes them out again */

/* ---- the parts of it ---- */

/* The same for id[0 .. n), all below ids: old[new number] = old id. */
size_t members_number(uint64_t *old, uint32_t *id, size_t n, size_t ids);

size_t members_list(uint64_t *row, const uint8_t *keep, size_t n); /* rows kept, ascending */

/* t becomes its rows from[0 .. n). */
void members_gather(struct tensor *t, const uint64_t *from, size_t n);

/* The same for lists: list i is rows at[i] .. at[i + 1) of values. */
void members_gather_lists(struct tensor *at, struct tensor *values, struct tensor *weights,
	const uint64_t *from, size_t n);

/* NULL, or why at (u64) and values are not `lists` lists. */
const char *members_lists_fault(const struct tensor *at, const struct tensor *values, size_t lists);

#endif
