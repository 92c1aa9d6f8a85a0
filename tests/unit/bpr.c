/* Every positive comes once an epoch; negatives are none of the user's, are as often drawn as they
 * should be, and depend on seed and epoch only; the slopes are the loss's differences. */
#include "bpr.h"

#include <omp.h>
#include <stdlib.h>

#include "mem.h"
#include "rng.h"
#include "tap.h"

enum { U = 40, I = 30, N = 500, BATCH = 64, MOST = 8 };

static uint32_t user[N], item[N];
static float label[N], weight[N];
static uint8_t part[N], have[U][I];
static size_t positives, of_item[I];

static const struct mf_rows ROWS = { user, item, label, weight, part, N, U, I };

static void make(void)
{
	for (size_t r = 0; r < N; r++) {
		user[r] = (uint32_t)rng_below(U - 2, 1, RNG_MAKE, 4 * r);
		item[r] = (uint32_t)rng_below(I, 1, RNG_MAKE, 4 * r + 1);
		item[r] = item[r] % 2 ? item[r] : (uint32_t)(item[r] / 3); /* some are popular */
		label[r] = rng_unit(1, RNG_MAKE, 4 * r + 2) < 0.9 ? 1 : 0;
		part[r] = rng_unit(1, RNG_MAKE, 4 * r + 3) < 0.8 ? 0 : 2;
		weight[r] = 0.5F + (float)(r % 4) / 4;
	}
	for (size_t r = 0; r < I; r++) { /* one has every item, another all but one */
		user[r] = U - 2;
		user[I + r] = U - 1;
		item[r] = (uint32_t)r;
		item[I + r] = (uint32_t)(r == 7 ? 8 : r);
		part[r] = part[I + r] = 0;
		label[r] = label[I + r] = 1;
	}
	for (size_t r = 0; r < N; r++)
		if (label[r] > 0 && part[r] == 0) {
			have[user[r]][item[r]] = 1;
			of_item[item[r]]++;
			positives++;
		}
}

/* All pairs of an epoch: positives, then negatives, batch by batch. */
static struct pairs epoch(struct objective *o, uint64_t number)
{
	struct pairs all = { 0 };
	size_t batches = o->start(o->self, number);

	for (size_t b = 0; b < batches; b++)
		o->draw(o->self, b, &all);
	return all;
}

static void test_epoch(struct objective *o, size_t per)
{
	struct pairs all = epoch(o, 3), again, other;
	size_t first = 0, wrong = 0, seen[U][I] = { 0 }, missing = 0, last = 0;

	for (size_t b = 0; first < all.n; b++) {
		struct pairs one = { 0 };
		size_t n;

		o->start(o->self, 3);
		o->draw(o->self, b, &one);
		n = one.n / (1 + per);
		for (size_t k = 0; k < n; k++)
			seen[one.user[k]][one.item[k]]++;
		for (size_t e = n; e < one.n; e++) {
			size_t k = (e - n) / per;

			wrong += one.user[k] != one.user[e] || one.user[k] == U - 2 ||
				 have[one.user[e]][one.item[e]];
			last += one.user[k] == U - 1 && one.item[e] != 7;
		}
		first += one.n;
		pairs_free(&one);
	}
	for (size_t r = 0; r < N; r++)
		if (label[r] > 0 && part[r] == 0 && user[r] != U - 2)
			missing += !seen[user[r]][item[r]];
	ok(!missing, "every positive comes, but those of who has every item");
	ok(all.n == (1 + per) * (positives - I), "once, with its negatives");
	ok(!wrong, "no negative is a positive of its user");
	ok(!last, "the only item left is found");
	omp_set_num_threads(1);
	again = epoch(o, 3);
	omp_set_num_threads(4);
	other = epoch(o, 4);
	ok(!memcmp(all.item, again.item, all.n * sizeof *all.item) &&
			!memcmp(all.user, again.user, all.n * sizeof *all.user),
		"an epoch is a function of its number, on any number of threads");
	ok(memcmp(all.item, other.item, all.n * sizeof *all.item) != 0, "epochs differ");
	pairs_free(&all);
	pairs_free(&again);
	pairs_free(&other);
}

/* How far the negatives of user 0 are from their expectation: chi squared over degrees. */
static double misfit(struct objective *o, bool popular)
{
	double count[I] = { 0 }, sum = 0, total = 0, chi = 0, degrees = -1;

	for (uint64_t e = 0; e < 600; e++) {
		size_t batches = o->start(o->self, e);

		for (size_t b = 0; b < batches; b++) {
			struct pairs one = { 0 };

			o->draw(o->self, b, &one);
			for (size_t k = one.n / 2; k < one.n; k++)
				if (one.user[k] == 0)
					count[one.item[k]]++;
			pairs_free(&one);
		}
	}
	for (size_t i = 0; i < I; i++) {
		sum += count[i];
		total += have[0][i] ? 0 : popular ? (double)of_item[i] : 1;
	}
	for (size_t i = 0; i < I; i++) {
		double want = (popular ? (double)of_item[i] : 1) * sum / total;

		if (have[0][i] || want == 0)
			continue;
		chi += (count[i] - want) * (count[i] - want) / want;
		degrees++;
	}
	return chi / degrees;
}

static double loss_at(
	struct objective *o, const struct pairs *pairs, float *score, size_t k, float by)
{
	float *slope = mem_new(pairs->n, sizeof *slope), old = score[k];
	double loss;

	score[k] = old + by;
	loss = o->slope(o->self, pairs, score, slope);
	score[k] = old;
	free(slope);
	return loss;
}

static void test_slope(struct objective *o, size_t per)
{
	struct pairs pairs = { 0 };
	float score[MOST * BATCH], slope[MOST * BATCH];
	double worst = 0, weights = 0, loss;

	o->start(o->self, 1);
	o->draw(o->self, 2, &pairs);
	for (size_t k = 0; k < pairs.n; k++)
		score[k] = (float)(4 * rng_normal(1, RNG_MAKE, 9000 + k));
	o->slope(o->self, &pairs, score, slope);
	for (size_t k = 0; k < pairs.n; k++) {
		double d = (loss_at(o, &pairs, score, k, 0x1p-6F) -
				   loss_at(o, &pairs, score, k, -0x1p-6F)) /
			   0x1p-5;

		worst = fmax(worst, fabs(d - (double)slope[k]));
	}
	near(worst, 0, 1e-4, "slopes are the loss's differences");
	for (size_t k = 0; k < pairs.n; k++)
		score[k] = 0;
	loss = o->slope(o->self, &pairs, score, slope);
	for (size_t k = 0; k < pairs.n / (1 + per); k++)
		weights -= 2 * (double)slope[k]; /* at 0 a slope is half the weight */
	near(loss, weights * log(2), 1e-5, "of equal scores the loss is the weights' ln 2");
	pairs_free(&pairs);
}

int main(void)
{
	struct bpr_training t = { BATCH, 1, 7 };
	struct objective uniform, popular, several;
	struct liked any, often;

	make();
	any = liked_new(&ROWS, false, LIKED_BITS);
	often = liked_new(&ROWS, true, LIKED_BITS);
	uniform = bpr_objective(&any, &t);
	ok(any.n == positives, "positives are rows of part 0 with a label above 0");
	popular = bpr_objective(&often, &t);
	t.negatives = 3;
	several = bpr_objective(&often, &t);
	test_epoch(&uniform, 1);
	test_epoch(&popular, 1);
	test_epoch(&several, 3);
	ok(misfit(&uniform, false) < 2, "uniform negatives are uniform");
	ok(misfit(&popular, true) < 2, "popular negatives are as popular as their items");
	ok(misfit(&popular, false) > 3, "which is something else");
	test_slope(&uniform, 1);
	test_slope(&several, 3);
	several.end(several.self);
	uniform.end(uniform.self);
	popular.end(popular.self);
	liked_free(&any);
	liked_free(&often);
	return done();
}
