/* Gradients against finite differences, with and without a metric and factors; a planted map. */
#include "mapper.h"

#include <stdlib.h>

#include "mem.h"
#include "rng.h"
#include "tap.h"

enum { R = 40, C = 30, W = 16, H = 32, N = 160 };

static uint32_t row[R];
static float q[R * W], metric[W * W];
static unsigned char keep[R];

static struct csr made(void)
{
	static uint32_t r[N], c[N];
	static float v[N];
	struct csr x;

	for (size_t e = 0; e < N; e++) {
		r[e] = (uint32_t)(e % R);
		c[e] = (uint32_t)rng_below(C, 1, RNG_MAKE, e);
		v[e] = 0.5F + (float)rng_unit(2, RNG_MAKE, e);
	}
	x = csr_new(r, c, v, NULL, N, R);
	csr_unite(&x, false);
	return x;
}

static void slopes(const struct csr *x, const char *what)
{
	struct mapper_how how = { H, 0, 8, 1e-3, 0, 0.5, 0.1, 4 };
	double loss, worst = 0, size = 0;
	size_t best;
	struct mapper *net = mapper_fit(x, C, q, W, NULL, row, R, &how, &best, &loss);
	size_t n = mapper_weights(net);
	float *w = mapper_weight(net), *g = mem_new(n, sizeof *g), *other = mem_new(n, sizeof *g);

	for (size_t i = 0; i < n; i++)
		w[i] = (float)(0.3 * rng_normal(9, RNG_MAKE, i));
	mapper_slope(net, g, x, q, row, keep, R);
	for (size_t i = 0; i < n; i += 7) {
		float old = w[i];
		double up, down;

		w[i] = old + 2e-3F;
		up = mapper_slope(net, other, x, q, row, keep, R);
		w[i] = old - 2e-3F;
		down = mapper_slope(net, other, x, q, row, keep, R);
		w[i] = old;
		worst = fmax(worst, fabs((up - down) / 4e-3 - (double)g[i]));
		size = fmax(size, fabs((double)g[i]));
	}
	near(worst / size, 0, 5e-3, what);
	free(g);
	free(other);
	mapper_free(net);
}

/* e^T C e of rows of W */
static double norm(const float *e, const float *c)
{
	double sum = 0;

	for (size_t i = 0; i < W; i++)
		for (size_t j = 0; j < W; j++)
			sum += (double)e[i] * (c ? (double)c[i * W + j] : i == j) * (double)e[j];
	return sum;
}

/* The loss of what it makes of the rows, with their factors or without. */
static double loss_of(
	const struct mapper *net, const struct csr *x, const float *from, const float *c)
{
	float *out = mem_new(R * W, sizeof *out);
	double off = 0, all = 0;

	mapper_apply(out, net, x, from, row, R);
	for (size_t r = 0; r < R; r++) {
		const float *want = q + row[r] * W;

		all += norm(want, c);
		for (size_t k = 0; k < W; k++)
			out[r * W + k] -= want[k];
		off += norm(out + r * W, c);
	}
	free(out);
	return off / all;
}

/* Factors that are a linear map of content are learned, and from factors alone even more so. */
static void learns(const struct csr *x, const float *c, double drop, double most, const char *what)
{
	struct mapper_how how = { H, 150, 8, 3e-3, 0, drop, 0, 4 };
	double loss;
	size_t best;
	struct mapper *net = mapper_fit(x, C, q, W, c, row, R, &how, &best, &loss);

	ok(loss < most && best > 10, what);
	near(loss_of(net, x, NULL, c), loss, 1e-3, "what it makes of content has that loss");
	if (drop < 1)
		ok(loss_of(net, x, q, c) < 2 * most, "and with factors it is near them");
	mapper_free(net);
}

int main(void)
{
	struct csr x = made();

	for (uint32_t r = 0; r < R; r++) {
		row[r] = (r * 7) % R;
		keep[r] = r % 3 > 0;
		for (uint64_t e = x.at[r]; e < x.at[r + 1]; e++)
			for (size_t k = 0; k < W; k++)
				q[r * W + k] += x.value[e] *
						(float)rng_normal(3, RNG_MAKE, x.id[e] * W + k);
	}
	for (size_t i = 0; i < W; i++)
		for (size_t j = 0; j < W; j++)
			for (size_t k = 0; k < 3; k++)
				metric[i * W + j] += (float)(rng_normal(5, RNG_MAKE, i * 3 + k) *
							     rng_normal(5, RNG_MAKE, j * 3 + k));
	for (size_t i = 0; i < W; i++)
		metric[i * W + i] += i % 2 ? 0.01F : 1;
	slopes(&x, "gradient of the squared error");
	learns(&x, NULL, 1, 0.1, "a planted map is learned");
	learns(&x, NULL, 0.5, 0.1, "also when half of the rows have their factors");
	learns(&x, metric, 0.5, 0.1, "and by the scores of a skewed metric");
	csr_free(&x);
	return done();
}
