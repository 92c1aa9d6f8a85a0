#include "tally.h"

#include "tap.h"

static const uint8_t part[] = { 0, 0, 0, 1, 1, 2, 2, 2, 2, SPLIT_OUT };
/*                               T  T  T  V  V  X  X  X  X  - */
static const uint32_t who[] = { 0, 1, 1, 0, 2, 0, 3, 3, 2, 5 };
static const uint32_t what[] = { 0, 0, 1, 0, 2, 0, 1, 3, 2, 4 };
static const float label[] = { 1, 0, 1, 0, 0, 1, 1, 0, 0, 1 };
enum { N = sizeof part };

static void by_hand(size_t pieces)
{
	struct tally t = TALLY_NEW;
	size_t ids, rows;

	for (size_t at = 0; at < N; at += pieces)
		tally_add(&t, &(struct tally_rows){ at + pieces < N ? pieces : N - at, part + at,
				      who + at, what + at, label + at, NULL });
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
	tally_free(&t);
}

static void of_what_is_there(void)
{
	struct tally t = TALLY_NEW;
	size_t ids, rows;

	tally_add(&t, &(struct tally_rows){ .n = N, .part = part, .item = what });
	tally_cold(&t.item, &ids, &rows);
	ok(!t.user.there && !t.labels && ids == 2, "of what is there");
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
	of_what_is_there();
	return done();
}
