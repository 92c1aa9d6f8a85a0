/* What each algorithm holds of a rating while it trains, the model left out: at most 8 bytes. */
#include "solve.h"

#include <stdio.h>

#include "../memory.h"
#include "mem.h"
#include "rng.h"
#include "tap.h"

enum { N = 400000, U = 900, I = 500 };

static void check(const char *algo, const struct mf_rows *rows, const char *name)
{
	double held = memory_rating(algo, rows);
	char what[80];

	snprintf(what, sizeof what, "%s holds %.2f bytes a rating, at most 8", name, held);
	ok(held <= 8.1, what); /* with the offsets of users and items */
}

int main(void)
{
	static const char *const algo[] = { "sgd", "svdpp", "als", "ials", "bpr", "dense", "lazy",
		"ease" };
	uint32_t *user = mem_new(N, sizeof *user), *item = mem_new(N, sizeof *item);
	float *label = mem_new(N, sizeof *label);
	struct mf_rows rows = { user, item, label, NULL, NULL, N, U, I };

	for (uint64_t r = 0; r < N; r++) {
		user[r] = (uint32_t)rng_below(U, 1, RNG_MAKE, 3 * r);
		item[r] = (uint32_t)rng_below(I, 1, RNG_MAKE, 3 * r + 1);
		label[r] = (float)(1 + rng_below(10, 1, RNG_MAKE, 3 * r + 2)) / 2;
	}
	for (size_t i = 0; i < sizeof algo / sizeof *algo; i++)
		check(algo[i], &rows, algo[i]);
	for (uint64_t r = 0; r < N; r++)
		label[r] += (float)rng_unit(2, RNG_MAKE, r);
	check("als", &rows, "als, each label another one,");
	free(user);
	free(item);
	free(label);
	return done();
}
