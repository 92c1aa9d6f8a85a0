/* A first layer's sums by halves, against sums in doubles: within 1e-5; numbers of every row, of rows
 * that have none, of a batch's last group. */
#include "halves.h"

#include <stdlib.h>

#include "initial.h"
#include "mem.h"
#include "rng.h"
#include "tap.h"

enum { ROWS = 70, MANY = 531, BATCH = 41, UNITS = 37 };

static uint32_t row[ROWS];
static float number[(ROWS - 3) * MANY];
static const struct net_field field = {
	.kind = NET_NUM, .values = MANY, .key = row, .entries = ROWS - 3, .num = number
}; /* the last three rows have none */

static double standard(const struct net *net, uint32_t r, size_t j)
{
	if (r >= ROWS - 3)
		return 0;
	return ((double)number[r * MANY + j] - (double)net->mean[j]) * (double)net->scale[j];
}

/* The furthest of a half's sums for the batch at hand, and of the inputs that it leaves. */
static double off(const struct trainer *t, const struct worker *w, size_t half)
{
	const struct net_layer *y = t->net->layer;
	size_t from = half ? t->split : 0, to = half ? MANY : t->split;
	double far = 0;

	for (size_t r = 0; r < w->n; r++)
		for (size_t u = 0; u < UNITS; u++) {
			const float *panel = y->weights.w +
					     u / GEMM_PANEL * (MANY + 1) * GEMM_PANEL +
					     u % GEMM_PANEL;
			double sum = half ? (double)panel[(size_t)MANY * GEMM_PANEL] : 0;

			for (size_t j = from; j < to; j++) {
				double x = standard(t->net, w->row[r], j);

				sum += x * (double)panel[j * GEMM_PANEL];
				far = fmax(far,
					fabs(x - (double)t->work->forward.x[r * t->net->ldx + j]));
			}
			far = fmax(far,
				fabs(sum - (double)t->half[w->step % 2][half][r * y->width + u]));
		}
	return far;
}

int main(void)
{
	struct net_shape shape = {
		.arch = NET_MLP, .layers = 1, .hidden = { UNITS }, .fields = 1, .field = &field
	};
	struct net *net = net_new(&shape);
	struct fit how = { .seed = 1, .batch = BATCH };
	struct trainer t;
	struct worker w;
	char what[80];

	for (uint32_t i = 0; i < ROWS; i++)
		row[i] = i;
	for (size_t i = 0; i < sizeof number / sizeof *number; i++)
		number[i] = (float)rng_normal(1, RNG_MAKE, i) * 3 + 1;
	initial_weights(net, 1, &field, row, ROWS, 0);
	trainer_open(&t, net, &how, &field, row, ROWS, 0);
	w = worker_new(&t, 0);
	for (size_t s = 0; s < 2; s++) {
		worker_step(&w, &t, s);
		for (size_t half = 0; half < 2; half++) {
			halves_sum(&t, &w, half);
			snprintf(what, sizeof what, "step %zu, %zu rows, half %zu", s, w.n, half);
			near(off(&t, &w, half), 0, 1e-5, what);
		}
	}
	worker_free(&w);
	trainer_close(&t);
	net_free(net);
	return done();
}
