/* layer: products by hand; slopes and gradients against the formula in double. */
#include "layer.h"

#include <stdlib.h>

#include "mem.h"
#include "rng.h"
#include "tap.h"

enum { IN = 37, OUT = 35, N = 9, PADDED = 2 * LAYER_LANES };

static double weight(const struct layer *l, size_t n, size_t k)
{
	return (double)l->w[(n / LAYER_LANES * (l->in + 1) + k) * LAYER_LANES + n % LAYER_LANES];
}

static void start(void)
{
	struct layer l;
	double least = 1, most = -1, sum = 0;

	layer_new(&l, 400, 100, 3);
	for (size_t n = 0; n < 100; n++)
		for (size_t k = 0; k <= 400; k++) {
			double w = weight(&l, n, k);

			least = w < least ? w : least;
			most = w > most ? w : most;
			sum += w;
		}
	ok(least >= -0.05 && least < -0.0499 && most <= 0.05 && most > 0.0499,
		"weights within 1 / sqrt(400)");
	near(sum / 40100, 0, 0.0005, "about 0 on average");
	ok(layer_round_up(1) == LAYER_LANES && layer_round_up(LAYER_LANES) == LAYER_LANES &&
			layer_round_up(0) == 0,
		"whole panels");
	layer_free(&l);
}

static float x[N * IN], y[N * PADDED], dy[N * PADDED], dx[N * PADDED], in[N * PADDED],
	spare[(IN + 1) * LAYER_LANES];

static void passes(struct layer *l)
{
	double worst = 0;

	layer_forward(l, y, x, IN, N, GEMM_BIAS);
	for (size_t i = 0; i < N; i++)
		for (size_t n = 0; n < OUT; n++) {
			double want = weight(l, n, IN);

			for (size_t k = 0; k < IN; k++)
				want += weight(l, n, k) * (double)x[i * IN + k];
			worst = fmax(worst, fabs((double)y[i * PADDED + n] - want));
		}
	near(worst, 0, 1e-5, "b + W x");
	layer_turn(l);
	layer_backward(l, dx, dy, in, N);
	worst = 0;
	for (size_t i = 0; i < N; i++)
		for (size_t k = 0; k < IN; k++) {
			double want = 0;

			for (size_t n = 0; n < OUT && in[i * PADDED + k] > 0; n++)
				want += weight(l, n, k) * (double)dy[i * PADDED + n];
			worst = fmax(worst, fabs((double)dx[i * PADDED + k] - want));
		}
	near(worst, 0, 1e-5, "W^T dy where the input was above 0");
	layer_backward(l, dx, dy, NULL, N);
	worst = 0;
	for (size_t n = 0; n < OUT; n++)
		worst += weight(l, n, 1) * (double)dy[n];
	near((double)dx[1], worst, 1e-5, "and everywhere without a mask");
}

static void learns(struct layer *l)
{
	struct optim_clock clock = { 1, 1 };
	const struct optim adam = { OPTIM_ADAM, false, 0, INFINITY };
	struct optim_step step;
	double worst = 0, before, gradient = 0;

	layer_collect(l, x, IN, dy, N, spare);
	layer_collect(l, x, IN, dy, N, spare);
	for (size_t n = 0; n < OUT; n++)
		for (size_t k = 0; k <= IN; k++) {
			size_t at =
				(n / LAYER_LANES * (IN + 1) + k) * LAYER_LANES + n % LAYER_LANES;
			double want = 0;

			for (size_t i = 0; i < N; i++)
				want += 2 * (double)dy[i * PADDED + n] *
					(k < IN ? (double)x[i * IN + k] : 1);
			worst = fmax(worst, fabs((double)l->g[at] - want));
			gradient = n == 33 && k == IN ? want : gradient;
		}
	near(worst, 0, 1e-5, "dy x^T and the bias's, twice");
	before = weight(l, 33, IN);
	optim_tick(&clock);
	step = optim_at(&clock, &adam, 0.01, 0);
	layer_step(l, &step);
	near(weight(l, 33, IN) - before, gradient > 0 ? -0.01 : 0.01, 1e-6,
		"Adam's first step is the rate against the gradient's sign");
	ok(l->g[0] == 0 && l->g[l->size - 1] == 0, "which is used up");
}

int main(void)
{
	struct layer l;

	for (size_t i = 0; i < N * IN; i++)
		x[i] = (float)rng_normal(1, RNG_MAKE, i);
	for (size_t i = 0; i < N; i++) {
		for (size_t n = 0; n < OUT; n++)
			dy[i * PADDED + n] = (float)rng_normal(2, RNG_MAKE, i * OUT + n);
		for (size_t k = 0; k < IN; k++)
			in[i * PADDED + k] = (float)fmax(rng_normal(3, RNG_MAKE, i * IN + k), 0);
	}
	start();
	layer_new(&l, IN, OUT, 7);
	passes(&l);
	learns(&l);
	layer_free(&l);
	return done();
}
