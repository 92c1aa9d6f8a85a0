/* The way of y is down the slope of the loss, by differences; the step ends where the loss stops
 * falling on it; the same bits on any threads and instruction set. */
#include "implicit.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>

#include "levels.h"
#include "mem.h"
#include "rng.h"
#include "tap.h"

enum { N = 20000, ROWS = 70, COLS = 50, WIDTH = 16 };

static uint32_t row[N], col[N];
static float label[N], weight[N], factors[(ROWS + COLS) * WIDTH], bias[ROWS + COLS];
static struct sgd_side users = { factors, bias, NULL },
		       items = { factors + ROWS * WIDTH, bias + ROWS, NULL };

static struct grid *make(void)
{
	struct grid_ratings r = { row, col, label, weight, NULL, N, ROWS, COLS, 0, 1, false };

	for (uint64_t i = 0; i < N; i++) {
		row[i] = (uint32_t)rng_below(ROWS, 1, RNG_MAKE, 4 * i);
		col[i] = (uint32_t)rng_below(COLS, 1, RNG_MAKE, 4 * i + 1);
		label[i] = (float)rng_normal(1, RNG_MAKE, 4 * i + 2);
		weight[i] = 1 + (float)(i % 2);
	}
	for (uint64_t i = 0; i < (ROWS + COLS) * WIDTH; i++)
		factors[i] = 0.3F * (float)rng_normal(2, RNG_MAKE, i);
	for (uint64_t i = 0; i < ROWS + COLS; i++)
		bias[i] = 0.3F * (float)rng_normal(3, RNG_MAKE, i);
	return grid_new(&r, WIDTH, 1);
}

/* The loss of implicit.h by its definition, of slots. */
static double loss(const struct grid *g, const float *y, double l2)
{
	double sum = 0, count[ROWS] = { 0 }, z[ROWS][WIDTH] = { { 0 } };

	for (size_t i = 0; i < N; i++)
		count[g->row_slot[row[i]]]++;
	for (size_t i = 0; i < N; i++)
		for (size_t k = 0; k < WIDTH; k++)
			z[g->row_slot[row[i]]][k] += (double)y[g->col_slot[col[i]] * WIDTH + k] /
						     sqrt(count[g->row_slot[row[i]]]);
	for (size_t i = 0; i < N; i++) {
		size_t x = g->row_slot[row[i]], c = g->col_slot[col[i]];
		double e = (double)label[i] - (double)users.bias[x] - (double)items.bias[c];

		for (size_t k = 0; k < WIDTH; k++) {
			e -= (double)items.factors[c * WIDTH + k] *
			     ((double)users.factors[x * WIDTH + k] + z[x][k]);
			sum += l2 / 2 * pow((double)y[c * WIDTH + k], 2);
		}
		sum += (double)weight[i] / 2 * e * e;
	}
	return sum;
}

static void slopes(const struct grid *g)
{
	struct implicit *im = implicit_new(g, WIDTH);
	float *y = mem_new(COLS * WIDTH, sizeof *y);
	double most = 0, before, after, on = 0;

	for (uint64_t i = 0; i < COLS * WIDTH; i++)
		im->y[i] = y[i] = 0.1F * (float)rng_normal(4, RNG_MAKE, i);
	implicit_pull(im);
	before = loss(g, y, 0.5);
	implicit_step(im, users, items, 0.5);
	after = loss(g, im->y, 0.5);
	for (size_t i = 0; i < COLS * WIDTH; i += 7) {
		float was = y[i];
		double up, down;

		y[i] = was + 0.01F;
		up = loss(g, y, 0.5);
		y[i] = was - 0.01F;
		down = loss(g, y, 0.5);
		y[i] = was;
		most = fmax(most, fabs((up - down) / 0.02 + (double)im->rest[i]));
		on += (double)im->way[i] * (double)im->rest[i];
	}
	near(most, 0, 2e-2, "the slope of the loss, by differences");
	ok(on > 0 && after < before, "the step goes down");
	for (size_t i = 0; i < COLS * WIDTH; i++)
		y[i] = im->y[i] + 0.02F * im->way[i];
	ok(loss(g, y, 0.5) > after, "farther is worse");
	for (size_t i = 0; i < COLS * WIDTH; i++)
		y[i] = im->y[i] - 0.02F * im->way[i];
	ok(loss(g, y, 0.5) > after, "nearer is worse");
	free(y);
	implicit_free(im);
}

static void bits(const struct grid *g)
{
	struct implicit *first = implicit_new(g, WIDTH), *im;

	omp_set_num_threads(1);
	for (int s = 0; s < 3; s++)
		implicit_step(first, users, items, 1);
	for (int n = 2; n < 8; n += 5) {
		omp_set_num_threads(n);
		im = implicit_new(g, WIDTH);
		for (int s = 0; s < 3; s++)
			implicit_step(im, users, items, 1);
		ok(memcmp(im->y, first->y, COLS * WIDTH * sizeof *im->y) == 0 &&
				memcmp(im->z, first->z, ROWS * WIDTH * sizeof *im->z) == 0,
			"the same bits on any threads");
		implicit_free(im);
	}
	implicit_free(first);
}

static void kernels(const struct grid *g)
{
	void (*gather[])(float *, const struct sgd_block *, const float *, size_t) =
		LEVELS(sgd_gather);
	void (*scatter[])(float *, const struct sgd_block *, const float *, size_t) =
		LEVELS(sgd_scatter);
	void (*curve[])(float *, const struct sgd_block *, const float *, struct sgd_side, size_t) =
		LEVELS(sgd_curve);
	void (*descent[])(float *, const struct sgd_block *, struct sgd_side, struct sgd_side,
		size_t) = LEVELS(sgd_descent);
	struct sgd_side pulled = { users.factors, users.bias, users.factors };
	enum { SIZE = ROWS * WIDTH };
	float *made = mem_new((size_t)levels() * 4 * SIZE, sizeof *made);

	for (int l = 0; l < levels(); l++) {
		float *to = made + l * 4 * SIZE;

		gather[l](to, &g->block[0], items.factors, WIDTH);
		scatter[l](to + SIZE, &g->block[0], users.factors, WIDTH);
		curve[l](to + 2 * SIZE, &g->block[0], users.factors, items, WIDTH);
		descent[l](to + 3 * SIZE, &g->block[0], pulled, items, WIDTH);
		ok(memcmp(made, to, 4 * SIZE * sizeof *made) == 0,
			"the same bits on every instruction set");
	}
	free(made);
}

int main(void)
{
	struct grid *g = make();

	ok(g->parts > 1, "there are several blocks");
	slopes(g);
	bits(g);
	kernels(g);
	grid_free(g);
	return done();
}
