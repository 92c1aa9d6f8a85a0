/* rank -- values worked by hand. */
#include "rank.h"

#include "tap.h"

enum { ITEMS = 10, K = 5 };

/* T = {1, 4, 7}, also 2 with label 1; the list 3 4 9 1 2: hits at places 2 and 4. */
static const uint32_t list[] = { 3, 4, 9, 1, 2 }, liked[] = { 1, 2, 4, 7 };
static const float label[] = { 5, 1, 4, 5 };
/* Item 3 has values 0 1, item 4 1 2, item 9 1 2, items 1 and 2 none. */
static const uint64_t trait_at[ITEMS + 1] = { 0, 0, 0, 0, 2, 4, 4, 4, 4, 4, 6 };
static const uint32_t trait[] = { 0, 1, 1, 2, 2, 1 };
static const struct rank_traits traits = { trait_at, trait };
static double discount[K], surprise[ITEMS], value[RANK_VALUES];

static void measure(enum rank_as as, size_t k, size_t n)
{
	struct rank_truth truth = { liked, label, 4, 4 };
	struct rank_how how = { as, k, discount, surprise, &traits };
	float gains[4];

	rank_user(value, list, n, &truth, &how, gains);
}

static void own(void)
{
	double two = 1 / log2(3), four = 1 / log2(5);

	measure(RANK_OWN, 5, 5);
	near(value[RANK_PRECISION], 2.0 / 5, 1e-15, "precision: 2 of 5");
	near(value[RANK_RECALL], 2.0 / 3, 1e-15, "recall: 2 of 3");
	near(value[RANK_F1], 0.5, 1e-15, "f1: 2 (2/5) (2/3) / (16/15)");
	near(value[RANK_HR], 1, 0, "a hit");
	near(value[RANK_NDCG], (two + four) / (1 + two + 0.5), 1e-14, "ndcg: places 2, 4");
	near(value[RANK_MAP], (0.5 + 0.5) / 3, 1e-15, "map: 1/2 and 2/4, over 3");
	near(value[RANK_MRR], 0.5, 0, "mrr: first hit at 2");
	near(value[RANK_GRADED],
		(4 * two + 5 * four + 1 / log2(6)) / (5 + 5 * two + 4 * 0.5 + four), 1e-14,
		"graded: gains 0 4 0 5 1 of the best order 5 5 4 1");
	near(value[RANK_NOVELTY], (0 + 1 + 3 + 2 + 0) / 5.0, 1e-14, "novelty: mean surprise");
	near(value[RANK_DIVERSITY], (2 * 2.0 / 3 + 0 + 7) / 10, 1e-15,
		"diversity: 3-4 and 3-9 share 1 of 3 values, 4-9 both, the seven others none");
	measure(RANK_OWN, 1, 5);
	near(value[RANK_DIVERSITY], 0, 0, "a list of one has no pairs");
	near(value[RANK_HR] + value[RANK_F1] + value[RANK_MRR] + value[RANK_NDCG], 0, 0,
		"nothing at place 1: zeros, no NaN");
	measure(RANK_OWN, 2, 5);
	near(value[RANK_MAP], 0.5 / 2, 1e-15, "map@2 divides by min(3, 2)");
	near(value[RANK_NDCG], two / (1 + two), 1e-14, "ndcg@2: ideal of two hits");
}

static void others(void)
{
	measure(RANK_TREC, 2, 5);
	near(value[RANK_MAP], 0.5 / 3, 1e-15, "trec_eval's map@2 divides by 3");
	measure(RANK_RANX, 2, 5);
	near(value[RANK_MAP], 0.5 / 3, 1e-15, "ranx's, too");
	measure(RANK_RECBOLE, 2, 5);
	near(value[RANK_MAP], 0.25, 1e-15, "RecBole's by min(3, 2)");
	measure(RANK_OWN, 5, 2);
	near(value[RANK_PRECISION], 1.0 / 5, 1e-15, "a short list: precision over k");
	measure(RANK_LENSKIT, 5, 2);
	near(value[RANK_PRECISION], 1.0 / 2, 1e-15, "LensKit's over what is listed");
	measure(RANK_LENSKIT, 5, 0);
	near(value[RANK_PRECISION] + value[RANK_NOVELTY], 0, 0, "an empty list: 0, no NaN");
}

int main(void)
{
	/* 8 users; items 3 and 2 are everybody's, 4 half's, 1 of two, 9 of one, 0 nobody's. */
	static const uint32_t have[ITEMS] = { 0, 2, 8, 8, 4, 8, 8, 8, 8, 1 };
	static const uint32_t listed[] = { 0, 3, 0, 1 }, even[] = { 2, 2, 2 }, none[] = { 0, 0 };
	struct rank_spread s;
	enum rank_as as;

	rank_discounts(discount, K);
	rank_surprise(surprise, have, ITEMS, 8);
	near(surprise[0], 3, 1e-14, "an item that nobody has surprises as one that one has");
	own();
	others();
	rank_spread(&s, listed, 4);
	near(s.coverage, 0.5, 0, "coverage: 2 of 4");
	near(s.gini, (1 * 1 + 3 * 3) / (4.0 * 4), 1e-15,
		"gini of 0 0 1 3: (-3 0 + -1 0 + 1 1 + 3 3) / 16");
	rank_spread(&s, even, 3);
	near(s.gini, 0, 0, "gini of equal counts");
	rank_spread(&s, none, 2);
	ok(isnan(s.gini) && s.coverage == 0, "no list, no gini");
	ok(rank_as_parse(&as, "trec_eval") && as == RANK_TREC && !rank_as_parse(&as, "trec"),
		"tools by name");
	return done();
}
