#include "rank.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "csr.h"
#include "fmath.h"
#include "mem.h"

static const double ln2 = 0.69314718055994530942;

const char *rank_name(enum rank_value value)
{
	static const char *const name[RANK_VALUES] = { "precision", "recall", "f1", "hr", "ndcg",
		"map", "mrr", "ndcg_graded", "novelty", "diversity" };

	return name[value];
}

bool rank_as_parse(enum rank_as *as, const char *text)
{
	static const char *const name[RANK_TOOLS] = { "own", "recbole", "trec_eval", "ranx",
		"lenskit", "sklearn" };

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
	size_t at = csr_find(truth->item, 0, truth->n, item);

	return at < truth->n && truth->item[at] == item ? truth->label[at] : NAN;
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

double rank_f1(double hits, size_t relevant, size_t listed, const struct rank_how *how)
{
	double p = hits / (double)(how->as == RANK_LENSKIT ? (listed ? listed : 1) : how->k);
	double r = hits / (double)relevant;

	return hits > 0 ? 2 * p * r / (p + r) : 0;
}

static size_t count_relevant(const struct rank_truth *truth)
{
	size_t n = 0;

	for (size_t i = 0; i < truth->n; i++)
		n += truth->label[i] >= truth->relevant;
	return n;
}

void rank_add(struct rank_found *f, size_t at, float label, const struct rank_truth *truth,
	const struct rank_how *how)
{
	if (at >= how->k)
		return;
	if (label > 0)
		f->gain += (double)label * how->discount[at];
	if (!(label >= truth->relevant))
		return;
	f->hits += 1;
	f->dcg += how->discount[at];
	f->precisions += f->hits / (double)(at + 1);
	f->first = f->any > 0 ? f->first : 1 / (double)(at + 1);
	f->any = 1;
}

/* Jaccard's distance of the values of two items. */
static double distance(const struct rank_traits *t, size_t a, size_t b)
{
	size_t n = t->at[a + 1] - t->at[a], m = t->at[b + 1] - t->at[b], both = 0;

	for (uint64_t i = t->at[a]; i < t->at[a + 1]; i++)
		for (uint64_t j = t->at[b]; j < t->at[b + 1]; j++)
			both += t->id[i] == t->id[j];
	return n + m ? 1 - (double)both / (double)(n + m - both) : 1;
}

void rank_user(double value[RANK_VALUES], const uint32_t *list, size_t n,
	const struct rank_truth *truth, const struct rank_how *how, float *gains)
{
	struct rank_found f = { .listed = n < how->k ? n : how->k };
	size_t relevant = count_relevant(truth);

	for (size_t r = 0; r < f.listed; r++) {
		f.surprise += how->surprise[list[r]];
		for (size_t s = 0; s < r && how->traits; s++)
			f.apart += distance(how->traits, list[r], list[s]);
		rank_add(&f, r, label_of(truth, list[r]), truth, how);
	}
	f.f1 = rank_f1(f.hits, relevant, f.listed, how);
	rank_finish(value, &f, relevant, truth, how, gains);
}

void rank_finish(double value[RANK_VALUES], const struct rank_found *f, size_t relevant,
	const struct rank_truth *truth, const struct rank_how *how, float *gains)
{
	size_t most = relevant < how->k ? relevant : how->k;
	bool all = how->as == RANK_TREC || how->as == RANK_RANX;
	double ideal = 0, best = ideal_gain(truth, how, gains);

	for (size_t r = 0; r < most; r++)
		ideal += how->discount[r];
	value[RANK_PRECISION] =
		f->hits / (double)(how->as == RANK_LENSKIT ? (f->listed ? f->listed : 1) : how->k);
	value[RANK_RECALL] = f->hits / (double)relevant;
	value[RANK_F1] = f->f1;
	value[RANK_HR] = f->any;
	value[RANK_NDCG] = f->dcg / ideal;
	value[RANK_MAP] = f->precisions / (double)(all ? relevant : most);
	value[RANK_MRR] = f->first;
	value[RANK_GRADED] = best > 0 ? f->gain / best : 0;
	value[RANK_NOVELTY] = f->listed ? f->surprise / (double)f->listed : 0;
	value[RANK_DIVERSITY] =
		f->listed > 1 ? 2 * f->apart / (double)(f->listed * (f->listed - 1)) : 0;
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
