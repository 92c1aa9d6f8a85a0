/* graded -- rows of ratings from both sides in 8 bytes a rating. Owns: entries that hold a column
 * and the number of a grade.
 *
 * A grade is a pair of a label and a weight. Ratings have few of them, so the number of one fits
 * above the column in 32 bits. Where there are too many, users' rows are tight ones (tight.h) with
 * the labels and weights beside them, and an item's are their places there: 4 bytes, log2(items)
 * and log2(ratings) bits, 8 bytes in all for 1 M ratings of 4 k items (4 more with weights). */
#ifndef GRADED_H
#define GRADED_H

#include "mf.h"
#include "tight.h"

struct graded_side {
	size_t rows;
	uint64_t
		*at; /* (rows + 1): the entries of row r are at[r] .. at[r + 1], by rising column */
	uint32_t *entry; /* NULL where grades are many */
	bool places; /* entries are those of graded.place then, and not of graded.rated */
};

struct graded {
	struct graded_side user, item;
	unsigned bits; /* of an entry that are the column */
	size_t grades; /* 0: too many */
	float *label,
		*weight; /* of the grades; or of the places of rated, weight NULL: all are 1 */
	struct tight rated;
	struct packed place;
	bool weighted;
	size_t most; /* ratings of one row */
};

/* Rows of part 0; they may be freed after this. */
struct graded graded_new(const struct mf_rows *rows);
void graded_free(struct graded *g);

/* Bytes held, and those of graded_new at its peak, without the caller's columns. */
uint64_t graded_memory(const struct mf_rows *rows);

/* Columns, labels and weights (unless NULL) of a row; its number of ratings. */
size_t graded_row(uint32_t *id, float *label, float *weight, const struct graded *g,
	const struct graded_side *side, size_t row);

#endif
