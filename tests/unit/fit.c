/* Every gradient against finite differences, for every architecture and kind of field; the same
 * bits for any threads and instruction set is tests/cli/bits.t. */
#include "fit.h"

#include <stdlib.h>

#include "forward.h"
#include "initial.h"
#include "mem.h"
#include "rng.h"
#include "tap.h"

enum { ROWS = 37, USERS = 7, ITEMS = 5 };

static uint32_t user[ROWS], item[ROWS], category[ITEMS] = { 0, 2, 1, 2, 0 }, order[ROWS];
static uint64_t at[USERS + 1] = { 0, 2, 2, 3, 6, 7, 8, 10 };
static uint32_t id[10] = { 0, 1, 2, 0, 1, 3, 3, 2, 9, 1 }; /* 9 is unknown */
static float number[ROWS * 3], label[ROWS], teacher[ROWS], weight[ROWS];

static struct net_field field[5] = {
	{ NET_CAT, USERS, user, USERS, NULL, NULL, NULL, NULL },
	{ NET_CAT, ITEMS, item, ITEMS, NULL, NULL, NULL, NULL },
	{ NET_CAT, 3, item, ITEMS, category, NULL, NULL, NULL },
	{ NET_BAG, 4, user, USERS, NULL, at, id, NULL },
	{ NET_NUM, 3, NULL, ROWS, NULL, NULL, NULL, number },
};

static void make(void)
{
	for (uint64_t r = 0; r < ROWS; r++) {
		order[r] = (uint32_t)r;
		user[r] = (uint32_t)rng_below(USERS + 1, 1, RNG_MAKE, r); /* USERS is unknown */
		item[r] = (uint32_t)rng_below(ITEMS, 2, RNG_MAKE, r);
		label[r] = rng_unit(3, RNG_MAKE, r) < 0.5;
		teacher[r] = (float)rng_normal(4, RNG_MAKE, r) * 2;
		weight[r] = (float)rng_unit(5, RNG_MAKE, r) + 0.5f;
		for (uint64_t j = 0; j < 3; j++)
			number[3 * r + j] = (float)rng_normal(6, RNG_MAKE, 3 * r + j) * 3 + 1;
	}
}

/* The mean loss in doubles, straight from the formulas of loss.h. */
static double loss(const struct net *net, const struct fit *how)
{
	float z[ROWS];
	double sum = 0, t = (double)how->loss.temperature, a = (double)how->loss.alpha;

	forward_scores(net, field, NULL, ROWS, z);
	for (int r = 0; r < ROWS; r++) {
		double x = (double)z[r], y = (double)label[r], s = (double)teacher[r], hard, soft;

		if (how->loss.logistic) {
			hard = log1p(exp(x)) - y * x;
			soft = t * t * (log1p(exp(x / t)) - x / t / (1 + exp(-s / t)));
		} else {
			hard = (x - y) * (x - y) / 2;
			soft = (x - s) * (x - s) / 2;
		}
		sum += (double)weight[r] * (a * soft + (1 - a) * hard);
	}
	return sum / ROWS;
}

/* After one step from zero moments, the first moment is 0.1 g. */
static double worst(struct net *net, const struct fit *how, double *reported)
{
	double far = 0;
	size_t bad;

	*reported = fit_epoch(net, how, field, order, ROWS, 0, &bad);
	for (size_t i = 0; i < net_tensors(net); i++) {
		struct net_tensor t = net_tensor(net, i);
		size_t n = t.rows * (t.cols ? t.cols : 1);
		float *w, *m;

		if (!net_trained(t))
			continue;
		w = mem_new(n, sizeof *w);
		m = mem_new(n, sizeof *m);
		net_get(net, i, NET_WEIGHT, w);
		net_get(net, i, NET_FIRST_MOMENT, m);
		for (size_t j = 0; j < n; j++) {
			float keep = w[j], step = 2e-4f;
			double up, down;

			w[j] = keep + step;
			net_set(net, i, NET_WEIGHT, w);
			up = loss(net, how);
			w[j] = keep - step;
			net_set(net, i, NET_WEIGHT, w);
			down = loss(net, how);
			w[j] = keep;
			net_set(net, i, NET_WEIGHT, w);
			far = fmax(far, fabs((up - down) / (2 * (double)step) - 10 * (double)m[j]));
		}
		free(w);
		free(m);
	}
	return far;
}

int main(void)
{
	static const char *const name[] = { "lr", "fm", "mlp", "wide-deep", "deepfm", "dcn" };
	struct fit how = { .seed = 3,
		.batch = ROWS,
		.optim = { .clip = INFINITY },
		.rate = 1e-30,
		.label = label,
		.teacher = teacher,
		.weight = weight };
	char what[128];

	make();
	for (int arch = 0; arch < NET_ARCHS; arch++)
		for (int kind = 0; kind < 3; kind++) {
			struct net_shape shape = { .arch = (enum net_arch)arch,
				.logistic = kind < 2,
				.dim = kind ? 16 : 5,
				.layers = 2,
				.crosses = 2,
				.hidden = { 40, 7 },
				.fields = 5,
				.field = field };
			struct net *net = net_new(&shape);
			double reported, far;

			how.loss = (struct loss){ kind < 2, kind == 1 ? 0.7f : kind ? 0.5f : 0, 2,
				false };
			initial_weights(net, 1 + (uint64_t)kind, field, order, ROWS, 0.3);
			far = worst(net, &how, &reported);
			snprintf(what, sizeof what, "%s %s: gradients equal finite differences",
				name[arch],
				kind == 0   ? "hard"
				: kind == 1 ? "soft, T 2"
					    : "squared");
			near(far, 0, 1e-3, what);
			snprintf(
				what, sizeof what, "%s: the reported loss is the loss", name[arch]);
			near(reported, loss(net, &how), 1e-5, what);
			net_free(net);
		}
	return done();
}
