/* Products with chosen rows and their gradients against plain loops; equal bits from every
 * instruction set. */
#include "chosen.h"

#include "levels.h"
#include "rng.h"
#include "tap.h"

enum { ROWS = 60, LDA = 83, LDC = 37, WIDE = 83, MOST = 64 };

static void normals(float *x, size_t n, uint64_t seed)
{
	for (size_t i = 0; i < n; i++)
		x[i] = (float)rng_normal(seed, RNG_MAKE, i);
}

/* n rows, the first ones of 0, 2, 3, 5, 6, 8, .. */
static void choose(uint32_t *row, size_t n)
{
	for (uint32_t i = 0; i < n; i++)
		row[i] = i + (i + 1) / 2;
}

static void product(size_t n, size_t k, size_t cols)
{
	void (*const run[])(float *, size_t, const struct gemm *, const uint32_t *, size_t) =
		LEVELS(chosen_product);
	static float a[ROWS * LDA], w[2 * WIDE * GEMM_PANEL], c[3][ROWS * LDC];
	const float *asked[40];
	struct ahead ahead = { .line = asked, .lines = 40, .steps = 40 };
	struct gemm g = { .a = a, .lda = LDA, .w = w, .k = k, .height = WIDE, .cols = cols };
	uint32_t row[ROWS];
	double worst = 0;
	int equal = 1;

	normals(a, ROWS * LDA, 1);
	normals(w, 2 * WIDE * GEMM_PANEL, 2);
	choose(row, n);
	for (size_t i = 0; i < 40; i++)
		asked[i] = a + i;
	for (int l = 0; l < levels(); l++) {
		memset(c[l], 0, sizeof *c);
		g.ahead = l ? NULL : &ahead;
		run[l](c[l], LDC, &g, row, n);
		equal &= memcmp(c[0], c[l], sizeof *c) == 0;
	}
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < cols; j++) {
			double sum = 0;

			for (size_t p = 0; p < k; p++)
				sum += (double)a[row[i] * LDA + p] *
				       (double)w[(j / GEMM_PANEL * WIDE + p) * GEMM_PANEL +
						 j % GEMM_PANEL];
			worst = fmax(worst, fabs(sum - (double)c[0][i * LDC + j]));
		}
	near(worst, 0, 1e-5, "chosen rows times weights");
	ok(equal && c[0][n * LDC] == 0, "  the same bits from every instruction set, and no more");
	ok(!ahead.lines || !n, "  what comes next has been asked for");
}

static void gradient(size_t n, size_t ks, size_t cols, bool all)
{
	void (*const run[])(float *, size_t, const float *, const float *, size_t, const uint32_t *,
		size_t, size_t) = LEVELS(chosen_gradient);
	static float h[ROWS * MOST], d[ROWS * GEMM_PANEL], g[3][MOST * GEMM_PANEL];
	uint32_t row[ROWS];
	double worst = 0;
	int equal = 1;

	normals(h, ROWS * MOST, 3);
	normals(d, ROWS * GEMM_PANEL, 4);
	choose(row, n);
	for (int l = 0; l < levels(); l++) {
		for (size_t i = 0; i < MOST * GEMM_PANEL; i++)
			g[l][i] = 1;
		run[l](g[l], ks, h, d, GEMM_PANEL, all ? NULL : row, n, cols);
	}
	for (size_t k = 0; k < ks; k++)
		for (size_t j = 0; j < cols; j++) {
			double sum = 1;

			for (size_t i = 0; i < n; i++)
				sum += (double)h[i * ks + k] *
				       (double)d[(all ? i : row[i]) * GEMM_PANEL + j];
			worst = fmax(worst, fabs(sum - (double)g[0][k * GEMM_PANEL + j]));
			for (int l = 0; l < levels(); l++)
				equal &= memcmp(g[0] + k * GEMM_PANEL + j,
						 g[l] + k * GEMM_PANEL + j, sizeof(float)) == 0;
		}
	near(worst, 0, 2e-5, all ? "the gradient over all rows" : "the gradient over chosen rows");
	ok(equal, "  the same bits from every instruction set");
}

static void copy(size_t width)
{
	void (*const run[])(float *, const float *, size_t, size_t, const uint32_t *, size_t) =
		LEVELS(chosen_copy);
	static const uint32_t row[] = { 4, 0, 7 };
	float a[8 * 20], c[3 * 17 + 1];
	int good = 1;

	normals(a, 8 * 20, 5);
	for (int l = 0; l < levels(); l++) {
		c[3 * width] = 9;
		run[l](c, a, 20, width, row, 3);
		for (size_t i = 0; i < 3; i++)
			good &= memcmp(c + i * width, a + row[i] * 20, width * sizeof *c) == 0;
		good &= c[3 * width] == 9;
	}
	ok(good, "chosen rows are copied");
}

int main(void)
{
	for (size_t n = 0; n < 40; n += n < 14 ? 1 : 12)
		product(n, 37, 16);
	product(25, 16, 32);
	product(25, 83, 16);
	gradient(31, 16, 32, false);
	gradient(31, 48, 32, false);
	gradient(40, 16, 16, true);
	gradient(7, 13, 32, false);
	copy(16);
	copy(17);
	return done();
}
