#include "split.h"

#include <omp.h>
#include <stdlib.h>

#include "mem.h"
#include "tap.h"

static void count(size_t size[SPLIT_PARTS], const uint8_t *part, size_t n)
{
	memset(size, 0, SPLIT_PARTS * sizeof *size);
	for (size_t i = 0; i < n; i++)
		size[part[i]]++;
}

static void by_draw(void)
{
	enum { N = 100000 };
	uint8_t *whole = mem_new(N, 1), *pieces = mem_new(N, 1);
	size_t size[SPLIT_PARTS];

	split_random(whole, 0, N, 1, 0.1, 0.2);
	for (size_t at = 0; at < N; at += 700)
		split_random(pieces + at, at, at + 700 < N ? 700 : N - at, 1, 0.1, 0.2);
	ok(memcmp(whole, pieces, N) == 0, "random: pieces make the whole");
	count(size, whole, N);
	/* three standard deviations: 3 sqrt(N p (1 - p)) */
	near((double)size[SPLIT_VALID], 10000, 285, "random: a tenth is valid");
	near((double)size[SPLIT_TEST], 20000, 380, "random: a fifth is test");
	split_random(pieces, 0, N, 2, 0.1, 0.2);
	ok(memcmp(whole, pieces, N) != 0, "random: another seed, another split");
	split_random(pieces, 0, N, 1, 0, 0);
	count(size, pieces, N);
	ok(size[SPLIT_TRAIN] == N, "random: no valid, no test");
	free(whole);
	free(pieces);
}

/* User 0 has 10 rows, 1 has 1, 2 has 2, 3 has 3, 4 has none, 5 has 4; their rows alternate. */
static const uint32_t user[] = { 0, 1, 2, 3, 5, 0, 2, 3, 5, 0, 3, 5, 0, 5, 0, 0, 0, 0, 0, 0 };
enum { ROWS = sizeof user / sizeof *user };

static size_t of_user(const uint8_t *part, uint32_t who, int which)
{
	size_t n = 0;

	for (size_t i = 0; i < ROWS; i++)
		n += user[i] == who && part[i] == which;
	return n;
}

static void by_user(void)
{
	/* time of row i; the latest of user 0 are rows 0 (99) and 17, of which 17 comes later at 50
	 */
	const int64_t time[] = { 99, 0, 5, 1, 4, -7, 4, 2, 3, 50, 3, 2, 0, 1, 8, 9, 10, 50, 11,
		12 };
	uint8_t part[ROWS], other[ROWS];
	struct group users;

	group_new(&users, user, ROWS, 6);
	split_user(part, &users, time, 1, 0.2, 0.1);
	ok(of_user(part, 0, SPLIT_TEST) == 1 && part[0] == SPLIT_TEST, "user: the latest is test");
	ok(of_user(part, 0, SPLIT_VALID) == 2 && part[17] == SPLIT_VALID && part[9] == SPLIT_VALID,
		"user: the two before are valid");
	ok(of_user(part, 1, SPLIT_TRAIN) == 1 && of_user(part, 2, SPLIT_TRAIN) == 2,
		"user: one or two rows are train");
	/* 3 x .2 = .6 -> 1, 3 x .1 = .3 -> 0; 4 x .2 = .8 -> 1 */
	ok(of_user(part, 3, SPLIT_VALID) == 1 && part[10] == SPLIT_VALID,
		"user: .6 of a row is one");
	ok(of_user(part, 5, SPLIT_VALID) == 1 && part[4] == SPLIT_VALID,
		"user: .8 of a row is one");
	split_user(part, &users, NULL, 1, 0.2, 0.1);
	ok(of_user(part, 0, SPLIT_TEST) == 1 && of_user(part, 0, SPLIT_VALID) == 2,
		"user: the same sizes at random");
	split_user(other, &users, NULL, 2, 0.2, 0.1);
	ok(memcmp(part, other, ROWS) != 0, "user: another seed, another split");
	/* one row: .5 -> 1, but train keeps one; two: test takes 1 (.9 x 2 = 1.8 -> 2, kept at 1)
	 */
	split_user(part, &users, time, 1, 0.05, 0.9);
	ok(of_user(part, 1, SPLIT_TRAIN) == 1 && of_user(part, 2, SPLIT_TEST) == 1 &&
			of_user(part, 2, SPLIT_TRAIN) == 1 && of_user(part, 0, SPLIT_TRAIN) == 1,
		"user: one row is always left to train");
	group_free(&users);
}

static void one_out(void)
{
	const int64_t time[] = { 3, 0, 5, 1, 4, 9, 4, 2, 4, 9, 3, 2, 0, 1, 8, 9, 1, 2, 3, 4 };
	uint8_t part[ROWS], again[ROWS];
	struct group users;
	int good = 1;

	group_new(&users, user, ROWS, 6);
	split_leave_one_out(part, &users, time, 1, 0.1, 0.1);
	ok(part[15] == SPLIT_TEST && part[9] == SPLIT_VALID && part[5] == SPLIT_TRAIN,
		"one out: of equal times the later row is later");
	ok(of_user(part, 1, SPLIT_TRAIN) == 1 && of_user(part, 2, SPLIT_TRAIN) == 2,
		"one out: who has too few rows is all train");
	ok(part[10] == SPLIT_TEST && part[7] == SPLIT_VALID && part[3] == SPLIT_TRAIN,
		"one out: three rows, one each");
	split_leave_one_out(part, &users, time, 1, 0, 0.1);
	ok(part[2] == SPLIT_TEST && part[6] == SPLIT_TRAIN && of_user(part, 0, SPLIT_VALID) == 0,
		"one out: without valid two rows are enough");
	split_leave_one_out(part, &users, NULL, 1, 0.1, 0.1);
	for (uint32_t u = 0; u < 6; u++)
		good &= of_user(part, u, SPLIT_TEST) == (u == 0 || u == 3 || u == 5);
	ok(good, "one out: one at random");
	for (int t = 1; t <= 7; t += 3) {
		omp_set_num_threads(t);
		split_leave_one_out(again, &users, NULL, 1, 0.1, 0.1);
		good &= memcmp(part, again, ROWS) == 0;
	}
	ok(good, "one out: the same with 1, 4 and 7 threads");
	group_free(&users);
}

static int is_split(const int64_t *time, size_t n, double valid, double test, const char *want)
{
	uint8_t part[32];
	char got[32] = "";

	split_time(part, time, n, valid, test);
	for (size_t i = 0; i < n; i++)
		got[i] = "TVX"[part[i]];
	return strcmp(got, want) == 0;
}

static void by_time(void)
{
	const int64_t plain[] = { 9, 1, 8, 2, 7, 3, 6, 4, 5, 0 };
	const int64_t ties[] = { 1, 1, 1, 2, 2, 2, 2, 3, 3, 3 }, same_time[] = { 4, 4, 4, 4, 4 };
	const int64_t ends[] = { INT64_MAX, INT64_MIN, 0, -1, 1 };

	ok(is_split(plain, 10, 0.2, 0.1, "XTVTVTTTTT"), "time: the last tenth, the fifth before");
	/* the eighth smallest is 3: nothing is later; the fifth is 2: valid is all that is 3 */
	ok(is_split(ties, 10, 0.3, 0.2, "TTTTTTTVVV"), "time: ties go to the earlier part");
	ok(is_split(ties, 10, 0, 0.3, "TTTTTTTXXX"), "time: a cut between ties");
	ok(is_split(same_time, 5, 0.2, 0.2, "TTTTT"), "time: all at once is all train");
	ok(is_split(ends, 5, 0.2, 0.2, "XTTTV"), "time: the ends of i64, below 0");
	ok(is_split(plain, 1, 0.4, 0.5, "T"), "time: one row is train");
	ok(is_split(plain, 0, 0.1, 0.1, ""), "time: no rows");
}

static void report(void)
{
	/*                          T  T  T  V  V  X  X  X  X */
	const uint8_t part[] = { 0, 0, 0, 1, 1, 2, 2, 2, 2 };
	const uint32_t who[] = { 0, 1, 1, 0, 2, 0, 3, 3, 2 };
	const uint32_t what[] = { 0, 0, 1, 0, 2, 0, 1, 3, 2 };
	const float label[] = { 1, 0, 1, 0, 0, 1, 1, 0, 0 };
	const int64_t time[] = { 5, 9, 4, 9, 9, 8, 4, 5, 6 };
	struct split_rows rows = { 9, 4, 4, part, who, what, label, time };
	struct split_part p[SPLIT_PARTS];
	struct split_leaks leaks;

	split_report(p, &leaks, &rows);
	ok(p[0].rows == 3 && p[1].rows == 2 && p[2].rows == 4, "report: rows");
	ok(p[0].users == 2 && p[1].users == 2 && p[2].users == 3, "report: users");
	ok(p[0].items == 2 && p[1].items == 2 && p[2].items == 4, "report: items");
	ok(p[0].positives == 2 && p[1].positives == 0 && p[2].positives == 2, "report: positives");
	/* (0, 0) is in train, valid and test: one pair; (2, 2) in valid and test */
	ok(leaks.pairs == 2, "report: pairs in more than one part");
	ok(leaks.cold_users == 2 && leaks.cold_user_rows == 3, "report: users 2 and 3 are cold");
	ok(leaks.cold_items == 2 && leaks.cold_item_rows == 2, "report: items 2 and 3 are cold");
	ok(leaks.late == 2, "report: two train rows are later than 4");
	rows.user = NULL;
	rows.label = NULL;
	rows.time = NULL;
	split_report(p, &leaks, &rows);
	ok(p[0].users == 0 && p[0].positives == 0 && leaks.pairs == 0 && leaks.late == 0 &&
			leaks.cold_items == 2,
		"report: of what is there");
}

int main(void)
{
	by_draw();
	by_user();
	one_out();
	by_time();
	report();
	return done();
}
