/* place -- where the liked items stand among all candidates. Owns: the rules for equal scores, the
 * expectation over sampled negatives.
 *
 * The truth of a user are the items with labels in the part. Of each, counts among all candidates
 * of the user, none of which need be listed: so values at any cutoff, under any rule, follow. */
#ifndef PLACE_H
#define PLACE_H

#include <stdbool.h>
#include <stddef.h>

#include "rank.h"

struct place {
	size_t above; /* candidates with a higher score */
	size_t equal; /* other candidates with the same score */
	size_t before; /* those of them that have a lower id */
	float label;
};

/* Which of several items with equal scores comes first. */
enum place_ties {
	PLACE_ID, /* the lower id */
	PLACE_OPTIMISTIC, /* the higher label; items without one count as 0 */
	PLACE_PESSIMISTIC, /* the lower label */
	PLACE_MEAN, /* any: the mean over all orders, exactly */
	PLACE_RULES
};

bool place_ties_parse(enum place_ties *ties, const char *text); /* "id", "optimistic", ... */

/* Best place first; of equal scores the lower id. */
void place_sort(struct place *place, size_t n);

/* The values but novelty and diversity (0) of one user with the places of all its truth, sorted; gains: room for
 * truth->n. Places of a list that rank_user measures give the same bits by PLACE_ID.
 *
 * PLACE_MEAN: g items of equal score, m of them relevant, take the places p + 1 .. p + g. Every
 * one of them has a relevant item with probability m / g, so hits, DCG and gain are sums of means.
 * The j-th place's part of map is m/g (h + 1 + j (m - 1) / (g - 1)) / (p + j + 1), h the hits
 * above the group, j from 0. hr, mrr and f1 sum over the hypergeometric chances of the first
 * relevant place, and of how many are among the first k. McSherry, Najork 2008, "Computing
 * information retrieval performance measures efficiently in the presence of tied scores". */
void place_values(double value[RANK_VALUES], const struct place *place, const struct rank_truth *t,
	const struct rank_how *how, enum place_ties ties, size_t candidates, float *gains);

struct place_sample {
	size_t negatives; /* n, at least 1 */
	bool repeats; /* drawn with replacement */
	enum place_ties ties; /* not PLACE_MEAN */
};

/* What ranking each relevant item alone among n sampled negatives would give on average: exactly,
 * no sample is drawn. Negatives are the candidates that are not relevant, N of them, A of which
 * come before the item. Of n drawn without replacement (all, when n >= N) X come before it,
 *
 *   P(X = x) = C(A, x) C(N - A, n - x) / C(N, n), with replacement C(n, x) (A/N)^x (1 - A/N)^(n-x)
 *
 *   hr = recall = P(X < k)   ndcg = sum over x < k of P(X = x) / log2(x + 2)
 *   mrr = map = sum over x < k of P(X = x) / (x + 1)   precision = hr / k   f1 = 2 hr / (k + 1)
 *
 * each the mean over the user's relevant items; the others are 0. Krichene, Rendle
 * 2020, "On sampled metrics for item recommendation", section 3, eq. 10, which has replacement. */
void place_expected(double value[RANK_VALUES], const struct place *place,
	const struct rank_truth *t, const struct rank_how *how, const struct place_sample *sample,
	size_t candidates);

#endif
