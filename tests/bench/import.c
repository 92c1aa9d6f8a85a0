/* import -- made ratings as CSV, for tests/bench/import.sh.
 *
 *   import goodbooks ROWS   user_id,book_id,rating: 53,424 users, 10,000 books
 *   import movielens ROWS   userId,movieId,rating,timestamp: user by user, half stars
 * Popular books and movies are drawn as 10,000 x^3 and 27,000 x^3. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rng.h"

enum { SEED = 20261123 };

static uint64_t draw(uint64_t below, uint64_t what, uint64_t row)
{
	return rng_below(below, SEED, RNG_MAKE, 8 * row + what);
}

/* 1 .. n, low numbers more often. */
static uint64_t popular(uint64_t n, uint64_t what, uint64_t row)
{
	double x = (double)draw(1 << 20, what, row) / (1 << 20);

	return 1 + (uint64_t)((double)n * x * x * x);
}

static void goodbooks(uint64_t rows)
{
	puts("user_id,book_id,rating");
	for (uint64_t i = 0; i < rows; i++)
		printf("%" PRIu64 ",%" PRIu64 ",%" PRIu64 "\n", 1 + draw(53424, 0, i),
			popular(10000, 1, i), 1 + draw(5, 2, i));
}

static void movielens(uint64_t rows)
{
	puts("userId,movieId,rating,timestamp");
	for (uint64_t i = 0; i < rows; i++)
		printf("%" PRIu64 ",%" PRIu64 ",%g,%" PRIu64 "\n", 1 + i / 144,
			popular(27000, 1, i), 0.5 + 0.5 * (double)draw(10, 2, i),
			(uint64_t)789652009 + draw(637787175, 3, i));
}

int main(int argc, char **argv)
{
	uint64_t rows = argc == 3 ? strtoull(argv[2], NULL, 10) : 0;

	if (rows && strcmp(argv[1], "goodbooks") == 0)
		goodbooks(rows);
	else if (rows && strcmp(argv[1], "movielens") == 0)
		movielens(rows);
	else
		return 2;
	return fflush(stdout) != 0;
}
