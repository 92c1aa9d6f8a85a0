/* Neighbours by hand; the known stay; nothing known of an item: the mean. */
#include "fill.h"

#include "tap.h"

enum { K = 2 };

/* The map alone says what fill_factors said of item 4, which the model has not. */
static void later(const struct mf *from, const struct fill_map *map, const struct csr *x,
	const struct mf *all)
{
	struct mf *mf = fill_more(from, map, x, false);

	ok(mf->items == 5 && mf->item_factors[3 * K] == from->item_factors[3 * K],
		"a row more, the others stay");
	ok(mf->item_factors[4 * K] == all->item_factors[4 * K] &&
			mf->item_bias[4] == all->item_bias[4],
		"by the map kept: the same bits");
	mf_free(mf);
}

int main(void)
{
	/* items 0 and 1 are known, 2 is like both, 3 has no content, 4 is beyond the model */
	static uint64_t at[] = { 0, 1, 2, 4, 4, 5 };
	static uint32_t id[] = { 0, 1, 0, 1, 1 };
	static float value[] = { 1, 1, 0.6F, 0.8F, 1 };
	static const uint8_t known[] = { 1, 1, 0, 0, 0 };
	static float user_bias[1], item_bias[] = { 1, 3, 0, 0 }, user[] = { 1, 1 },
				   item[] = { 1, 2, 3, 6, 0, 0, 0, 0 };
	const struct csr x = { 5, at, id, value };
	const struct mf from = { 1, 4, K, 0, -9, 9, user_bias, item_bias, user, item };
	struct fill_how how = { .method = FILL_NEIGHBOURS,
		.neighbours = 9,
		.l2 = 1e-6,
		.net = { 16, 200, 2, 1e-2, 0, 0.5, 0, 1 } };
	struct fill_report report;
	struct fill_map map;
	struct mf *mf = fill_factors(&report, &from, &x, 2, known, &how, &map);

	ok(mf->items == 5 && mf->users == 1 && report.known == 2 && report.filled == 3,
		"there are as many items as have content");
	near((double)mf->item_factors[2 * K], (0.6 * 1 + 0.8 * 3) / 1.4, 1e-6,
		"a mean by likeness");
	near((double)mf->item_bias[2], (0.6 * 1 + 0.8 * 3) / 1.4, 1e-6, "its bias, too");
	near((double)mf->item_factors[3 * K + 1], 4, 1e-6, "without content: the mean");
	near((double)mf->item_factors[4 * K + 1], 6, 1e-6, "an item that the model had not");
	near((double)mf->item_factors[1], 2, 0, "the known stay");
	near((double)mf->user_factors[0], 1, 0, "and the users");
	mf_free(mf);
	fill_map_free(&map);
	how.method = FILL_RIDGE;
	mf = fill_factors(&report, &from, &x, 2, known, &how, &map);
	near((double)mf->item_factors[4 * K], 3, 1e-3,
		"ridge: content of item 1, factors of item 1");
	near((double)mf->item_factors[3 * K], 2, 1e-6, "without content: the mean");
	later(&from, &map, &x, mf);
	mf_free(mf);
	fill_map_free(&map);
	how.method = FILL_DROPOUTNET;
	mf = fill_factors(&report, &from, &x, 2, known, &how, &map);
	near((double)(mf->item_factors[4 * K] + mf->item_factors[4 * K + 1] + mf->item_bias[4]), 12,
		0.5, "dropoutnet: the score of item 1");
	ok(mf->item_factors[1] != 2, "and known rows are made, too");
	later(&from, &map, &x, mf);
	mf_free(mf);
	fill_map_free(&map);
	return done();
}
