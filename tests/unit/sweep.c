/* sweep -- few rows and many, equal scores, both zeros. */
#include "sweep.h"

#include <stdlib.h>

#include "rng.h"
#include "tap.h"

enum { MANY = 5000 };

static float score[MANY];

static int sorted(size_t n)
{
	uint64_t *order = sweep_order(score, n);
	int good = 1;

	for (size_t i = 1; i < n; i++) {
		size_t a = (uint32_t)order[i - 1], b = (uint32_t)order[i];
		int same_key = order[i - 1] >> 32 == order[i] >> 32;

		good &= score[a] < score[b] || (score[a] == score[b] && a < b);
		good &= same_key == (score[a] == score[b]);
	}
	free(order);
	return good;
}

int main(void)
{
	static const float few[] = { 2, 1, 1, 0.0F, -0.0F }, label[] = { 1, 1, 0, 0, 1 };
	static const float weight[] = { 1, 2, 4, 8, 16 };
	uint64_t *order = sweep_order(few, 5);
	struct sweep g = { 0 };
	size_t i = sweep_next(&g, order, 5, 0, label, weight);

	near((double)i, 2, 0, "-0 and 0 are equal");
	near(g.positive * 100 + g.negative, 1608, 0, "weights of a group");
	i = sweep_next(&g, order, 5, i, label, weight);
	i = sweep_next(&g, order, 5, i, label, weight);
	near(g.below_positive * 100 + g.below_negative, 1812, 0, "and of all below");
	near((double)i, 5, 0, "the end");
	free(order);
	for (size_t r = 0; r < MANY; r++)
		score[r] = ((float)rng_below(200, 1, RNG_MAKE, r) - 100) / 8 * (r % 7 ? 1 : 1e-30F);
	ok(sorted(0) && sorted(1) && sorted(64) && sorted(65) && sorted(MANY),
		"by score, then row, few or many");
	return done();
}
