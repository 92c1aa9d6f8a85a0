/* Profiles worked by hand, of both kinds, as sums and as means. */
#include "profile.h"

#include "tap.h"

static double at(const struct csr *m, size_t row, uint32_t col)
{
	for (uint64_t e = m->at[row]; e < m->at[row + 1]; e++)
		if (m->id[e] == col)
			return (double)m->value[e];
	return 0;
}

int main(void)
{
	/* user 0 gave items 0 and 1: 2 and -1; user 1 item 1: 3. Items: (0.6 0.8), (1 0), and one
	 * more that nobody has. */
	static uint64_t given_at[] = { 0, 2, 3 }, item_at[] = { 0, 2, 3, 4 },
			user_at[] = { 0, 1, 3 };
	static uint32_t given_id[] = { 0, 1, 1 }, item_id[] = { 0, 1, 0, 1 },
			user_id[] = { 0, 0, 1 };
	static float given_value[] = { 2, -1, 3 }, item_value[] = { 0.6F, 0.8F, 1, 1 },
		     user_value[] = { 1, 0.6F, 0.8F }, ones[] = { 1, 1, 1 };
	const struct csr given = { 2, given_at, given_id, given_value };
	const struct csr taken = { 2, given_at, given_id, ones };
	const struct csr items = { 3, item_at, item_id, item_value };
	const struct csr users = { 2, user_at, user_id, user_value };
	struct csr m = profile_new(&given, 2, &items, 2, false, false, 1);

	near(at(&m, 0, 0), (2 * 0.6 - 1) / (0.6 + 1 + 1), 1e-6, "a shrunk mean over what has it");
	near(at(&m, 0, 1), 2 * 0.8 / 1.8, 1e-6, "of one item");
	near(at(&m, 1, 0), 3.0 / 2, 1e-6, "of the other user");
	csr_free(&m);
	m = profile_new(&taken, 2, &items, 2, false, true, 1);
	near(at(&m, 0, 0), 1.6 / sqrt(1.6 * 1.6 + 0.64), 1e-6, "positives: a length of 1");
	csr_free(&m);
	m = profile_new(&given, 2, &users, 2, true, false, 1);
	near(at(&m, 0, 1), (-1 + 3 * 0.6) / 2.6, 1e-6, "of users: a mean over those who are so");
	near(at(&m, 1, 1), 3 * 0.8 / 1.8, 1e-6, "in part");
	csr_free(&m);
	m = profile_new(&taken, 2, &users, 2, true, true, 1);
	near(at(&m, 0, 1), 1, 1e-6, "positives: the share that took it, all");
	near(at(&m, 0, 0), 1 / 1.6, 1e-6, "and some");
	csr_free(&m);
	return done();
}
