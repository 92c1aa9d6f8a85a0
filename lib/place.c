#include "place.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fmath.h"

bool place_ties_parse(enum place_ties *ties, const char *text)
{
	static const char *const name[PLACE_RULES] = { "id", "optimistic", "pessimistic", "mean" };

	for (int i = 0; i < PLACE_RULES; i++)
		if (strcmp(text, name[i]) == 0) {
			*ties = (enum place_ties)i;
			return true;
		}
	return false;
}

static int earlier(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->above != y->above)
		return x->above < y->above ? -1 : 1;
	return (x->before > y->before) - (x->before < y->before);
}

void place_sort(struct place *place, size_t n)
{
	qsort(place, n, sizeof *place, earlier);
}

/* Where the group of equal scores that begins at i ends. */
static size_t group_end(const struct place *place, size_t n, size_t i)
{
	size_t end = i + 1;

	while (end < n && place[end].above == place[i].above)
		end++;
	return end;
}

static int label_rises(const void *a, const void *b)
{
	const float *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* ---- one order ---- */

/* A group in its best or worst order. Of the items without a label, which count as 0, some are
 * between those with labels above and below 0. */
static void add_ordered(struct rank_found *f, const struct place *group, size_t n, bool best,
	const struct rank_truth *truth, const struct rank_how *how, float *label)
{
	size_t others = group->equal + 1 - n, start = group->above;

	for (size_t i = 0; i < n; i++)
		label[i] = group[i].label;
	qsort(label, n, sizeof *label, label_rises);
	for (size_t i = 0; i < n; i++) {
		float y = label[best ? n - 1 - i : i];
		bool good = y >= truth->relevant, after = best ? y < 0 && !good : y > 0 || good;

		rank_add(f, start + i + (after ? others : 0), y, truth, how);
	}
}

/* ---- the mean over all orders ---- */

struct group {
	size_t start, size, relevant;
	double gain; /* sum of the labels above 0 */
};

static double log_choose(double n, double k)
{
	return fmath_log_gamma(n + 1) - fmath_log_gamma(k + 1) - fmath_log_gamma(n - k + 1);
}

/* Chance of x relevant items among `drawn` of a group's. */
static double chance(const struct group *g, size_t drawn, size_t x)
{
	double n = (double)g->size, m = (double)g->relevant, d = (double)drawn, h = (double)x;

	if (x > drawn || x > g->relevant || drawn - x > g->size - g->relevant)
		return 0;
	return fmath_exp(log_choose(m, h) + log_choose(n - m, d - h) - log_choose(n, d));
}

/* The first k places of a group, after `hits` sure ones. */
static void add_places(struct rank_found *f, const struct group *g, double hits, size_t places,
	const struct rank_how *how)
{
	double n = (double)g->size, m = (double)g->relevant, none = 1;

	for (size_t j = 0; j < places; j++) {
		size_t at = g->start + j;
		double others = n > 1 ? (double)j * (m - 1) / (n - 1) : 0;
		double left = n - (double)j, first = none * fmin(1, m / left);

		f->gain += g->gain / n * how->discount[at];
		f->dcg += m / n * how->discount[at];
		f->precisions += m / n * (hits + 1 + others) / (double)(at + 1);
		if (hits == 0) {
			f->first += first / (double)(at + 1);
			none -= first;
		}
	}
	f->hits += m * (double)places / n;
	if (hits == 0)
		f->any = m + (double)places > n ? 1 : 1 - fmax(none, 0);
}

/* f1 when the last group that reaches into the list gives x more hits. */
static double mean_f1(const struct group *g, double hits, size_t places, size_t relevant,
	const struct rank_found *f, const struct rank_how *how)
{
	double sum = 0;

	for (size_t x = 0; x <= places && x <= g->relevant; x++)
		sum += chance(g, places, x) * rank_f1(hits + (double)x, relevant, f->listed, how);
	return sum;
}

static void add_mean(struct rank_found *f, const struct place *at, size_t n, size_t relevant,
	const struct rank_truth *truth, const struct rank_how *how)
{
	struct group g = { .start = at->above, .size = at->equal + 1 };
	double hits = f->hits;
	size_t places;

	if (g.start >= how->k)
		return;
	for (size_t i = 0; i < n; i++) {
		g.relevant += at[i].label >= truth->relevant;
		g.gain += at[i].label > 0 ? (double)at[i].label : 0;
	}
	places = how->k - g.start < g.size ? how->k - g.start : g.size;
	add_places(f, &g, hits, places, how);
	f->f1 = mean_f1(&g, hits, places, relevant, f, how);
}

void place_values(double value[RANK_VALUES], const struct place *place, const struct rank_truth *t,
	const struct rank_how *how, enum place_ties ties, size_t candidates, float *gains)
{
	struct rank_found f = { .listed = candidates < how->k ? candidates : how->k };
	size_t relevant = 0;

	for (size_t i = 0; i < t->n; i++)
		relevant += place[i].label >= t->relevant;
	for (size_t i = 0, end; i < t->n; i = end) {
		end = group_end(place, t->n, i);
		if (ties == PLACE_MEAN)
			add_mean(&f, place + i, end - i, relevant, t, how);
		else if (ties == PLACE_ID)
			for (size_t j = i; j < end; j++)
				rank_add(&f, place[j].above + place[j].before, place[j].label, t,
					how);
		else
			add_ordered(
				&f, place + i, end - i, ties == PLACE_OPTIMISTIC, t, how, gains);
	}
	if (ties != PLACE_MEAN)
		f.f1 = rank_f1(f.hits, relevant, f.listed, how);
	rank_finish(value, &f, relevant, t, how, gains);
}

/* ---- sampled negatives ---- */

/* ln P(X = x); -infinity when it cannot be. */
static double log_chance(double all, double ahead, double n, double x, bool repeats)
{
	double q = ahead / all;

	if (repeats) {
		if ((x > 0 && ahead == 0) || (x < n && ahead == all))
			return -INFINITY;
		return log_choose(n, x) + (x > 0 ? x * fmath_log(q) : 0) +
		       (x < n ? (n - x) * fmath_log((all - ahead) / all) : 0);
	}
	if (x > ahead || n - x > all - ahead)
		return -INFINITY;
	return log_choose(ahead, x) + log_choose(all - ahead, n - x) - log_choose(all, n);
}

/* How many of the other liked items come before place i by the rule. */
static size_t liked_ahead(
	const struct place *place, const struct rank_truth *t, size_t i, enum place_ties ties)
{
	size_t n = 0;

	for (size_t j = 0; j < t->n; j++) {
		bool tied = place[j].above == place[i].above;
		bool ahead = place[j].above < place[i].above ||
			     (tied && j != i &&
				     (ties == PLACE_PESSIMISTIC || (ties == PLACE_ID && j < i)));

		n += ahead && place[j].label >= t->relevant;
	}
	return n;
}

void place_expected(double value[RANK_VALUES], const struct place *place,
	const struct rank_truth *t, const struct rank_how *how, const struct place_sample *sample,
	size_t candidates)
{
	double hr = 0, ndcg = 0, mrr = 0, n = (double)sample->negatives, all;
	size_t relevant = 0;

	for (size_t i = 0; i < t->n; i++)
		relevant += place[i].label >= t->relevant;
	all = (double)(candidates - relevant);
	n = !sample->repeats && n > all ? all : n;
	for (size_t i = 0; i < t->n; i++) {
		const struct place *p = &place[i];
		size_t ahead = p->above + (sample->ties == PLACE_ID		      ? p->before
						  : sample->ties == PLACE_PESSIMISTIC ? p->equal
										      : 0);

		if (!(p->label >= t->relevant))
			continue;
		ahead -= liked_ahead(place, t, i, sample->ties);
		for (size_t x = 0; x < how->k && (double)x <= n; x++) {
			double chance_x = all > 0 ? fmath_exp(log_chance(all, (double)ahead, n,
							    (double)x, sample->repeats))
						  : x == 0;

			hr += chance_x;
			ndcg += chance_x * how->discount[x];
			mrr += chance_x / (double)(x + 1);
		}
	}
	memset(value, 0, RANK_VALUES * sizeof *value);
	hr = fmin(hr / (double)relevant, 1);
	value[RANK_PRECISION] = hr / (double)how->k;
	value[RANK_F1] = 2 * hr / (double)(how->k + 1);
	value[RANK_RECALL] = value[RANK_HR] = hr;
	value[RANK_NDCG] = ndcg / (double)relevant;
	value[RANK_MRR] = value[RANK_MAP] = mrr / (double)relevant;
}
