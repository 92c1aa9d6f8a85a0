/* judge -- how good factors are on part 1, epoch by epoch. Owns: which rows and users they are
 * judged by.
 *
 * Ratings: RMSE over all rows of part 1, clipped as the model predicts, not weighted. Positives
 * (label above 0): NDCG@20 (rank.h) as rs-score has it: items that a user has in part 0 are neither
 * candidates nor relevant; over all users that have positives in part 1, or 2,048 of them at even
 * distances, so that judging costs less than an epoch. The same bits on any number of threads.
 */
#ifndef JUDGE_H
#define JUDGE_H

#include <stdbool.h>

#include "mf.h"
#include "model.h"

struct judge;

/* Keeps what it needs: 16 bytes a row of part 1; for positives 8 a row of the users judged by. NULL
 * when part 1 has no rows, or no positives. */
struct judge *judge_new(const struct mf_rows *rows, bool positives);
double judge_of(struct judge *judge, const struct mf *mf);
double judge_model(struct judge *judge, struct model *model); /* of positives only */
bool judge_better(const struct judge *judge, double a, double b);
const char *judge_measure(const struct judge *judge); /* "RMSE" or "NDCG@20" */
void judge_free(struct judge *judge);

#endif
