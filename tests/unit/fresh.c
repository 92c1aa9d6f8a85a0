/* Rows carried by number, and what the others start with. */
#include "fresh.h"

#include <stdlib.h>

#include "tap.h"

int main(void)
{
	enum { N = 1000 };
	const float from[] = { 1, 2, 3, 4, 5, 6 }; /* (3, 2) */
	const float unknown[] = { 8, 9 };
	const uint32_t of[] = { 2, UINT32_MAX, 0 };
	uint32_t nobody[N];
	float to[6], other[6], many[2 * N];
	double sum = 0, square = 0;
	enum fresh fresh;

	fresh_rows(to, 3, from, 3, 2, of, FRESH_UNKNOWN, 1, 1, NULL);
	ok(to[0] == 5 && to[1] == 6 && to[4] == 1 && to[5] == 2, "shared rows go over");
	ok(to[2] == 0 && to[3] == 0, "unknown: zero");
	fresh_rows(to, 3, from, 3, 2, of, FRESH_UNKNOWN, 1, 1, unknown);
	ok(to[2] == 8 && to[3] == 9 && to[0] == 5, "or what the model has for the unknown");
	fresh_rows(to, 3, from, 3, 2, of, FRESH_MEAN, 1, 1, NULL);
	ok(to[2] == 3 && to[3] == 4,
		"mean of all rows of the source: (1 + 3 + 5) / 3, (2 + 4 + 6) / 3");
	fresh_rows(to, 3, from, 2, 2, of, FRESH_UNKNOWN, 1, 1, NULL);
	ok(to[0] == 0 && to[4] == 1, "an id that the source's model is too short for is fresh");
	fresh_rows(to, 3, from, 3, 2, of, FRESH_RANDOM, 0.1, 1, NULL);
	fresh_rows(other, 3, from, 3, 2, of, FRESH_RANDOM, 0.1, 2, NULL);
	ok(to[2] != 0 && to[2] != other[2] && to[4] == other[4], "random by the seed");
	fresh_rows(to, 3, from, 3, 2, of, FRESH_RANDOM, 0, 1, NULL);
	ok(to[2] == 0 && to[3] == 0, "of deviation 0: zero");

	for (size_t i = 0; i < N; i++)
		nobody[i] = UINT32_MAX;
	fresh_rows(many, N, from, 3, 2, nobody, FRESH_RANDOM, 0.5, 1, NULL);
	for (size_t i = 0; i < 2 * N; i++) {
		sum += (double)many[i];
		square += (double)many[i] * (double)many[i];
	}
	near(sum / (2 * N), 0, 0.04, "random: mean 0");
	near(square / (2 * N), 0.25, 0.03, "random: the deviation asked for");

	ok(fresh_parse(&fresh, "mean") && fresh == FRESH_MEAN, "mean by name");
	ok(!fresh_parse(&fresh, "meant"), "and nothing else");
	return done();
}
