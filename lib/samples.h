/* samples -- ranks among the rows that there are. Owns: metrics of sampled rankings, their
 * corrected values.
 *
 * The rows of a user are candidates that somebody drew: relevant ones, each of which is ranked
 * alone among the n others (by score, equal ones by row), and takes place r of n + 1. A user's
 * value is the mean over its relevant rows, the value the mean over the users who have both kinds:
 *
 *   hr = [r <= k], ndcg = [r <= k] / log2(r + 1), mrr = [r <= k] / r, auc = 1 - (r - 1) / n
 *
 * and of the first three the estimate of what the full ranking of all items gives, lib/corrected.h.
 */
#ifndef SAMPLES_H
#define SAMPLES_H

#include <stddef.h>

#include "group.h"
#include "metrics.h"

enum { SAMPLES_CUTOFFS = 8, SAMPLES_VALUES = 3, SAMPLES_SIZES = 64 };
enum { SAMPLES_HR, SAMPLES_NDCG, SAMPLES_MRR };

struct samples {
	size_t users, least, most; /* who count; n from least to most */
	double auc;
	double value[SAMPLES_CUTOFFS][SAMPLES_VALUES], corrected[SAMPLES_CUTOFFS][SAMPLES_VALUES];
};

/* NULL, or why samples_measure cannot be asked: users have more than SAMPLES_SIZES different n, or
 * an n beyond CORRECTED_NEGATIVES. relevant: label from which on a row is. */
const char *samples_fault(
	const struct metrics_rows *rows, const struct group *users, float relevant);

/* Of users none, all NaN. items: N of the full ranking, 2 .. CORRECTED_ITEMS, at least n + 1. */
void samples_measure(struct samples *s, const struct metrics_rows *rows, const struct group *users,
	float relevant, size_t items, const size_t *k, size_t ks, double gamma);

#endif
