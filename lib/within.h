/* within -- how good scores are within each user. Owns: GAUC and its weights, conversion among the
 * best k rows of every user.
 *
 * AUC and GAUC ask different things: scores that only tell busy users from others have an AUC above
 * 1/2 and a GAUC of 1/2. auc_u is metrics' auc of the rows of user u, W_u their weight, P_u that of
 * the positives; users without both classes have none and do not count.
 *
 *   rows       sum W_u auc_u / sum W_u. Zhou et al. 2018, "Deep interest network for click-through
 *              rate prediction", eq. 7, where W_u are the impressions.
 *   positives  sum P_u auc_u / sum P_u, as RecBole has it
 *   users      mean of auc_u
 *   share      sum W_u of the users who count / that of all. LibRecommender gives users with one
 *              class an AUC of 0, which makes its GAUC rows x share.
 *
 * Among the k rows of highest score of every user, all when there are fewer, rows of equal score
 * at the border counting in part:
 *
 *   top        sum w y / sum w */
#ifndef WITHIN_H
#define WITHIN_H

#include <stddef.h>

#include "group.h"
#include "metrics.h"

enum { WITHIN_CUTOFFS = 8 };

struct within {
	double rows, positives, users, share; /* the first three are NaN when no user counts */
	size_t counting; /* users with both classes */
	double top[WITHIN_CUTOFFS];
};

/* users groups the rows by their user; k ascends. */
void within_measure(struct within *w, const struct metrics_rows *rows, const struct group *users,
	const size_t *k, size_t ks);

#endif
