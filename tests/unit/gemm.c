/* Products against plain loops in double, for sizes round the tiles' edges; equal bits from every
 * instruction set. */
#include "gemm.h"

#include <stdlib.h>

#include "levels.h"
#include "mem.h"
#include "rng.h"
#include "tap.h"

enum { MOST = 130 * 200 };

static float a[MOST], w[MOST], mask[MOST], c[3][MOST];

/* With `runs`: inputs 1 and 2, and all from 5 on, are added to what c has. A list ahead is worked
 * off meanwhile. */
static void forward(size_t rows, size_t k, size_t panels, size_t cols, enum gemm_end end, bool runs)
{
	void (*const pass[])(float *, size_t, const struct gemm *, size_t) = LEVELS(gemm_forward);
	size_t n = panels * GEMM_PANEL, height = k + (end == GEMM_BIAS || end == GEMM_RELU);
	const float *line[4] = { a, a + 16, w, mask };
	float made[40] = { 0 };
	const struct ahead_row row[1 + AHEAD_SOON] = { { a, w, mask, made, 40 } };
	struct ahead ahead;
	const struct gemm_run run[2] = { { 1, 2 }, { 5, k - 5 } };
	struct gemm g = { .a = a,
		.w = w,
		.mask = mask,
		.lda = k + 3,
		.ldmask = n,
		.k = k,
		.panels = panels,
		.cols = cols,
		.scale = 0.5f,
		.end = end,
		.onto = runs,
		.run = runs ? run : NULL,
		.runs = runs ? 2 : 0,
		.ahead = &ahead };
	double worst = 0;
	char what[128];
	int equal = 1;

	for (int l = 0; l < levels(); l++) {
		for (size_t i = 0; i < rows * n; i++)
			c[l][i] = runs ? 0.25f : 0;
		ahead = (struct ahead){ .row = row, .rows = 1, .line = line, .lines = rows % 5 };
		ahead.steps = 3 + ahead.lines;
		pass[l](c[l], n, &g, rows);
		if (rows >= 12) /* some tile at every level */
			equal &= !ahead.rows && !ahead.lines &&
				 made[39] == (a[39] - w[39]) * mask[39];
	}
	for (size_t r = 0; r < rows; r++)
		for (size_t j = 0; j < cols; j++) {
			const float *panel =
				w + j / GEMM_PANEL * height * GEMM_PANEL + j % GEMM_PANEL;
			double want = height > k ? (double)panel[k * GEMM_PANEL] : 0;

			want += runs ? 0.25 : 0;
			for (size_t i = 0; i < k; i++)
				if (!runs || i == 1 || i == 2 || i > 4)
					want += (double)a[r * (k + 3) + i] *
						(double)panel[i * GEMM_PANEL];
			if (end == GEMM_RELU && want < 0)
				want = 0;
			if (end == GEMM_MASKED)
				want = mask[r * n + j] > 0 ? want / 2 : 0;
			worst = fmax(worst, fabs(want - (double)c[0][r * n + j]));
		}
	for (int l = 1; l < levels(); l++)
		for (size_t r = 0; r < rows; r++)
			equal &= memcmp(c[0] + r * n, c[l] + r * n, cols * sizeof(float)) == 0;
	snprintf(what, sizeof what, "forward %zu x %zu x %zu, end %d%s", rows, k, cols, (int)end,
		runs ? ", of some inputs, onto what there was" : "");
	near(worst, 0, 1e-4, what);
	ok(equal, "  the same bits from every instruction set");
}

/* Inputs of which some are 0: not told so at first. */
static void zeros(size_t rows, size_t k, size_t cols, double share, enum gemm_end end)
{
	void (*const pass[])(float *, size_t, const struct gemm *, size_t) = LEVELS(gemm_forward);
	size_t panels = (cols + GEMM_PANEL - 1) / GEMM_PANEL, n = panels * GEMM_PANEL;
	float *in = mem_new(rows * k, sizeof *in),
	      *weight = mem_new(panels * (k + 1) * GEMM_PANEL, sizeof *weight);
	float *over = mem_new(rows * n, sizeof *over), *out[2];
	struct gemm g = { .a = in,
		.w = weight,
		.mask = over,
		.lda = k,
		.ldmask = n,
		.k = k,
		.panels = panels,
		.height = k + 1,
		.cols = cols,
		.scale = 2,
		.end = end };
	char what[128];
	int equal = 1;

	for (size_t i = 0; i < 2; i++)
		out[i] = mem_new(rows * n, sizeof *out[i]);
	for (size_t i = 0; i < rows * k; i++)
		in[i] = rng_unit(7, RNG_MAKE, i) < share ? 0 : (float)rng_normal(8, RNG_MAKE, i);
	for (size_t i = 0; i < panels * (k + 1) * GEMM_PANEL; i++)
		weight[i] = (float)rng_normal(9, RNG_MAKE, i);
	for (size_t i = 0; i < rows * n; i++)
		over[i] = (float)rng_normal(10, RNG_MAKE, i);
	pass[0](out[0], n, &g, rows);
	g.zeros = true;
	for (int l = 0; l < levels(); l++) {
		memset(out[1], 0, rows * n * sizeof *out[1]);
		pass[l](out[1], n, &g, rows);
		for (size_t r = 0; r < rows; r++)
			equal &= memcmp(out[0] + r * n, out[1] + r * n, cols * sizeof(float)) == 0;
	}
	snprintf(what, sizeof what,
		"forward %zu x %zu x %zu, end %d, %.0f %% zeros: skipped, the same bits", rows, k,
		cols, (int)end, 100 * share);
	ok(equal, what);
	for (size_t i = 0; i < 2; i++)
		free(out[i]);
	free(in);
	free(weight);
	free(over);
}

static void gradient(size_t rows, size_t ks, size_t cols)
{
	void (*const run[])(float *, size_t, const float *, size_t, const float *, size_t, size_t,
		size_t, const float *const *) = LEVELS(gemm_gradient);
	const float *const next[GEMM_NEXT] = { a, w, a };
	void (*const sums[])(float *, const float *, const float *, size_t, size_t, size_t) =
		LEVELS(gemm_column_sums);
	double worst = 0;
	int equal = 1;

	for (int l = 0; l < levels(); l++) {
		run[l](c[l], ks, a, ks + 1, w, 40, rows, cols, l % 2 ? next : NULL);
		sums[l](c[l] + ks * GEMM_PANEL, a, w, 40, rows, 37);
		for (size_t k = 0; k < ks; k++)
			equal &= memcmp(c[0] + k * GEMM_PANEL, c[l] + k * GEMM_PANEL,
					 cols * sizeof(float)) == 0;
		equal &= memcmp(c[0] + ks * GEMM_PANEL, c[l] + ks * GEMM_PANEL,
				 37 * sizeof(float)) == 0;
	}
	for (size_t n = 0; n < 37; n++)
		for (size_t k = 0; k <= ks; k++) {
			double want = 0;

			if (k < ks && n >= cols)
				continue;
			for (size_t r = 0; r < rows; r++)
				want += (double)a[k < ks ? r * (ks + 1) + k : r] *
					(double)w[r * 40 + n];
			worst = fmax(worst, fabs(want - (double)c[0][k * GEMM_PANEL + n]));
		}
	near(worst, 0, 1e-4, "gradients and column sums");
	ok(equal, "  the same bits from every instruction set");
}

/* Every element is in its place, and nothing else is written. */
static void transpose(size_t ks, size_t n)
{
	void (*const run[])(float *, const float *, size_t, size_t) = LEVELS(gemm_transpose);
	int right = 1;

	for (int l = 0; l < levels(); l++) {
		memset(c[l], 0, GEMM_PANEL * GEMM_PANEL * sizeof(float));
		run[l](c[l], a, ks, n);
		for (size_t j = 0; j < GEMM_PANEL; j++)
			for (size_t k = 0; k < GEMM_PANEL; k++)
				right &= c[l][j * GEMM_PANEL + k] ==
					 (k < ks && j < n ? a[k * GEMM_PANEL + j] : 0);
	}
	ok(right, "transposed");
}

static void dot(size_t n)
{
	float (*const run[])(const float *, const float *, size_t) = LEVELS(gemm_dot);
	float got = run[0](a, w, n);
	double want = 0;
	int equal = 1;

	for (size_t i = 0; i < n; i++)
		want += (double)a[i] * (double)w[i];
	for (int l = 0; l < levels(); l++)
		equal &= run[l](a, w, n) == got;
	near((double)got, want, 1e-5, "dot");
	ok(equal, "  the same bits from every instruction set");
}

/* Dots of rows add what each dot gives. */
static void dots(size_t n, size_t rows)
{
	void (*const run[])(float *, const float *, size_t, const float *, size_t, size_t) =
		LEVELS(gemm_dots);
	float (*const one[])(const float *, const float *, size_t) = LEVELS(gemm_dot);
	int equal = 1;

	for (int l = 0; l < levels(); l++) {
		float z[16];

		for (size_t r = 0; r < rows; r++)
			z[r] = (float)r;
		run[l](z, a, n + 3, w, n, rows);
		for (size_t r = 0; r < rows; r++)
			equal &= z[r] == (float)r + one[l](a + r * (n + 3), w, n);
	}
	ok(equal, "dots of rows are the dots of each");
}

int main(void)
{
	static const size_t rows[] = { 1, 3, 4, 11, 12, 13, 48 }, ks[] = { 1, 7, 48 };

	for (size_t i = 0; i < MOST; i++) {
		a[i] = (float)rng_unit(1, RNG_MAKE, i) - 0.5f;
		w[i] = (float)rng_unit(2, RNG_MAKE, i) - 0.5f;
		mask[i] = (float)rng_unit(3, RNG_MAKE, i) - 0.5f;
	}
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		forward(rows[i], 5 + 9 * i, 1 + i % 3, GEMM_PANEL * (1 + i % 3) - 5 * i,
			(enum gemm_end)(i % 4), i % 2);
	for (int end = GEMM_PLAIN; end <= GEMM_MASKED; end++) {
		forward(25, 40, 2, 2 * GEMM_PANEL, (enum gemm_end)end, false);
		forward(25, 40, 2, 48, (enum gemm_end)end, true);
	}
	for (size_t i = 0; i < sizeof ks / sizeof *ks; i++)
		gradient(rows[2 * i] * 3, ks[i], i % 2 ? GEMM_PANEL : 16);
	gradient(0, 5, 7);
	transpose(GEMM_PANEL, GEMM_PANEL);
	transpose(16, 21);
	transpose(7, 3);
	dot(0);
	dot(5);
	dot(16);
	dot(61);
	dots(16, 11);
	dots(48, 3);
	dots(7, 9);
	for (int end = GEMM_PLAIN; end <= GEMM_MASKED; end++) {
		zeros(48, 400, 400, 0.5, (enum gemm_end)end);
		zeros(70, 130, 272, 0.9, (enum gemm_end)end);
		zeros(50, 64, 608, 0.6, (enum gemm_end)end);
		zeros(144, 1000, 128, 0.7, (enum gemm_end)end);
		zeros(145, 64, 128, 0.7, (enum gemm_end)end); /* more rows than there is room for */
		zeros(96, 200, 400, 0.1, (enum gemm_end)end);
	}
	for (size_t cols = 128; cols < 800; cols += 16) /* every way to cut them into groups */
		zeros(48, 70, cols, 0.7, GEMM_RELU);
	return done();
}
