/* score -- what rs-score prints. Owns: the columns of each task, names of parts, the warnings for
 * values that are missing or mean little. */
#ifndef SCORE_H
#define SCORE_H

#include <stdbool.h>
#include <stdint.h>

#include "board.h"
#include "report.h"
#include "trial.h"

const char *score_part(uint8_t part); /* "train", "valid", "test" */
bool score_part_parse(uint8_t *part, const char *text); /* by name or number */

/* Labels of rows: ratings or clicks; the board is computed. */
void score_board(const struct board *board, enum report_form form);

/* Rankings; timed: nanoseconds are shown. */
void score_trial(const struct trial *trial, enum report_form form, bool timed);

#endif
