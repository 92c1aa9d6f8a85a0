/* Every gradient against finite differences: every architecture and kind of field under every loss,
 * then every kind of layer, dropout, unknown ids, crosses, towers and losses over pairs. */
#include "epoch.h"

#include <assert.h>
#include <omp.h>
#include <stdlib.h>

#include "infer.h"
#include "initial.h"
#include "mem.h"
#include "rng.h"
#include "tap.h"

enum { ROWS = 37, USERS = 7, ITEMS = 5, MOMENTS = 1 << 15 };

static uint32_t user[ROWS], item[ROWS], category[ITEMS] = { 0, 2, 1, 2, 0 }, order[ROWS];
static uint64_t at[USERS + 1] = { 0, 2, 2, 3, 6, 7, 8, 10 };
static uint32_t id[10] = { 0, 1, 2, 0, 1, 3, 3, 2, 9, 1 }; /* 9 is unknown */
static float number[ROWS * 3], label[ROWS], teacher[ROWS], weight[ROWS];
static float price[ITEMS] = { 1, 4, 2, 2, 9 };

static float share[10] = { 1, 2, 0.5f, -1, 3, 1, 1, 0.25f, 2, -4 }; /* of ids */

static struct net_field field[5] = {
	{ .kind = NET_CAT, .values = USERS, .key = user, .entries = USERS },
	{ .kind = NET_CAT, .values = ITEMS, .key = item, .entries = ITEMS, .item = true },
	{ .kind = NET_CAT, .values = 3, .key = item, .entries = ITEMS, .cat = category,
		.item = true },
	{ .kind = NET_BAG, .values = 4, .key = user, .entries = USERS, .at = at, .id = id,
		.weight = share },
	{ .kind = NET_NUM, .values = 3, .entries = ROWS, .num = number },
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
static double loss(struct net *net, const struct fit *how)
{
	float z[ROWS];
	double sum = 0, t = (double)how->loss.temperature, a = (double)how->loss.alpha;

	infer_scores(net, field, NULL, ROWS, z);
	for (int r = 0; r < ROWS; r++) {
		double x = (double)z[r], y = (double)label[r], s = (double)teacher[r], hard, soft;
		double u = how->trust ? a * (double)how->trust[r] : a;

		if (how->loss.logistic) {
			hard = log1p(exp(x)) - y * x;
			soft = t * t * (log1p(exp(x / t)) - x / t / (1 + exp(-s / t)));
		} else {
			hard = (x - y) * (x - y) / 2;
			soft = (x - s) * (x - s) / 2;
		}
		sum += (double)weight[r] * (u * soft + (1 - u) * hard);
	}
	return sum / ROWS;
}

/* What an epoch of one batch reports, with its dropout and its moments of the batch. */
static double reported(struct net *net, const struct fit *how)
{
	size_t bad;

	return epoch_run(net, how, net_shape(net)->field, order, ROWS, 0, &bad);
}

typedef double loss_fn(struct net *, const struct fit *);

/* The largest gap, at ten places of every weight; after one step from zero moments, the first
 * moment is 0.1 g. */
static double worst(struct net *net, const struct fit *how, loss_fn *of, double *first)
{
	size_t n[64], tensors = net_tensors(net);
	float *w[64], *m[64];
	double far = 0, most = 0;

	*first = reported(net, how);
	for (size_t i = 0; i < tensors; i++) {
		struct net_tensor t = net_tensor(net, i);

		n[i] = net_trained(t) ? t.rows * (t.cols ? t.cols : 1) : 0;
		w[i] = mem_new(n[i], sizeof **w);
		m[i] = mem_new(n[i], sizeof **m);
		if (!n[i])
			continue;
		net_get(net, i, NET_WEIGHT, w[i]);
		net_get(net, i, NET_FIRST_MOMENT, m[i]);
	}
	for (size_t i = 0; i < tensors; i++) {
		for (size_t j = 0; j < n[i]; j += n[i] / 10 + 1) {
			float keep = w[i][j], step = 4e-4f;
			double up, down;

			most = fmax(most, fabs((double)m[i][j]));
			w[i][j] = keep + step;
			net_set(net, i, NET_WEIGHT, w[i]);
			up = of(net, how);
			w[i][j] = keep - step;
			net_set(net, i, NET_WEIGHT, w[i]);
			down = of(net, how);
			w[i][j] = keep;
			net_set(net, i, NET_WEIGHT, w[i]);
			far = fmax(
				far, fabs((up - down) / (2 * (double)step) - 10 * (double)m[i][j]));
		}
		free(w[i]);
		free(m[i]);
	}
	return most > 0 ? far : INFINITY; /* a loss of no weight would equal its gradients, too */
}

static void check_losses(const struct fit *plain)
{
	float trust[ROWS];
	char what[128];

	for (int r = 0; r < ROWS; r++)
		trust[r] = (float)(r % 5) / 4;
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
			struct fit how = *plain;
			double first, far;

			how.loss = (struct loss){ kind < 2,
				kind == 1 ? 0.7f
				: kind	  ? 0.5f
					  : 0,
				2, false };
			how.trust = kind == 1 ? trust : NULL;
			initial_weights(net, 1 + (uint64_t)kind, field, order, ROWS, 0.3);
			far = worst(net, &how, loss, &first);
			snprintf(what, sizeof what, "%s %s: gradients equal finite differences",
				arch_of((enum net_arch)arch)->name,
				kind == 0   ? "hard"
				: kind == 1 ? "soft, T 2, trusted by row"
					    : "squared");
			near(far, 0, 1e-3, what);
			near(first, loss(net, &how), 1e-5, "  the reported loss is the loss");
			net_free(net);
		}
}

static void check_layers(const struct fit *plain)
{
	static const struct {
		const char *name;
		enum net_arch arch;
		enum active active;
		enum net_norm norm;
		double dropout, unknown;
		bool sum;
		size_t wides;
	} cases[] = {
		{ "tanh", NET_MLP, ACTIVE_TANH, NET_PLAIN, 0, 0, false, 0 },
		{ "sigmoid", NET_DCN, ACTIVE_SIGMOID, NET_PLAIN, 0, 0, false, 0 },
		{ "linear, dropout", NET_MLP, ACTIVE_LINEAR, NET_PLAIN, 0.3, 0, false, 0 },
		{ "relu, dropout", NET_DEEPFM, ACTIVE_RELU, NET_PLAIN, 0.3, 0, false, 0 },
		{ "layer norm", NET_MLP, ACTIVE_TANH, NET_LAYER_NORM, 0, 0, false, 0 },
		{ "layer norm, dropout, sums of bags", NET_DEEPFM, ACTIVE_TANH, NET_LAYER_NORM, 0.2,
			0, true, 0 },
		{ "batch norm", NET_MLP, ACTIVE_TANH, NET_BATCH_NORM, 0, 0, false, 0 },
		{ "batch norm, dropout", NET_WIDE_DEEP, ACTIVE_SIGMOID, NET_BATCH_NORM, 0.2, 0,
			false, 1 },
		{ "unknown ids", NET_DEEPFM, ACTIVE_TANH, NET_PLAIN, 0, 0.3, false, 0 },
		{ "unknown ids, sums of bags", NET_FM, ACTIVE_RELU, NET_PLAIN, 0, 0.3, true, 0 },
		{ "crosses", NET_WIDE_DEEP, ACTIVE_TANH, NET_PLAIN, 0, 0, false, 2 },
		{ "crosses, summed", NET_LR, ACTIVE_TANH, NET_PLAIN, 0, 0, true, 2 },
		{ "towers, batch norm", NET_TWO_TOWER, ACTIVE_TANH, NET_BATCH_NORM, 0.2, 0.2, false,
			0 },
	};
	char what[128];

	for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
		struct net_shape shape = { .arch = cases[c].arch,
			.logistic = true,
			.dim = 5,
			.layers = 2,
			.crosses = 1,
			.hidden = { 40, 7 },
			.active = cases[c].active,
			.norm = cases[c].norm,
			.sum = cases[c].sum,
			.unknown = cases[c].unknown > 0,
			.wides = cases[c].wides,
			.wide = { { 2, { 0, 3 } }, { 3, { 2, 3, 1 } } },
			.wide_bits = 5,
			.fields = 5,
			.field = field };
		struct net *net = net_new(&shape);
		struct fit how = *plain;
		double first, far;

		how.loss = (struct loss){ true, 0, 1, false };
		how.dropout = cases[c].dropout;
		how.unknown = cases[c].unknown;
		initial_weights(net, 1, field, order, ROWS, 0.3);
		far = worst(net, &how, reported, &first);
		snprintf(what, sizeof what, "%s, %s: gradients equal finite differences",
			arch_of(cases[c].arch)->name, cases[c].name);
		near(far, 0, 1.5e-3, what);
		ok(first > 0.2 && first < 2, "  the loss is of a sensible size");
		net_free(net);
	}
}

/* ---- pairs: half the square of score - target, summed ---- */

static size_t pairs_start(void *self, uint64_t epoch)
{
	(void)self;
	(void)epoch;
	return 1;
}

static void pairs_draw(void *self, size_t batch, struct pairs *pairs)
{
	(void)self;
	(void)batch;
	for (uint32_t k = 0; k < 50; k++)
		pairs_add(pairs, k * 3 % USERS, k * 7 % ITEMS);
}

static double pairs_slope(void *self, const struct pairs *pairs, const float *score, float *slope)
{
	double sum = 0;

	(void)self;
	for (size_t k = 0; k < pairs->n; k++) {
		slope[k] = score[k] - teacher[k % ROWS];
		sum += (double)slope[k] * (double)slope[k] / 2;
	}
	return sum;
}

static void check_pairs(const struct fit *plain)
{
	struct objective objective = { NULL, pairs_start, pairs_draw, pairs_slope, NULL };
	struct net_field keep = field[4];
	char what[128];

	field[4] = (struct net_field){
		.kind = NET_NUM, .values = 1, .key = item, .entries = ITEMS, .num = price, .item = true
	};
	for (int arch = 0; arch < NET_ARCHS; arch++)
		for (int norm = 0; norm < 3; norm += 2) {
			struct net_shape shape = { .arch = (enum net_arch)arch,
				.dim = 5,
				.layers = 2,
				.crosses = 1,
				.hidden = { 40, 7 },
				.active = ACTIVE_TANH,
				.norm = (enum net_norm)norm,
				.fields = 5,
				.field = field };
			struct net *net = net_new(&shape);
			struct fit how = *plain;
			double first;

			how.objective = &objective;
			how.batch = 8;
			initial_weights(net, 1, field, order, ROWS, 0.3);
			snprintf(what, sizeof what,
				"%s, pairs%s: gradients equal finite differences",
				arch_of((enum net_arch)arch)->name, norm ? ", batch norm" : "");
			near(worst(net, &how, reported, &first), 0, 1.5e-3, what);
			net_free(net);
		}
	field[4] = keep;
}

/* 1/2 sum over rows of |v - t|^2, t some numbers of the id. */
static double pull(
	void *self, const struct vectors *users, const struct vectors *items, double pulled)
{
	const struct vectors *both[2] = { users, items };
	double sum = 0;

	(void)self;
	for (int side = 0; side < 2; side++)
		for (size_t s = 0; s < both[side]->n; s++)
			for (size_t j = 0; j < both[side]->dim; j++) {
				const struct vectors *v = both[side];
				size_t row = v->at ? v->at[s] : v->id[s];
				double e = (double)v->row[row * v->pitch + j] -
					   sin((double)(7 * v->id[s] + j) + side);

				v->slope[s * v->width + j] += (float)(pulled * e);
				sum += e * e / 2;
			}
	return sum;
}

static void no_start(void *self, uint64_t epoch)
{
	(void)self;
	(void)epoch;
}

/* Hidden layers, embeddings and towers that are held up to a teacher. */
static void check_mimic(const struct fit *plain)
{
	const struct vectors_loss loss = { NULL, no_start, pull, NULL, 3 };
	struct objective objective = { NULL, pairs_start, pairs_draw, pairs_slope, NULL };
	struct net_field keep = field[4];
	char what[128];

	field[4] = (struct net_field){
		.kind = NET_NUM, .values = 1, .key = item, .entries = ITEMS, .num = price, .item = true
	};
	for (int arch = NET_FM; arch < NET_ARCHS; arch++)
		for (int kind = 0; kind < 6; kind++) {
			struct net_shape shape = { .arch = (enum net_arch)arch,
				.logistic = true,
				.dim = 5,
				.layers = 2,
				.crosses = 1,
				.hidden = { 40, 7 },
				.active = kind / 2 == 1 ? ACTIVE_TANH : ACTIVE_RELU,
				.norm = kind / 2 == 1 ? NET_BATCH_NORM : NET_PLAIN,
				.fields = 5,
				.field = field };
			bool towers = arch == NET_TWO_TOWER, sides = kind % 2;
			struct net *net;
			struct fit how = *plain;
			double first;

			if (sides ? false : towers || arch == NET_FM)
				continue;
			net = net_new(&shape);
			how.dropout = kind == 4 ? 0.4 : 0;
			how.objective = kind == 5 ? &objective : NULL;
			how.batch = kind == 5 ? 8 : ROWS;
			how.mimic = (struct mimic){ &loss, 1, sides, { user, item },
				{ USERS, ITEMS }, { 0, 1 }, NULL };
			initial_weights(net, 1, field, order, ROWS, 0.3);
			snprintf(what, sizeof what, "%s, held up to a teacher, kind %d: gradients "
				"equal finite differences", arch_of((enum net_arch)arch)->name, kind);
			near(worst(net, &how, reported, &first), 0, 2e-3, what);
			net_free(net);
		}
	field[4] = keep;
}

/* First moments after a step from zero, which are 0.1 g, one after the other. */
static size_t moments(const struct net *net, float *m)
{
	size_t n = 0;

	for (size_t i = 0, all = net_tensors(net); i < all; i++) {
		struct net_tensor t = net_tensor(net, i);

		if (!net_trained(t))
			continue;
		n += t.rows * (t.cols ? t.cols : 1);
		assert(n <= MOMENTS);
		net_get(net, i, NET_FIRST_MOMENT, m + n - t.rows * (t.cols ? t.cols : 1));
	}
	return n;
}

/* Clipped by norm: every gradient is shrunk by what brings that of all of them to a third. A
 * frozen weight's is none of them. */
static void check_norm(const struct fit *plain)
{
	static float m[2][MOMENTS];
	char what[128];

	for (int arch = 0; arch < NET_ARCHS; arch++)
		for (int kind = 0; kind < 4; kind++) {
			struct net_shape shape = { .arch = (enum net_arch)arch,
				.dim = kind == 1 ? 16 : 5,
				.layers = 2,
				.crosses = 2,
				.hidden = { 40, 7 },
				.norm = kind == 2 ? NET_BATCH_NORM : NET_PLAIN,
				.fields = 5,
				.field = field };
			struct net *net = net_new(&shape);
			struct fit how = *plain;
			double square = 0, far = 0;
			size_t n = 0, bad;

			how.optim.lazy = kind == 3;
			for (int clipped = 0; clipped < 2; clipped++) {
				initial_weights(net, 1, field, order, ROWS, 0.3);
				net_pace(net, 3, kind == 2 ? 0 : 1);
				how.clip_norm = clipped ? sqrt(square) / 3 : 0;
				epoch_run(net, &how, field, order, ROWS, 0, &bad);
				n = moments(net, m[clipped]);
				for (size_t i = 0; i < n; i++)
					square += 100 * (double)m[clipped][i] * (double)m[clipped][i];
			}
			for (size_t i = 0; i < n; i++)
				far = fmax(far, fabs((double)m[1][i] - (double)m[0][i] / 3));
			snprintf(what, sizeof what, "%s: a norm a third as large, kind %d",
				arch_of((enum net_arch)arch)->name, kind);
			near(far, 0, 1e-7, what);
			net_free(net);
		}
}

/* What is frozen stays; what is not is trained, a first step of Adam as far as its pace says. */
static void check_paces(const struct fit *plain)
{
	struct net_shape shape = { .arch = NET_DEEPFM,
		.dim = 4,
		.layers = 2,
		.hidden = { 40, 7 },
		.norm = NET_BATCH_NORM,
		.fields = 5,
		.field = field };
	static const float pace[] = { 1, 0.5F, 0 };
	float before[4096], after[4096];
	struct fit how = *plain;
	int stays = 1, moves = 1, halves = 1;
	float whole = 0;
	size_t bad;

	how.rate = 0.1;
	for (size_t only = 0; only < 40; only++) {
		struct net *net = net_new(&shape);

		if (only < net_tensors(net)) {
			bool constant = strcmp(net_tensor(net, only).part, "scale") == 0 ||
					(net_tensor(net, only).field >= 0 &&
						!net_trained(net_tensor(net, only)));

			for (int paced = 0; paced < 3; paced++) {
				initial_weights(net, 1, field, order, ROWS, 0.3);
				net->clock = (struct optim_clock){ 1, 1 };
				memset(net->block + net->size[0], 0,
					(net->size[1] + net->size[2]) * sizeof(float));
				net_pace(net, only, pace[paced]);
				net_get(net, only, NET_WEIGHT, before);
				epoch_run(net, &how, field, order, ROWS, 0, &bad);
				net_get(net, only, NET_WEIGHT, after);
				if (paced == 2)
					stays &= before[0] == after[0] &&
						 before[2 % net_tensor(net, only).rows] ==
							 after[2 % net_tensor(net, only).rows];
				else if (!constant && paced == 0)
					moves &= (whole = after[0] - before[0]) != 0;
				else if (net_trained(net_tensor(net, only)))
					halves &= fabsf(after[0] - before[0] - whole / 2) <= 1e-6F;
			}
		}
		net_free(net);
	}
	ok(stays, "what is frozen stays");
	ok(moves, "what is not is trained");
	ok(halves, "at half the pace, half as far");
}

/* Epochs that hand their buffers on give the weights of those that do not, also where a batch is
 * larger than those before. */
static void check_room(const struct fit *plain)
{
	for (int arch = 0; arch < NET_ARCHS; arch++) {
		struct net_shape shape = { .arch = (enum net_arch)arch,
			.dim = 5,
			.layers = 2,
			.crosses = 2,
			.hidden = { 40, 7 },
			.norm = arch % 2 ? NET_BATCH_NORM : NET_PLAIN,
			.fields = 5,
			.field = field };
		float *block[2];
		size_t size = 0, bad;
		char what[128];

		for (int kept = 0; kept < 2; kept++) {
			struct net *net = net_new(&shape);
			struct workspace room = { 0 };
			struct fit how = *plain;

			how.rate = 0.01;
			how.room = kept ? &room : NULL;
			initial_weights(net, 1, field, order, ROWS, 0.3);
			for (uint64_t e = 0; e < 3; e++) {
				how.batch = e < 2 ? 7 : ROWS;
				epoch_run(net, &how, field, order, ROWS, e, &bad);
			}
			size = net_size(net);
			block[kept] = mem_new(size, sizeof *block[kept]);
			net_save(net, block[kept]);
			workspace_free(net, &room);
			net_free(net);
		}
		snprintf(what, sizeof what, "%s: an epoch in the room of another",
			arch_of((enum net_arch)arch)->name);
		ok(memcmp(block[0], block[1], size * sizeof *block[0]) == 0, what);
		free(block[0]);
		free(block[1]);
	}
}

static float *state(const struct net *net, size_t i, enum net_state which)
{
	size_t n = net_state_size(net, i, which);
	float *x = mem_new(n, sizeof *x);

	if (n)
		net_get(net, i, which, x);
	return x;
}

/* A first step of rowwise: of tables by the gradients that Adam's moments have after one, which are
 * 10 m; of the rest it is Adam's. */
static double check_step(const struct net *adam, const struct net *rowwise, const struct net *old,
	size_t i)
{
	struct net_tensor t = net_tensor(adam, i);
	size_t cols = t.cols ? t.cols : 1, rows = t.rows;
	bool table = net_state_size(rowwise, i, NET_FIRST_MOMENT) == 0;
	float *w = state(rowwise, i, NET_WEIGHT), *v = state(rowwise, i, NET_SECOND_MOMENT);
	float *from = state(old, i, NET_WEIGHT), *m = state(adam, i, NET_FIRST_MOMENT);
	float *as = state(adam, i, NET_WEIGHT);
	double far = 0;

	for (size_t r = 0; r < rows && !table; r++)
		for (size_t c = r * cols; c < (r + 1) * cols; c++)
			far = fmax(far, fabs((double)w[c] - (double)as[c]));
	for (size_t r = 0; r < rows && table; r++) {
		double second = 0;

		for (size_t c = r * cols; c < (r + 1) * cols; c++)
			second += 0.001 * 100 * (double)m[c] * (double)m[c] / (double)cols;
		far = fmax(far, 100 * fabs(second - (double)v[r]));
		for (size_t c = r * cols; c < (r + 1) * cols; c++)
			far = fmax(far,
				fabs((double)from[c] - 0.01 * 10 * (double)m[c] / (sqrt(second) + 1e-8) -
					(double)w[c]));
	}
	free(w);
	free(v);
	free(from);
	free(m);
	free(as);
	return far;
}

static void check_rowwise(const struct fit *plain)
{
	char what[128];

	for (int arch = 0; arch < NET_ARCHS; arch++)
		for (int kind = 0; kind < 3; kind++) {
			struct net_shape shape = { .arch = (enum net_arch)arch,
				.dim = kind ? 16 : 5,
				.layers = 2,
				.crosses = 1,
				.hidden = { 40, 7 },
				.norm = kind == 2 ? NET_BATCH_NORM : NET_PLAIN,
				.wides = 1,
				.wide = { { 2, { 0, 1 } } },
				.wide_bits = 4,
				.fields = 5,
				.field = field };
			struct fit how = *plain;
			struct net *net[3];
			double far = 0;
			size_t bad, tables = 0;

			how.rate = 0.01;
			how.optim.lazy = true;
			for (int i = 0; i < 3; i++) {
				shape.rowwise = i == 1;
				how.optim.kind = i == 1 ? OPTIM_ROWWISE : OPTIM_ADAM;
				net[i] = net_new(&shape);
				initial_weights(net[i], 1, field, order, ROWS, 0.3);
				if (i < 2)
					epoch_run(net[i], &how, field, order, ROWS, 0, &bad);
			}
			for (size_t i = 0; i < net_tensors(net[0]); i++) {
				if (!net_trained(net_tensor(net[0], i)))
					continue;
				tables += net_state_size(net[1], i, NET_FIRST_MOMENT) == 0;
				far = fmax(far, check_step(net[0], net[1], net[2], i));
			}
			snprintf(what, sizeof what, "%s: rowwise steps tables by rows, kind %d",
				arch_of((enum net_arch)arch)->name, kind);
			near(far, 0, 1e-5, what);
			ok(tables >= 4, "  four at least");
			for (int i = 0; i < 3; i++)
				net_free(net[i]);
		}
}

/* ---- many numbers in small batches: by halves (halves.h) ---- */

enum { WIDE = 301, CUT = 123 };

static const struct {
	const char *name;
	enum active active;
	enum net_norm norm;
	double dropout;
	uint32_t hidden[2];
} wides[] = {
	{ "plain", ACTIVE_RELU, NET_PLAIN, 0, { 8, 4 } },
	{ "dropout, two panels", ACTIVE_RELU, NET_PLAIN, 0.3, { 40, 0 } },
	{ "layer norm", ACTIVE_TANH, NET_LAYER_NORM, 0, { 8, 4 } },
	{ "batch norm", ACTIVE_SIGMOID, NET_BATCH_NORM, 0, { 8, 4 } },
};

/* The same numbers as one field, and as two, which have no halves; two rows have none. */
static float wide[ROWS * WIDE], low[ROWS * CUT], high[ROWS * (WIDE - CUT)];
static const struct net_field one[] = {
	{ .kind = NET_NUM, .values = WIDE, .key = order, .entries = ROWS - 2, .num = wide },
};
static const struct net_field two[] = {
	{ .kind = NET_NUM, .values = CUT, .key = order, .entries = ROWS - 2, .num = low },
	{ .kind = NET_NUM, .values = WIDE - CUT, .key = order, .entries = ROWS - 2, .num = high },
};

static void make_wide(void)
{
	for (size_t r = 0; r < ROWS; r++)
		for (size_t j = 0; j < WIDE; j++) {
			float x = (float)rng_normal(8, RNG_MAKE, r * WIDE + j);

			wide[r * WIDE + j] = x;
			if (j < CUT)
				low[r * CUT + j] = x;
			else
				high[r * (WIDE - CUT) + j - CUT] = x;
		}
}

static struct net *wide_net(size_t c, const struct net_field *in, size_t fields)
{
	struct net_shape shape = { .arch = NET_MLP,
		.logistic = true,
		.layers = wides[c].hidden[1] ? 2 : 1,
		.hidden = { wides[c].hidden[0], wides[c].hidden[1] },
		.active = wides[c].active,
		.norm = wides[c].norm,
		.fields = fields,
		.field = in };
	struct net *net = net_new(&shape);

	initial_weights(net, 1, in, order, ROWS, 0.3);
	return net;
}

/* Three epochs of batches of 15, 15 and 7 rows. */
static struct net *wide_trained(
	const struct fit *plain, size_t c, const struct net_field *in, size_t fields, int threads)
{
	struct net *net = wide_net(c, in, fields);
	struct fit how = *plain;
	size_t bad;

	omp_set_num_threads(threads);
	how.batch = 15;
	how.rate = 0.1;
	how.optim.kind = OPTIM_SGD; /* Adam would step by what rounding leaves of a gradient of 0 */
	how.dropout = wides[c].dropout;
	for (uint64_t e = 0; e < 3; e++)
		epoch_run(net, &how, in, order, ROWS, e, &bad);
	return net;
}

/* Whether weights and moments are the same bits. */
static bool alike(const struct net *a, const struct net *b)
{
	return memcmp(a->block, b->block, (a->size[0] + a->size[1] + a->size[2]) * sizeof(float)) == 0;
}

/* The furthest that two networks' outputs are from each other. */
static double between(const struct net *a, const struct net *b)
{
	float x[ROWS], y[ROWS];
	double far = 0;

	infer_scores(a, net_shape(a)->field, NULL, ROWS, x);
	infer_scores(b, net_shape(b)->field, NULL, ROWS, y);
	for (int r = 0; r < ROWS; r++)
		far = fmax(far, fabs((double)x[r] - (double)y[r]));
	return far;
}

static void check_wide(const struct fit *plain, size_t c)
{
	struct net *first = wide_trained(plain, c, one, 1, 1);
	struct net *other = wide_trained(plain, c, two, 2, 1), *start = wide_net(c, one, 1);
	struct fit how = *plain;
	double loss;
	char what[128];

	snprintf(what, sizeof what, "%s, by halves: scores of one field as of two", wides[c].name);
	near(between(first, other), 0, 1e-4, what);
	ok(between(first, start) > 0.1, "  trained");
	net_free(other);
	for (int threads = 2; threads < 8; threads += threads == 2 ? 1 : 4) {
		other = wide_trained(plain, c, one, 1, threads);
		snprintf(what, sizeof what, "  the same bits from %d threads", threads);
		ok(alike(first, other), what);
		net_free(other);
	}
	omp_set_num_threads(2);
	how.dropout = wides[c].dropout;
	near(worst(start, &how, reported, &loss), 0, 1.5e-3, "  gradients equal finite differences");
	net_free(first);
	net_free(start);
}

/* On every thread. */
static void check_no_number(const struct fit *plain)
{
	struct fit how = *plain;
	float bent[ROWS];
	size_t bad[2];
	double loss = 0;

	memcpy(bent, label, sizeof bent);
	bent[5] = NAN;
	how.label = bent;
	how.batch = 4;
	for (int threads = 1; threads < 3; threads++) {
		struct net *net = wide_net(0, one, 1);

		omp_set_num_threads(threads);
		loss = epoch_run(net, &how, one, order, ROWS, 0, bad + threads - 1);
		net_free(net);
	}
	ok(isnan(loss) && bad[0] > 1 && bad[0] == bad[1],
		"a loss that is no number ends it at its step");
}

static void check_halves(const struct fit *plain)
{
	int threads = omp_get_max_threads();

	make_wide();
	for (size_t c = 0; c < sizeof wides / sizeof *wides; c++)
		check_wide(plain, c);
	check_no_number(plain);
	omp_set_num_threads(threads);
}

int main(void)
{
	struct fit how = { .seed = 3,
		.batch = ROWS,
		.optim = { .clip = INFINITY },
		.rate = 1e-30,
		.loss = { true, 0, 1, false },
		.label = label,
		.teacher = teacher,
		.weight = weight };

	make();
	check_losses(&how);
	check_layers(&how);
	check_pairs(&how);
	check_mimic(&how);
	check_norm(&how);
	check_paces(&how);
	check_room(&how);
	check_rowwise(&how);
	check_halves(&how);
	return done();
}
