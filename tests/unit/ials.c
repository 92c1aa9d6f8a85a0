/* After the items' half the gradient of the loss, as the header writes it, is zero for them; the
 * loss falls; bits do not depend on threads; who has no positive has no factors. */
#include "ials.h"

#include <omp.h>
#include <stdlib.h>

#include "mem.h"
#include "rng.h"
#include "tap.h"

enum { U = 70, I = 50, N = 900, K = 5 };

static uint32_t user[N], item[N];
static float label[N], weight[N];
static uint8_t part[N];
static double size_u[U], size_i[I];

static void make(void)
{
	for (size_t r = 0; r < N; r++) {
		user[r] = (uint32_t)rng_below(U - 1, 1, RNG_MAKE, 4 * r);
		item[r] = (uint32_t)rng_below(I - 1, 1, RNG_MAKE, 4 * r + 1);
		label[r] = rng_unit(1, RNG_MAKE, 4 * r + 2) < 0.8 ? 1 : 0;
		part[r] = rng_unit(1, RNG_MAKE, 4 * r + 3) < 0.8 ? 0 : 2;
		weight[r] = 0.5F + (float)(r % 4) / 4;
	}
	/* the last user and item have nothing that counts */
	user[0] = U - 1;
	part[0] = 2;
	item[1] = I - 1;
	part[1] = 0;
	label[1] = 0;
	for (size_t r = 0; r < N; r++)
		if (label[r] > 0 && part[r] == 0) {
			size_u[user[r]]++;
			size_i[item[r]]++;
		}
}

static const struct mf_rows ROWS = { user, item, label, weight, part, N, U, I };

static struct mf *train(const struct ials_training *t, int epochs)
{
	struct ials *fit = ials_new(&ROWS, t);
	struct mf *mf;

	for (int e = 0; e < epochs; e++)
		ials_epoch(fit);
	mf = ials_model(fit);
	ials_free(fit);
	return mf;
}

static double count(const double *size, size_t n)
{
	double some = 0;

	for (size_t i = 0; i < n; i++)
		some += size[i] > 0;
	return some;
}

static double product(const struct mf *mf, size_t u, size_t i)
{
	double sum = 0;

	for (size_t k = 0; k < K; k++)
		sum += (double)mf->user_factors[u * K + k] * mf->item_factors[i * K + k];
	return sum;
}

static double loss(const struct mf *mf, const struct ials_training *t)
{
	double sum = 0;

	for (size_t r = 0; r < N; r++)
		if (label[r] > 0 && part[r] == 0)
			sum += weight[r] * pow(1 - product(mf, user[r], item[r]), 2);
	for (size_t u = 0; u < U; u++)
		for (size_t i = 0; i < I; i++)
			sum += t->alpha * pow(product(mf, u, i), 2);
	for (size_t u = 0; u < U; u++)
		for (size_t k = 0; k < K; k++)
			sum += t->l2 * pow(size_u[u] + t->alpha * count(size_i, I), t->nu) *
			       pow(mf->user_factors[u * K + k], 2);
	for (size_t i = 0; i < I; i++)
		for (size_t k = 0; k < K; k++)
			sum += t->l2 * pow(size_i[i] + t->alpha * count(size_u, U), t->nu) *
			       pow(mf->item_factors[i * K + k], 2);
	return sum;
}

/* The largest slope of the loss along an item's factor, by differences. */
static double steepest(struct mf *mf, const struct ials_training *t)
{
	double most = 0;

	for (size_t f = 0; f < I * K; f += 3) {
		float x = mf->item_factors[f];
		double up, down;

		mf->item_factors[f] = x + 0.01F;
		up = loss(mf, t);
		mf->item_factors[f] = x - 0.01F;
		down = loss(mf, t);
		mf->item_factors[f] = x;
		most = fabs(up - down) / 0.02 > most ? fabs(up - down) / 0.02 : most;
	}
	return most;
}

static int same_bits(const struct mf *a, const struct mf *b)
{
	return memcmp(a->user_factors, b->user_factors, U * K * sizeof(float)) == 0 &&
	       memcmp(a->item_factors, b->item_factors, I * K * sizeof(float)) == 0;
}

static void falls(const struct ials_training *t)
{
	double last = INFINITY;
	int down = 1;

	for (int e = 1; e < 6; e++) {
		struct mf *mf = train(t, e);

		down &= loss(mf, t) < last;
		last = loss(mf, t);
		mf_free(mf);
	}
	ok(down, t->steps ? "conjugate gradients: the loss falls" : "Cholesky: the loss falls");
}

int main(void)
{
	struct ials_training t = { K, 0.3, 0.05, 0.7, 0, 1 };
	double zeros = 0;
	struct mf *mf;

	make();
	mf = train(&t, 4);
	near(steepest(mf, &t), 0, 1e-4, "items are at the minimum given the users");
	ok(loss(mf, &t) < 0.5 * count(size_u, U) * 10, "and it is a low one");
	for (size_t k = 0; k < K; k++)
		zeros += fabs(mf->user_factors[(U - 1) * K + k]) +
			 fabs(mf->item_factors[(I - 1) * K + k]);
	ok(zeros == 0, "no positives, no factors");
	for (int threads = 1; threads <= 7; threads += 2) {
		struct mf *again;

		omp_set_num_threads(threads);
		again = train(&t, 4);
		ok(same_bits(mf, again), "the same bits");
		mf_free(again);
	}
	mf_free(mf);
	falls(&t);
	t.steps = 3;
	falls(&t);
	mf = train(&t, 60);
	near(steepest(mf, &t), 0, 1e-3, "conjugate gradients arrive, too");
	mf_free(mf);
	return done();
}
