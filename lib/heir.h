/* heir -- what one model is worth beside its kin, on rows and in lists. Owns: which items are
 * popular, which users lists are made for, the loss of every row and the NDCG of every user.
 *
 * Popular are the items with the most train rows (of equal numbers the lower id) that together have
 * half of them; all others are unpopular.
 *
 * Rows: those of the part, when their labels are not all equal. A row's loss is its log loss, or,
 * unless labels are 0 and 1, its squared error.
 *
 * Lists: when there are user, item and part, no model needs columns of the rows, and a user has a
 * relevant item in the part that is not in train. Of these users all, or 2,048 at even distances, or
 * 256 when a model is a network, which has to score items one by one; candidates are all items that
 * the user has not in train. */
#ifndef HEIR_H
#define HEIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "board.h"
#include "ranking.h"
#include "tensor.h"

enum { HEIR_CUTOFFS = 8, HEIR_USERS = 2048, HEIR_FEW = 256 };

struct heir {
	/* rows: AUC and log loss, or RMSE and MAE; of the rows of popular and unpopular items */
	double quality, other, popular, unpopular, calibration, ece;
	double *loss; /* (rows) */
	/* lists of the largest cutoff: means over users */
	double ndcg, recall_popular, recall_unpopular;
	double *user_ndcg; /* (users) */
	uint32_t *list; /* (users, k), RANKING_NONE where there is nothing */
};

struct heirs {
	/* Set by the caller; the rest zeroed. */
	uint8_t part;
	bool timed;
	size_t cutoff[HEIR_CUTOFFS], cutoffs; /* ascending */
	double relevant; /* label from which on an item is relevant; NaN: above 0 */

	struct board board;
	bool has_rows, has_lists;
	struct heir *heir; /* as the board's entries */
	size_t n, users, k;
	uint32_t *row_user; /* (rows of the board), or NULL: there is no such column */
};

/* Measures the models of set, or those of `only`. Dies without a model or a row of the part. */
void heirs_run(struct heirs *heirs, const struct tensors *set, const char *only);
void heirs_free(struct heirs *heirs);

#endif
