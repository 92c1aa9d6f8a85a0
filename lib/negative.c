#include "negative.h"

#include <stdlib.h>

#include "group.h"
#include "mem.h"
#include "rng.h"

enum { TRIES = 32 }; /* by rejection; after them the items left are walked */

/* What the users share. sum[i] is the weight of items below i. */
struct shared {
	const struct negative_task *task;
	const struct group *users;
	const uint32_t *rank; /* of positive rows, among them */
	const double *sum; /* NULL: equal weights */
	uint64_t total;
};

/* What a thread knows of the user at hand: taken[i] is his number from 1 if item i is his. */
struct hand {
	size_t user, *taken;
	uint64_t left; /* weight of the items that are not */
};

static uint64_t weight(const struct shared *s, size_t item)
{
	return s->task->weight ? s->task->weight[item] : 1;
}

static void take(struct hand *hand, const struct shared *s, size_t item)
{
	if (hand->taken[item] == hand->user)
		return;
	hand->taken[item] = hand->user;
	hand->left -= weight(s, item);
}

/* The item at x of all weight. */
static size_t item_at(const struct shared *s, uint64_t x)
{
	return s->sum ? rng_place(s->sum, s->task->items, (double)x) : x;
}

/* The item at x of the weight that is left. */
static size_t item_left_at(const struct shared *s, const struct hand *hand, uint64_t x)
{
	size_t item = 0;

	for (;; item++) {
		uint64_t own = hand->taken[item] == hand->user ? 0 : weight(s, item);

		if (x < own)
			return item;
		x -= own;
	}
}

static uint32_t draw(const struct shared *s, struct hand *hand, size_t row, size_t number)
{
	uint64_t seed = rng_derive(rng_derive(s->task->seed, row), number);
	size_t item;

	if (hand->left == 0)
		return NEGATIVE_NONE;
	for (uint64_t t = 0; t < TRIES; t++) {
		item = item_at(s, rng_below(s->total, seed, RNG_NEGATIVE, t));
		if (hand->taken[item] != hand->user) {
			take(hand, s, item);
			return (uint32_t)item;
		}
	}
	item = item_left_at(s, hand, rng_below(hand->left, seed, RNG_NEGATIVE, TRIES));
	take(hand, s, item);
	return (uint32_t)item;
}

/* Returns how many of the user's negatives could not be drawn. */
static size_t draw_user(uint32_t *drawn, const struct shared *s, struct hand *hand, size_t user)
{
	const struct negative_task *task = s->task;
	const size_t *start = s->users->start;
	size_t missing = 0;

	hand->user = user + 1;
	hand->left = s->total;
	for (size_t k = start[user]; k < start[user + 1]; k++)
		take(hand, s, task->item[s->users->row[k]]);
	for (size_t k = start[user]; k < start[user + 1]; k++) {
		size_t row = s->users->row[k];

		for (size_t j = 0; task->positive[row] && j < task->per; j++) {
			uint32_t item = draw(s, hand, row, j);

			drawn[(size_t)s->rank[row] * task->per + j] = item;
			missing += item == NEGATIVE_NONE;
		}
	}
	return missing;
}

/* Of integers, so that they are exact. */
static double *sums(const uint64_t *each, size_t n)
{
	double *sum = mem_new(n + 1, sizeof *sum);

	for (size_t i = 0; i < n; i++)
		sum[i + 1] = sum[i] + (double)each[i];
	return sum;
}

static uint32_t *ranks(const uint8_t *positive, size_t n)
{
	uint32_t *rank = mem_new(n, sizeof *rank), k = 0;

	for (size_t row = 0; row < n; row++) {
		rank[row] = k;
		k += positive[row] != 0;
	}
	return rank;
}

size_t negative_draw(uint32_t *drawn, const struct negative_task *task)
{
	uint32_t *rank = ranks(task->positive, task->n);
	double *sum = task->weight ? sums(task->weight, task->items) : NULL;
	struct group users;
	struct shared s = { task, &users, rank, sum, sum ? (uint64_t)sum[task->items] : task->items };
	size_t missing = 0;

	group_new(&users, task->user, task->n, task->users);
#pragma omp parallel reduction(+ : missing)
	{
		struct hand hand = { .taken = mem_new(task->items, sizeof *hand.taken) };

#pragma omp for schedule(dynamic, 16)
		for (size_t u = 0; u < users.ids; u++)
			missing += draw_user(drawn, &s, &hand, u);
		free(hand.taken);
	}
	group_free(&users);
	free(rank);
	free(sum);
	return missing;
}
