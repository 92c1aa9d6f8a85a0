#include "tally.h"

#include <stdlib.h>

#include "mem.h"
#include "rng.h"
#include "tap.h"

static const uint8_t part[] = { 0, 0, 0, 1, 1, 2, 2, 2, 2, SPLIT_OUT };
/*                               T  T  T  V  V  X  X  X  X  - */
static const uint32_t who[] = { 0, 1, 1, 0, 2, 0, 3, 3, 2, 5 };
static const uint32_t what[] = { 0, 0, 1, 0, 2, 0, 1, 3, 2, 4 };
static const float label[] = { 1, 0, 1, 0, 0, 1, 1, 0, 0, 1 };
static const int64_t when[] = { 5, 9, 4, 9, 9, 8, 4, 5, 6, 1 };
enum { N = sizeof part };

static void by_hand(size_t pieces)
{
	struct tally t = TALLY_NEW;
	struct group users;
	size_t ids, rows;

	for (size_t at = 0; at < N; at += pieces)
		tally_add(&t, &(struct tally_rows){ at + pieces < N ? pieces : N - at, part + at,
				      who + at, what + at, label + at, when + at });
	ok(t.rows[0] == 3 && t.rows[1] == 2 && t.rows[2] == 4 && t.out == 1, "rows");
	ok(tally_ids(&t.user, 0) == 2 && tally_ids(&t.user, 1) == 2 && tally_ids(&t.user, 2) == 3,
		"users");
	ok(tally_ids(&t.item, 0) == 2 && tally_ids(&t.item, 1) == 2 && tally_ids(&t.item, 2) == 4,
		"items");
	ok(t.positives[0] == 2 && t.positives[1] == 0 && t.positives[2] == 2 && t.binary,
		"positives");
	tally_cold(&t.user, &ids, &rows);
	ok(ids == 2 && rows == 3, "users 2 and 3 are cold");
	tally_cold(&t.item, &ids, &rows);
	ok(ids == 2 && rows == 2, "items 2 and 3 are cold");
	ok(tally_late(&t) == 2 && tally_late(&t) == 2, "two rows of train are later than 4");
	tally_free(&t);
	group_new(&users, who, N, 6);
	/* (0, 0) is in train, valid and test: one pair; (2, 2) in valid and test */
	ok(tally_pairs(&users, what, part, 5) == 2, "pairs in more than one part");
	group_free(&users);
}

/* The same by definition. */
static void late(const char *name, int order)
{
	enum { ROWS = 50000 };
	int64_t *time = mem_new(ROWS, sizeof *time), first = INT64_MAX;
	uint8_t *p = mem_new(ROWS, 1);
	struct tally t = TALLY_NEW;
	size_t want = 0;

	for (size_t i = 0; i < ROWS; i++) {
		time[i] = order > 0   ? (int64_t)i
			  : order < 0 ? -(int64_t)i
				      : (int64_t)rng_below(9999, 1, RNG_MAKE, i);
		p[i] = i > 200 && rng_below(10, 2, RNG_MAKE, i) == 0 ? SPLIT_TEST : SPLIT_TRAIN;
		if (p[i] == SPLIT_TEST && time[i] < first)
			first = time[i];
	}
	for (size_t i = 0; i < ROWS; i++)
		want += p[i] == SPLIT_TRAIN && time[i] > first;
	for (size_t at = 0; at < ROWS; at += 1000)
		tally_add(&t, &(struct tally_rows){ .n = 1000, .part = p + at, .time = time + at });
	ok(t.early_room <= 8192, "few times are kept");
	ok(tally_late(&t) == want && want > 0, name);
	tally_free(&t);
	free(time);
	free(p);
}

static void of_what_is_there(void)
{
	struct tally t = TALLY_NEW;
	size_t ids, rows;

	tally_add(&t, &(struct tally_rows){ .n = N, .part = part, .item = what });
	tally_cold(&t.item, &ids, &rows);
	ok(!t.user.there && !t.labels && !t.times && tally_late(&t) == 0 && ids == 2,
		"of what is there");
	tally_add(&t, &(struct tally_rows){
			      .n = 1, .part = part, .item = what, .label = (float[]){ 3 } });
	ok(t.labels && !t.binary, "labels that are not 0 or 1");
	tally_free(&t);
}

int main(void)
{
	by_hand(N);
	by_hand(1);
	by_hand(3);
	late("late rows, times at random", 0);
	late("late rows, times rising", 1);
	late("late rows, times falling", -1);
	of_what_is_there();
	return done();
}
