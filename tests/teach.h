/* A made teacher of 30 users and 40 items, and what every loss of ranked lists is checked by. */
#ifndef TEACH_H
#define TEACH_H

#include <omp.h>
#include <stdlib.h>

#include "mem.h"
#include "rng.h"
#include "tap.h"
#include "taught.h"

enum { TEACH_U = 30, TEACH_I = 40, TEACH_N = 150, TEACH_K = 12 };

static uint32_t teach_user[TEACH_N], teach_item[TEACH_N], teach_list[TEACH_U * TEACH_K];
static float teach_label[TEACH_N], teach_score[TEACH_U * TEACH_K], teach_all[TEACH_U][TEACH_I];
static char teach_have[TEACH_U][TEACH_I];
static const struct mf_rows TEACH_ROWS = { teach_user, teach_item, teach_label, NULL, NULL, TEACH_N,
	TEACH_U, TEACH_I };

/* Users 0 .. 27 have positives and full lists; 28 a list of 3; 29 none at all. */
static inline void teach_make(void)
{
	for (size_t r = 0; r < TEACH_N; r++) {
		teach_user[r] = (uint32_t)rng_below(TEACH_U - 2, 1, RNG_MAKE, 2 * r);
		teach_item[r] = (uint32_t)rng_below(TEACH_I, 1, RNG_MAKE, 2 * r + 1);
		teach_label[r] = 1;
		teach_have[teach_user[r]][teach_item[r]] = 1;
	}
	for (size_t u = 0; u < TEACH_U; u++) {
		char taken[TEACH_I];

		memcpy(taken, teach_have[u], sizeof taken);
		for (size_t i = 0; i < TEACH_I; i++)
			teach_all[u][i] = (float)rng_normal(2, RNG_MAKE, u * TEACH_I + i);
		for (size_t k = 0; k < TEACH_K; k++) {
			size_t best = TEACH_I;

			for (size_t i = 0; i < TEACH_I; i++)
				if (!taken[i] &&
					(best == TEACH_I || teach_all[u][i] > teach_all[u][best]))
					best = i;
			taken[best] = 1;
			if (u == 29 || (u == 28 && k >= 3))
				best = TAUGHT_END;
			teach_list[u * TEACH_K + k] = (uint32_t)best;
			teach_score[u * TEACH_K + k] =
				best == TAUGHT_END ? -INFINITY : teach_all[u][best];
		}
	}
}

static inline struct taught teach_open(void)
{
	struct taught t;

	taught_open(&t, &TEACH_ROWS, false, teach_list, teach_score, TEACH_K, 5);
	return t;
}

/* A student who thinks the opposite of the teacher, but for every third item. */
static inline void teach_opposite(
	const void *student, bool reverse, float *score, const uint32_t *row, size_t n)
{
	size_t ids = reverse ? TEACH_U : TEACH_I;

	(void)student;
	for (size_t k = 0; k < n; k++)
		for (size_t i = 0; i < ids; i++) {
			size_t u = reverse ? i : row[k], item = reverse ? row[k] : i;

			score[k * ids + i] = (item % 3 ? -1.0F : 1.0F) * teach_all[u][item];
		}
}

/* The place of an item in what that student would recommend a user. */
static inline size_t teach_rank(uint32_t user, uint32_t item)
{
	float score[TEACH_I];
	size_t rank = 1;

	teach_opposite(NULL, false, score, &user, 1);
	for (size_t i = 0; i < TEACH_I; i++)
		rank += !teach_have[user][i] && score[i] > score[item];
	return rank;
}

/* The objective's own pairs for a batch that has users 3, 4, 28, 29, 3; the caller's. */
static inline struct pairs teach_pairs(struct objective *o, uint64_t epoch)
{
	struct pairs all = { 0 }, own = { 0 };
	const uint32_t users[] = { 3, 4, 28, 29, 3 };

	for (size_t k = 0; k < 5; k++)
		pairs_add(&all, users[k], (uint32_t)(2 * k));
	all.joined = all.n;
	o->start(o->self, epoch);
	o->draw(o->self, 0, &all);
	for (size_t k = all.joined; k < all.n; k++)
		pairs_add(&own, all.user[k], all.item[k]);
	pairs_free(&all);
	return own;
}

static inline int teach_same(const struct pairs *a, const struct pairs *b)
{
	return a->n == b->n && !memcmp(a->user, b->user, a->n * sizeof *a->user) &&
	       !memcmp(a->item, b->item, a->n * sizeof *a->item);
}

/* The largest difference between slopes and the loss's differences. */
static inline double teach_gradient(struct objective *o, const struct pairs *pairs)
{
	float *score = mem_new(pairs->n, sizeof *score), *slope = mem_new(pairs->n, sizeof *slope);
	float *spare = mem_new(pairs->n, sizeof *spare);
	double worst = 0;

	for (size_t k = 0; k < pairs->n; k++)
		score[k] = (float)(2 * rng_normal(3, RNG_MAKE, k));
	o->slope(o->self, pairs, score, slope);
	for (size_t k = 0; k < pairs->n; k++) {
		float old = score[k];
		double up, down;

		score[k] = old + 0x1p-7F;
		up = o->slope(o->self, pairs, score, spare);
		score[k] = old - 0x1p-7F;
		down = o->slope(o->self, pairs, score, spare);
		score[k] = old;
		worst = fmax(worst, fabs((up - down) / 0x1p-6 - (double)slope[k]));
	}
	free(score);
	free(slope);
	free(spare);
	return worst;
}

/* What all of them promise: the epoch says what is drawn, not the threads; slopes are right. */
static inline void teach_check(struct objective *o, const char *name)
{
	struct pairs first = teach_pairs(o, 1), again;
	char what[80];

	snprintf(what, sizeof what, "%s: slopes are the loss's differences", name);
	near(teach_gradient(o, &first), 0, 2e-3, what);
	omp_set_num_threads(1);
	again = teach_pairs(o, 1);
	snprintf(what, sizeof what, "%s: the same draws on any number of threads", name);
	ok(first.n > 0 && teach_same(&first, &again), what);
	omp_set_num_threads(4);
	pairs_free(&first);
	pairs_free(&again);
}

/* Place of an item in a user's list, from 1; 0: not there. */
static inline size_t teach_place(uint32_t user, uint32_t item)
{
	for (size_t k = 0; k < TEACH_K; k++)
		if (teach_list[user * TEACH_K + k] == item)
			return k + 1;
	return 0;
}

#endif
