/* A step against hand-worked numbers, a block against a plain loop in double, and the same bits
 * from every instruction set of this machine. */
#include "sgd.h"

#include <stdlib.h>

#include "mem.h"
#include "rng.h"
#include "tap.h"

enum { ROWS = 40, COLS = 50, RUNS = 60, MOST = 9 };

typedef double block_fn(const struct sgd_block *block, struct sgd_side row, struct sgd_side col,
	const struct sgd_step *step);
typedef float dot_fn(const float *a, const float *b, size_t n);

struct level {
	const char *name;
	enum simd needs;
	block_fn *block;
	dot_fn *dot;
};

static const struct level LEVEL[] = {
	{ "base", SIMD_BASE, sgd_block_base, sgd_dot_base },
#if defined(__x86_64__)
	{ "v3", SIMD_V3, sgd_block_v3, sgd_dot_v3 },
	{ "v4", SIMD_V4, sgd_block_v4, sgd_dot_v4 },
#endif
};
enum { LEVELS = sizeof LEVEL / sizeof *LEVEL };

struct made {
	struct sgd_run run[RUNS];
	uint16_t col[RUNS * MOST];
	float label[RUNS * MOST], weight[RUNS * MOST];
	struct sgd_block block;
	float *x; /* row factors, row biases, column factors, column biases */
	size_t size;
	struct sgd_side row, colside;
};

static float draw(uint64_t i)
{
	return (float)(rng_unit(1, RNG_MAKE, i) - 0.5);
}

static float pull[ROWS * SGD_WIDTH];

/* weighted: 1 with weights, 2 with weights and a pull of each row */
static void make(struct made *m, size_t width, int weighted)
{
	size_t at = 0;

	for (size_t r = 0; r < RUNS; r++) {
		size_t n = (r + 1) % (MOST + 1);

		m->run[r] = (struct sgd_run){ r == 20 ? 8 : r % 2, n & 63 };
		for (size_t j = 0; j < n; j++, at++) {
			m->col[at] = (uint16_t)((r * 11 + j * 3) % COLS);
			m->label[at] = 4 * draw(1000 + at);
			m->weight[at] = 1 + draw(5000 + at);
		}
	}
	m->block =
		(struct sgd_block){ m->run, RUNS, m->col, m->label, weighted ? m->weight : NULL };
	m->size = (ROWS + COLS) * (width + 1);
	m->x = mem_new(m->size, sizeof *m->x);
	for (size_t i = 0; i < m->size; i++)
		m->x[i] = draw(20000 + i);
	m->row = (struct sgd_side){ m->x, m->x + ROWS * width, NULL };
	for (size_t i = 0; i < ROWS * width; i++)
		pull[i] = draw(90000 + i);
	m->row.pull = weighted > 1 ? pull : NULL;
	m->colside.factors = m->row.bias + ROWS;
	m->colside.bias = m->colside.factors + COLS * width;
}

/* The header's formulas in double: groups of four against the same p; columns of a group are
 * distinct here. */
static double plain(double *x, const struct made *m, size_t width, double rate, double l2)
{
	double *rb = x + ROWS * width, *q = rb + ROWS, *cb = q + COLS * width, sum = 0;
	double s = 1 - rate * l2;

	for (size_t r = 0, at = 0, row = 0; r < RUNS; at += m->run[r++].n) {
		row += m->run[r].skip;
		for (size_t j = 0; j < m->run[r].n; j += SGD_GROUP) {
			size_t n = m->run[r].n - j;
			double *p = x + row * width, bias = rb[row];
			double *move = mem_new(width, sizeof *move), *v = mem_new(width, sizeof *v);

			for (size_t k = 0; k < width; k++)
				v[k] = p[k] + (m->row.pull ? (double)pull[row * width + k] : 0);
			n = n < SGD_GROUP ? n : SGD_GROUP;
			for (size_t i = 0; i < n; i++) {
				size_t a = at + j + i, col = m->col[a];
				double w = m->block.weight ? (double)m->weight[a] : 1;
				double e = (double)m->label[a] - bias - cb[col],
				       *y = q + col * width;

				for (size_t k = 0; k < width; k++)
					e -= v[k] * y[k];
				sum += w * e * e;
				for (size_t k = 0; k < width; k++) {
					move[k] += rate * w * e * y[k];
					y[k] = s * y[k] + rate * w * e * v[k];
				}
				cb[col] = s * cb[col] + rate * w * e;
				rb[row] = (i ? rb[row] : pow(s, (double)n) * bias) + rate * w * e;
			}
			for (size_t k = 0; k < width; k++)
				p[k] = pow(s, (double)n) * p[k] + move[k];
			free(move);
			free(v);
		}
	}
	return sum;
}

static void against_plain(size_t width, int weighted)
{
	struct sgd_step step = sgd_step(width, 0.02, 0.3);
	struct made *m = mem_new(1, sizeof *m);
	double *x, worst = 0, want, got;
	char what[80];

	make(m, width, weighted);
	x = mem_new(m->size, sizeof *x);
	for (size_t i = 0; i < m->size; i++)
		x[i] = (double)m->x[i];
	want = plain(x, m, width, 0.02, 0.3);
	got = SIMD_CALL(sgd_block, &m->block, m->row, m->colside, &step);
	for (size_t i = 0; i < m->size; i++)
		worst = fmax(worst, fabs(x[i] - (double)m->x[i]));
	snprintf(what, sizeof what, "width %zu%s: a block as the formulas in double", width,
		weighted > 1 ? ", pulled"
		: weighted   ? ", weights"
			     : "");
	near(worst, 0, 2e-5, what);
	near(got / want, 1, 1e-4, "and the same sum of squares");
	free(m->x);
	free(m);
	free(x);
}

static void same_bits(size_t width, int weighted)
{
	struct sgd_step step = sgd_step(width, 0.05, 0.05);
	struct made *m = mem_new(LEVELS, sizeof *m);
	double sum[LEVELS];
	char what[80];

	for (size_t l = 0; l < LEVELS; l++) {
		make(&m[l], width, weighted);
		if (LEVEL[l].needs > simd_level())
			continue;
		for (int pass = 0; pass < 3; pass++)
			sum[l] = LEVEL[l].block(&m[l].block, m[l].row, m[l].colside, &step);
		snprintf(what, sizeof what, "width %zu%s: %s gives the bits of base", width,
			weighted > 1 ? ", pulled"
			: weighted   ? ", weights"
				     : "",
			LEVEL[l].name);
		ok(memcmp(m[l].x, m[0].x, m[0].size * sizeof *m[0].x) == 0 &&
				memcmp(&sum[l], &sum[0], sizeof *sum) == 0,
			what);
	}
	for (size_t l = 0; l < LEVELS; l++)
		free(m[l].x);
	free(m);
}

static void dots(void)
{
	float a[100], b[100];
	int all = 1;

	for (size_t i = 0; i < 100; i++) {
		a[i] = draw(i);
		b[i] = draw(200 + i);
	}
	for (size_t n = 0; n <= 100; n++) {
		double want = 0;
		float base = sgd_dot_base(a, b, n);

		for (size_t i = 0; i < n; i++)
			want += (double)a[i] * (double)b[i];
		all &= fabs((double)base - want) < 1e-5;
		for (size_t l = 0; l < LEVELS; l++)
			if (LEVEL[l].needs <= simd_level()) {
				float x = LEVEL[l].dot(a, b, n);

				all &= memcmp(&x, &base, sizeof x) == 0;
			}
	}
	ok(all, "dot of 0 to 100 numbers: right, and the same bits from every level");
}

/* One rating 2 of p = (1, 2, 0 ...), q = (3, 1, 0 ...), biases 0.5 and -1; rate 0.1, l2 0.2:
 * e = 2 - 0.5 + 1 - 5 = -2.5, s = 0.98; p_0 = 0.98 - 0.25 * 3 = 0.23, q_0 = 2.94 - 0.25 = 2.69,
 * p_1 = 1.96 - 0.25 = 1.71, q_1 = 0.98 - 0.5 = 0.48; biases 0.49 - 0.25 and -0.98 - 0.25. */
static void by_hand(void)
{
	float p[SGD_LANES] = { 1, 2 }, q[SGD_LANES] = { 3, 1 }, b = 0.5F, c = -1, label = 2;
	struct sgd_run run = { 0, 1 };
	uint16_t col = 0;
	struct sgd_block block = { &run, 1, &col, &label, NULL };
	struct sgd_step step = sgd_step(SGD_LANES, 0.1, 0.2);
	double sum = SIMD_CALL(sgd_block, &block, (struct sgd_side){ p, &b, NULL },
		(struct sgd_side){ q, &c, NULL }, &step);

	near(sum, 6.25, 1e-6, "by hand: squared error");
	near((double)p[0], 0.23, 1e-6, "by hand: p_0");
	near((double)p[1], 1.71, 1e-6, "by hand: p_1");
	near((double)q[0], 2.69, 1e-6, "by hand: q_0");
	near((double)q[1], 0.48, 1e-6, "by hand: q_1");
	near((double)b, 0.24, 1e-6, "by hand: bias of the row");
	near((double)c, -1.23, 1e-6, "by hand: bias of the column");
	ok(p[2] == 0 && q[SGD_LANES - 1] == 0, "padding stays 0");
}

int main(void)
{
	by_hand();
	dots();
	for (size_t width = SGD_LANES; width <= 10 * SGD_LANES; width += SGD_LANES)
		same_bits(width, (int)(width / SGD_LANES % 3));
	same_bits(2 * SGD_LANES, 0);
	against_plain(SGD_LANES, 0);
	against_plain(2 * SGD_LANES, 1);
	against_plain(8 * SGD_LANES, 0);
	against_plain(9 * SGD_LANES, 1);
	against_plain(2 * SGD_LANES, 2);
	against_plain(5 * SGD_LANES, 2);
	return done();
}
