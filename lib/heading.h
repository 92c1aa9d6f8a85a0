/* heading -- the first line of a table. Owns: which column a heading, a number or a usual name
 * means, what is said when there is none. */
#ifndef HEADING_H
#define HEADING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HEADING_NONE SIZE_MAX /* no such column */

/* What they point at is the table's. Without a line of headings columns go by number, and `at` has
 * stand-ins ("c1"). */
struct headings {
	const char *file; /* for messages */
	bool there;
	const char *const *at;
	size_t n;
};

/* Dies: "no column <what>", and which there are; of a spec, what is '<spec>'. */
_Noreturn void heading_lacks(const struct headings *h, const char *what);
_Noreturn void heading_lacks_spec(const struct headings *h, const char *spec);

/* The column, from 0, with that heading or 1-based number; HEADING_NONE when no heading is so
 * called. Dies when there is no column of that number, or two of that name. */
size_t heading_find(const struct headings *h, const char *spec);
size_t heading_number(const struct headings *h, const char *text);
bool heading_is_number(const char *text, size_t n);

/* The column of the first of the names (NULL at the end, or names NULL) that is a heading, or
 * HEADING_NONE. Names are in small letters; of headings case and _ - . space do not count. */
size_t heading_guess(const struct headings *h, const char *const *names);
bool heading_alike(const char *heading, const char *name);

#endif
