/* Outputs and every gradient against PyTorch (tests/fixtures/net/make.py): outputs, loss and the
 * moments of a batch within 2e-6, gradients within 2e-6 (1 + |g|), also those that clip_grad_norm_
 * has brought to a norm of 0.5. */
#include "gradient.h"

#include "epoch.h"
#include "infer.h"
#include "mem.h"
#include "tap.h"

struct fixture {
	const char *name;
	enum net_arch arch;
	enum active active;
	enum net_norm norm;
	bool logistic, sum, unknown;
	size_t wides;
	double dropout; /* the mask is the one that is drawn for seed 1, epoch 0 */
	double loss;
	double shrink; /* by which clip_grad_norm_ multiplies every gradient */
	const double *z;
	const float *weights; /* of all tensors in order */
	const double *gradients; /* of those that are trained */
	const double *moments; /* of batch normalisation, after the batch: means, variances */
};

#include "fixtures/net/torch.inc"

enum { ROWS = 9, USERS = 6, ITEMS = 5 };

static const uint32_t user[ROWS] = { 0, 3, 5, 2, 6, 1, 3, 4, 0 };
static const uint32_t item[ROWS] = { 1, 0, 4, 2, 3, 1, 0, 4, 2 };
static const uint32_t category[ITEMS] = { 0, 2, 1, 2, 0 }, id[] = { 0, 1, 2, 0, 1, 3, 3, 9 };
static const uint64_t at[USERS + 1] = { 0, 2, 2, 3, 6, 7, 8 };
static const float label[ROWS] = { 1, 0, 0, 1, 1, 0, 1, 0, 1 };
static const struct net_field field[] = {
	{ NET_CAT, USERS, user, USERS, NULL, NULL, NULL, NULL, false, NULL, false },
	{ NET_CAT, ITEMS, item, ITEMS, NULL, NULL, NULL, NULL, true, NULL, false },
	{ NET_CAT, 3, item, ITEMS, category, NULL, NULL, NULL, true, NULL, false },
	{ NET_BAG, 4, user, USERS, NULL, at, id, NULL, false, NULL, false },
	{ NET_NUM, 2, NULL, ROWS, NULL, NULL, NULL, number, false, NULL, false },
};

static size_t size_of(struct net_tensor t)
{
	return t.rows * (t.cols ? t.cols : 1);
}

static struct net *build(const struct fixture *f)
{
	struct net_shape shape = { .arch = f->arch,
		.logistic = f->logistic,
		.dim = 3,
		.layers = 2,
		.hidden = { 5, 4 },
		.crosses = 2,
		.active = f->active,
		.norm = f->norm,
		.sum = f->sum,
		.unknown = f->unknown,
		.wides = f->wides,
		.wide = { { 2, { 0, 3 } }, { 3, { 2, 3, 1 } } },
		.wide_bits = 4,
		.fields = 5,
		.field = field };
	struct net *net = net_new(&shape);
	const float *w = f->weights;

	for (size_t i = 0, n = net_tensors(net); i < n; i++) {
		net_set(net, i, NET_WEIGHT, w);
		w += size_of(net_tensor(net, i));
	}
	return net;
}

/* The furthest gradient; after one step from zero moments, the first moment is 0.1 g. */
static double furthest(const struct net *net, const double *want, double shrink)
{
	double far = 0;
	float m[512];

	for (size_t i = 0, n = net_tensors(net); i < n; i++) {
		struct net_tensor t = net_tensor(net, i);

		if (!net_trained(t))
			continue;
		net_get(net, i, NET_FIRST_MOMENT, m);
		for (size_t j = 0; j < size_of(t); j++, want++)
			far = fmax(far, fabs(10 * (double)m[j] - shrink * *want) /
						(1 + fabs(*want)));
	}
	return far;
}

static double moments_off(const struct net *net, const double *want)
{
	double far = 0;
	float x[8];

	for (size_t i = 0, n = net_tensors(net); i < n; i++) {
		struct net_tensor t = net_tensor(net, i);

		if (!t.stack || net_trained(t))
			continue;
		net_get(net, i, NET_WEIGHT, x);
		for (size_t j = 0; j < t.rows; j++, want++)
			far = fmax(far, fabs((double)x[j] - *want));
	}
	return far;
}

static void check(const struct fixture *f)
{
	struct fit how = { .seed = 1,
		.batch = ROWS,
		.optim = { .clip = INFINITY },
		.rate = 1e-30,
		.dropout = f->dropout,
		.loss = { f->logistic, 0, 1, false },
		.label = label,
		.weight = weight };
	struct net *net = build(f);
	static const uint32_t order[ROWS] = { 0, 1, 2, 3, 4, 5, 6, 7, 8 };
	float z[ROWS];
	double far = 0, loss;
	size_t bad;

	infer_scores(net, field, NULL, ROWS, z);
	for (int r = 0; r < ROWS; r++)
		far = fmax(far, fabs((double)z[r] - f->z[r]));
	if (f->norm != NET_BATCH_NORM && !f->dropout) /* those of PyTorch are in training */
		near(far, 0, 2e-6, f->name);
	loss = epoch_run(net, &how, field, order, ROWS, 0, &bad);
	near(loss, f->loss, 2e-6, f->name);
	near(furthest(net, f->gradients, 1), 0, 2e-6, "  every gradient as PyTorch's");
	if (f->norm == NET_BATCH_NORM)
		near(moments_off(net, f->moments), 0, 2e-6, "  and the running moments");
	net_free(net);
	net = build(f);
	how.clip_norm = 0.5;
	epoch_run(net, &how, field, order, ROWS, 0, &bad);
	near(furthest(net, f->gradients, f->shrink), 0, 2e-6, "  clipped by their norm likewise");
	net_free(net);
}

int main(void)
{
	for (size_t i = 0; i < sizeof fixtures / sizeof *fixtures; i++)
		check(fixtures + i);
	return done();
}
