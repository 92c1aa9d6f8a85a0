/* Updates a second of mf's training on made ratings with the shape of MovieLens-1M (6,040 x 3,706,
 * 1,000,209, both sides skewed).
 *
 * mf DIM EPOCHS    trains and prints million updates a second, the building of the grid left out
 * mf --text        prints the ratings, for a peer */
#include "mf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mem.h"
#include "rng.h"

enum { USERS = 6040, ITEMS = 3706, RATINGS = 1000209 };

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static uint32_t skewed(uint32_t n, uint64_t index)
{
	double x = rng_unit(1, RNG_MAKE, index);

	return (uint32_t)(x * x * n);
}

int main(int argc, char **argv)
{
	uint32_t *user = mem_new(RATINGS, sizeof *user), *item = mem_new(RATINGS, sizeof *item);
	float *label = mem_new(RATINGS, sizeof *label);
	struct mf_rows rows = { user, item, label, NULL, NULL, RATINGS, USERS, ITEMS };
	struct mf_training training = { 0, 0.05, 0.05, 0.9, 1, false };
	struct mf_fit *fit;
	double start;
	int epochs;

	for (uint32_t i = 0; i < RATINGS; i++) {
		user[i] = i < USERS ? i : skewed(USERS, 3 * (uint64_t)i);
		item[i] = i < ITEMS ? i : skewed(ITEMS, 3 * (uint64_t)i + 1);
		label[i] = (float)(1 + rng_below(5, 1, RNG_MAKE, 3 * (uint64_t)i + 2));
	}
	if (argc == 2 && strcmp(argv[1], "--text") == 0) {
		for (uint32_t i = 0; i < RATINGS; i++)
			printf("%u %u %.0f\n", user[i], item[i], (double)label[i]);
		return 0;
	}
	if (argc != 3)
		return 2;
	training.dim = (uint32_t)atoi(argv[1]);
	epochs = atoi(argv[2]);
	fit = mf_fit_new(&rows, &training);
	start = seconds();
	for (int e = 0; e < epochs; e++)
		mf_fit_epoch(fit);
	printf("%.1f\n", 1e-6 * RATINGS * epochs / (seconds() - start));
	mf_fit_free(fit);
	free(user);
	free(item);
	free(label);
	return 0;
}
