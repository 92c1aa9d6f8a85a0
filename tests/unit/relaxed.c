/* Loss and slopes against the formula in double, term by term. */
#include "relaxed.h"

#include "rng.h"
#include "tap.h"

enum { K = 9, L = 7 };

static double formula(double *slope, const float *s)
{
	double loss = 0;

	for (size_t i = 0; i < K + L; i++)
		slope[i] = i < K ? -1 : 0;
	for (size_t j = 0; j < K; j++) {
		double b = 0;

		for (size_t i = j; i < K + L; i++)
			b += exp((double)s[i]);
		loss -= (double)s[j] - log(b);
		for (size_t i = j; i < K + L; i++)
			slope[i] += exp((double)s[i]) / b;
	}
	return loss;
}

static void test(double spread, const char *what)
{
	float score[K + L], slope[K + L];
	double want[K + L], loss, worst = 0;

	for (size_t i = 0; i < K + L; i++)
		score[i] = (float)(spread * rng_normal(4, RNG_MAKE, i));
	loss = formula(want, score);
	near(relaxed_loss(slope, score, K, L), loss, 1e-5 * fabs(loss), what);
	for (size_t i = 0; i < K + L; i++)
		worst = fmax(worst, fabs(want[i] - (double)slope[i]));
	near(worst, 0, 2e-6, "  and its slopes");
}

int main(void)
{
	float score[3] = { 500, -500, 0 }, slope[3];
	double loss;

	test(0.1, "scores close together");
	test(3, "and far apart");
	near(relaxed_loss(slope, (float[]){ 0, 0 }, 1, 1), log(2), 1e-6, "one above one: ln 2");
	near(relaxed_loss(slope, (float[]){ 0, 0, 0 }, 3, 0), log(6), 1e-6,
		"three in order: ln 3!");
	loss = relaxed_loss(slope, score, 2, 1);
	ok(isfinite(loss) && isfinite((double)slope[0]), "nothing overflows");
	score[1] = 420;
	score[2] = 500;
	near(relaxed_loss(slope, score, 2, 1), log(2) + 80, 1e-3, "scores 80 apart");
	near((double)slope[1], -1, 1e-5, "  and their slopes");
	return done();
}
