/* teachers -- several as one: the slope of their mean loss, against the slope of the blend; trust by
 * hand. */
#include "teachers.h"

#include <math.h>
#include <stdlib.h>

#include "tap.h"

enum { N = 200, M = 3 };

static void make(struct tensors *set, float *const t[M])
{
	static const char *const name[M] = { "soft.a", "soft.b", "soft.c" };
	struct tensor *v = tensor_new("var.a", F32, N, 0);

	for (int m = 0; m < M; m++) {
		struct tensor *c = tensor_new(name[m], F32, N, 0);

		for (int r = 0; r < N; r++)
			((float *)c->data)[r] = t[m][r] =
				(float)(sin(r * (1.3 + m)) * (r % 10 ? 4 : 60));
		tensors_add(set, c);
	}
	for (int r = 0; r < N; r++)
		((float *)v->data)[r] = (float)(r % 4);
	tensors_add(set, v);
}

static double sigma(double x)
{
	return 1 / (1 + exp(-x));
}

/* The slope by z of sum_m w_m soft(z; t_m) at temperature T, less that of soft(z; blend). */
static double slopes(const struct tensors *set, float *const t[M], double T, double z)
{
	static const double w[M] = { 0.5, 0.3, 0.2 };
	struct teachers both = { .list = "a,b,c", .weights = "5,3,2" };
	uint32_t row[N];
	double worst = 0;

	for (uint32_t r = 0; r < N; r++)
		row[r] = r;
	teachers_check(&both);
	teachers_open(&both, set, N, T, row, N);
	for (int r = 0; r < N; r++) {
		double sum = 0, one = (double)both.answer[r];

		for (int m = 0; m < M; m++)
			sum += w[m] * (T > 0 ? T * (sigma(z / T) - sigma((double)t[m][r] / T))
					     : z - (double)t[m][r]);
		one = T > 0 ? T * (sigma(z / T) - sigma(one / T)) : z - one;
		worst = fmax(worst, fabs(sum - one));
	}
	teachers_free(&both);
	return worst;
}

static void trust(const struct tensors *set)
{
	struct teachers one = { .list = "a", .uncertainty = true };
	uint32_t row[] = { 0, 1, 2, 3, 4, 7 };

	teachers_check(&one);
	ok(teachers_want(&one, "var.a") && teachers_want(&one, "soft.a") &&
			!teachers_want(&one, "soft.b"),
		"wants its soft labels and variance");
	teachers_open(&one, set, N, 1, row, 6); /* variances 0 1 2 3 0 3, mean 3/2 */
	near((double)one.trust[0], 1, 0, "no variance: trusted");
	near((double)one.trust[1], 0.6, 1e-7, "1 / (1 + 1 / 1.5)");
	near((double)one.trust[3], 1.0 / 3, 1e-7, "1 / (1 + 3 / 1.5)");
	teachers_free(&one);
}

int main(void)
{
	static float a[N], b[N], c[N];
	float *const t[M] = { a, b, c };
	struct tensors set = { 0 };

	make(&set, t);
	near(slopes(&set, t, 1, 0.3), 0, 1e-6, "cross entropy: the blend has the slope of the sum");
	near(slopes(&set, t, 3, -2), 0, 3e-6, "at temperature 3");
	near(slopes(&set, t, 0, 1.5), 0, 1e-5, "squared error: likewise");
	trust(&set);
	tensors_free(&set);
	return done();
}
