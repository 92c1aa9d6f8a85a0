/* The gradient without deltas of 0: the bits of gemm_gradient, from every instruction set that does it. */
#include "thin.h"

#include <stdlib.h>
#include <string.h>

#include "gemm.h"
#include "levels.h"
#include "rng.h"
#include "tap.h"

enum { ROWS = 1000, PITCH = 231, LDD = 40 };

static float h[ROWS * PITCH], d[ROWS * LDD + GEMM_PANEL];
static float got[THIN_INPUTS * GEMM_PANEL], want[THIN_INPUTS * GEMM_PANEL];

/* So many percent of the deltas are not 0, of columns that are wanted; others always. */
static void make(size_t cols, unsigned percent)
{
	for (size_t i = 0; i < ROWS * PITCH; i++)
		h[i] = (float)rng_normal(1, RNG_MAKE, i);
	for (size_t i = 0; i < ROWS * LDD; i++) {
		bool some = i % LDD >= cols || rng_below(100, 2, RNG_MAKE, i) < percent;

		d[i] = some ? (float)rng_normal(3, RNG_MAKE, i) : i % 2 ? 0.0F : -0.0F;
	}
}

static bool run(int level, size_t ks, size_t rows, size_t cols)
{
	bool (*const thin[])(float *, size_t, const float *, size_t, const float *, size_t, size_t,
		size_t) = LEVELS(thin_gradient);

	memset(got, 1, sizeof got);
	return thin[level](got, ks, h, PITCH, d, LDD, rows, cols);
}

static void check(size_t ks, size_t rows, size_t cols)
{
	char what[80];
	bool same = true;

	SIMD_CALL(gemm_gradient, want, ks, h, PITCH, d, LDD, rows, cols, NULL);
	for (int l = 0; l < levels(); l++) {
		bool done = run(l, ks, rows, cols);

		for (size_t k = 0; k < ks && l > SIMD_BASE; k++)
			same &= memcmp(got + k * GEMM_PANEL, want + k * GEMM_PANEL,
					cols * sizeof *got) == 0;
		snprintf(what, sizeof what, "%zu inputs, %zu rows, %zu units", ks, rows, cols);
		ok(l > SIMD_BASE ? done && same : !done, what);
	}
}

int main(void)
{
	int last = levels() - 1;

	make(GEMM_PANEL, 40);
	for (size_t ks = 96; ks <= THIN_INPUTS; ks += 16)
		check(ks, ROWS, GEMM_PANEL);
	check(128, THIN_ROWS, GEMM_PANEL);
	check(128, 517, GEMM_PANEL);
	d[7 * LDD + 3] = NAN;
	run(last, 128, ROWS, GEMM_PANEL);
	ok(last == SIMD_BASE || isnan(got[3]), "a delta that is no number counts");
	for (size_t cols = 1; cols < GEMM_PANEL; cols += 15) {
		make(cols, 40);
		check(144, ROWS, cols);
	}
	make(GEMM_PANEL, 40);
	ok(!run(last, 80, ROWS, GEMM_PANEL) && !run(last, 240, ROWS, GEMM_PANEL) &&
			!run(last, 200, ROWS, GEMM_PANEL),
		"not of few inputs, of too many, or of part of a line");
	ok(!run(last, 128, THIN_ROWS - 1, GEMM_PANEL), "nor of few rows");
	make(GEMM_PANEL, 75);
	ok(!run(last, 224, ROWS, GEMM_PANEL), "nor where few deltas are 0");
	return done();
}
