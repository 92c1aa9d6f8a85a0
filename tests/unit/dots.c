/* Products of rows chosen by id against sums in double; every instruction set's bits. */
#include "dots.h"

#include <stdlib.h>

#include "mem.h"
#include "tap.h"

enum { ROWS = 9, PITCH = 128, PAIRS = 37 };

static float p[ROWS * PITCH], q[ROWS * PITCH];
static uint32_t user[PAIRS], item[PAIRS], order[PAIRS];

static double exact(size_t k, size_t width)
{
	double sum = 0;

	for (size_t i = 0; i < width; i++)
		sum += (double)p[user[k] * PITCH + i] * (double)q[item[k] * PITCH + i];
	return sum;
}

static void pairs(size_t width, size_t n)
{
	float score[PAIRS + 1], base[PAIRS + 1];
	double worst = 0;
	char what[80];

	score[n] = base[n] = 7;
	SIMD_CALL(dots_pairs, score, p, q, PITCH, width, user, item, n);
	dots_pairs_base(base, p, q, PITCH, width, user, item, n);
	for (size_t k = 0; k < n; k++)
		worst = fmax(worst, fabs((double)score[k] - exact(k, width)));
	snprintf(what, sizeof what, "%zu pairs of %zu: the products", n, width);
	near(worst, 0, 1e-5, what);
	ok(score[n] == 7 && memcmp(score, base, n * sizeof *score) == 0,
		"  nothing beyond; the same bits as without vectors");
}

static void gathered(size_t width)
{
	float g[PITCH], base[PITCH], c[PAIRS];
	double worst = 0;
	char what[80];

	for (size_t k = 0; k < PAIRS; k++)
		c[k] = (float)cos((double)k);
	SIMD_CALL(dots_gather, g, q, PITCH, width, item, c, order, PAIRS);
	dots_gather_base(base, q, PITCH, width, item, c, order, PAIRS);
	for (size_t i = 0; i < width; i++) {
		double sum = 0;

		for (size_t k = 0; k < PAIRS; k++)
			sum += (double)c[k] * (double)q[item[k] * PITCH + i];
		worst = fmax(worst, fabs((double)g[i] - sum));
	}
	snprintf(what, sizeof what, "a row's gradient of %zu columns", width);
	near(worst, 0, 1e-5, what);
	ok(memcmp(g, base, width * sizeof *g) == 0, "  the same bits as without vectors");
}

int main(void)
{
	for (size_t i = 0; i < ROWS * PITCH; i++) {
		p[i] = (float)sin(1.3 * (double)i);
		q[i] = (float)cos(0.7 * (double)i);
	}
	for (uint32_t k = 0; k < PAIRS; k++) {
		user[k] = k * 5 % ROWS;
		item[k] = k * 7 % ROWS;
		order[k] = k * 11 % PAIRS;
	}
	for (size_t width = DOTS_LANES; width <= PITCH; width += DOTS_LANES) {
		pairs(width, PAIRS);
		pairs(width, width / DOTS_LANES % 4);
		gathered(width);
	}
	return done();
}
