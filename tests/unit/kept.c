#include "kept.h"

#include "tap.h"

enum { N = 5000 };
static uint32_t user[N], item[N];
static float label[N];
static int64_t time[N];
static uint8_t part[N];

static void fill(int64_t far)
{
	for (size_t i = 0; i < N; i++) {
		user[i] = (uint32_t)(i * 31 % 97);
		item[i] = (uint32_t)(i * 17 % 53);
		label[i] = i % 3 == 0;
		time[i] = (int64_t)(i * 7919 % N) + (i == 4321 ? far : 0);
		part[i] = i % 11 == 0 ? SPLIT_OUT : (uint8_t)(i % 7 % 3);
	}
}

static int same_tally(const struct tally *a, const struct tally *b)
{
	int good = memcmp(a->rows, b->rows, sizeof a->rows) == 0 && a->out == b->out &&
		   memcmp(a->positives, b->positives, sizeof a->positives) == 0 &&
		   a->binary == b->binary && a->late == b->late && a->first == b->first;

	for (int p = 0; p < SPLIT_PARTS; p++)
		good &= tally_ids(&a->user, p) == tally_ids(&b->user, p) &&
			tally_ids(&a->item, p) == tally_ids(&b->item, p);
	return good;
}

/* What is told of the rows kept is what is told of the rows. */
static int agrees(size_t pieces, int grouped)
{
	struct tally whole = TALLY_NEW, told = TALLY_NEW;
	struct tally_rows rows = { N, part, user, item, label, time };
	struct group users = { 0 };
	struct kept kept = { 0 };
	int good;

	tally_add(&whole, &rows);
	for (size_t at = 0; at < N; at += pieces)
		kept_add(&kept, &(struct tally_rows){ at + pieces < N ? pieces : N - at, NULL,
					user + at, item + at, label + at, time + at });
	memcpy(kept_part(&kept), part, N);
	if (grouped)
		kept_group(&users, &kept, 97);
	kept_tell(&told, &kept, grouped ? &users : NULL);
	tally_late(&whole);
	tally_late(&told);
	good = same_tally(&whole, &told);
	if (grouped)
		good &= kept.user == NULL && users.start[97] == N;
	tally_free(&whole);
	tally_free(&told);
	group_free(&users);
	kept_free(&kept);
	return good;
}

int main(void)
{
	fill(0);
	ok(agrees(N, 0) && agrees(700, 0) && agrees(1, 0), "in row order");
	ok(agrees(N, 1) && agrees(701, 1), "user by user");
	fill(1ll << 40);
	ok(agrees(N, 0) && agrees(700, 1), "with a time that is far");
	label[N - 1] = 2;
	ok(agrees(700, 0), "with labels that are not 0 or 1");
	return done();
}
