/* topology -- topology distillation. Owns: FTD's and HTD's losses of similarities.
 *
 * Of the users and items of a batch, n together, with rows s_i of the student and t_i of the
 * teacher divided by their lengths:
 *
 *   FTD  L = sum over i, j of (t_i . t_j - s_i . s_j)^2 = |T T' - S S'|^2
 *   HTD  L = the same over pairs of one group only
 *          + sum over groups g and i of (cos(P^t_g, t_i) - cos(P^s_g, s_i))^2
 *
 * P_g is the mean of the rows of group g, of the student's no gradient is taken. Users' groups and
 * items' are different ones.
 *
 * The n x n matrices are never made: dL/dS = 4 (S (S'S) - T (T'S)), of each group for HTD, which
 * takes n d (d + teacher's d) multiply-adds instead of n^2 times that; and with g_i = dL/ds_i the
 * gradient of the row before it was divided by its length |e_i| is (g_i - (g_i . s_i) s_i) / |e_i|.
 * The loss that is returned leaves out |T T'|^2.
 *
 * Kang, Hwang, Kweon, Yu 2021, "Topology distillation for recommender system", eq. 2 and 8; the
 * authors' code leaves out pairs of a group whose teachers' cosine is negative, the paper does not.
 */
#ifndef TOPOLOGY_H
#define TOPOLOGY_H

#include <stddef.h>
#include <stdint.h>

/* Rows side by side, n of each. */
struct topology_rows {
	const float *student, *teacher; /* (n, dim), ld apart; (n, teacher_dim), teacher_ld apart */
	size_t n, dim, ld, teacher_dim, teacher_ld;
	const uint32_t *group; /* of each row, below `groups`; NULL: FTD */
	size_t groups;
};

/* Adds weight dL/de_i to slope (n, dim), slope_ld apart; returns L less the teacher's part. */
double topology_slope(
	float *slope, size_t slope_ld, const struct topology_rows *rows, double weight);

#endif
