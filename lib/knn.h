/* knn -- scores from neighbours. Owns: the product of two sparse matrices that they are, whom the
 * neighbours are of, what stands in where there are none.
 *
 *   base(u, i)  = mean + b_u + c_i
 *   score(u, i) = base + sum_m a_um w_mi                             (sum)
 *               = base + sum_m a_um w_mi / sum_m weight, clipped     (mean)
 *
 * over the m that row u of A (users, M) and column i of W (M, items) have in common, ascending:
 *   by item  A is what users gave to items m, W how like item m is to item i
 *   by user  A is how like user m is to user u, W what users m gave to items
 * and the weight in the mean is the likeness. `use` > 0: only the m of the greatest likeness count.
 * Without a common m the score is base.
 * Deshpande, Karypis 2004, "Item-based top-N recommendation algorithms"; Koren 2010, "Factor in the
 * neighbors", eq. 4. Columns m may as well be features: A then is a profile of the user. */
#ifndef KNN_H
#define KNN_H

#include <stdbool.h>

#include "csr.h"
#include "mf.h"

enum { KNN_USE = 1024 };

struct knn {
	size_t members; /* M */
	bool by_user, mean;
	uint32_t use; /* 0: all; at most KNN_USE */
	struct csr near; /* by item: (items, M), else (users, M): likeness */
	struct csr seen; /* by item: (users, M), else (M, items): what was given */
	struct mf base; /* dim 0 */
	/* made by knn_ready */
	const struct csr *outer, *inner, *columns; /* A; W by its rows, and by its columns */
	struct csr turned; /* the one of the two that is not there */
};

/* Makes near and seen fit for scoring; they must outlive that. */
void knn_ready(struct knn *knn);
void knn_done(struct knn *knn); /* frees what knn_ready made */

void knn_predict(
	float *score, const struct knn *knn, const uint32_t *user, const uint32_t *item, size_t n);

/* score[i] of the user and items first + i, i < count, with the bits of knn_predict but not
 * clipped. room: count floats. */
void knn_items(float *score, const struct knn *knn, uint32_t user, size_t first, size_t count,
	float *room);

/* ---- from ratings ---- */

enum knn_measure { KNN_COSINE, KNN_PEARSON, KNN_ADJUSTED, KNN_RESIDUAL, KNN_MSD };

struct knn_how {
	bool by_user;
	bool ranking; /* sums over positives, else means of ratings */
	enum knn_measure measure; /* residual: of ratings less base */
	double shrink;
	size_t neighbours;
	uint32_t use;
	double reg; /* of the biases in base, for ratings */
	double popularity; /* rankings: c_i = popularity n_i / (most n_i), n_i positives of i */
};

/* Bytes that knn_fit needs, the caller's columns left out. */
uint64_t knn_memory(const struct mf_rows *rows, size_t neighbours);

/* What users gave, from rows of part 0: ratings less base, or 1 for positives (labels above 0);
 * of a pair that is given twice the mean. base (dim 0) belongs to the result. */
struct csr knn_given(struct mf *base, const struct mf_rows *rows, const struct knn_how *how);

/* Everything but what knn_ready makes. knn_end frees near, seen and base. */
struct knn *knn_fit(const struct mf_rows *rows, const struct knn_how *how);
void knn_end(struct knn *knn);

#endif
