/* A list taken by so many steps at a time is what each row alone gives, to the bit, from every
 * instruction set; nothing beyond a row is written. */
#include "ahead.h"

#include "levels.h"
#include "rng.h"
#include "tap.h"

enum { ROWS = 7, MANY = 5, MOST = 64 }; /* the first ones have the same mean */

static float from[ROWS][MOST], mean[ROWS][MOST], scale[ROWS][MOST], to[ROWS][MOST];

static size_t kind(size_t r)
{
	return r < MANY ? 0 : r;
}

static int made(const size_t *n)
{
	int good = 1;

	for (size_t r = 0; r < ROWS; r++)
		for (size_t j = 0; j < MOST; j++)
			good &= to[r][j] ==
				(j < n[r] ? (from[r][j] - mean[kind(r)][j]) * scale[kind(r)][j]
					  : 7);
	return good;
}

static void clear(void)
{
	for (size_t r = 0; r < ROWS; r++)
		for (size_t j = 0; j < MOST; j++)
			to[r][j] = 7;
}

int main(void)
{
	static const size_t n[ROWS] = { 37, 37, 37, 37, 37, 16, 48 };
	void (*const rest[])(struct ahead *) = LEVELS(ahead_rest);
	void (*const numbers[])(float *, const float *, const float *, const float *, size_t) =
		LEVELS(ahead_numbers);
	struct ahead_row row[ROWS + AHEAD_SOON] = { 0 };
	const float *line[2] = { from[0], from[1] };

	for (size_t r = 0; r < ROWS; r++)
		for (size_t j = 0; j < MOST; j++)
			from[r][j] = (float)rng_unit(r, RNG_MAKE, j) - 0.5f;
	for (size_t r = 0; r < ROWS; r++)
		for (size_t j = 0; j < MOST; j++) {
			mean[r][j] = (float)rng_unit(10 + r, RNG_MAKE, j);
			scale[r][j] = (float)rng_unit(20 + r, RNG_MAKE, j) + 0.5f;
		}
	for (size_t r = 0; r < ROWS; r++)
		row[r] = (struct ahead_row){ from[r], mean[kind(r)], scale[kind(r)], to[r], n[r] };
	for (int l = 0; l < levels(); l++) {
		struct ahead a = { .row = row, .rows = ROWS, .line = line, .lines = 2 };

		clear();
		rest[l](&a);
		ok(made(n) && a.rows == 0 && a.lines == 0, "all of a list");
		a = (struct ahead){ .row = row, .rows = ROWS, .done = 16 };
		clear();
		for (size_t r = 0; r < AHEAD_SOON; r++)
			for (size_t j = 0; j < 16; j++)
				to[r][j] = (from[r][j] - mean[0][j]) * scale[0][j];
		rest[l](&a);
		ok(made(n), "from the second line of the first rows on");
		clear();
		for (size_t r = 0; r < ROWS; r++)
			numbers[l](to[r], from[r], mean[kind(r)], scale[kind(r)], n[r]);
		ok(made(n), "row by row");
	}
	return done();
}
