#include "kept.h"

#include "split.h"
#include "tap.h"

enum { N = 5000 };
static uint32_t user[N];
static int64_t time[N];
static uint8_t part[N];

static int64_t fill(int64_t far)
{
	int64_t first = INT64_MAX;

	for (size_t i = 0; i < N; i++) {
		user[i] = (uint32_t)(i * 31 % 97);
		time[i] = (int64_t)(i * 7919 % N) + (i == 4321 ? far : 0);
		part[i] = i % 11 == 0 ? SPLIT_OUT : (uint8_t)(i % 7 % 3);
		if (part[i] == SPLIT_TEST && time[i] < first)
			first = time[i];
	}
	return first;
}

/* Rows that come in pieces are grouped as the rows were, and their times are there. */
static int agrees(size_t pieces, int64_t first)
{
	struct group users = { 0 }, want;
	struct kept kept;
	int good;

	kept_start(&kept, N);
	for (size_t at = 0; at < N; at += pieces)
		kept_add(&kept, user + at, time + at, at + pieces < N ? pieces : N - at);
	good = kept.n == N && kept_first(&kept, part) == first;
	for (size_t i = 0; i < N; i++)
		good &= when_at(&kept.when, i) == time[i];
	kept_group(&users, &kept, 97);
	group_new(&want, user, N, 97);
	good &= kept.user == NULL && memcmp(users.row, want.row, sizeof user) == 0;
	group_free(&users);
	group_free(&want);
	kept_free(&kept);
	return good;
}

int main(void)
{
	struct kept kept;
	int64_t first = fill(0);

	ok(agrees(N, first) && agrees(700, first) && agrees(1, first), "users and times");
	first = fill(1ll << 40);
	ok(agrees(N, first) && agrees(701, first), "with a time that is far");
	kept_start(&kept, 10);
	kept_add(&kept, NULL, time, 10);
	ok(kept.n == 10 && kept.user == NULL, "times alone");
	kept_free(&kept);
	kept_start(&kept, 10);
	kept_add(&kept, user, NULL, 10);
	ok(kept_first(&kept, part) == INT64_MAX, "no times");
	kept_free(&kept);
	return done();
}
