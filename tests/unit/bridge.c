/* Users mapped into the target's factors: whom, by whom, and a map worked by hand. */
#include "bridge.h"

#include <stdlib.h>

#include "die.h"
#include "tap.h"

/* Target users 0 .. 4 are source users 3, 2, none, 1, 0. The source has one factor x, the target's
 * user factor is 2 x + 1 for its users 0 and 1; user 3 has one row only, 4 none. Source user 0 was
 * not trained. */
int main(void)
{
	float x[] = { 0, 7, 2, 5 }, source_bias[4] = { 0 }, source_items[1] = { 0 };
	float p[] = { 11, 5, 9, 100, 0 }, bias[] = { 0, 0, 4, 0, 0 }, q[] = { 1, 2 };
	float item_bias[] = { 0.5F, 0 };
	uint32_t of[] = { 3, 2, ALIGN_NONE, 1, 0 }, rows[] = { 3, 2, 9, 1, 0 };
	struct mf source = { .users = 4,
		.items = 1,
		.dim = 1,
		.user_bias = source_bias,
		.item_bias = source_items,
		.user_factors = x,
		.item_factors = source_items };
	struct mf target = { .users = 5,
		.items = 2,
		.dim = 1,
		.mean = 3,
		.low = 1,
		.high = 5,
		.user_bias = bias,
		.item_bias = item_bias,
		.user_factors = p,
		.item_factors = q };
	struct align user = { .source = 4, .target = 5, .shared = 4, .of = of };
	struct bridge b = { .source = &source,
		.target = &target,
		.user = &user,
		.rows = rows,
		.least = 2,
		.l2 = 1e-6 };
	struct mf *mf;

	die_quiet();
	mf = bridge_mf(&b);
	near((double)mf->user_factors[0], 11, 1e-3, "a teacher's own: 2 x 5 + 1");
	near((double)mf->user_factors[3], 15, 1e-3, "a user with too few rows to teach: 2 x 7 + 1");
	ok(mf->user_factors[2] == 9 && mf->user_bias[2] == 4,
		"whom the source does not know stays");
	ok(mf->user_factors[4] == 0, "whom the source has not trained stays");
	ok(mf->items == 2 && mf->item_factors[1] == 2 && mf->item_bias[0] == 0.5F, "items stay");
	ok(mf->mean == 3 && mf->low == 1 && mf->high == 5, "so do mean and range");
	mf_free(mf);

	b.least = 1; /* now user 3 teaches too, that 7 is 100 */
	mf = bridge_mf(&b);
	ok(mf->user_factors[0] < 10 || mf->user_factors[0] > 12, "another teacher, another map");
	mf_free(mf);
	return done();
}
