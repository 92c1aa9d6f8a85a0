/* score -- what rs-score prints of rows. Owns: its columns, names of parts, the warnings for values
 * that are missing or mean little. */
#ifndef SCORE_H
#define SCORE_H

#include <stdbool.h>
#include <stdint.h>

#include "board.h"
#include "report.h"

const char *score_part(uint8_t part); /* "train", "valid", "test" */
bool score_part_parse(uint8_t *part, const char *text); /* by name or number */

/* Reads standard input: all rows of the part onto the board, tables for its models (all, or
 * `only`), which must outlive it. Dies when there is no row or model. */
void score_read(struct board *board, struct tensors *tables, const char *only);

/* Labels of rows: ratings or clicks; the board is computed, tables have what board->by needs. */
void score_board(const struct board *board, const struct tensors *tables, enum report_form form);

/* The same of a board with BOARD_TREATMENT: what the treatment changed, and the Qini coefficient.
 */
void score_uplift(const struct board *board, enum report_form form);

/* The same of a board that is sampled. */
void score_samples(const struct board *board, enum report_form form);

/* A line a point of every model's curve instead: what rs-plot pr and rs-plot calibration show. */
enum score_curve { SCORE_PR, SCORE_CALIBRATION };
void score_curve(const struct board *board, enum score_curve curve, enum report_form form);

/* The first cell of a line: tables, which have no other column that leads every block, name the
 * slice in it, too (NULL: it is all). */
void score_name(struct report *report, const char *model, const char *slice, enum report_form form);

/* The last columns of every table: parameters, bytes, multiply_adds, and, if measured, nanoseconds
 * (a `unit`: ns_row, ns_user) and threads. */
void score_cost_headings(struct report *report, unsigned group, bool timed, const char *unit);
void score_cost(struct report *report, const struct model *model, bool timed, double nanoseconds);

#endif
