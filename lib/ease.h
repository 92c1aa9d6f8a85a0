/* ease -- a linear model of items by items. Owns: its closed form and its prediction.
 *
 *   min over B of |X - X B|^2 + reg |B|^2, diag B = 0:   B = I - P / diag(P), P = (X^T X + reg
 * I)^-1
 *
 * X (U, I) is 1 for positives: rows of part 0 with a label above 0 (a pair given n times is n).
 * Steck 2019, "Embarrassingly shallow autoencoders for sparse data", eq. 8. */
#ifndef EASE_H
#define EASE_H

#include "csr.h"
#include "mf.h"

struct ease {
	size_t users, items;
	const uint64_t *at; /* (users + 1): positives of user u are id[at[u]] .. id[at[u + 1]] */
	const uint32_t *id;
	const float *weight; /* (items, items); row i has B[j][i] for all j */
};

/* score[r] = sum over the positives j of user[r] of B[j][item[r]]; 0 for unknown ids. */
void ease_predict(float *score, const struct ease *ease, const uint32_t *user, const uint32_t *item,
	size_t n);

/* Bytes that ease_fit and its model need, the caller's columns left out. */
uint64_t ease_memory(const struct mf_rows *rows);

/* The positives by user; the caller's. */
struct csr ease_positives(const struct mf_rows *rows);

/* The weights (items, items) for positives, with reg > 0; free(). */
float *ease_fit(const struct csr *positives, size_t items, double reg);

#endif
