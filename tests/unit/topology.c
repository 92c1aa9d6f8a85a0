/* Losses and gradients against the n x n matrices of the formula, which are made here. */
#include "topology.h"

#include <omp.h>
#include <stdbool.h>
#include <stdlib.h>

#include "rng.h"
#include "tap.h"

enum { N = 70, D = 37, T = 60, LD = 40, GROUPS = 5 };

static float student[N * LD], teacher[N * T], slope[2][N * D];
static uint32_t group[N];

static double cosine(const double *a, const double *b, size_t n)
{
	double ab = 0, aa = 0, bb = 0;

	for (size_t k = 0; k < n; k++) {
		ab += a[k] * b[k];
		aa += a[k] * a[k];
		bb += b[k] * b[k];
	}
	return aa > 0 && bb > 0 ? ab / sqrt(aa * bb) : 0;
}

static double row_s[N][D], row_t[N][T], mean_s[GROUPS][D], mean_t[GROUPS][T];

static void load(bool means)
{
	if (means)
		memset(mean_s, 0, sizeof mean_s);
	memset(mean_t, 0, sizeof mean_t);
	for (size_t i = 0; i < N; i++) {
		for (size_t k = 0; k < D; k++) {
			row_s[i][k] = (double)student[i * LD + k];
			mean_s[group[i]][k] += means ? row_s[i][k] : 0;
		}
		for (size_t k = 0; k < T; k++) {
			row_t[i][k] = (double)teacher[i * T + k];
			mean_t[group[i]][k] += row_t[i][k];
		}
	}
}

/* The header's formula, the teacher's own part left out. The student's means stand still unless
 * asked to move. */
static double formula(bool groups, bool means)
{
	double loss = 0;

	load(means);
	for (size_t i = 0; i < N; i++)
		for (size_t j = 0; j < N; j++) {
			double a = cosine(row_t[i], row_t[j], T), b = cosine(row_s[i], row_s[j], D);

			if (!groups || group[i] == group[j])
				loss += (a - b) * (a - b) - a * a;
		}
	for (size_t g = 0; groups && g < GROUPS; g++)
		for (size_t i = 0; i < N; i++) {
			double d = cosine(mean_t[g], row_t[i], T) - cosine(mean_s[g], row_s[i], D);

			loss += d * d;
		}
	return loss;
}

static void test(bool groups)
{
	struct topology_rows rows = { student, teacher, N, D, LD, T, T, groups ? group : NULL,
		groups ? GROUPS : 0 };
	double worst = 0, loss, want = formula(groups, true);

	memset(slope, 0, sizeof slope);
	loss = topology_slope(slope[0], D, &rows, 0.5);
	near(loss, want, 1e-4 * fabs(want), groups ? "HTD's loss" : "FTD's loss");
	for (size_t x = 0; x < N * D; x += 7) {
		float *at = student + x / D * LD + x % D, old = *at;
		double up, down;

		*at = old + 0x1p-8F;
		up = formula(groups, false);
		*at = old - 0x1p-8F;
		down = formula(groups, false);
		*at = old;
		worst = fmax(worst, fabs(0.5 * (up - down) / 0x1p-7 - (double)slope[0][x]));
	}
	near(worst, 0, 2e-3, "  and its gradient");
	omp_set_num_threads(1);
	topology_slope(slope[1], D, &rows, 0.5);
	omp_set_num_threads(4);
	ok(!memcmp(slope[0], slope[1], sizeof *slope), "  the same bits on any number of threads");
}

int main(void)
{
	for (size_t i = 0; i < N * LD; i++)
		student[i] = (float)rng_normal(1, RNG_MAKE, i);
	for (size_t i = 0; i < N * T; i++)
		teacher[i] = (float)rng_normal(2, RNG_MAKE, i);
	for (size_t i = 0; i < N; i++)
		group[i] =
			(uint32_t)rng_below(GROUPS - 1, 3, RNG_MAKE, i); /* the last one is empty */
	for (size_t k = 0; k < T; k++)
		teacher[3 * T + k] = 0; /* a row of zeros has no direction */
	test(false);
	test(true);
	return done();
}
