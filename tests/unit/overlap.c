/* overlap -- by hand. */
#include "overlap.h"

#include "tap.h"

int main(void)
{
	const uint32_t a[] = { 1, 2, 3, 4 }, b[] = { 2, 1, 5, 3 }, c[] = { 9, 8, 7, 6 };
	uint32_t x[4];

	overlap_shared(x, a, b, 4);
	ok(x[0] == 0 && x[1] == 2 && x[2] == 2 && x[3] == 3, "shared among the first 1, 2, 3, 4");
	near(overlap_at(x, 4), 0.75, 0, "overlap@4 is 3/4");
	near(overlap_at(x, 1), 0, 0, "overlap@1 is 0");
	/* p = 1/2: 3/4 / 16 + (0 / 2 + 1 / 4 + 2/3 / 8 + 3/4 / 16) */
	near(overlap_rbo(x, 4, 0.5), 0.75 / 16 + 0.25 + 2.0 / 24 + 0.75 / 16, 1e-15, "rbo");
	overlap_shared(x, a, a, 4);
	near(overlap_rbo(x, 4, 0.9), 1, 1e-15, "rbo of equal lists is 1");
	overlap_shared(x, a, c, 4);
	near(overlap_rbo(x, 4, 0.9), 0, 0, "of disjoint ones 0");
	return done();
}
