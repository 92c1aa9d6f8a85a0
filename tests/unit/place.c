/* place -- against rank_user over every order of equal scores, and chances worked by hand. */
#include "place.h"

#include <stdlib.h>

#include "tap.h"

enum { ITEMS = 8, MOST = 8 };

/* Eight candidates 0 .. 7 with these scores: groups of 1, 4, 3. Items 1, 4, 6 have labels. */
static const float score[ITEMS] = { 9, 5, 5, 5, 5, 2, 2, 2 };
static const uint32_t liked[] = { 1, 4, 6 };
static const float label[] = { 2, 5, 4 };
static double discount[MOST], surprise[ITEMS];
static const struct rank_truth truth = { liked, label, 3, 4 };

static size_t places(struct place *place)
{
	for (size_t i = 0; i < truth.n; i++) {
		place[i] = (struct place){ .label = label[i] };
		for (size_t j = 0; j < ITEMS; j++) {
			place[i].above += score[j] > score[liked[i]];
			place[i].equal += j != liked[i] && score[j] == score[liked[i]];
			place[i].before += j < liked[i] && score[j] == score[liked[i]];
		}
	}
	place_sort(place, truth.n);
	return truth.n;
}

static void next_order(uint32_t *list, size_t n) /* the lexically next permutation */
{
	size_t i = n - 1, j = n - 1;

	while (i && list[i - 1] > list[i])
		i--;
	for (size_t a = i, b = n; a + 1 < b; a++) {
		uint32_t x = list[a];

		list[a] = list[--b];
		list[b] = x;
	}
	if (!i)
		return;
	for (j = i; list[j] < list[i - 1];)
		j++;
	uint32_t x = list[j];

	list[j] = list[i - 1];
	list[i - 1] = x;
}

/* Mean, greatest and least of each value over the 4! 3! orders. */
static void enumerate(double mean[], double best[], double worst[], const struct rank_how *how)
{
	uint32_t list[ITEMS] = { 0, 1, 2, 3, 4, 5, 6, 7 };
	double value[RANK_VALUES];
	float gains[3];

	for (int v = 0; v < RANK_VALUES; v++)
		mean[v] = 0, best[v] = -1, worst[v] = 2;
	for (int i = 0; i < 24; i++, next_order(list + 1, 4))
		for (int j = 0; j < 6; j++, next_order(list + 5, 3)) {
			rank_user(value, list, ITEMS, &truth, how, gains);
			for (int v = 0; v < RANK_VALUES; v++) {
				mean[v] += value[v] / 144;
				best[v] = fmax(best[v], value[v]);
				worst[v] = fmin(worst[v], value[v]);
			}
		}
}

static void rules(size_t k, enum rank_as as)
{
	struct rank_how how = { as, k, discount, surprise, NULL };
	double want[3][RANK_VALUES], got[RANK_VALUES], own[RANK_VALUES];
	uint32_t list[ITEMS] = { 0, 1, 2, 3, 4, 5, 6, 7 };
	static const enum place_ties rule[] = { PLACE_MEAN, PLACE_OPTIMISTIC, PLACE_PESSIMISTIC };
	static const char *const what[] = { "the mean of all orders", "the best", "the worst" };
	struct place place[3];
	float gains[3];
	char text[99];

	places(place);
	enumerate(want[0], want[1], want[2], &how);
	rank_user(own, list, ITEMS, &truth, &how, gains);
	place_values(got, place, &truth, &how, PLACE_ID, ITEMS, gains);
	got[RANK_NOVELTY] = own[RANK_NOVELTY];
	ok(memcmp(got, own, sizeof got) == 0, "by id: the bits of the list");
	for (int r = 0; r < 3; r++) {
		double off = 0;

		place_values(got, place, &truth, &how, rule[r], ITEMS, gains);
		for (int v = 0; v < RANK_NOVELTY; v++)
			off = fmax(off, fabs(got[v] - want[r][v]));
		snprintf(text, sizeof text, "at %zu: %s", k, what[r]);
		near(off, 0, 1e-12, text);
	}
}

/* One liked item, two of five negatives ahead of it, three drawn. Without replacement X = 0, 1, 2
 * with 1/10, 6/10, 3/10; with, by thirds of ... (3/5)^3, 3 (2/5)(3/5)^2, 3 (2/5)^2 (3/5), (2/5)^3.
 */
static void sampled(void)
{
	static const uint32_t one[] = { 3 };
	static const float five[] = { 5 };
	struct rank_truth t = { one, five, 1, 4 };
	struct place place = { 2, 0, 0, 5 };
	struct rank_how how = { RANK_OWN, 2, discount, NULL, NULL };
	struct place_sample sample = { 3, false, PLACE_ID };
	double value[RANK_VALUES];

	place_expected(value, &place, &t, &how, &sample, 6);
	near(value[RANK_HR], 0.7, 1e-12, "hr@2: X is 0 or 1");
	near(value[RANK_MRR], 0.1 + 0.6 / 2, 1e-12, "mrr@2");
	near(value[RANK_NDCG], 0.1 + 0.6 / log2(3), 1e-12, "ndcg@2");
	near(value[RANK_PRECISION], 0.35, 1e-12, "precision@2: one of two places");
	near(value[RANK_F1], 1.4 / 3, 1e-12, "f1@2: 2/3 when hit");
	sample.repeats = true;
	place_expected(value, &place, &t, &how, &sample, 6);
	near(value[RANK_HR], 0.216 + 0.432, 1e-12, "hr@2 with replacement");
	sample = (struct place_sample){ 99, false, PLACE_ID };
	place_expected(value, &place, &t, &how, &sample, 6);
	near(value[RANK_HR], 0, 0, "more negatives than there are: all, so place 3");
	how.k = 3;
	place_expected(value, &place, &t, &how, &sample, 6);
	near(value[RANK_MRR], 1.0 / 3, 1e-12, "which is in the first three");
	place_expected(value, &place, &t, &how, &sample, 1);
	place.above = 0;
	place_expected(value, &place, &t, &how, &sample, 1);
	near(value[RANK_NDCG], 1, 0, "no negative at all: first");
}

/* Two liked items of equal score with two negatives: by rule, a negative before none or all. */
static void sampled_ties(void)
{
	static const uint32_t two[] = { 1, 2 };
	static const float five[] = { 5, 5 };
	struct rank_truth t = { two, five, 2, 4 };
	struct place place[] = { { 0, 3, 1, 5 }, { 0, 3, 2, 5 } };
	struct rank_how how = { RANK_OWN, 1, discount, NULL, NULL };
	static const double want[] = { 0.5, 1, 0 };

	for (int r = PLACE_ID; r < PLACE_MEAN; r++) {
		struct place_sample sample = { 1, false, (enum place_ties)r };
		double value[RANK_VALUES];

		place_expected(value, place, &t, &how, &sample, 4);
		near(value[RANK_HR], want[r], 1e-12, "a tie with negatives, by rule");
	}
}

int main(void)
{
	enum place_ties ties;

	rank_discounts(discount, MOST);
	for (size_t k = 1; k <= MOST; k++)
		rules(k, RANK_OWN);
	rules(3, RANK_TREC);
	rules(7, RANK_LENSKIT);
	sampled();
	sampled_ties();
	ok(place_ties_parse(&ties, "mean") && ties == PLACE_MEAN && !place_ties_parse(&ties, "x"),
		"rules by name");
	return done();
}
