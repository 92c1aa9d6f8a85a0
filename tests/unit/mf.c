/* The article's matrix is really fitted; the model has the same bits on any threads; what is
 * planted is found; what cannot be learned is harmless. */
#include "mf.h"

#include <omp.h>
#include <stdlib.h>

#include "mem.h"
#include "rng.h"
#include "tap.h"

enum { U = 400, I = 300, N = 30000 };

static uint32_t user[N], item[N];
static float label[N], weight[N];
static uint8_t part[N];

static struct mf *train(
	const struct mf_rows *rows, const struct mf_training *t, int epochs, struct mf_epoch *last)
{
	struct mf_fit *fit = mf_fit_new(rows, t);
	struct mf *mf;

	for (int e = 0; e < epochs; e++)
		*last = mf_fit_epoch(fit);
	mf = mf_fit_model(fit);
	mf_fit_free(fit);
	return mf;
}

static double rmse(const struct mf *mf, uint8_t of)
{
	float *score = mem_new(N, sizeof *score);
	double sum = 0, n = 0;

	mf_predict(score, mf, user, item, N);
	for (size_t i = 0; i < N; i++)
		if (part[i] == of) {
			sum += ((double)score[i] - (double)label[i]) *
			       ((double)score[i] - (double)label[i]);
			n++;
		}
	free(score);
	return sqrt(sum / n);
}

static void matrix(void)
{
	static const float R[5][4] = { { 5, 3, 0, 1 }, { 4, 0, 0, 1 }, { 1, 1, 0, 5 },
		{ 1, 0, 0, 4 }, { 5, 4, 9, 2 } };
	struct mf_training t = { 2, 0.05, 0.002, 1, 1, 0 };
	uint32_t u[20], i[20];
	float y[20], score[20];
	struct mf_epoch last;
	struct mf *mf;
	size_t n = 0;
	double worst = 0;

	for (uint32_t r = 0; r < 20; r++)
		if (R[r / 4][r % 4] > 0) {
			u[n] = r / 4;
			i[n] = r % 4;
			y[n++] = R[r / 4][r % 4];
		}
	mf = train(&(struct mf_rows){ u, i, y, NULL, NULL, n, 5, 4 }, &t, 2000, &last);
	mf_predict(score, mf, u, i, n);
	for (size_t r = 0; r < n; r++)
		worst = fmax(worst, fabs((double)score[r] - (double)y[r]));
	ok(n == 14 && !last.diverged, "5 x 4 matrix: 14 known cells, all epochs good");
	near(worst, 0, 0.3, "5 x 4 matrix: known cells within 0.3");
	mf_free(mf);
}

/* Two planted factors and biases, a little noise. */
static void make(void)
{
	for (uint64_t r = 0; r < N; r++) {
		uint64_t a = r < U ? r : rng_below(U, 1, RNG_MAKE, 3 * r);
		uint64_t b = r < I ? r : rng_below(I, 1, RNG_MAKE, 3 * r + 1);
		double x = 20 + 3 * rng_normal(2, RNG_MAKE, a) + 2 * rng_normal(3, RNG_MAKE, b);

		for (uint64_t k = 0; k < 2; k++)
			x += 2 * rng_normal(4, RNG_MAKE, 2 * a + k) *
			     rng_normal(5, RNG_MAKE, 2 * b + k);
		user[r] = (uint32_t)a;
		item[r] = (uint32_t)b;
		label[r] = (float)(x + 0.1 * rng_normal(6, RNG_MAKE, r));
		weight[r] = 1;
		part[r] = r >= U && r % 10 == 0 ? 1 + (r % 20 == 0) : 0;
	}
}

static int same_model(const struct mf *a, const struct mf *b)
{
	return memcmp(a->user_factors, b->user_factors, (size_t)U * a->dim * 4) == 0 &&
	       memcmp(a->item_factors, b->item_factors, (size_t)I * a->dim * 4) == 0 &&
	       memcmp(a->user_bias, b->user_bias, (size_t)U * 4) == 0 &&
	       memcmp(a->item_bias, b->item_bias, (size_t)I * 4) == 0 && a->mean == b->mean;
}

static void planted(void)
{
	static const int THREADS[] = { 2, 3, 7 };
	struct mf_rows rows = { user, item, label, NULL, part, N, U, I };
	struct mf_training t = { 8, 0.05, 0.01, 0.97, 1, 0 };
	struct mf_epoch last;
	struct mf *mf, *again;
	char what[80];

	omp_set_num_threads(1);
	mf = train(&rows, &t, 40, &last);
	near(rmse(mf, 2), 0, 0.35,
		"planted factors: test RMSE of deviation 4.5 near the noise 0.1");
	for (size_t k = 0; k < sizeof THREADS / sizeof *THREADS; k++) {
		omp_set_num_threads(THREADS[k]);
		again = train(&rows, &t, 40, &last);
		snprintf(what, sizeof what, "%d threads: the same bits as 1", THREADS[k]);
		ok(same_model(mf, again), what);
		mf_free(again);
	}
	rows.weight = weight;
	again = train(&rows, &t, 40, &last);
	ok(same_model(mf, again), "weights of 1: the same bits as none");
	mf_free(again);
	t.l2_set = 1;
	mf_free(mf);
	mf = train(&rows, &t, 40, &last);
	near(rmse(mf, 2), 0, 0.4, "SVD++ finds them too");
	for (size_t k = 0; k < sizeof THREADS / sizeof *THREADS; k++) {
		omp_set_num_threads(THREADS[k]);
		again = train(&rows, &t, 40, &last);
		snprintf(what, sizeof what, "SVD++, %d threads: the same bits", THREADS[k]);
		ok(same_model(mf, again), what);
		mf_free(again);
	}
	t.seed = 2;
	again = train(&rows, &t, 40, &last);
	ok(!same_model(mf, again), "another seed, another model");
	mf_free(again);
	mf_free(mf);
}

/* Contradicting pairs: the weighted mean is what squared loss must give. */
static void weights(void)
{
	uint32_t u[4] = { 0, 0, 0, 0 }, i[4] = { 0, 0, 1, 1 };
	float y[4] = { 1, 5, 1, 5 }, w[4] = { 3, 1, 1, 3 }, score[2];
	struct mf_training t = { 1, 0.02, 0, 0.999, 1, 0 };
	struct mf_epoch last;
	struct mf *mf = train(&(struct mf_rows){ u, i, y, w, NULL, 4, 1, 2 }, &t, 3000, &last);

	mf_predict(score, mf, u, i + 1, 2);
	near((double)score[0], 2, 0.15, "weights 3 : 1 of 1 and 5 give 2");
	near((double)score[1], 4, 0.15, "weights 1 : 3 give 4");
	mf_free(mf);
}

/* 2 users, 3 items, 2 factors: 3 + .5 + .25 + (1 * 2 + 2 * -.5) = 4.75; 3 - 2 + .25 + (0 + .5)
 * = 1.75; 3 + .5 - 1 + (3 + 2) = 7.5, clipped to 5; 3 - 2 - 3 = -2, clipped to 1;
 * unknown: 3.25, 3.5, 3. */
static void by_hand(void)
{
	float bu[] = { 0.5F, -2 }, ci[] = { 0.25F, -1, -3 };
	float p[] = { 1, 2, 0, -1 }, q[] = { 2, -0.5F, 3, 1, 0, 0 }, score[7];
	struct mf mf = { 2, 3, 2, 3, 1, 5, bu, ci, p, q };
	uint32_t u[] = { 0, 1, 0, 1, 2, 0, 9 }, i[] = { 0, 0, 1, 2, 0, 3, UINT32_MAX };
	const float want[] = { 4.75F, 1.75F, 5, 1, 3.25F, 3.5F, 3 };

	mf_predict(score, &mf, u, i, 7);
	for (int r = 0; r < 7; r++)
		near((double)score[r], (double)want[r], 1e-6, "prediction worked by hand");
}

static void odd(void)
{
	uint32_t u[6] = { 0, 0, 3, 3, 9, 1 }, i[6] = { 0, 2, 0, 2, 2, 7 };
	float y[6] = { 4, 4, 4, 4, 1, 9 }, score[6];
	uint8_t p[6] = { 0, 0, 0, 0, 1, 2 };
	struct mf_training t = { 3, 0.05, 0.05, 1, 1, 0 };
	struct mf_rows rows = { u, i, y, NULL, p, 6, 10, 8 };
	struct mf_epoch last;
	struct mf *mf = train(&rows, &t, 50, &last);
	uint32_t far[2] = { 4000000000, 9 };

	mf_predict(score, mf, u, i, 6);
	ok(mf->mean == 4 && mf->low == 4 && mf->high == 4 && score[0] == 4,
		"one constant label: that label");
	ok(mf->user_bias[9] == 0 && mf->user_factors[27] == 0 && mf->item_factors[21] == 0,
		"a user without training rows stays 0, an item too");
	mf_predict(score, mf, far, far, 2);
	ok(score[0] == 4 && score[1] == 4, "unknown ids get the mean");
	mf_free(mf);
	rows.n = 1;
	rows.users = rows.items = 1;
	mf = train(&rows, &t, 5, &last);
	ok(mf->users == 1 && !last.diverged, "one rating of one user");
	mf_free(mf);
	t.rate = 10;
	t.l2 = 1;
	rows = (struct mf_rows){ user, item, label, NULL, NULL, N, U, I };
	mf = train(&rows, &t, 3, &last);
	ok(last.diverged, "a rate of 10 diverges and says so");
	mf_free(mf);
}

int main(void)
{
	by_hand();
	matrix();
	make();
	planted();
	weights();
	odd();
	return done();
}
