/* The second order and its gradients against the sum over pairs and finite differences of it; equal
 * bits from every instruction set. */
#include "fm.h"

#include <stdint.h>

#include "levels.h"
#include "rng.h"
#include "tap.h"

enum { ROWS = 11, NUMBERS = 7, WIDTH = NUMBERS + 2, FIELDS = 4, LONG = FIELDS * 16 + NUMBERS };

static void normals(float *x, size_t n, uint64_t seed)
{
	for (size_t i = 0; i < n; i++)
		x[i] = (float)rng_normal(seed, RNG_MAKE, i);
}

/* Over pairs of inner products, as the paper's eq. 1. */
static double pairs(const float *x, const float *v, size_t dim)
{
	double sum = 0, e[FIELDS + NUMBERS][16];

	for (size_t d = 0; d < dim; d++) {
		for (size_t f = 0; f < FIELDS; f++)
			e[f][d] = (double)x[f * dim + d];
		for (size_t j = 0; j < NUMBERS; j++)
			e[FIELDS + j][d] = (double)x[FIELDS * dim + j] * (double)v[j * dim + d];
	}
	for (size_t f = 0; f < FIELDS + NUMBERS; f++)
		for (size_t g = f + 1; g < FIELDS + NUMBERS; g++)
			for (size_t d = 0; d < dim; d++)
				sum += e[f][d] * e[g][d];
	return sum;
}

static void second_order(size_t dim)
{
	void (*const run[])(float *, float *, const float *, size_t, size_t, size_t, size_t,
		const float *, size_t) = LEVELS(fm_terms);
	static float x[ROWS * LONG], v[NUMBERS * 16], s[3][ROWS * 16];
	float z[3][ROWS];
	double worst = 0;
	int equal = 1;

	normals(x, ROWS * LONG, 3);
	normals(v, NUMBERS * dim, 4);
	for (int l = 0; l < levels(); l++) {
		for (size_t r = 0; r < ROWS; r++)
			z[l][r] = 1;
		run[l](z[l], s[l], x, LONG, ROWS, FIELDS, dim, v, NUMBERS);
		equal &= memcmp(z[0], z[l], sizeof *z) == 0 &&
			 memcmp(s[0], s[l], ROWS * dim * sizeof(float)) == 0;
	}
	for (size_t r = 0; r < ROWS; r++)
		worst = fmax(worst, fabs(1 + pairs(x + r * LONG, v, dim) - (double)z[0][r]));
	near(worst, 0, 1e-4, "FM equals the sum over pairs");
	ok(equal, "  the same bits from every instruction set");
}

/* dx gains slope (s - e), in two rows. */
static void backward(size_t dim)
{
	void (*const run[])(float *, size_t, const float *, size_t, const float *, const float *,
		size_t, size_t, size_t) = LEVELS(fm_backward);
	float x[2 * 50], s[2 * 16], dx[3][2 * 49];
	const float slope[] = { 0.5f, -2 };
	double worst = 0;
	int equal = 1;

	normals(x, 2 * 50, 5);
	normals(s, 2 * dim, 6);
	for (int l = 0; l < levels(); l++) {
		normals(dx[l], 2 * 49, 7);
		run[l](dx[l], 49, x, 50, s, slope, 2, 3, dim);
		equal &= memcmp(dx[0], dx[l], sizeof *dx) == 0;
	}
	for (uint64_t i = 0; i < 2 * 49; i++) {
		uint64_t r = i / 49, j = i % 49;
		double want = (double)(float)rng_normal(7, RNG_MAKE, i);

		if (j < 3 * dim)
			want += (double)slope[r] *
				((double)s[r * dim + j % dim] - (double)x[r * 50 + j]);
		worst = fmax(worst, fabs(want - (double)dx[0][i]));
	}
	near(worst, 0, 1e-6, "the gradient by embeddings, and nothing beside them");
	ok(equal, "  the same bits from every instruction set");
}

/* Rows 3 and 1 of one field, as fm_backward has them. */
static void backward_rows(size_t dim)
{
	void (*const run[])(float *, const float *, size_t, const float *, const float *,
		const uint32_t *, size_t, size_t) = LEVELS(fm_backward_rows);
	static const uint32_t row[] = { 3, 1 };
	const float slope[] = { 0.5f, -2, 3, 1 };
	float x[4 * 20], s[4 * 16], want[4 * 16], dx[2 * 16];
	int good = 1;

	normals(x, 4 * 20, 5);
	normals(s, 4 * dim, 6);
	memset(want, 0, sizeof want);
	SIMD_CALL(fm_backward, want, dim, x, 20, s, slope, 4, 1, dim);
	for (int l = 0; l < levels(); l++) {
		memset(dx, 0, sizeof dx);
		run[l](dx, x, 20, s, slope, row, 2, dim);
		for (size_t i = 0; i < 2; i++)
			good &= memcmp(dx + i * dim, want + row[i] * dim, dim * sizeof *dx) == 0;
	}
	ok(good, "  and of chosen rows");
}

/* sum_r slope[r] FM of row r's numbers */
static double whole(const float *v, const float *x, const float *slope, size_t dim)
{
	double sum = 0;

	for (size_t r = 0; r < ROWS; r++)
		for (size_t d = 0; d < dim; d++) {
			double s = 0, squares = 0;

			for (size_t j = 0; j < NUMBERS; j++) {
				double one = (double)x[r * WIDTH + j] * (double)v[j * dim + d];

				s += one;
				squares += one * one;
			}
			sum += (double)slope[r] * 0.5 * (s * s - squares);
		}
	return sum;
}

static void vectors(size_t dim)
{
	void (*const run[])(float *, const float *, size_t, const float *, size_t, const float *,
		const float *, size_t, size_t) = LEVELS(fm_numbers);
	float v[NUMBERS * 16], x[ROWS * WIDTH], s[ROWS * 16] = { 0 }, slope[ROWS];
	float g[3][NUMBERS * 16];
	double worst = 0;
	int equal = 1;

	normals(v, NUMBERS * dim, 8);
	normals(x, ROWS * WIDTH, 9);
	normals(slope, ROWS, 10);
	for (size_t r = 0; r < ROWS; r++)
		for (size_t j = 0; j < NUMBERS; j++)
			for (size_t d = 0; d < dim; d++)
				s[r * dim + d] += x[r * WIDTH + j] * v[j * dim + d];
	for (int l = 0; l < levels(); l++) {
		run[l](g[l], v, NUMBERS, x, WIDTH, s, slope, ROWS, dim);
		equal &= memcmp(g[0], g[l], NUMBERS * dim * sizeof(float)) == 0;
	}
	for (size_t i = 0; i < NUMBERS * dim; i++) {
		float keep = v[i];
		double up, down;

		v[i] = keep + 0.125f;
		up = whole(v, x, slope, dim);
		v[i] = keep - 0.125f;
		down = whole(v, x, slope, dim);
		v[i] = keep;
		worst = fmax(worst, fabs((up - down) / 0.25 - (double)g[0][i]));
	}
	near(worst, 0, 1e-4, "the gradient by vectors of numbers");
	ok(equal, "  the same bits from every instruction set");
}

int main(void)
{
	second_order(16);
	second_order(7);
	backward(16);
	backward_rows(16);
	backward(7);
	vectors(16);
	vectors(7);
	return done();
}
