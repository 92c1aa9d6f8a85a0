/* Against the C library's exp in double; the same bits from every instruction set. */
#include "expo.h"

#include "levels.h"
#include "tap.h"

typedef void expo_fn(float *e, const float *x, float shift, size_t n);
typedef void log_fn(float *y, const float *x, size_t n);

static void test_log(void)
{
	enum { N = 1003 };
	log_fn *const run[] = LEVELS(expo_log);
	static float x[N], y[3][N];
	double worst = 0;
	int equal = 1;

	for (size_t i = 0; i < N; i++)
		x[i] = (float)exp(((double)i - 500) / 6);
	x[500] = 1;
	for (int l = 0; l < levels(); l++) {
		run[l](y[l], x, N);
		equal &= memcmp(y[0], y[l], sizeof *y) == 0;
	}
	for (size_t i = 0; i < N; i++) {
		double want = log((double)x[i]);

		worst = fmax(worst, fabs((double)y[0][i] - want) / (1 + fabs(want)));
	}
	near(worst, 0, 2e-7, "ln: error");
	ok(y[0][500] == 0, "ln 1 is 0");
	ok(equal, "the same bits from every instruction set");
}

typedef void softplus_fn(float *value, float *slope, const float *x, size_t n);

static void test_softplus(void)
{
	enum { N = 1003 };
	softplus_fn *const run[] = LEVELS(expo_softplus);
	static float x[N], v[3][N], s[3][N];
	double worst = 0;
	int equal = 1;

	for (size_t i = 0; i < N; i++)
		x[i] = ((float)i - 500) / 10;
	for (int l = 0; l < levels(); l++) {
		run[l](v[l], s[l], x, N);
		equal &= memcmp(v[0], v[l], sizeof *v) == 0 && memcmp(s[0], s[l], sizeof *s) == 0;
	}
	for (size_t i = 0; i < N; i++) {
		double z = (double)x[i], most = 1 + fabs(z);

		worst = fmax(worst, fabs((double)v[0][i] - log1p(exp(z))) / most);
		worst = fmax(worst, fabs((double)s[0][i] - 1 / (1 + exp(-z))));
	}
	near(worst, 0, 3e-7, "softplus and its slope: error");
	ok(equal, "the same bits from every instruction set");
}

int main(void)
{
	enum { N = 1003 };
	expo_fn *const run[] = LEVELS(expo_shifted);
	static float x[N], e[3][N];
	double worst = 0;
	int equal = 1;

	for (size_t i = 0; i < N; i++)
		x[i] = 3 - (float)i * (float)i * 9e-5F;
	for (int l = 0; l < levels(); l++) {
		run[l](e[l], x, 3, N);
		equal &= memcmp(e[0], e[l], sizeof *e) == 0;
	}
	for (size_t i = 0; i < N; i++)
		if (x[i] - 3 > -87)
			worst = fmax(worst, fabs((double)e[0][i] / exp((double)(x[i] - 3)) - 1));
	near(worst, 0, 2e-7, "relative error");
	ok(e[0][0] == 1, "e^0 is 1");
	ok(e[0][N - 1] > 0, "far below it stays above 0");
	ok(equal, "the same bits from every instruction set");
	test_log();
	test_softplus();
	return done();
}
