/* The loss by the formula in double; gradients of rows and of all weights against differences of
 * it, the latter seen through Adam's first step, which is minus the rate times their sign; the same
 * bits on any number of threads; rows that a mixture of two maps made are learned by two experts.
 */
#include "experts.h"

#include <omp.h>
#include <stdlib.h>

#include "mem.h"
#include "rng.h"
#include "tap.h"

enum { N = 50, D = 6, T = 11, M = 3 };

static float student[N * D], teacher[N * T], slope[2][N * D];
static const struct experts_rows ROWS = { student, teacher, N };

static void test_rows(size_t count, double temperature, const char *what)
{
	struct experts *x = experts_new(&(struct experts_training){ D, T, count, 1e-9, 0, 3 });
	double worst = 0, loss = experts_loss(x, &ROWS, temperature);

	memset(slope, 0, sizeof slope);
	for (size_t k = 0; k < N * D; k += 5) {
		float old = student[k];
		double up, down;

		student[k] = old + 0x1p-9F;
		up = experts_loss(x, &ROWS, temperature);
		student[k] = old - 0x1p-9F;
		down = experts_loss(x, &ROWS, temperature);
		student[k] = old;
		slope[1][k] = (float)(0.5 * (up - down) / 0x1p-8);
	}
	near(experts_slope(x, slope[0], &ROWS, temperature, 0.5), loss, 1e-9, what);
	for (size_t k = 0; k < N * D; k += 5)
		worst = fmax(worst, fabs((double)(slope[0][k] - slope[1][k])));
	near(worst, 0, 5e-3, "  and the gradient of its rows");
	experts_free(x);
}

/* With a tiny rate a step against the gradient lowers the loss by rate times the sum of
 * |gradients|, if every gradient is right; the sum is had by a second, twice as large step. */
static void test_weights(void)
{
	double lower[2];

	for (int twice = 0; twice < 2; twice++) {
		double rate = twice ? 2e-5 : 1e-5, before;
		struct experts *x = experts_new(&(struct experts_training){ D, T, 1, rate, 0, 3 });

		before = experts_slope(x, slope[0], &ROWS, 1, 1);
		lower[twice] = before - experts_loss(x, &ROWS, 1);
		experts_free(x);
	}
	ok(lower[0] > 0, "a step of the weights lowers the loss");
	near(lower[1] / lower[0], 2, 0.02, "  in proportion to the rate");
}

/* Rows of two kinds, told apart by the teacher's last number, which have opposite maps. */
static double mixture(size_t count, double last)
{
	static float s[200 * D], t[200 * T], d[200 * D];
	const struct experts_rows rows = { s, t, 200 };
	struct experts *x = experts_new(&(struct experts_training){ D, T, count, 0.01, 0, 4 });
	double loss = 0;

	for (size_t i = 0; i < 200; i++) {
		for (size_t k = 0; k < D; k++)
			s[i * D + k] = (float)rng_normal(5, RNG_MAKE, i * D + k);
		for (size_t k = 0; k < T; k++)
			t[i * T + k] = (i % 2 ? 1.0F : -1.0F) * s[i * D + k % D];
		t[i * T + T - 1] = i % 2 ? 3 : -3;
	}
	for (int e = 0; e < 300; e++)
		loss = experts_slope(x, d, &rows, e < 250 ? 1 - 0.9 * e / 250 : last, 1);
	experts_free(x);
	return loss / 200;
}

static void test_threads(void)
{
	memset(slope, 0, sizeof slope);
	for (int twice = 0; twice < 2; twice++) {
		struct experts *x =
			experts_new(&(struct experts_training){ D, T, M, 0.01, 1e-3, 3 });

		omp_set_num_threads(twice ? 7 : 1);
		for (int e = 0; e < 5; e++)
			experts_slope(x, slope[twice], &ROWS, 0.7, 0.1);
		experts_free(x);
	}
	ok(!memcmp(slope[0], slope[1], sizeof *slope), "the same bits on any number of threads");
}

int main(void)
{
	uint32_t group[N];
	struct experts *x;
	size_t bad = 0;

	for (size_t k = 0; k < N * D; k++)
		student[k] = (float)rng_normal(1, RNG_MAKE, k);
	for (size_t k = 0; k < N * T; k++)
		teacher[k] = (float)rng_normal(2, RNG_MAKE, k);
	test_rows(1, 1, "one expert: the loss");
	test_rows(M, 1, "several: the loss");
	test_rows(M, 1e-10, "one chosen of several: the loss");
	test_weights();
	test_threads();
	ok(mixture(1, 1) > 5, "one map cannot be its opposite, too");
	ok(mixture(8, 1e-3) < 1, "several experts learn who needs which");
	x = experts_new(&(struct experts_training){ D, T, M, 0.01, 0, 3 });
	experts_groups(x, group, teacher, N);
	for (size_t i = 0; i < N; i++)
		bad += group[i] >= M;
	ok(!bad, "groups are experts");
	experts_free(x);
	return done();
}
