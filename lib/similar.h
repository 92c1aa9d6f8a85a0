/* similar -- which rows of a sparse matrix are like which. Owns: measures of similarity, lists of
 * the nearest rows.
 *
 * Of rows x and y, with sums over the n columns that both have (or where it says "all", over those
 * that the row itself has):
 *
 *   cosine  sum x y / (sqrt(all sum x^2) sqrt(all sum y^2))
 *   common  sum x y / (sqrt(sum x^2) sqrt(sum y^2)): of values less the row's mean it is Pearson's
 *           correlation (Breese, Heckerman, Kadie 1998, "Empirical analysis of predictive
 *           algorithms for collaborative filtering", eq. 2), of values less the column's mean the
 *           adjusted cosine (Sarwar, Karypis, Konstan, Riedl 2001, "Item-based collaborative
 *           filtering recommendation algorithms", section 3.1.3)
 *   msd     1 / (1 + sum (x - y)^2 / n)
 *
 * each times n / (n + shrink): Koren 2010, "Factor in the neighbors", eq. 5. */
#ifndef SIMILAR_H
#define SIMILAR_H

#include "csr.h"

enum similar_measure { SIMILAR_COSINE, SIMILAR_COMMON, SIMILAR_MSD };

struct similar_how {
	enum similar_measure measure;
	double shrink; /* at least 0 */
	size_t neighbours; /* the most that a row gets, at least 1 */
	const uint8_t *candidate; /* which rows may be neighbours; NULL: all */
};

/* Bytes that similar_lists needs besides m. */
uint64_t similar_memory(const struct csr *m, size_t cols, size_t neighbours);

/* For each row of m (columns ascend, none twice, ids below cols) the most similar other rows, only
 * those of a similarity above 0, of equal ones the lower: ids ascend, values are similarities. One
 * writer a row, so the same bits on any number of threads. */
struct csr similar_lists(const struct csr *m, size_t cols, const struct similar_how *how);

#endif
