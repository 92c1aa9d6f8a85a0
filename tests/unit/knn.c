/* Means and sums worked by hand; all items at once have the bits of one row; no neighbours. */
#include "knn.h"

#include <stdlib.h>

#include "mem.h"
#include "rng.h"
#include "tap.h"

enum { U = 50, I = 60, N = 900 };

/* Items 1 and 2 are like item 0 by .5 and .25; the user gave them 1 and -2. */
static void hand(void)
{
	static uint64_t near_at[] = { 0, 2, 2, 2 }, seen_at[] = { 0, 2 };
	static uint32_t near_id[] = { 1, 2 }, seen_id[] = { 1, 2 };
	static float likeness[] = { 0.5F, 0.25F }, given[] = { 1, -2 }, user_bias[] = { 1 },
		     item_bias[] = { 0.5F, 0, 0 };
	static const uint32_t user[] = { 0, 0, 7, 0 }, item[] = { 0, 1, 0, 9 };
	struct knn knn = { .members = 3,
		.mean = true,
		.near = { 3, near_at, near_id, likeness },
		.seen = { 1, seen_at, seen_id, given },
		.base = { 1, 3, 0, 3, -10, 10, user_bias, item_bias, NULL, NULL } };
	float score[4];

	knn_ready(&knn);
	knn_predict(score, &knn, user, item, 4);
	near(score[0], 4.5 + (0.5 - 0.5) / 0.75, 0, "a mean by likeness over base");
	near(score[1], 4, 0, "no neighbours: base");
	near(score[2], 3.5, 0, "an unknown user: mean and item");
	near(score[3], 4, 0, "an unknown item: mean and user");
	knn.use = 1;
	knn_predict(score, &knn, user, item, 1);
	near(score[0], 5.5, 0, "the likest alone");
	knn.mean = false;
	knn.use = 0;
	knn.base.high = 4;
	knn_predict(score, &knn, user, item, 1);
	near(score[0], 4, 0, "a sum, clipped");
	knn_done(&knn);
}

static void tiles(struct knn *knn, const char *what)
{
	static float tile[I], room[I];
	size_t differ = 0, off = 0;

	knn_ready(knn);
	for (uint32_t u = 0; u < U + 1; u++)
		for (size_t first = 0; first < I; first += I / 3) {
			knn_items(tile, knn, u, first, I / 3, room);
			for (uint32_t i = 0; i < I / 3; i++) {
				uint32_t item = (uint32_t)first + i;
				float one;

				knn_predict(&one, knn, &u, &item, 1);
				differ += one != tile[i] && one != knn->base.low &&
					  one != knn->base.high;
				off += one > knn->base.high || one < knn->base.low;
			}
		}
	ok(!differ && !off, what);
	knn_done(knn);
	knn_end(knn);
}

int main(void)
{
	static uint32_t user[N], item[N];
	static float label[N];
	struct mf_rows rows = { user, item, label, NULL, NULL, N, U, I };

	hand();
	for (size_t r = 0; r < N; r++) {
		user[r] = (uint32_t)rng_below(U, 1, RNG_MAKE, 3 * r);
		item[r] = (uint32_t)rng_below(I, 1, RNG_MAKE, 3 * r + 1);
		label[r] = (float)rng_below(5, 1, RNG_MAKE, 3 * r + 2);
	}
	for (int way = 0; way < 8; way++) {
		struct knn_how how = { .by_user = way & 1,
			.ranking = way & 2,
			.measure = way & 2 ? KNN_COSINE : KNN_RESIDUAL,
			.shrink = 3,
			.neighbours = 20,
			.use = way & 4 ? 5 : 0,
			.reg = 5,
			.popularity = 0.1 };
		char what[80];

		snprintf(what, sizeof what,
			"all items at once: the bits of one row (%s, %s, use %u)",
			how.by_user ? "user" : "item", how.ranking ? "sum" : "mean", how.use);
		tiles(knn_fit(&rows, &how), what);
	}
	return done();
}
