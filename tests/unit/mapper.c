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

static void slopes(const struct csr *x, const float *m, const char *what)
{
	struct mapper_how how = { H, 0, 8, 1e-3, 0, 0.5, 0.1, 4 };
	double loss, worst = 0, size = 0;
	size_t best;
	struct mapper *net = mapper_fit(x, C, q, W, m, row, R, &how, &best, &loss);
	size_t n = mapper_weights(net);
	float *w = mapper_weight(net), *g = mem_new(n, sizeof *g), *other = mem_new(n, sizeof *g);

	for (size_t i = 0; i < n; i++)
		w[i] = (float)(0.3 * rng_normal(9, RNG_MAKE, i));
	mapper_slope(net, g, x, q, m, row, keep, R);
	for (size_t i = 0; i < n; i += 7) {
		float old = w[i];
		double up, down;

		w[i] = old + 2e-3F;
		up = mapper_slope(net, other, x, q, m, row, keep, R);
		w[i] = old - 2e-3F;
		down = mapper_slope(net, other, x, q, m, row, keep, R);
		w[i] = old;
		worst = fmax(worst, fabs((up - down) / 4e-3 - (double)g[i]));
		size = fmax(size, fabs((double)g[i]));
	}
	near(worst / size, 0, 5e-3, what);
	free(g);
	free(other);
	mapper_free(net);
}

/* Factors that are a linear map of content are learned, and from factors alone even more so. */
static void learns(const struct csr *x, double drop, double most, const char *what)
{
	struct mapper_how how = { H, 150, 8, 3e-3, 0, drop, 0, 4 };
	double loss;
	size_t best;
	struct mapper *net = mapper_fit(x, C, q, W, NULL, row, R, &how, &best, &loss);
	float *out = mem_new(R * W, sizeof *out);
	double off = 0, all = 0;

	ok(loss < most && best > 10, what);
	mapper_apply(out, net, x, NULL, row, R);
	for (size_t i = 0; i < R * W; i++) {
		double want = (double)q[row[i / W] * W + i % W];

		off += ((double)out[i] - want) * ((double)out[i] - want);
		all += want * want;
	}
	near(off / all, loss, 1e-3, "what it makes of content has that loss");
	free(out);
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
	slopes(&x, NULL, "gradient of the squared error");
	slopes(&x, metric, "gradient of the error of scores");
	learns(&x, 1, 0.1, "a planted map is learned");
	learns(&x, 0.5, 0.1, "also when half of the rows have their factors");
	csr_free(&x);
	return done();
}
