/* Normalisation against its formulas in doubles; the same bits from every instruction set. (The way
 * back is against finite differences in epoch.c.) */
#include "norm.h"

#include "levels.h"
#include "rng.h"
#include "tap.h"

enum { ROWS = 5, N = 37, LD = 40 };

typedef void rows_fn(float *, float *, size_t, size_t, size_t);
typedef void rows_back_fn(
	float *, const float *, const float *, const float *, size_t, size_t, size_t);
typedef void moments_fn(float *, float *, const float *, size_t, size_t, size_t);
typedef void sums_fn(float *, float *, const float *, const float *, size_t, size_t, size_t);

static void fill(float *x, uint64_t seed)
{
	for (uint64_t i = 0; i < ROWS * LD; i++)
		x[i] = (float)rng_normal(seed, RNG_MAKE, i) * 2 + 1;
}

int main(void)
{
	rows_fn *const rows[] = LEVELS(norm_rows);
	rows_back_fn *const back[] = LEVELS(norm_rows_backward);
	moments_fn *const moments[] = LEVELS(norm_moments);
	sums_fn *const sums[] = LEVELS(norm_sums);
	float u[3][ROWS * LD], d[3][ROWS * LD], raw[ROWS * LD];
	float gain[ROWS * LD]; /* its first LD are used */
	float inverse[3][ROWS], mean[3][LD], variance[3][LD], a[3][LD], b[3][LD];
	double far = 0, wide = 0;
	int equal = 1;

	fill(raw, 1);
	fill(gain, 3);
	for (int l = 0; l < levels(); l++) {
		memcpy(u[l], raw, sizeof raw);
		fill(d[l], 2);
		moments[l](mean[l], variance[l], raw, LD, ROWS, N);
		rows[l](u[l], inverse[l], LD, ROWS, N);
		sums[l](a[l], b[l], d[l], u[l], LD, ROWS, N);
		back[l](d[l], u[l], inverse[l], gain, LD, ROWS, N);
		equal &= !memcmp(u[0], u[l], sizeof *u) && !memcmp(d[0], d[l], sizeof *d) &&
			 !memcmp(inverse[0], inverse[l], sizeof *inverse) &&
			 !memcmp(mean[0], mean[l], N * sizeof(float)) &&
			 !memcmp(variance[0], variance[l], N * sizeof(float)) &&
			 !memcmp(a[0], a[l], N * sizeof(float)) &&
			 !memcmp(b[0], b[l], N * sizeof(float));
	}
	ok(equal, "the same bits from every instruction set");
	for (size_t r = 0; r < ROWS; r++) {
		double m = 0, v = 0;

		for (size_t i = 0; i < N; i++)
			m += (double)raw[r * LD + i] / N;
		for (size_t i = 0; i < N; i++)
			v += pow((double)raw[r * LD + i] - m, 2) / N;
		for (size_t i = 0; i < N; i++)
			far = fmax(far, fabs(((double)raw[r * LD + i] - m) / sqrt(v + 1e-5) -
						(double)u[0][r * LD + i]));
	}
	near(far, 0, 2e-6, "rows: (u - mean) / sqrt(variance + 1e-5)");
	for (size_t i = 0; i < N; i++) {
		double m = 0, v = 0;

		for (size_t r = 0; r < ROWS; r++)
			m += (double)raw[r * LD + i] / ROWS;
		for (size_t r = 0; r < ROWS; r++)
			v += pow((double)raw[r * LD + i] - m, 2) / ROWS;
		wide = fmax(wide, fabs(m - (double)mean[0][i]) + fabs(v - (double)variance[0][i]));
	}
	near(wide, 0, 1e-5, "columns: mean and variance");
	ok(u[0][N] == raw[N], "padding is left alone");
	return done();
}
