#include "quantile.h"

#include "tap.h"

static void cuts(void)
{
	float x[] = { 5, 1, 4, 2, 3, 6, 8, 7 }, ties[] = { 1, 1, 1, 1, 1, 1, 2, 3 };
	float same_x[] = { 4, 4, 4 }, one[] = { 7 }, top[] = { 1, 2, 2, 2 }, cut[9];

	ok(quantile_cuts(cut, x, 8, 4) == 3 && cut[0] == 2 && cut[1] == 4 && cut[2] == 6,
		"four buckets of two");
	ok(quantile_cuts(cut, x, 8, 3) == 2 && cut[0] == 3 && cut[1] == 6, "three, 3 3 2");
	ok(quantile_bucket(cut, 2, 3) == 0 && quantile_bucket(cut, 2, 3.5f) == 1 &&
			quantile_bucket(cut, 2, 6) == 1 && quantile_bucket(cut, 2, 99) == 2 &&
			quantile_bucket(cut, 2, -99) == 0 && quantile_bucket(cut, 0, 1) == 0,
		"a cut belongs to the bucket below it");
	ok(quantile_cuts(cut, ties, 8, 4) == 1 && cut[0] == 1, "equal cuts are one");
	ok(quantile_cuts(cut, top, 4, 2) == 0, "no cut is the greatest");
	ok(quantile_cuts(cut, same_x, 3, 9) == 0 && quantile_cuts(cut, one, 1, 2) == 0 &&
			quantile_cuts(cut, one, 0, 5) == 0,
		"one value, or none: no cut");
	ok(quantile_cuts(cut, (float[]){ 1, 2, 3 }, 3, 9) == 2 && cut[0] == 1 && cut[1] == 2,
		"more buckets than values");
}

static void groups(void)
{
	/* falling: 3 (10), 0 (4), 5 (4), 1 (1), 4 (1), 2 (0); 20 in all, half of it is item 3 */
	const uint64_t count[] = { 4, 1, 0, 10, 1, 4 };
	uint32_t g[6];

	quantile_groups(g, count, 6, 2);
	ok(g[3] == 0 && g[0] == 1 && g[5] == 1 && g[2] == 1, "half of the mass is one item");
	quantile_groups(g, count, 6, 4);
	/* before: 3 -> 0, 0 -> 10, 5 -> 14, 1 -> 18, 4 -> 19; times 4 / 20: 0 2 2.8 3.6 3.8 */
	ok(g[3] == 0 && g[0] == 2 && g[5] == 2 && g[1] == 3 && g[4] == 3 && g[2] == 3,
		"quarters; who has no row is in the last");
	quantile_groups(g, (const uint64_t[]){ 0, 0 }, 2, 3);
	ok(g[0] == 2 && g[1] == 2, "nobody has a row");
	quantile_groups(g, count, 6, 1);
	ok(g[3] == 0 && g[2] == 0, "one group");
}

int main(void)
{
	cuts();
	groups();
	return done();
}
