/* reverse -- every item's users against a sort of all scores. */
#include "reverse.h"

#include <math.h>
#include <stdlib.h>

#include "mem.h"
#include "rng.h"
#include "tap.h"

enum { U = 130, I = 1100, N = 3000, K = 100 };

/* Few different scores, so that there are ties. */
static float made_score(size_t u, size_t i)
{
	return (float)rng_below(40, 7, RNG_MAKE, u * I + i);
}

static void score_block(
	void *self, float *score, const uint32_t *user, size_t n, size_t first, size_t count)
{
	(void)self;
	for (size_t u = 0; u < n; u++)
		for (size_t i = 0; i < count; i++)
			score[u * MODEL_TILE + i] = made_score(user[u], first + i);
}

/* Whether `user` is the right one at place k of item i: as many users are better as there are
 * places before it. */
static int right(const struct reverse_lists *lists, size_t i, size_t k)
{
	uint32_t user = lists->user[i * K + k];
	float score = lists->score[i * K + k];
	size_t better = 0, all = 0;

	for (size_t u = 0; u < U; u++) {
		float s = made_score(u, i);

		if (lists->seen && ranking_sets_have(lists->seen, u, (uint32_t)i))
			continue;
		all++;
		better += s > score || (s == score && u < user);
	}
	if (user == RANKING_NONE)
		return all <= k && score == -INFINITY;
	return better == k && score == made_score(user, i) &&
	       !(lists->seen && ranking_sets_have(lists->seen, user, (uint32_t)i));
}

static size_t count_right(struct reverse_lists *lists)
{
	const struct ranking_scorer scorer = { NULL, score_block, true, NULL };
	size_t n = 0;

	reverse_make(lists, &scorer);
	for (size_t i = 0; i < I; i++)
		for (size_t k = 0; k < K; k++)
			n += (size_t)right(lists, i, k);
	return n;
}

int main(void)
{
	struct reverse_lists lists = { .users = U, .items = I, .k = K };
	uint32_t *user = mem_new(2 * N, sizeof *user), *item = user + N;
	struct ranking_rows rows = { .user = user, .item = item, .n = N, .users = U, .items = I };
	struct ranking_sets seen;
	size_t padded = 0;

	for (size_t r = 0; r < N; r++) {
		user[r] = (uint32_t)rng_below(U, 1, RNG_MAKE, r);
		item[r] = (uint32_t)(r % 8 ? rng_below(I, 2, RNG_MAKE, r) : r % 3);
	}
	ranking_sets_new(&seen, &rows, NULL);
	lists.user = mem_new(I * K, sizeof *lists.user);
	lists.score = mem_new(I * K, sizeof *lists.score);
	near((double)count_right(&lists), I * K, 0, "all users: the best K of every item, ties by id");
	lists.seen = &seen;
	near((double)count_right(&lists), I * K, 0, "without those that have the item");
	for (size_t k = 0; k < K; k++)
		padded += lists.user[k] == RANKING_NONE;
	ok(padded > 0, "an item that most users have gets a short list, padded");
	ranking_sets_free(&seen);
	free(user);
	free(lists.user);
	free(lists.score);
	return done();
}
