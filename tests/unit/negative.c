#include "negative.h"

#include <omp.h>
#include <stdlib.h>

#include "mem.h"
#include "tap.h"

/* User 0 has items 0, 1 and 2 of four; user 1 has 3; user 2 has all. */
static const uint32_t user[] = { 0, 0, 1, 0, 2, 2, 2, 2 }, item[] = { 0, 1, 3, 2, 0, 1, 2, 3 };
static const uint8_t positive[] = { 1, 0, 1, 1, 1, 0, 0, 0 };
static const uint32_t drawn_none = NEGATIVE_NONE;

static void by_hand(void)
{
	const uint64_t weight[] = { 5, 1, 0, 2 };
	struct negative_task task = { 8, 3, 4, user, item, positive, NULL, 3, 1 };
	uint32_t drawn[12];
	unsigned seen = 0;

	ok(negative_draw(drawn, &task) == 8, "what is not there is counted");
	ok(drawn[0] == 3 && drawn[1] == drawn_none && drawn[2] == drawn_none,
		"the one item that is left, once");
	for (int k = 3; k < 6; k++)
		seen |= 1u << drawn[k];
	ok(seen == 7, "three different items that he has not");
	ok(drawn[6] == drawn_none && drawn[9] == drawn_none && drawn[11] == drawn_none,
		"nothing left for his next row, nor for who has all");
	task.weight = weight;
	ok(negative_draw(drawn, &task) == 9, "an item of weight 0 is never drawn");
	ok(drawn[0] == 3 && drawn[3] + drawn[4] == 1 && drawn[5] == drawn_none, "by weight");
}

enum { USERS = 400, ITEMS = 50, ROWS = 2 * USERS, PER = 10 };

/* Users who have items 0 and 1; the others are drawn with the odds of their weights. */
static void odds(const char *what, const uint64_t *weight, double want, double within)
{
	uint32_t *who = mem_new(ROWS, sizeof *who), *which = mem_new(ROWS, sizeof *which);
	uint32_t *drawn = mem_new(USERS * PER, sizeof *drawn);
	uint32_t *again = mem_new(USERS * PER, sizeof *again);
	uint8_t *yes = mem_new(ROWS, 1);
	struct negative_task task = { ROWS, USERS, ITEMS, who, which, yes, weight, 1, 7 };
	size_t tens = 0;
	int good = 1;

	for (size_t r = 0; r < ROWS; r++) {
		who[r] = (uint32_t)(r % USERS);
		which[r] = r >= USERS;
		yes[r] = r < USERS;
	}
	negative_draw(drawn, &task);
	for (size_t k = 0; k < USERS; k++) {
		tens += drawn[k] == 10;
		good &= drawn[k] > 1 && drawn[k] < ITEMS;
	}
	ok(good, "never an item that the user has");
	near((double)tens / USERS, want, within, what);
	task.per = PER;
	negative_draw(drawn, &task);
	for (size_t k = 0; k < USERS * PER; k++)
		for (size_t j = k / PER * PER; j < k; j++)
			good &= drawn[j] != drawn[k];
	ok(good, "none twice");
	for (int t = 1; t <= 7; t += 3) {
		omp_set_num_threads(t);
		negative_draw(again, &task);
		good &= memcmp(drawn, again, USERS * PER * sizeof *drawn) == 0;
	}
	ok(good, "the same with 1, 4 and 7 threads");
	task.seed = 8;
	negative_draw(again, &task);
	ok(memcmp(drawn, again, USERS * PER * sizeof *drawn) != 0, "another seed, other items");
	free(who);
	free(which);
	free(drawn);
	free(again);
	free(yes);
}

int main(void)
{
	uint64_t weight[ITEMS];

	by_hand();
	/* three deviations: 3 sqrt(p (1 - p) / 400) */
	odds("equal: one of 48", NULL, 1.0 / 48, 0.0214);
	for (int i = 0; i < ITEMS; i++)
		weight[i] = i == 10 ? 47 : i < 2 ? 100000 : 1;
	/* nearly all of the weight is taken, so rejection fails and the rest is walked */
	odds("by weight: 47 of 94, walked", weight, 0.5, 0.075);
	weight[0] = weight[1] = 1;
	odds("by weight: 47 of 94, drawn", weight, 0.5, 0.075);
	return done();
}
