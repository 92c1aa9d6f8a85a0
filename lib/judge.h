/* judge -- how good factors are on part 1, epoch by epoch. Owns: which rows and users they are
 * judged by.
 *
 * Ratings: RMSE over all rows of part 1, clipped as the model predicts, not weighted. Positives
 * (label above 0): NDCG@20 (rank.h) as rs-score has it: items that a user has in part 0 are neither
 * candidates nor relevant; over all users that have positives in part 1, or 2,048 of them at even
 * distances, so that judging costs less than an epoch. Or another metric, of all of them, of
 * another part: then items of all earlier parts are left out. The same bits on any number of
 * threads. */
#ifndef JUDGE_H
#define JUDGE_H

#include <stdbool.h>

#include "liked.h"
#include "mf.h"
#include "model.h"
#include "rank.h"

struct judge;

/* Keeps what it needs: 16 bytes a row of part 1; for positives 8 a positive of part 1 and 4 a row
 * of part 0, of the users judged by. NULL when part 1 has no rows, or no positives that part 0 has
 * not. */
struct judge *judge_new(const struct mf_rows *rows, bool positives);

/* How rankings are judged. */
struct judge_goal {
	uint8_t part;
	enum rank_value value;
	size_t k;
	size_t users; /* by at most so many */
	/* Positives of part 0, if they are at hand: they are not kept twice. It outlives the judge.
	 */
	const struct liked *liked;
};
struct judge *judge_rankings(const struct mf_rows *rows, const struct judge_goal *goal);

double judge_of(struct judge *judge, const struct mf *mf);
double judge_model(struct judge *judge, struct model *model); /* of positives only */
bool judge_better(const struct judge *judge, double a, double b);
const char *judge_measure(const struct judge *judge); /* "RMSE" or "NDCG@20" */
void judge_free(struct judge *judge);

#endif
