/* score -- what rs-score prints. Owns: the columns of each task, names of parts, the warnings for
 * values that are missing or mean little. */
#ifndef SCORE_H
#define SCORE_H

#include <stdbool.h>
#include <stdint.h>

#include "board.h"
#include "report.h"
#include "tensor.h"
#include "trial.h"

const char *score_part(uint8_t part); /* "train", "valid", "test" */
bool score_part_parse(uint8_t *part, const char *text); /* by name or number */

/* Labels of rows: ratings or clicks; the board is computed. */
void score_board(const struct board *board, enum report_form form);

struct score_how {
	enum report_form form;
	bool timed; /* nanoseconds are shown */
	size_t replicates; /* of intervals and permutations; 0: neither intervals nor tests */
	uint64_t seed;
	const char *against; /* the model that others are tested against; NULL: the first */
	const char *by; /* a column user.cat.*: a line for each of its values, too; or NULL */
	const char *per_user; /* a file for the values of every user; or NULL */
};

/* Rankings; set has what `by` and the names of users need. Dies when a column or model is not
 * there, or the file cannot be written. */
void score_trial(const struct trial *trial, const struct tensors *set, const struct score_how *how);

#endif
