/* stats -- against scipy 1.10.1, exact permutations, and the normal interval of a large sample. */
#include "stats.h"

#include "rng.h"
#include "tap.h"

enum { N = 2000, WIDTH = 2 };

static void student(void)
{
	/* t, degrees of freedom, 2 * scipy.stats.t.sf(|t|, df) */
	static const double want[][3] = {
		{ 0.0, 5.0, 1 },
		{ 2.5, 1.0, 0.2422378831816867 },
		{ -2.0, 3.0, 0.1393259685588431 },
		{ 1.96, 29857.0, 0.05000507764226454 },
		{ 3.2, 10.0, 0.009491695795303843 },
		{ 12.0, 40.0, 7.824171304255969e-15 },
		{ 0.001, 7.0, 0.9992300172449988 },
		{ 40.0, 3.0, 3.438068078915854e-05 },
	};

	for (size_t i = 0; i < sizeof want / sizeof *want; i++)
		near(stats_student(want[i][0], want[i][1]), want[i][2], 1e-10 * want[i][2],
			"Student's t");
}

static void paired(void)
{
	/* Eight users, two columns; the second is equal in both. Of the 256 ways to turn the signs
	 * of the first's differences 72 give a sum as far from 0: p = .28125. */
	static const double a[] = { .5, 1, 1, 1, .25, 1, 0, 1, 1, 1, .5, 1, .75, 1, .2, 1 };
	static const double b[] = { .25, 1, 1, 1, 0, 1, .5, 1, .5, 1, .25, 1, .5, 1, .1, 1 };
	struct stats_how how = { 20000, 1 };
	struct stats_test test[WIDTH];

	stats_paired(test, a, b, 8, WIDTH, &how);
	near(test[0].diff, 0.1375, 1e-15, "mean difference");
	near(test[0].student, 0.22874303961859316, 1e-12, "as scipy.stats.ttest_rel");
	near(test[0].turned, 0.28125, 0.012, "as all 256 permutations, within chance");
	ok(test[1].diff == 0 && isnan(test[1].student) && test[1].turned == 1, "no difference");
	stats_paired(test, a, a, 8, WIDTH, &how);
	ok(test[0].turned == 1 && isnan(test[0].student), "a model against itself");
	stats_paired(test, a, b, 1, WIDTH, &how);
	ok(isnan(test[0].student) && test[0].turned == 1, "one user proves nothing");
}

static void interval(void)
{
	static double value[N * WIDTH];
	struct stats_how how = { 2000, 7 }, other = { 2000, 8 };
	double mean[WIDTH], low[WIDTH], high[WIDTH], again[WIDTH], square = 0, half;

	for (size_t u = 0; u < N; u++) {
		value[u * WIDTH] = rng_unit(1, RNG_MAKE, u);
		value[u * WIDTH + 1] = 3;
	}
	stats_means(mean, value, N, WIDTH);
	for (size_t u = 0; u < N; u++)
		square += (value[u * WIDTH] - mean[0]) * (value[u * WIDTH] - mean[0]);
	half = 1.959964 * sqrt(square / N / N);
	stats_interval(low, high, value, N, WIDTH, &how);
	near(low[0], mean[0] - half, half / 10, "lower end: the normal one, within chance");
	near(high[0], mean[0] + half, half / 10, "upper end");
	ok(low[1] == 3 && high[1] == 3, "a constant has no width");
	stats_interval(again, high, value, N, WIDTH, &other);
	ok(again[0] != low[0], "another seed, another interval");
	how.replicates = 1;
	stats_interval(low, high, value, N, WIDTH, &how);
	ok(low[0] == high[0], "one replicate, one mean");
}

int main(void)
{
	student();
	paired();
	interval();
	return done();
}
