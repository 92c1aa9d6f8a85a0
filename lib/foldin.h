/* foldin -- a place for new users in factors that stay as they are. Owns: least squares for one
 * user at a time, after training.
 *
 * The users of rows whom the model has no factors of (all are 0, or it ends before them) get the
 * factors that an alternating step would give them, the items being fixed:
 *
 *   ratings    min sum over rows of w (r - b_u - c_i - p_u . q_i)^2 + l2 n_u (b_u^2 + |p_u|^2)
 *              with r, b, c, q on the scale of labels of deviation 1, n_u the sum of w (als.h)
 *   positives  min sum over positives of w (1 - p_u . q_i)^2 + alpha sum_i (p_u . q_i)^2
 *              + l2 (n_u + alpha I)^nu |p_u|^2, n_u positives, I items with factors (ials.h)
 *
 * Rows of part 0 count. A user takes n_u dim^2 + dim^3 / 3 multiply-adds. */
#ifndef FOLDIN_H
#define FOLDIN_H

#include <stdbool.h>

#include "mf.h"

enum { FOLDIN_DIM = MF_DIM - 1 }; /* most factors: the bias is one more unknown */

struct foldin_how {
	bool positives;
	double alpha, nu; /* of positives */
	double l2; /* above 0 */
};

/* mf with room for all users of rows, and factors for those that it had none of and that have rows
 * (positives) of items with factors; *folded is how many. The same bits on any number of threads
 * and instruction set. */
struct mf *foldin_users(size_t *folded, const struct mf *mf, const struct mf_rows *rows,
	const struct foldin_how *how);

#endif
