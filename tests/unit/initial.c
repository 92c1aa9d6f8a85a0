/* Weights before training: their spread, what starts at 0 or 1, mean and scale of numbers by hand. */
#include "initial.h"

#include <stdlib.h>

#include "mem.h"
#include "tap.h"

enum { ROWS = 4, USERS = 2000 };

static const uint32_t user[ROWS] = { 0, 1, 2, 3 };
static const float number[2 * ROWS] = { 1, 5, 2, 5, 3, 5, 6, 5 };
static struct net_field field[] = {
	{ .kind = NET_CAT, .values = USERS, .key = user, .entries = USERS },
	{ .kind = NET_NUM, .values = 2, .entries = ROWS, .num = number },
};

static struct net *make(enum net_arch arch, uint64_t seed)
{
	static const uint32_t row[ROWS] = { 0, 1, 2, 3 };
	struct net_shape shape = { .arch = arch, .dim = 8, .layers = 1, .hidden = { 33 },
		.norm = arch == NET_MLP ? NET_LAYER_NORM : NET_PLAIN, .fields = 2, .field = field };
	struct net *net = net_new(&shape);

	initial_weights(net, seed, field, row, ROWS, 0.25);
	return net;
}

/* The tensor of that part, and how many numbers it has; the caller's. */
static float *get(const struct net *net, const char *part, const char *stack, size_t *n)
{
	for (size_t i = 0; i < net_tensors(net); i++) {
		struct net_tensor t = net_tensor(net, i);
		float *x;

		if (strcmp(t.part, part) != 0 || (stack && (!t.stack || strcmp(t.stack, stack) != 0)))
			continue;
		*n = t.rows * (t.cols ? t.cols : 1);
		x = mem_new(*n, sizeof *x);
		net_get(net, i, NET_WEIGHT, x);
		return x;
	}
	*n = 0;
	return NULL;
}

static void spread(const struct net *net, const char *part, const char *stack, double deviation)
{
	size_t n;
	float *x = get(net, part, stack, &n);
	double sum = 0, square = 0, most = 0;
	char what[80];

	for (size_t i = 0; i < n; i++) {
		sum += (double)x[i];
		square += (double)x[i] * (double)x[i];
		most = fmax(most, fabs((double)x[i]));
	}
	snprintf(what, sizeof what, "%s %s: %zu numbers around 0", stack ? stack : "", part, n);
	near(sum / (double)n, 0, 4 * deviation / sqrt((double)n), what);
	near(sqrt(square / (double)n), deviation, 0.1 * deviation, "  of that deviation");
	near(most, sqrt(3) * deviation, 0.05 * deviation, "  uniform up to its bound");
	free(x);
}

static void all(const struct net *net, const char *part, double value, const char *what)
{
	size_t n, equal = 0;
	float *x = get(net, part, NULL, &n);

	for (size_t i = 0; i < n; i++)
		equal += (double)x[i] == value;
	ok(n && equal == n, what);
	free(x);
}

int main(void)
{
	struct net *net = make(NET_MLP, 1), *same_seed = make(NET_MLP, 1), *fm = make(NET_FM, 1),
		   *other = make(NET_MLP, 2);
	size_t n, m;
	float *a, *b;

	spread(net, "embedding", NULL, 0.05);
	spread(net, "weight", "mlp", 1 / sqrt(3 * (8 + 2)));
	spread(fm, "embedding", NULL, 0.01);
	all(fm, "linear", 0, "the first order starts at 0");
	all(net, "gain", 1, "a normalisation's gain at 1");
	all(net, "shift", 0, "its shift at 0");
	all(net, "bias", 0.25, "the bias where it was told");
	a = get(net, "mean", NULL, &n);
	near(n == 2 ? (double)a[0] : 0, 3, 0, "the mean of 1, 2, 3 and 6");
	free(a);
	a = get(net, "scale", NULL, &n);
	near((double)a[0], 1 / sqrt(3.5), 1e-7, "1 / their deviation");
	near((double)a[1], 0, 0, "a constant number is left out");
	free(a);
	ok(memcmp(net->block, same_seed->block, net->size[0] * sizeof *net->block) == 0,
		"the same seed: the same weights");
	a = get(net, "embedding", NULL, &n);
	b = get(other, "embedding", NULL, &m);
	ok(n == m && memcmp(a, b, n * sizeof *a) != 0, "another seed: others");
	free(a);
	free(b);
	net_free(net);
	net_free(same_seed);
	net_free(other);
	net_free(fm);
	return done();
}
