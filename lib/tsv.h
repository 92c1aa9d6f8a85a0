/* tsv -- a table of text. Owns: a line of names, lines of cells, which cell is a number.
 *
 * What rs-score, --trace and the pipelines write. The line of names may come again, also with other
 * columns (tables one after the other, as `cat` makes them): columns are found by name, cells that
 * a table has not are empty. Every table gets a column `file`: the file's base name without its
 * ending, nothing for stdin, unless it has one of its own. */
#ifndef TSV_H
#define TSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { TSV_COLUMNS = 1024 };

struct tsv {
	char *name[TSV_COLUMNS];
	size_t columns, rows, room;
	char ***cell; /* cell[row][column]: columns that came later may be missing, see tsv_cell */
	size_t *width; /* of each row */
};

/* Appends the lines of a file; `place` names it in messages. Dies when it is empty, a line has
 * another number of cells than the names before it, or the last line has no end. */
void tsv_read(struct tsv *t, FILE *file, const char *place);
void tsv_free(struct tsv *t);

/* The column of that name; TSV_COLUMNS when there is none. */
size_t tsv_find(const struct tsv *t, const char *name);

const char *tsv_cell(const struct tsv *t, size_t row, size_t column); /* "" when it has none */
double tsv_number(const struct tsv *t, size_t row, size_t column); /* NaN when it is none */

#endif
