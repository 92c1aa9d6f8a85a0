/* score -- what rs-score prints of rows. Owns: its columns, the warnings for values that are
 * missing or mean little. */
#ifndef SCORE_H
#define SCORE_H

#include <stdbool.h>
#include <stdint.h>

#include "board.h"
#include "report.h"

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

#endif
