#include "prep.h"

#include <stdlib.h>

#include "mem.h"
#include "rng.h"
#include "tap.h"

static void rules(void)
{
	const float x[] = { 0, 0.1f, 1, 3.5f, 4, -1 };
	const struct {
		const char *text, *ones;
	} good[] = {
		{ ">=3.5", "000110" },
		{ "> 3.5", "000010" },
		{ "<=1", "111001" },
		{ "<0", "000001" },
		{ "==0.1", "010000" },
		{ ">0.1", "001110" },
		{ ">=-1e0", "111111" },
	};
	const char *const bad[] = { "", "4", "=4", ">=", ">=four", ">=4x", ">=nan", ">=inf",
		">=1e99", "=>4", "!=4" };
	struct prep_rule rule;
	int refused = 0;

	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		float label[6];
		char got[7] = "";
		size_t ones, want = 0;

		memcpy(label, x, sizeof x);
		ones = prep_rule_parse(&rule, good[i].text) ? prep_binary(label, 6, &rule) : 99;
		for (int k = 0; k < 6; k++) {
			got[k] = label[k] == 1 ? '1' : label[k] == 0 ? '0' : '?';
			want += good[i].ones[k] == '1';
		}
		same(got, good[i].ones, good[i].text);
		ok(ones == want, "and how many");
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		refused += !prep_rule_parse(&rule, bad[i]);
	ok(refused == sizeof bad / sizeof *bad, "what is no rule is refused");
	ok(prep_fault((float[]){ 1, NAN, INFINITY }, 3) == 1 && prep_fault(x, 6) == 6 &&
			prep_fault((float[]){ -INFINITY }, 1) == 0,
		"the first label that is no number");
}

/* Rows 0, 3 and 4 are one pair, 1 and 5 another. */
static const uint32_t user[] = { 1, 0, 1, 1, 1, 0 }, item[] = { 0, 2, 2, 0, 0, 2 };
static const int64_t when[] = { 7, 1, 0, 9, 7, 1 };

static const int64_t late[] = { 7, 1, 0, 9, 5, 1 };

static int stay(enum prep_duplicates how, const int64_t *time, const char *want, float first,
	float second, const char *what)
{
	uint8_t keep[] = { 1, 1, 1, 1, 1, 1 };
	float label[] = { 1, 2, 3, 4, 6, 0.5f };
	struct prep_rows rows = { 6, 2, 3, user, item, label, time };
	char got[7] = "";

	ok(prep_duplicates(keep, &rows, how) == 3, "three rows repeat a pair");
	for (int i = 0; i < 6; i++)
		got[i] = keep[i] ? '1' : '0';
	ok(label[0] == first && label[1] == second && label[2] == 3, "labels of what stays");
	return same(got, want, what);
}

static void pairs(void)
{
	size_t earlier = 9, later = 9;
	struct prep_rows rows = { 6, 2, 3, user, item, NULL, NULL };

	stay(PREP_ERROR, NULL, "111111", 1, 2, "error: nothing goes");
	stay(PREP_FIRST, when, "111000", 1, 2, "first, by order");
	stay(PREP_FIRST, late, "011010", 1, 2, "first, by time; of equal times the earlier row");
	stay(PREP_LAST, NULL, "001011", 1, 2, "last, by order");
	stay(PREP_LAST, when, "001101", 1, 2, "last, by time; of equal times the later row");
	stay(PREP_SUM, when, "111000", 11, 2.5f, "sum");
	stay(PREP_MEAN, when, "111000", 11.0f / 3, 1.25f, "mean");
	ok(prep_first_duplicate(&rows, &earlier, &later) && earlier == 0 && later == 3,
		"the first that repeats is row 3, as row 0");
	rows.n = 3;
	ok(!prep_first_duplicate(&rows, &earlier, &later), "three rows, three pairs");
}

static void samples(void)
{
	enum { N = 20000, U = 5000 };
	uint8_t *keep = mem_new(N, 1), *some = mem_new(N, 1);
	uint32_t *who = mem_new(N, sizeof *who);
	struct prep_rows rows = { N, U, 0, who, NULL, NULL, NULL };
	int whole = 1, nested = 1;
	size_t gone, users = 0;

	for (size_t i = 0; i < N; i++) {
		who[i] = (uint32_t)(i % U);
		keep[i] = some[i] = 1;
	}
	gone = prep_sample_rows(keep, N, 0.3, 1);
	near((double)gone, 14000, 3 * 65, "rows: seven tenths go");
	prep_sample_rows(some, N, 0.1, 1);
	for (size_t i = 0; i < N; i++)
		nested &= keep[i] >= some[i];
	ok(nested, "rows: the smaller sample lies in the larger");
	memset(keep, 1, N);
	keep[17] = 0;
	gone = prep_sample_users(keep, &rows, 0.5, 1);
	for (size_t i = U; i < N; i++)
		whole &= keep[i] == keep[i % U] || i % U == 17;
	for (size_t i = 0; i < U; i++)
		users += keep[i];
	ok(whole, "users: all rows of a user or none");
	near((double)users, 2500, 3 * 36, "users: half of them");
	ok(gone + 4 * users + (keep[17 + U] ? 3 : 0) <= N && gone > 0,
		"users: what had gone is not counted");
	for (size_t i = 0; i < N; i++) {
		who[i] = (uint32_t)i;
		keep[i] = some[i] = 1;
	}
	rows.users = N;
	prep_sample_users(keep, &rows, 0.5, 1);
	prep_sample_rows(some, N, 0.5, 1);
	ok(memcmp(keep, some, N) != 0, "user 7 and row 7 are drawn apart");
	memset(keep, 1, N);
	ok(prep_sample_users(keep, &rows, 1, 1) == 0 && prep_sample_rows(keep, N, 1, 1) == 0,
		"a fraction of 1 is all");
	free(keep);
	free(some);
	free(who);
}

/* The same by definition: take away what has too few until nothing has. */
static size_t core_by_passes(
	uint8_t *keep, const struct prep_rows *rows, size_t min_user, size_t min_item)
{
	size_t gone = 0, before;

	do {
		size_t *users = mem_new(rows->users, sizeof *users);
		size_t *items = mem_new(rows->items, sizeof *items);

		before = gone;
		for (size_t r = 0; r < rows->n; r++) {
			users[rows->user[r]] += keep[r];
			items[rows->item[r]] += keep[r];
		}
		for (size_t r = 0; r < rows->n; r++) {
			if (!keep[r] || (users[rows->user[r]] >= min_user &&
						items[rows->item[r]] >= min_item))
				continue;
			keep[r] = 0;
			gone++;
		}
		free(users);
		free(items);
	} while (gone > before);
	return gone;
}

static void cores(void)
{
	enum { N = 3000, U = 400, I = 300 };
	/* users a b c, items x y z w: a-x a-y b-x b-y c-y c-z a-w; c and w, z are peeled off */
	const uint32_t who[] = { 0, 0, 1, 1, 2, 2, 0 }, what[] = { 0, 1, 0, 1, 1, 2, 3 };
	struct prep_rows rows = { 7, 3, 4, who, what, NULL, NULL };
	uint8_t keep[] = { 1, 1, 1, 1, 1, 1, 1 }, want[] = { 1, 1, 1, 1, 0, 0, 0 };
	uint8_t *mine = mem_new(N, 1), *theirs = mem_new(N, 1);
	uint32_t *u = mem_new(N, sizeof *u), *i = mem_new(N, sizeof *i);
	struct prep_rows made = { N, U, I, u, i, NULL, NULL };

	ok(prep_core(keep, &rows, 2, 2) == 3 && memcmp(keep, want, 7) == 0, "a 2-core by hand");
	ok(prep_core(keep, &rows, 3, 0) == 4, "no user has three: nothing is left");
	for (size_t r = 0; r < N; r++) {
		double x = rng_unit(5, RNG_MAKE, 2 * r), y = rng_unit(5, RNG_MAKE, 2 * r + 1);

		u[r] = (uint32_t)(x * x * U);
		i[r] = (uint32_t)(y * y * y * I);
	}
	for (size_t min_user = 0; min_user <= 8; min_user += 4)
		for (size_t min_item = 1; min_item <= 13; min_item += 6) {
			char name[64];
			size_t a, b;

			for (size_t r = 0; r < N; r++)
				mine[r] = theirs[r] = r % 50 != 0;
			a = prep_core(mine, &made, min_user, min_item);
			b = core_by_passes(theirs, &made, min_user, min_item);
			snprintf(name, sizeof name, "(%zu, %zu)-core: %zu of %d rows go", min_user,
				min_item, b, N);
			ok(a == b && memcmp(mine, theirs, N) == 0, name);
		}
	free(mine);
	free(theirs);
	free(u);
	free(i);
}

static void limits(void)
{
	/* user 0 has three rows, of which one is gone; item 0 has three */
	const uint32_t who[] = { 0, 0, 0, 1, 1, 2 }, what[] = { 0, 1, 2, 0, 1, 0 };
	struct prep_rows rows = { 6, 3, 3, who, what, NULL, NULL };
	uint8_t keep[] = { 1, 1, 0, 1, 1, 1 };

	ok(prep_limit(keep, &rows, 2, 0) == 0, "limit: only rows that are kept count");
	ok(prep_limit(keep, &rows, 0, 2) == 3 && !keep[0] && keep[1] && !keep[2] && !keep[3] &&
			keep[4] && !keep[5],
		"limit: items with more than two rows go");
	ok(prep_limit(keep, &rows, 1, 1) == 2, "limit: both are counted before any goes");
}

int main(void)
{
	rules();
	pairs();
	samples();
	limits();
	cores();
	return done();
}
