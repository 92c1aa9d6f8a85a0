/* A step against the formulas in double, its gradient against differences of the loss; negatives
 * are never positives, and spread as they should; the same bits on every instruction set. */
#include "duel.h"

#include <math.h>
#include <stdlib.h>

#include "levels.h"
#include "mem.h"
#include "rng.h"
#include "tap.h"

enum { ROWS = 20, COLS = 30, MOST = 12, WIDEST = 9 * SGD_LANES };

struct made {
	struct sgd_run run[2][ROWS];
	uint16_t col[2][ROWS * MOST];
	float weight[2][ROWS * MOST];
	struct sgd_block block[2];
	float row[ROWS * WIDEST], item[2][COLS * WIDEST], bias[2][COLS];
	uint8_t mark[2 * COLS];
};

static float draw(uint64_t i)
{
	return (float)(rng_unit(1, RNG_MAKE, i) - 0.5);
}

static struct duel make(struct made *m, size_t width, int weighted, int biased)
{
	struct duel d = { .row = m->row, .mark = m->mark, .key = 5 };

	memset(m, 0, sizeof *m);
	for (size_t c = 0; c < 2; c++) {
		size_t runs = 0, at = 0, last = 0;

		for (size_t r = c; r < ROWS; r += 1 + r % 2) {
			size_t n = 1 + (r * 7 + c) % MOST;

			m->run[c][runs++] = (struct sgd_run){ (r - last) & SGD_SKIP, n & 63 };
			last = r;
			for (size_t j = 0; j < n; j++, at++) {
				m->col[c][at] = (uint16_t)((r * 11 + j * 7) % COLS);
				m->weight[c][at] = 1 + draw(5000 + at);
			}
		}
		m->block[c] = (struct sgd_block){ m->run[c], runs, m->col[c], NULL,
			weighted ? m->weight[c] : NULL };
		for (size_t i = 0; i < COLS * width; i++)
			m->item[c][i] = draw(10000 * c + i);
		d.chunk[c] = (struct duel_chunk){ &m->block[c],
			{ m->item[c], biased ? m->bias[c] : NULL, NULL }, COLS, NULL, 0 };
	}
	for (size_t i = 0; i < ROWS * width; i++)
		m->row[i] = draw(70000 + i);
	return d;
}

static void same_bits(size_t width, int weighted, int biased)
{
	struct duel_count (*run[])(const struct duel *, const struct sgd_step *) = LEVELS(duel_run);
	struct sgd_step step = sgd_step(width, 0.1, 0.1);
	struct made *m = mem_new(3, sizeof *m);
	struct duel_count told[3];
	char what[80];

	for (int l = 0; l < levels(); l++) {
		struct duel d = make(&m[l], width, weighted, biased);

		for (d.key = 0; d.key < 20; d.key++)
			told[l] = run[l](&d, &step);
		snprintf(what, sizeof what, "width %zu%s%s: the bits of base, level %d", width,
			weighted ? ", weights" : "", biased ? ", biases" : "", l);
		ok(memcmp(m[l].row, m[0].row, sizeof m->row) == 0 &&
				memcmp(m[l].item, m[0].item, sizeof m->item) == 0 &&
				memcmp(m[l].bias, m[0].bias, sizeof m->bias) == 0 &&
				told[l].pairs == told[0].pairs && told[l].won == told[0].won,
			what);
	}
	ok(told[0].won * 10 > told[0].pairs * 8, "what is trained wins");
	free(m);
}

/* One positive 0 and one other item, 1: the negative can only be that. p = (1, 2), q_0 = (3, 1),
 * q_1 = (2, 2), biases 0.5 and 1: x = 1 * 1 + 2 * -1 - 0.5 = -1.5; s = 0.98,
 * g = 0.1 * 2 / (1 + e^-1.5). */
static void by_hand(void)
{
	float p[SGD_LANES] = { 1, 2 }, q[2 * SGD_LANES] = { 3, 1 }, c[2] = { 0.5F, 1 }, w = 2;
	struct sgd_run run = { 0, 1 };
	uint16_t col = 0;
	uint8_t mark[2] = { 0 };
	struct sgd_block block = { &run, 1, &col, NULL, &w };
	struct sgd_step step = sgd_step(SGD_LANES, 0.1, 0.2);
	struct duel d = { { { &block, { q, c, NULL }, 2, NULL, 0 } }, p, mark, 3 };
	double g = 0.2 / (1 + exp(-1.5));
	struct duel_count told;

	q[SGD_LANES] = q[SGD_LANES + 1] = 2;
	told = SIMD_CALL(duel_run, &d, &step);
	ok(told.pairs == 1 && told.won == 0, "by hand: one pair, lost");
	near((double)p[0], 0.98 + g, 1e-6, "by hand: p_0");
	near((double)p[1], 1.96 - g, 1e-6, "by hand: p_1");
	near((double)q[0], 2.94 + g, 1e-6, "by hand: q_y 0");
	near((double)q[1], 0.98 + 2 * g, 1e-6, "by hand: q_y 1");
	near((double)q[SGD_LANES], 1.96 - g, 1e-6, "by hand: q_z 0");
	near((double)q[SGD_LANES + 1], 1.96 - 2 * g, 1e-6, "by hand: q_z 1");
	near((double)c[0], 0.49 + g, 1e-6, "by hand: c_y");
	near((double)c[1], 0.98 - g, 1e-6, "by hand: c_z");
	ok(!mark[0] && !mark[1], "marks are left 0");
	d.chunk[0].cols = 1;
	told = SIMD_CALL(duel_run, &d, &step);
	ok(told.pairs == 0, "who has every item is left out");
}

/* The step of p is minus the slope of softplus(-x), by differences, from -50 to 50. */
static void slope(void)
{
	int good = 1;

	for (int i = -50; i <= 50; i++) {
		float p[SGD_LANES] = { (float)i }, q[2 * SGD_LANES] = { 1 };
		struct sgd_run run = { 0, 1 };
		uint16_t col = 0;
		uint8_t mark[2] = { 0 };
		struct sgd_block block = { &run, 1, &col, NULL, NULL };
		struct sgd_step step = sgd_step(SGD_LANES, 1, 0);
		struct duel d = { { { &block, { q, NULL, NULL }, 2, NULL, 0 } }, p, mark, 3 };
		double h = 1e-5, up = log1p(exp(-(i + h))), down = log1p(exp(-(i - h)));

		SIMD_CALL(duel_run, &d, &step);
		good &= fabs(((double)p[0] - i) + (up - down) / (2 * h)) < 1e-5 + 1e-6 * abs(i);
	}
	ok(good, "the step is the slope of ln sigma, by differences");
}

/* One row with positives 0 .. 9 of both chunks; only the biases of what was drawn move. */
static void draws(int popular)
{
	enum { TIMES = 4000 };
	float *p = mem_new(SGD_LANES, sizeof *p), *q = mem_new(COLS * SGD_LANES, sizeof *q);
	float c[2][COLS] = { { 0 }, { 0 } };
	struct sgd_run run = { 0, 10 };
	uint16_t col[10], often[COLS * 2];
	uint8_t mark[2 * COLS] = { 0 };
	struct sgd_block block = { &run, 1, col, NULL, NULL };
	struct sgd_step step = sgd_step(SGD_LANES, 1e-3, 0);
	struct duel d = { { { &block, { q, c[0], NULL }, COLS, NULL, 0 },
				  { &block, { q, c[1], NULL }, COLS, NULL, 0 } },
		p, mark, 0 };
	double most = 0, least = 1e9, twice = 0, once = 0;
	size_t n = 0;

	for (uint16_t j = 0; j < 10; j++)
		col[j] = j;
	for (uint16_t j = 0; j < COLS; j++) /* the upper half is drawn twice as often */
		for (int t = 0; t < 1 + (j >= 20); t++)
			often[n++] = j;
	for (int k = 0; popular && k < 2; k++) {
		d.chunk[k].often = often;
		d.chunk[k].often_n = n;
	}
	for (d.key = 0; d.key < TIMES; d.key++) {
		memset(q, 0, COLS * SGD_LANES * sizeof *q);
		memset(p, 0, SGD_LANES * sizeof *p);
		SIMD_CALL(duel_run, &d, &step);
	}
	for (int k = 0; k < 2; k++)
		for (size_t j = 0; j < COLS; j++) {
			if (j < 10) {
				ok(c[k][j] > 0, "a positive only wins");
				continue;
			}
			most = fmax(most, -(double)c[k][j]);
			least = fmin(least, -(double)c[k][j]);
			*(j >= 20 ? &twice : &once) -= (double)c[k][j];
		}
	if (popular)
		near(twice / once, 2, 0.25, "popular items twice as often");
	else
		ok(least > 0.8 * most, "all others as often, of both chunks");
	free(p);
	free(q);
}

int main(void)
{
	by_hand();
	slope();
	draws(0);
	draws(1);
	for (size_t width = SGD_LANES; width <= WIDEST; width += SGD_LANES)
		same_bits(width, width % 32 == 0, width % 48 == 0);
	return done();
}
