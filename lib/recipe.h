/* recipe -- which columns of CSV files become what. Owns: the usual headings, formats that have a
 * name, what is done to features.
 *
 * Text is as the user gave it; what is wrong with it dies by usage. */
#ifndef RECIPE_H
#define RECIPE_H

#include <stdbool.h>

#include "opt.h"
#include "table.h"

struct recipe_features {
	struct opt_each cat, num, bag, date;
};

struct recipe {
	const char *user, *item, *label; /* as asked for; then the headings found, or NULL */
	const char *time, *weight, *part;
	struct opt_each truth;
	struct recipe_features rows;
	const char *format, *encoding; /* NULL, or a name */
	bool fields; /* take all of libffm's */
	size_t *list; /* those of them that are bags */
	struct opt_each missing; /* words for nothing */
	struct opt_each hash, fill, log; /* NAME:BITS, NAME=X, NAMES */
	struct opt_each soft; /* NAME=FILE: answers of teachers */
	long min_count;
	const char *vocabulary, *unknown; /* a stream, or NULL; what becomes of other words */
	struct tensors words; /* of that stream */
	bool *done; /* which of hash, fill, log found their features */
};

/* Completes the recipe and the formats of rows and side tables by the name of a format and of an
 * encoding; reads the vocabularies. */
void recipe_start(struct recipe *r, struct table_format *rows, struct table_format *sides);
bool recipe_is_bare(const struct recipe *r); /* no column is asked for, nor a format */
void recipe_rows(struct recipe *r, struct table *t); /* selects the columns of the rows */
/* Those of side tables of whose = "user", "item". */
void recipe_sides(struct recipe *r, struct table *const *tables, size_t n, const char *whose,
	const struct recipe_features *features);
void recipe_end(struct recipe *r); /* dies when something was to be done to a feature not there */

/* One line: how many rows, users, items, what labels. */
void recipe_say(const struct recipe *r, const struct tensors *set);

#endif
