/* Ranks and best items against sorting; looks come when they are due, without positives. */
#include "regard.h"

#include "teach.h"

static size_t looks, wrong;

static void look(struct taught *t, size_t user, float *score)
{
#pragma omp critical
	{
		looks++;
		for (size_t i = 0; i < t->ids; i++) {
			float want = (i % 3 ? -1.0F : 1.0F) * teach_all[user][i];

			wrong += score[i] != (teach_have[user][i] ? -INFINITY : want);
		}
	}
}

static void test_looks(void)
{
	struct taught t = teach_open();
	const struct regard regard = { NULL, teach_opposite, 3 };

	for (uint64_t e = 0; e < 7; e++)
		regard_at(&regard, &t, e, look);
	ok(looks == 3 * TEACH_U, "a look at every user at epochs 0, 3, 6");
	ok(!wrong, "has his scores, but of his positives");
	taught_free(&t);
}

static void test_ranks(void)
{
	enum { N = 200 };
	float score[N];
	const uint32_t item[] = { 7, 0, 199, 50, 51, 8 };
	uint32_t rank[6], best[20];
	size_t bad = 0;

	for (size_t i = 0; i < N; i++)
		score[i] = (float)rng_below(60, 6, RNG_MAKE, i); /* many are equal */
	score[8] = -INFINITY;
	regard_ranks(rank, score, N, item, 6);
	for (size_t k = 0; k < 6; k++) {
		uint32_t want = 1;

		for (size_t i = 0; i < N; i++)
			want += score[i] > score[item[k]] ||
				(score[i] == score[item[k]] && i < item[k]);
		bad += rank[k] != want;
	}
	ok(!bad, "ranks, the lower id first of equal scores");
	ok(rank[5] == N, "without a score: the last");
	ok(regard_top(best, 20, score, N) == 20, "so many of the best");
	regard_ranks(rank, score, N, best, 6);
	for (size_t k = 0; k < 6; k++)
		bad += rank[k] != k + 1;
	ok(!bad, "have ranks 1, 2, ...");
	for (size_t i = 0; i < N; i++)
		score[i] = i < 3 ? 1 : -INFINITY;
	ok(regard_top(best, 20, score, N) == 3, "without a score they are none");
	regard_ranks(rank, score, N, item, 0);
}

int main(void)
{
	teach_make();
	test_looks();
	test_ranks();
	return done();
}
