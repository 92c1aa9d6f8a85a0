/* Moments by hand: two rows whose unit j is j + 1 and j + 3 have mean j + 2 and variance 1, or 2
 * when it is divided by n - 1. */
#include "moments.h"

#include <stdlib.h>

#include "mem.h"
#include "tap.h"

enum { UNITS = 33 }; /* a panel and a unit */

/* Of units from .. to - 1. */
static int all(const float *x, float first, float more, size_t from, size_t to)
{
	for (size_t j = from; j < to; j++)
		if (!(fabsf(x[j] - (first + more * (float)j)) <= 1e-5f))
			return 0;
	return 1;
}

int main(void)
{
	static const struct net_field field = { .kind = NET_CAT, .values = 3 };
	struct net_shape shape = { .arch = NET_MLP,
		.dim = 2,
		.layers = 1,
		.hidden = { UNITS },
		.norm = NET_BATCH_NORM,
		.fields = 1,
		.field = &field };
	struct net *net = net_new(&shape);
	struct net_layer *y = net->layer;
	struct forward_moments m[1];
	float *u = mem_new(2 * y->width, sizeof *u), *dy = mem_new(2 * y->width, sizeof *dy);

	moments_new(m, net);
	for (size_t j = 0; j < UNITS; j++) {
		y->mean.w[j] = 0;
		y->variance.w[j] = 1;
		u[j] = (float)j + 1;
		u[y->width + j] = (float)j + 3;
		dy[j] = 1;
		dy[y->width + j] = (float)j;
	}
	moments_take(y, m, u, 2, 1);
	ok(all(m->mean, 34, 0, 32, 33) && all(m->mean, 0, 0, 0, 32), "one panel at a time");
	moments_take(y, m, u, 2, 0);
	ok(all(m->mean, 2, 1, 0, UNITS), "mean j + 2");
	ok(all(m->inverse, 1 / sqrtf(1 + 1e-5f), 0, 0, UNITS), "1 / deviation: the variance is 1");
	ok(all(y->mean.w, 0.2f, 0.1f, 0, UNITS), "running mean 0.9 * 0 + 0.1 (j + 2)");
	ok(all(y->variance.w, 1.1f, 0, 0, UNITS), "running variance 0.9 * 1 + 0.1 * 2");
	y->mean.pace = 0;
	moments_take(y, m, u, 1, 0);
	ok(all(y->mean.w, 0.2f, 0.1f, 0, UNITS), "a frozen mean stays");
	ok(all(y->variance.w, 0.99f, 0, 0, 32) && all(m->mean, 1, 1, 0, 32) &&
			all(m->inverse, 1 / sqrtf(1e-5f), 0, 0, 32),
		"one row: variance 0, which joins 1.1 as 0.99");
	for (size_t panel = 0; panel < y->panels; panel++)
		moments_sums(y, m, dy, u, 2, panel);
	ok(y->panels == 2 && all(m->shift, 1, 1, 0, UNITS), "sum of dy: 1 + j");
	for (size_t j = 0; j < UNITS; j++) /* (j + 1) + j (j + 3) */
		m->gain[j] -= (float)(j * j + 4 * j + 1);
	ok(all(m->gain, 0, 0, 0, UNITS), "sum of dy xhat");
	moments_free(m, net);
	net_free(net);
	free(u);
	free(dy);
	return done();
}
