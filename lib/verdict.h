/* verdict -- what the rows of a board come to. Owns: which values a board has, whose teacher a
 * model is and who is the student alone. */
#ifndef VERDICT_H
#define VERDICT_H

#include "board.h"

/* Fills the entries. Needs a row; dies when a model of clicks meets labels that are ratings, and
 * when thresholds are to be chosen, users or conversions to be looked into, and labels are ratings.
 * Rows of neither arm leave the uplift. Scores are predicted uplifts when treatments are compared:
 * of a model with the treatment among its features its p (or rating) of the row if treated less
 * that of the row if not, else its score.
 *
 * recovered is that of a model whose spec has teacher=NAME, NAME on the board; alone is the first
 * other model of equal arch, features, dim and hidden without the key teacher. */
void verdict_compute(struct board *board);

#endif
