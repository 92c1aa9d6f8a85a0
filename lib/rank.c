#include "rank.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fmath.h"
#include "mem.h"

static const double ln2 = 0.69314718055994530942;

const char *rank_name(enum rank_value value)
{
	static const char *const name[RANK_VALUES] = { "precision", "recall", "f1", "hr", "ndcg",
		"map", "mrr", "ndcg_graded", "novelty" };

	return name[value];
}

bool rank_as_parse(enum rank_as *as, const char *text)
{
	static const char *const name[RANK_TOOLS] = { "own", "recbole", "trec_eval", "ranx",
		"lenskit" };

	for (int i = 0; i < RANK_TOOLS; i++)
		if (strcmp(text, name[i]) == 0) {
			*as = (enum rank_as)i;
			return true;
		}
	return false;
}

void rank_discounts(double *discount, size_t k)
{
	for (size_t r = 0; r < k; r++)
		discount[r] = ln2 / fmath_log((double)r + 2);
}

void rank_surprise(double *surprise, const uint32_t *users_of_item, size_t items, size_t users)
{
	for (size_t i = 0; i < items; i++) {
		double have = users_of_item[i] ? (double)users_of_item[i] : 1;

		surprise[i] = fmath_log((double)users / have) / ln2;
	}
}

/* The label of an item; NaN when the user has no row with it. */
static float label_of(const struct rank_truth *truth, uint32_t item)
{
	size_t low = 0, high = truth->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (truth->item[middle] < item)
			low = middle + 1;
		else
			high = middle;
	}
	return low < truth->n && truth->item[low] == item ? truth->label[low] : NAN;
}

static int falling(const void *a, const void *b)
{
	const float *x = a, *y = b;

	return (*x < *y) - (*x > *y);
}

/* DCG of the best order of all gains. */
static double ideal_gain(const struct rank_truth *truth, const struct rank_how *how, float *gains)
{
	double sum = 0;
	size_t n = 0;

	for (size_t i = 0; i < truth->n; i++)
		if (truth->label[i] > 0)
			gains[n++] = truth->label[i];
	if (n)
		qsort(gains, n, sizeof *gains, falling);
	for (size_t r = 0; r < n && r < how->k; r++)
		sum += (double)gains[r] * how->discount[r];
	return sum;
}

struct found {
	double hits, dcg, gain, precisions, surprise;
	size_t first; /* place of the first hit, 0: none */
};

static struct found walk(
	const uint32_t *list, size_t n, const struct rank_truth *truth, const struct rank_how *how)
{
	struct found f = { 0 };

	for (size_t r = 0; r < n; r++) {
		float label = label_of(truth, list[r]);

		f.surprise += how->surprise[list[r]];
		if (label > 0)
			f.gain += (double)label * how->discount[r];
		if (!(label >= truth->relevant))
			continue;
		f.hits += 1;
		f.dcg += how->discount[r];
		f.precisions += f.hits / (double)(r + 1);
		f.first = f.first ? f.first : r + 1;
	}
	return f;
}

void rank_user(double value[RANK_VALUES], const uint32_t *list, size_t n,
	const struct rank_truth *truth, const struct rank_how *how, float *gains)
{
	struct found f = walk(list, n < how->k ? n : how->k, truth, how);
	size_t listed = n < how->k ? n : how->k, relevant = 0, most;
	bool all = how->as == RANK_TREC || how->as == RANK_RANX;
	double ideal = 0, best = ideal_gain(truth, how, gains), p;

	for (size_t i = 0; i < truth->n; i++)
		relevant += truth->label[i] >= truth->relevant;
	most = relevant < how->k ? relevant : how->k;
	for (size_t r = 0; r < most; r++)
		ideal += how->discount[r];
	p = f.hits / (double)(how->as == RANK_LENSKIT ? (listed ? listed : 1) : how->k);
	value[RANK_PRECISION] = p;
	value[RANK_RECALL] = f.hits / (double)relevant;
	value[RANK_F1] = f.hits > 0 ? 2 * p * value[RANK_RECALL] / (p + value[RANK_RECALL]) : 0;
	value[RANK_HR] = f.hits > 0;
	value[RANK_NDCG] = f.dcg / ideal;
	value[RANK_MAP] = f.precisions / (double)(all ? relevant : most);
	value[RANK_MRR] = f.first ? 1 / (double)f.first : 0;
	value[RANK_GRADED] = best > 0 ? f.gain / best : 0;
	value[RANK_NOVELTY] = listed ? f.surprise / (double)listed : 0;
}

static int rising(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

void rank_spread(struct rank_spread *spread, const uint32_t *count, size_t items)
{
	uint32_t *sorted = mem_new(items, sizeof *sorted);
	double sum = 0, weighted = 0, listed = 0;

	memcpy(sorted, count, items * sizeof *sorted);
	qsort(sorted, items, sizeof *sorted, rising);
	for (size_t i = 0; i < items; i++) {
		double c = (double)sorted[i];

		sum += c;
		listed += c > 0;
		weighted += (2 * (double)(i + 1) - (double)items - 1) * c;
	}
	free(sorted);
	spread->coverage = listed / (double)items;
	spread->gini = weighted / ((double)items * sum);
}
