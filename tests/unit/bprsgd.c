/* Groups that like each other are learned; the same bits on any threads; goes on elsewhere. */
#include "bprsgd.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>

#include "mem.h"
#include "rng.h"
#include "tap.h"

enum { U = 400, I = 300, N = 30000 };

static uint32_t user[N], item[N];
static float label[N];
static uint8_t part[N];

static const struct mf_rows ROWS = { user, item, label, NULL, part, N, U, I };

/* Users and items of five groups; nine of ten positives are within a group. */
static void make(void)
{
	for (uint64_t r = 0; r < N; r++) {
		bool within = rng_below(10, 1, RNG_MAKE, 4 * r) > 0;

		user[r] = (uint32_t)rng_below(U - 1, 1, RNG_MAKE, 4 * r + 1);
		item[r] = (uint32_t)rng_below(I / 5, 1, RNG_MAKE, 4 * r + 2) * 5;
		item[r] += within ? user[r] % 5 : (uint32_t)rng_below(5, 1, RNG_MAKE, 4 * r + 3);
		label[r] = r % 50 > 0;
		part[r] = r % 60 == 1 ? 2 : 0;
	}
	user[0] = U - 1; /* no positive */
}

static struct mf *train(const struct bprsgd_training *t, int epochs, double *won)
{
	struct bprsgd *fit = bprsgd_new(&ROWS, t);
	struct mf *mf;

	for (int e = 0; e < epochs; e++)
		*won = bprsgd_epoch(fit);
	mf = bprsgd_model(fit);
	bprsgd_free(fit);
	return mf;
}

static int alike(const struct mf *a, const struct mf *b)
{
	return memcmp(a->user_factors, b->user_factors, (size_t)U * a->dim * 4) == 0 &&
	       memcmp(a->item_factors, b->item_factors, (size_t)I * a->dim * 4) == 0 &&
	       memcmp(a->item_bias, b->item_bias, I * 4) == 0;
}

static void learns(bool popular, bool bias)
{
	struct bprsgd_training t = { 16, 0.05, 1, 0.01, popular, bias, 1 };
	double won, within = 0, across = 0;
	struct mf *mf, *again;
	uint32_t u[I], i[I];
	float score[I];

	omp_set_num_threads(1);
	mf = train(&t, 15, &won);
	for (uint32_t k = 0; k < I; k++) {
		u[k] = 7;
		i[k] = k;
	}
	mf_predict(score, mf, u, i, I);
	for (uint32_t k = 0; k < I; k++)
		*(k % 5 == 7 % 5 ? &within : &across) += (double)score[k] / (k % 5 == 2 ? 60 : 240);
	ok(won > 0.85 && within > across + 1, "what a group likes comes first");
	ok(mf->user_factors[(U - 1) * 16] == 0, "a user without positives: 0");
	for (int n = 2; n < 8; n += 1 + 3 * (n == 3)) {
		omp_set_num_threads(n);
		again = train(&t, 15, &won);
		ok(alike(mf, again), "the same bits on any threads");
		mf_free(again);
	}
	mf_free(mf);
}

static void goes_on(void)
{
	struct bprsgd_training t = { 20, 0.05, 0.9, 0.01, false, false, 1 };
	struct bprsgd *fit = bprsgd_new(&ROWS, &t), *other = bprsgd_new(&ROWS, &t);
	struct mf_state a[MF_STATES], b[MF_STATES];
	struct mf *x, *y;

	bprsgd_epoch(fit);
	bprsgd_epoch(fit);
	for (size_t i = 0, n = bprsgd_state(fit, a); i < n && bprsgd_state(other, b) == n; i++)
		memcpy(b[i].at, a[i].at, a[i].n * sizeof *a[i].at);
	bprsgd_skip(other, 2);
	bprsgd_epoch(fit);
	bprsgd_epoch(other);
	x = bprsgd_model(fit);
	y = bprsgd_model(other);
	ok(alike(x, y), "with its arrays a training goes on elsewhere");
	bprsgd_free(fit);
	fit = bprsgd_new(&ROWS, &t);
	bprsgd_start(fit, x);
	mf_free(y);
	y = bprsgd_model(fit);
	ok(alike(x, y), "a start from a model is that model");
	mf_free(x);
	mf_free(y);
	bprsgd_free(fit);
	bprsgd_free(other);
}

static void odd(void)
{
	struct bprsgd_training t = { 2, 0.05, 1, 0.01, false, false, 1 };
	uint32_t zero[1] = { 0 };
	struct mf_rows rows = { zero, zero, label + 1, NULL, NULL, 1, 1, 1 };
	struct bprsgd *fit = bprsgd_new(&rows, &t);

	ok(bprsgd_epoch(fit) == 0 && bprsgd_positives(fit) == 1, "one item: no pair");
	bprsgd_free(fit);
	t.rate = 1e30;
	fit = bprsgd_new(&ROWS, &t);
	bprsgd_epoch(fit);
	bprsgd_epoch(fit);
	ok(isnan(bprsgd_epoch(fit)), "a rate far too high: not finite, and said");
	bprsgd_free(fit);
}

int main(void)
{
	make();
	learns(false, false);
	learns(true, true);
	goes_on();
	odd();
	return done();
}
