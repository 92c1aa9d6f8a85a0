/* resample -- how sure values over rows are. Owns: intervals and tests of AUC, log loss and errors
 * when users, with all of their rows, are drawn again.
 *
 * Rows of one user are not independent of each other, so users are drawn (of n users n, with
 * replacement), and a row weighs as often as its user was drawn. Draws depend on (seed, replicate,
 * user) only: every model meets the same, on any number of threads. */
#ifndef RESAMPLE_H
#define RESAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "group.h"
#include "metrics.h"
#include "stats.h"

/* Of labels 0 and 1: auc, logloss, brier, as metrics_binary has them; of ratings rmse and mae. */
enum { RESAMPLE_VALUES = 3 };

struct resample {
	double low, high; /* percentile interval, as stats_interval's */
	/* Against another model: difference of the values, its interval. */
	double diff, diff_low, diff_high;
	/* Paired t-test and permutation test (stats_paired) of users' mean loss: of the squared
	 * error of ratings or probabilities, the absolute error, or the log loss. NaN for auc,
	 * which is no mean over rows. */
	double student, turned;
};

/* What one model does, kept for the others: (replicates, RESAMPLE_VALUES) values, and (users,
 * RESAMPLE_VALUES) mean losses of the users who have rows. */
struct resampled {
	double *value, *loss;
	size_t users;
};

struct resample_how {
	struct stats_how stats;
	bool binary;
	enum metrics_scale scale;
};

/* Draws for one model; users groups the rows. */
void resample_draw(struct resampled *made, const struct metrics_rows *rows,
	const struct group *users, const struct resample_how *how);
void resample_free(struct resampled *made);

/* Of model a with values own[RESAMPLE_VALUES]; b, theirs: another, or NULL. */
void resample_compare(struct resample out[RESAMPLE_VALUES], const struct resampled *a,
	const double *own, const struct resampled *b, const double *theirs,
	const struct resample_how *how);

#endif
