/* contest -- what rs-score prints of rankings. Owns: its columns, slices, intervals and tests side
 * by side, the values of every user. */
#ifndef CONTEST_H
#define CONTEST_H

#include <stdbool.h>
#include <stdint.h>

#include "report.h"
#include "slices.h"
#include "tensor.h"
#include "trial.h"

struct contest_how {
	enum report_form form;
	bool timed; /* nanoseconds are shown */
	size_t replicates; /* of intervals and permutations; 0: neither intervals nor tests */
	uint64_t seed;
	const char *against; /* the model that others are tested against; NULL: the first */
	const struct slices *slices; /* a line for each of them, too; or NULL */
	const char *per_user; /* a file for the values of every user; or NULL */
	bool seeds; /* models that differ in their seed only are one line */
};

/* Rankings; set has the names of users. Dies when a column or model is not
 * there, or the file cannot be written. */
void contest_report(
	const struct trial *trial, const struct tensors *set, const struct contest_how *how);

#endif
