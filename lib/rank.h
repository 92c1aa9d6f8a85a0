/* rank -- how good ranked lists are. Owns: precision, recall, F1, hit rate, NDCG, MAP, MRR,
 * novelty, diversity, coverage, Gini; the definitions of other tools where they differ.
 *
 * Of one user: L is the list, best first, at most k long; T the relevant items; rel(r) is 1 when
 * the item at place r = 1, 2, ... is in T, hits = sum over r <= k of rel(r).
 *
 *   precision  hits / k, also when fewer than k items could be listed
 *   recall     hits / |T|
 *   f1         2 precision recall / (precision + recall); 0 without hits
 *   hr         1 when there is a hit
 *   ndcg       DCG / IDCG, DCG = sum over r of rel(r) / log2(r + 1), IDCG that of min(|T|, k) hits
 *              at the first places. Jarvelin, Kekalainen 2002, "Cumulated gain-based evaluation of
 *              IR techniques".
 *   map        (sum over the hits' places r of the precision among the first r) / min(|T|, k)
 *   mrr        1 / place of the first hit; 0 without hits
 *   graded     ndcg with gains instead of rel: an item's gain is its label, 0 when that is below
 *              0; IDCG is that of the user's k greatest gains. Linear gain, as in trec_eval.
 *   novelty    mean over the list of log2(users / users who have the item in train), the latter at
 *              least 1. Zhou et al. 2010, "Solving the apparent diversity-accuracy dilemma of
 *              recommender systems", self-information.
 *   diversity  mean over the pairs of listed items of 1 - |A and B| / |A or B|, A and B the sets of
 *              values that the two have; 1 when both have none, 0 for lists of one. Ziegler et al.
 *              2005, "Improving recommendation lists through topic diversification".
 *
 * Nothing is rounded, and log2 is fmath's: the same bits on every machine. */
#ifndef RANK_H
#define RANK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum rank_value {
	RANK_PRECISION,
	RANK_RECALL,
	RANK_F1,
	RANK_HR,
	RANK_NDCG,
	RANK_MAP,
	RANK_MRR,
	RANK_GRADED,
	RANK_NOVELTY,
	RANK_DIVERSITY,
	RANK_VALUES
};

const char *rank_name(enum rank_value value); /* "precision", ..., "novelty", "diversity" */

/* Whose definition, where they differ. */
enum rank_as {
	RANK_OWN, /* as above */
	RANK_RECBOLE, /* as above */
	RANK_TREC, /* trec_eval: map divides by |T| */
	RANK_RANX, /* map divides by |T|, also at a cutoff */
	RANK_LENSKIT, /* precision divides by the length of the list */
	RANK_SKLEARN, /* as above; its ndcg is the mean over all orders of equal scores */
	RANK_TOOLS
};

bool rank_as_parse(enum rank_as *as, const char *text); /* "own", "recbole", "trec_eval", ... */

/* What a user turned out to like: items ascending, with their labels. */
struct rank_truth {
	const uint32_t *item;
	const float *label;
	size_t n;
	float relevant; /* an item is in T when its label is at least this; at least one is */
};

/* Values of items: those of item i are id[at[i]] .. id[at[i + 1]]. */
struct rank_traits {
	const uint64_t *at;
	const uint32_t *id;
};

struct rank_how {
	enum rank_as as;
	size_t k;
	const double *discount; /* (k): 1 / log2(r + 1) at r - 1, made by rank_discounts */
	const double *surprise; /* (items): log2(users / users who have it) */
	const struct rank_traits *traits; /* of all items; NULL: diversity is 0 */
};

void rank_discounts(double *discount, size_t k);
void rank_surprise(double *surprise, const uint32_t *users_of_item, size_t items, size_t users);

/* The values of one user's list of n items; the first k of them count. gains: room for truth->n. */
void rank_user(double value[RANK_VALUES], const uint32_t *list, size_t n,
	const struct rank_truth *truth, const struct rank_how *how, float *gains);

/* What a list, cut at k, has of the truth; or the expectation of each, when chance has a part. */
struct rank_found {
	double hits, dcg, gain, precisions; /* precisions: sum over the hits' places, of map */
	double any, first, f1; /* a hit or none; 1 / place of the first; f1 */
	double surprise, apart; /* sums over the list and its pairs */
	size_t listed; /* items in the list, at most k */
};

/* One more item of the list, at place `at` from 0, best places first; label NaN: it is not in the
 * truth. */
void rank_add(struct rank_found *found, size_t at, float label, const struct rank_truth *truth,
	const struct rank_how *how);

double rank_f1(double hits, size_t relevant, size_t listed, const struct rank_how *how);

/* The values of what was found; relevant = |T|. */
void rank_finish(double value[RANK_VALUES], const struct rank_found *found, size_t relevant,
	const struct rank_truth *truth, const struct rank_how *how, float *gains);

/* Over the lists of all users: how the places in them are spread over the I items; count[i]: how
 * often item i was listed.
 *
 *   coverage   share of the items that are in a list
 *   gini       sum over i = 1 .. I of (2 i - I - 1) c_i / (I sum of c), c the counts in ascending
 *              order: 0 when all items are listed equally often, near 1 when few are. NaN without
 *              any list. */
struct rank_spread {
	double coverage, gini;
};
void rank_spread(struct rank_spread *spread, const uint32_t *count, size_t items);

#endif
