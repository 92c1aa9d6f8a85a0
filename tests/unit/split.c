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
	struct split_draw draw = { .seed = 1, .valid = 0.1, .test = 0.2 };

	split_random(whole, 0, N, &draw);
	for (size_t at = 0; at < N; at += 700)
		split_random(pieces + at, at, at + 700 < N ? 700 : N - at, &draw);
	ok(memcmp(whole, pieces, N) == 0, "random: pieces make the whole");
	count(size, whole, N);
	/* three standard deviations: 3 sqrt(N p (1 - p)) */
	near((double)size[SPLIT_VALID], 10000, 285, "random: a tenth is valid");
	near((double)size[SPLIT_TEST], 20000, 380, "random: a fifth is test");
	draw.seed = 2;
	split_random(pieces, 0, N, &draw);
	ok(memcmp(whole, pieces, N) != 0, "random: another seed, another split");
	split_random(pieces, 0, N, &(struct split_draw){ .seed = 1 });
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
	const int64_t at[] = { 99, 0, 5, 1, 4, -7, 4, 2, 3, 50, 3, 2, 0, 1, 8, 9, 10, 50, 11, 12 };
	uint8_t part[ROWS], other[ROWS];
	struct when time = { 0 };
	struct group users;

	when_add(&time, at, ROWS);
	group_new(&users, user, ROWS, 6);
	split_user(part, &users, &time, 1, 0.2, 0.1);
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
	split_user(part, &users, &time, 1, 0.05, 0.9);
	ok(of_user(part, 1, SPLIT_TRAIN) == 1 && of_user(part, 2, SPLIT_TEST) == 1 &&
			of_user(part, 2, SPLIT_TRAIN) == 1 && of_user(part, 0, SPLIT_TRAIN) == 1,
		"user: one row is always left to train");
	group_free(&users);
	when_free(&time);
}

/* More rows than are sorted with their places beside them: by definition, the number of rows of the
 * user that come later. */
static void of_one_user(void)
{
	enum { MANY = 9000 };
	uint32_t *same_user = mem_new(MANY, sizeof *same_user);
	int64_t *at = mem_new(MANY, sizeof *at);
	uint8_t *part = mem_new(MANY, 1);
	struct when time = { 0 };
	struct group users;
	size_t wrong = 0;

	for (size_t i = 0; i < MANY; i++)
		at[i] = (int64_t)(i * 7919 % 100);
	when_add(&time, at, MANY);
	group_new(&users, same_user, MANY, 1);
	split_user(part, &users, &time, 1, 0.2, 0.1);
	for (size_t i = 0; i < MANY; i++) {
		size_t later = 0;

		for (size_t j = 0; j < MANY; j++)
			later += at[j] > at[i] || (at[j] == at[i] && j > i);
		wrong += part[i] != (later < 900	   ? SPLIT_TEST
					    : later < 2700 ? SPLIT_VALID
							   : SPLIT_TRAIN);
	}
	ok(wrong == 0, "user: one with many rows");
	group_free(&users);
	when_free(&time);
	free(same_user);
	free(at);
	free(part);
}

static void one_out(void)
{
	const int64_t at[] = { 3, 0, 5, 1, 4, 9, 4, 2, 4, 9, 3, 2, 0, 1, 8, 9, 1, 2, 3, 4 };
	uint8_t part[ROWS], again[ROWS];
	struct when time = { 0 };
	struct group users;
	int good = 1;

	when_add(&time, at, ROWS);
	group_new(&users, user, ROWS, 6);
	split_leave_one_out(part, &users, &time, 1, 0.1, 0.1);
	ok(part[15] == SPLIT_TEST && part[9] == SPLIT_VALID && part[5] == SPLIT_TRAIN,
		"one out: of equal times the later row is later");
	ok(of_user(part, 1, SPLIT_TRAIN) == 1 && of_user(part, 2, SPLIT_TRAIN) == 2,
		"one out: who has too few rows is all train");
	ok(part[10] == SPLIT_TEST && part[7] == SPLIT_VALID && part[3] == SPLIT_TRAIN,
		"one out: three rows, one each");
	split_leave_one_out(part, &users, &time, 1, 0, 0.1);
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
	when_free(&time);
}

static int is_split(const int64_t *at, size_t n, double valid, double test, const char *want)
{
	uint8_t part[32];
	char got[32] = "";
	struct when time = { 0 };

	when_add(&time, at, n);
	split_time(part, &time, valid, test);
	when_free(&time);
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

static void folds(void)
{
	enum { N = 10003, F = 5 };
	static uint8_t part[F][N], piece[N];
	uint8_t runs = 1, once = 1, valids = 1, moved = 0;
	struct split_draw draw = { .seed = 1, .valid = 0.2, .folds = F };
	size_t size[SPLIT_PARTS];

	for (draw.fold = 0; draw.fold < F; draw.fold++) {
		split_random(part[draw.fold], 0, N, &draw);
		count(size, part[draw.fold], N);
		runs &= size[SPLIT_TEST] == 2000 || size[SPLIT_TEST] == 2001;
		valids &= size[SPLIT_VALID] > 1880 && size[SPLIT_VALID] < 2120;
	}
	ok(runs, "folds: a fifth each, but for one row");
	ok(valids, "folds: valid keeps its share of all, within three deviations");
	for (size_t i = 0; i < N; i++) {
		int tests = 0;

		for (int f = 0; f < F; f++)
			tests += part[f][i] == SPLIT_TEST;
		once &= tests == 1;
		moved |= i >= F && (part[0][i] == SPLIT_TEST) != (part[0][i - F] == SPLIT_TEST);
	}
	ok(once, "folds: each row is in test of one");
	ok(moved, "folds: runs are drawn, not all alike");
	draw.fold = 2;
	split_random(piece, 333, N - 333, &draw);
	ok(memcmp(piece, part[2] + 333, N - 333) == 0, "folds: pieces make the whole");
}

static void cold(void)
{
	enum { N = 20000, U = 2000 };
	uint8_t *part = mem_new(N, 1), *other = mem_new(N, 1), of[U];
	uint32_t *id = mem_new(N, sizeof *id);
	struct split_draw draw = { .seed = 1, .valid = 0.1, .test = 0.2 };
	size_t size[SPLIT_PARTS];
	int whole = 1;

	for (size_t i = 0; i < N; i++)
		id[i] = (uint32_t)(i * 7 % U);
	split_cold(part, id, N, SPLIT_BY_USER, &draw);
	for (size_t i = 0; i < N; i++)
		of[id[i]] = part[i];
	for (size_t i = 0; i < N; i++)
		whole &= of[id[i]] == part[i];
	ok(whole, "cold: all rows of an id are in one part");
	count(size, of, U);
	near((double)size[SPLIT_TEST], 400, 54, "cold: a fifth of the ids is test");
	near((double)size[SPLIT_VALID], 200, 41, "cold: a tenth is valid");
	split_cold(other, id, N, SPLIT_BY_ITEM, &draw);
	ok(memcmp(part, other, N) != 0, "cold: user 7 and item 7 are drawn apart");
	for (uint32_t i = 0; i < U; i++)
		id[i] = i;
	split_random(other, 0, U, &draw);
	ok(memcmp(of, other, U) != 0, "cold: user 7 and row 7 are drawn apart");
	draw.folds = 4;
	split_cold(other, id, U, SPLIT_BY_USER, &draw);
	count(size, other, U);
	ok(size[SPLIT_TEST] == U / 4, "cold: a fold has its share of ids");
	free(part);
	free(other);
	free(id);
}

static void words(void)
{
	const int64_t time[] = { 5, 10, 9, 20, 19, INT64_MIN, INT64_MAX };
	const char *const bad[] = { "", "1", "0/5", "6/5", "1/1", "1/10001", "1/5x", "-1/5", "1/",
		"/5", "1/2/3", "1 /2", "4294967297/5" };
	size_t fold, folds;
	uint8_t part[7];
	int refused = 1;

	split_dates(part, time, 7, 10, 20);
	ok(memcmp(part, "\0\1\0\2\1\0\2", 7) == 0, "dates: from that time on");
	ok(split_fold_parse(&fold, &folds, "2/5") && fold == 1 && folds == 5, "fold 2/5");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		refused &= !split_fold_parse(&fold, &folds, bad[i]);
	ok(refused, "what is no fold");
	ok(split_part_parse(part, "validation", 10) && part[0] == SPLIT_VALID &&
			split_part_parse(part, "2", 1) && part[0] == SPLIT_TEST &&
			split_part_parse(part, "outside", 3) && part[0] == SPLIT_OUT,
		"names of parts");
	ok(!split_part_parse(part, "tests", 5) && !split_part_parse(part, "", 0), "and no others");
}

static void thin(void)
{
	enum { N = 2000 };
	uint8_t part[N], less[N];
	size_t stays = 0, wrong = 0;

	for (size_t i = 0; i < N; i++)
		part[i] = less[i] = i % 4 == 3 ? SPLIT_TEST : SPLIT_TRAIN;
	split_thin(part, 0, N, 0.5, 1);
	split_thin(less, 0, 1000, 0.25, 1); /* in two pieces */
	split_thin(less + 1000, 1000, N - 1000, 0.25, 1);
	for (size_t i = 0; i < N; i++) {
		stays += part[i] == SPLIT_TRAIN;
		wrong += (part[i] == SPLIT_TEST) != (i % 4 == 3);
		wrong += less[i] == SPLIT_TRAIN && part[i] != SPLIT_TRAIN;
	}
	near((double)stays, 750, 80, "half of the train rows stay");
	ok(wrong == 0, "the rest is in no part, test as it was, a smaller share part of a larger");
}

int main(void)
{
	by_draw();
	by_user();
	of_one_user();
	one_out();
	by_time();
	folds();
	cold();
	words();
	thin();
	return done();
}
