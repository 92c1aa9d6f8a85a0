/* Part 1 judges: RMSE and NDCG@20 worked by hand, users at even distances where there are many. */
#include "judge.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>

#include "mem.h"
#include "rng.h"
#include "tap.h"

/* Two users, four items, p_u . q_i = the score written into the user's factors. */
static float bias[4], user[8] = { 4, 3, 2, 1, 1, 2, 3, 4 };
static float item[16] = { 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1 };
static const struct mf MODEL = { 2, 4, 4, 0, 1, 3.5F, bias, bias, user, item };

static void by_hand(void)
{
	const uint32_t u[] = { 0, 0, 0, 1, 1 }, i[] = { 0, 1, 2, 0, 2 };
	const float y[] = { 5, 4, 2, 1, 5 };
	const uint8_t part[] = { 0, 1, 1, 2, 1 };
	struct mf_rows rows = { u, i, y, NULL, part, 5, 2, 4 };
	struct judge *j = judge_new(&rows, false);

	near(judge_of(j, &MODEL), sqrt((1 + 0 + 4) / 3.), 1e-7,
		"RMSE of part 1: 4 - 3, 2 - 2, 5 - 3");
	ok(judge_better(j, 1, 2) && strcmp(judge_measure(j), "RMSE") == 0, "lower is better");
	judge_free(j);
	j = judge_new(&rows, true);
	/* user 0, item 0 seen: list 1, 2, 3, both relevant first: 1; user 1: list 3, 2, 1, 0 and item
	 * 2 at place 2: 1 / log2 3 */
	near(judge_of(j, &MODEL), (1 + 1 / log2(3)) / 2, 1e-7, "NDCG@20 of part 1, seen left out");
	ok(judge_better(j, 2, 1) && strcmp(judge_measure(j), "NDCG@20") == 0, "higher is better");
	judge_free(j);
	rows.part = NULL;
	ok(!judge_new(&rows, true) && !judge_new(&rows, false), "no part 1, no judge");
}

/* All users, by what is kept for judging alone and by positives that are there anyway. */
static void test_liked(const struct mf_rows *rows, const struct mf *mf)
{
	struct liked liked = liked_new(rows, false, LIKED_BITS);
	struct judge_goal goal = { 1, RANK_RECALL, 10, rows->users, NULL };
	struct judge *own = judge_rankings(rows, &goal), *shared;
	double value = judge_of(own, mf);

	goal.liked = &liked;
	shared = judge_rankings(rows, &goal);
	ok(value > 0.05 && value < 0.95 && judge_of(shared, mf) == value,
		"recall@10, positives of train kept once");
	goal.part = 2;
	ok(!judge_rankings(rows, &goal), "no part 2, no judge of it");
	judge_free(own);
	judge_free(shared);
	liked_free(&liked);
}

static void many(void)
{
	enum { U = 5000, I = 50, N = 4 * U };
	uint32_t *u = mem_new(N, sizeof *u), *i = mem_new(N, sizeof *i);
	float *y = mem_new(N, sizeof *y), *p = mem_new(U, sizeof *p), *b = mem_new(U, sizeof *b);
	uint8_t *part = mem_new(N, 1);
	struct mf_rows rows = { u, i, y, NULL, part, N, U, I };
	struct mf mf = { U, I, 1, 0, -INFINITY, INFINITY, b, b, p, p };
	struct judge *j;
	double first = 0;

	for (uint32_t r = 0; r < N; r++) {
		u[r] = r / 4;
		i[r] = (uint32_t)rng_below(I, 1, RNG_MAKE, r);
		y[r] = r % 3 > 0;
		part[r] = r % 4 > 1;
	}
	for (uint32_t r = 0; r < U; r++)
		p[r] = (float)rng_normal(2, RNG_MAKE, r);
	for (int n = 1; n < 4; n++) {
		omp_set_num_threads(n);
		j = judge_new(&rows, true);
		first = n == 1 ? judge_of(j, &mf) : first;
		ok(first > 0.05 && judge_of(j, &mf) == first, "5000 users: the same with threads");
		judge_free(j);
	}
	test_liked(&rows, &mf);
	free(u);
	free(i);
	free(y);
	free(p);
	free(b);
	free(part);
}

int main(void)
{
	by_hand();
	many();
	return done();
}
