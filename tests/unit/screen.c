/* screen -- against the scores of every item, bit by bit, of models of all sizes and scales. */
#include "screen.h"

#include <stdlib.h>

#include "gemm.h"
#include "mem.h"
#include "rng.h"
#include "tap.h"

enum { U = 30, I = 1500, ASKED = 24, TIED = -1 };

static float *numbers(size_t n, uint64_t seed, float scale)
{
	float *x = mem_new(n, sizeof *x);

	for (size_t i = 0; i < n; i++)
		x[i] = scale * (float)rng_normal(seed, RNG_MAKE, i);
	return x;
}

/* The score by lib/gemm.h's chain. */
static float exact(const struct mf *mf, uint32_t u, size_t i)
{
	bool user = u < mf->users, item = i < mf->items;
	float sum = item ? mf->item_bias[i] : 0;

	for (size_t k = 0; k < mf->dim; k++)
		sum = fmaf(user ? mf->user_factors[u * mf->dim + k] : 0,
			item ? mf->item_factors[i * mf->dim + k] : 0, sum);
	return fmaf(mf->mean + (user ? mf->user_bias[u] : 0), 1, sum);
}

/* Every one of the items first .. first + count that beats its user's bound is found with its
 * score, in order, and nothing else. */
static bool finds(const struct mf *mf, struct screen_seats *seats, const uint32_t *user,
	const float *least, size_t first, size_t count, size_t *passed)
{
	static struct screen_found found;
	size_t at[ASKED] = { 0 };
	bool good = true;

	screen_above(&found, seats, least, first, count);
	for (size_t u = 0; u < ASKED; u++) {
		for (size_t i = first; i < first + count; i++) {
			float score = exact(mf, user[u], i);

			if (!(score > least[u]))
				continue;
			while (at[u] < found.n && found.pair[at[u]].user != u)
				at[u]++;
			good &= at[u] < found.n && found.pair[at[u]].item == i &&
				memcmp(&found.score[at[u]], &score, sizeof score) == 0;
			at[u]++;
			++*passed;
		}
		while (at[u] < found.n && found.pair[at[u]].user != u)
			at[u]++;
		good &= at[u] == found.n;
	}
	return good;
}

/* q: how far up the bound is among the scores, 1: the best itself, TIED: that of what nothing is known
 * about, which many have. */
static void check(uint32_t dim, float scale, float bias, double q, const char *what)
{
	struct mf mf = { .users = U - 3, .items = I - 40, .dim = dim, .mean = bias };
	uint32_t user[ASKED];
	float least[ASKED];
	struct screen *screen;
	struct screen_seats *seats;
	size_t passed = 0;
	bool good;

	mf.user_factors = numbers((size_t)U * dim, 1, scale);
	mf.item_factors = numbers((size_t)I * dim, 2, scale);
	mf.user_bias = numbers(U, 3, bias);
	mf.item_bias = numbers(I, 4, bias);
	for (size_t k = 0; k < dim; k++) {
		mf.user_factors[10 * dim + k] = 0; /* a user without a taste */
		mf.item_factors[dim + k] *= 50; /* an item that is much longer than the others */
		for (size_t i = 0; i < I; i += 5)
			mf.item_factors[i * dim + k] = 0; /* items without factors */
	}
	for (size_t i = 0; i < I; i += 10)
		mf.item_bias[i] = 0;
	for (uint32_t u = 0; u < ASKED; u++) {
		float best = -INFINITY, worst = INFINITY;

		user[u] = U - 1 - u; /* the first three are not known */
		for (size_t i = 0; i < I; i++) {
			best = fmaxf(best, exact(&mf, user[u], i));
			worst = fminf(worst, exact(&mf, user[u], i));
		}
		least[u] = q < 1 ? worst + (float)q * (best - worst) : best;
		if (q < 0)
			least[u] = exact(&mf, user[u], I); /* not one of the model's */
	}
	screen = screen_new(&mf, I);
	seats = screen_seat(screen, user, ASKED);
	good = finds(&mf, seats, user, least, 0, 1024, &passed) &&
	       finds(&mf, seats, user, least, 1024, I - 1024, &passed);
	ok(good && (q < 1) == (passed > 0), what);
	screen_leave(seats);
	screen_free(screen);
	free(mf.user_factors);
	free(mf.item_factors);
	free(mf.user_bias);
	free(mf.item_bias);
}

int main(void)
{
	if (simd_level() == SIMD_V4 && !screen_works()) {
		printf("1..0 # SKIP AVX-512 without VNNI\n");
		return 0;
	}
	check(64, 0.125F, 0, 0.6, "64 factors, no biases");
	check(64, 0.125F, 1, 0.7, "biases as large as the products");
	check(1, 1, 0.1F, 0.5, "one factor");
	check(7, 1e3F, 1, 0.9, "seven large ones");
	check(130, 1e-4F, 1e-6F, 0.8, "many small ones");
	check(3, 1e-25F, 1, 0.5, "factors that vanish beside the biases");
	check(5, 1e-20F, 0, 0.5, "scores below the smallest normal number");
	check(8, 1, 0.5F, 0, "all but the worst");
	check(16, 1, 0.5F, 1, "nothing beats the best");
	check(32, 0.1F, 0, TIED, "ties with those without factors, no biases");
	check(32, 0.1F, 0.5F, TIED, "the same with biases");
	return done();
}
