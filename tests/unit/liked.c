/* Positives and negatives by hand. */
#include "liked.h"

#include "tap.h"

int main(void)
{
	static const uint32_t user[] = { 0, 0, 1, 1, 1, 2 }, item[] = { 2, 0, 0, 1, 2, 1 };
	static const float label[] = { 1, 1, 1, 1, 1, 1 }, weight[] = { 1, 2, 3, 4, 5, 6 };
	static const uint8_t part[] = { 0, 0, 0, 0, 0, 1 };
	const struct mf_rows rows = { user, item, label, weight, part, 6, 3, 3 };
	struct liked l = liked_new(&rows, false), p = liked_new(&rows, true);
	int only = 1, drawn[3] = { 0 };

	ok(l.n == 5 && l.weight[4] == 5, "rows of part 0 above 0, with their weights");
	for (uint64_t i = 0; i < 300; i++) {
		only &= liked_not(&l, 0, 7, i * LIKED_DRAWS) == 1;
		only &= liked_not(&l, 1, 7, i * LIKED_DRAWS) == LIKED_NONE;
		drawn[liked_not(&p, 2, 7, i * LIKED_DRAWS)]++;
	}
	ok(only, "what is left to a user, or none");
	ok(drawn[0] > 80 && drawn[1] > 20 && drawn[1] < 100 && drawn[2] > 80,
		"popular items are drawn as often as they are liked: 2, 1 and 2 of 5");
	ok(liked_not(&l, 2, 9, 5) == liked_not(&l, 2, 9, 5), "the same for the same numbers");
	liked_free(&l);
	liked_free(&p);
	return done();
}
