/* Training with common ids set apart against training without: clipping by a norm that is never
 * reached takes the other way. The same bits from any number of threads. */
#include "common.h"

#include <omp.h>
#include <stdlib.h>

#include "epoch.h"
#include "initial.h"
#include "mem.h"
#include "rng.h"
#include "tap.h"

enum { ROWS = 2700, BATCH = 1100, VALUES = 9000, FIELDS = 5 };

static uint32_t order[ROWS], id[3][ROWS], few[ROWS];
static float number[ROWS * 2], label[ROWS];

static struct net_field field[FIELDS] = {
	{ .kind = NET_CAT, .values = VALUES, .entries = ROWS, .cat = id[0] },
	{ .kind = NET_CAT, .values = 5, .entries = ROWS, .cat = few },
	{ .kind = NET_CAT, .values = VALUES, .entries = ROWS, .cat = id[1] },
	{ .kind = NET_NUM, .values = 2, .entries = ROWS, .num = number },
	{ .kind = NET_CAT, .values = VALUES, .entries = ROWS, .cat = id[2] },
};

/* The first two fields have ids by a power law, some unknown; in the last one all are rare. */
static void make(void)
{
	for (uint32_t r = 0; r < ROWS; r++) {
		order[r] = r;
		for (uint64_t f = 0; f < 2; f++) {
			double u = rng_unit(f + 1, RNG_MAKE, r);

			id[f][r] = (uint32_t)(pow(u, 12) * (VALUES + 90));
		}
		id[2][r] = r * 3;
		few[r] = r % 5;
		label[r] = rng_unit(3, RNG_MAKE, r) < 0.5;
		number[2 * r] = (float)rng_normal(4, RNG_MAKE, r);
		number[2 * r + 1] = (float)rng_normal(5, RNG_MAKE, r);
	}
}

static struct fit plain(void)
{
	return (struct fit){ .seed = 1,
		.batch = BATCH,
		.optim = { .kind = OPTIM_SGD, .momentum = 0.9f, .lazy = true, .clip = INFINITY },
		.rate = 0.5,
		.l2 = 1e-3,
		.unknown = 0.05,
		.loss = { true, 0, 1, false },
		.label = label };
}

static struct net *trained(
	const struct net_shape *shape, const struct fit *how, float pace, double *loss)
{
	struct net *net = net_new(shape);
	size_t bad;

	initial_weights(net, 1, field, order, ROWS, 0);
	for (size_t i = 0; i < net_tensors(net); i++)
		if (net_tensor(net, i).field == 0)
			net_pace(net, i, pace);
	for (uint64_t e = 0; e < 2; e++)
		*loss = epoch_run(net, how, field, order, ROWS, e, &bad);
	return net;
}

static float *block(const struct net *net)
{
	float *x = mem_new(net_size(net), sizeof *x);

	net_save(net, x);
	return x;
}

/* The largest gap between two networks' weights, and the largest weight. */
static double gap(const struct net *a, const struct net *b, double *largest)
{
	float *x = block(a), *y = block(b);
	double most = 0;

	*largest = 0;
	for (size_t i = 0; i < net_size(a); i++) {
		most = fmax(most, fabs((double)x[i] - (double)y[i]));
		*largest = fmax(*largest, fabs((double)x[i]));
	}
	free(x);
	free(y);
	return most;
}

static struct net_shape shape_of(enum net_arch arch, uint32_t dim, uint32_t hidden)
{
	return (struct net_shape){ .arch = arch,
		.logistic = true,
		.dim = dim,
		.layers = 2,
		.hidden = { hidden, 8 },
		.unknown = arch == NET_MLP,
		.fields = FIELDS,
		.field = field };
}

static void compare(enum net_arch arch, uint32_t dim, uint32_t hidden, enum net_norm norm,
	float pace, enum optim_kind kind)
{
	struct net_shape shape = shape_of(arch, dim, hidden);
	struct fit how = plain(), without;
	double loss[2], largest, apart;
	struct net *net[2];
	char what[120];

	shape.norm = norm;
	shape.rowwise = kind == OPTIM_ROWWISE;
	how.optim.kind = kind;
	how.rate = shape.rowwise ? 0.005 : how.rate;
	without = how;
	without.clip_norm = 1e9;
	net[0] = trained(&shape, &how, pace, loss);
	net[1] = trained(&shape, &without, pace, loss + 1);
	snprintf(what, sizeof what,
		"%s%s%s, embeddings of %u, %u units, first field at %g of the rate",
		arch == NET_MLP ? "MLP" : "DeepFM", norm ? " normalised by batch" : "",
		shape.rowwise ? " by rowwise" : "", dim, hidden, (double)pace);
	apart = gap(net[0], net[1], &largest);
	near(apart, 0, 2e-5, what);
	ok(apart > 0 && largest > 0.1 && loss[0] < 0.7, "  trained, and not by the same sums");
	near(loss[0], loss[1], 1e-6, "  of the same loss");
	net_free(net[0]);
	net_free(net[1]);
}

static void threads(enum optim_kind kind)
{
	struct net_shape shape = shape_of(NET_DEEPFM, 16, 40);
	struct fit how = plain();
	struct net *one, *many;
	double loss, largest;

	shape.rowwise = kind == OPTIM_ROWWISE;
	how.optim.kind = kind;
	how.rate = 0.01;
	omp_set_num_threads(1);
	one = trained(&shape, &how, 1, &loss);
	for (int n = 2; n < 8; n += n < 3 ? 1 : 4) {
		omp_set_num_threads(n);
		many = trained(&shape, &how, 1, &loss);
		ok(gap(one, many, &largest) == 0, "the same bits with more threads");
		net_free(many);
	}
	net_free(one);
}

/* Which fields, and what is left to the first layer. */
static void chosen(void)
{
	struct net_shape shape = shape_of(NET_DEEPFM, 16, 40);
	struct net *net = net_new(&shape);
	struct tabled tabled = tabled_new(net, BATCH);
	struct ids ids[FIELDS] = { 0 }, next[FIELDS] = { 0 };
	struct ids_spare spare = { 0 };
	struct ids_draw draw = { 0 };
	struct common c;
	struct common_rows rare;

	for (size_t f = 0; f < FIELDS; f++)
		if (field[f].kind == NET_CAT)
			ids_list(ids + f, net, f, field + f, order, BATCH, &draw, &spare);
	c = common_new(net, &tabled, ids, next, BATCH);
	ok(c.fields == 2 && c.on[0] && c.on[2],
		"large fields with common ids are, not a tabled one, nor one with rare ids only");
	ok(c.runs == 1 && c.run[0].from == 48 && c.run[0].n == 18, "the other inputs are one run");
	rare = common_rare(ids, 100, 200);
	ok(rare.n > 0 && rare.row[0] >= 100 && rare.row[rare.n - 1] < 300 &&
			(rare.row == ids->rare || rare.row[-1] < 100) &&
			(rare.row + rare.n == ids->rare + ids->n || rare.row[rare.n] >= 300),
		"rare ids of some rows");
	common_free(&c);
	c = common_new(net, &tabled, NULL, NULL, BATCH);
	ok(!c.fields && c.runs == 2 && c.run[1].from == 32 && c.run[1].n == 34,
		"nowhere: all but the tabled one");
	common_free(&c);
	for (size_t f = 0; f < FIELDS; f++) {
		ids_free(ids + f);
		ids_free(next + f);
	}
	ids_spare_free(&spare);
	tabled_free(&tabled);
	net_free(net);
}

int main(void)
{
	make();
	chosen();
	compare(NET_DEEPFM, 16, 40, NET_PLAIN, 1, OPTIM_SGD);
	compare(NET_DEEPFM, 48, 32, NET_PLAIN, 0, OPTIM_SGD);
	compare(NET_MLP, 32, 8, NET_PLAIN, 0.5f, OPTIM_SGD);
	compare(NET_DEEPFM, 16, 40, NET_BATCH_NORM, 1, OPTIM_SGD);
	compare(NET_DEEPFM, 16, 40, NET_PLAIN, 1, OPTIM_ROWWISE);
	threads(OPTIM_ADAM);
	threads(OPTIM_ROWWISE);
	return done();
}
