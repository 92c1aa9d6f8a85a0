/* cells -- what all tables of rs-score have in common. Owns: names of parts, the first cell of a
 * line, the columns of cost. */
#ifndef CELLS_H
#define CELLS_H

#include <stdbool.h>
#include <stdint.h>

#include "model.h"
#include "report.h"

const char *cells_part(uint8_t part); /* "train", "valid", "test" */
bool cells_part_parse(uint8_t *part, const char *text); /* by name or number */

/* The first cell of a line: tables, which have no other column that leads every block, name the
 * slice in it, too (NULL: it is all). */
void cells_name(struct report *report, const char *model, const char *slice, enum report_form form);

/* The last columns of every table: parameters, bytes, multiply_adds, and, if measured, nanoseconds
 * (a `unit`: ns_row, ns_user) and threads. */
void cells_cost_headings(struct report *report, unsigned group, bool timed, const char *unit);
void cells_cost(struct report *report, const struct model *model, bool timed, double nanoseconds);

#endif
