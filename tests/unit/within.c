/* within -- three users worked by hand. */
#include "within.h"

#include "tap.h"

int main(void)
{
	/* user 0: positives .9 .2, negative .5: auc 1/2; user 2: positive = negative, negative
	 * below: 3/4; user 3: one class. User 1 has no rows. */
	static const uint32_t user[] = { 0, 2, 0, 2, 3, 0, 2 };
	static const float score[] = { 0.9F, 0.4F, 0.5F, 0.4F, 7, 0.2F, 0.1F };
	static const float label[] = { 1, 1, 0, 0, 1, 1, 0 };
	static const size_t k[] = { 1, 2, 9 };
	struct metrics_rows rows = { score, label, NULL, 7 };
	struct group users;
	struct within w;

	group_new(&users, user, 7, 4);
	within_measure(&w, &rows, &users, k, 3);
	near((double)w.counting, 2, 0, "two users have both classes");
	near(w.users, 0.625, 1e-15, "their mean");
	near(w.rows, 0.625, 1e-15, "three rows each");
	near(w.positives, (2 * 0.5 + 0.75) / 3, 1e-15, "two positives and one");
	near(w.share, 6.0 / 7, 1e-15, "six of seven rows");
	near(w.top[0], (1 + 0.5 + 1) / 3, 1e-15, "best row of each: 1, a tie, 1");
	near(w.top[1], (1 + 1 + 1) / 5.0, 1e-15, "best two: 1 of 2, 1 of 2, 1 of 1");
	near(w.top[2], 4.0 / 7, 1e-15, "all");
	rows.n = 1;
	group_free(&users);
	group_new(&users, user, 1, 1);
	within_measure(&w, &rows, &users, k, 1);
	ok(isnan(w.rows) && isnan(w.users) && w.share == 0 && w.top[0] == 1,
		"nobody with both: no GAUC");
	group_free(&users);
	return done();
}
