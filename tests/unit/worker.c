/* A thread's way through an epoch, by hand: rows, the next batch's, rates. */
#include "worker.h"

#include <stdlib.h>

#include "tap.h"

enum { ROWS = 10, MANY = 2000 };

static uint32_t row[MANY], user[MANY], wide[MANY];
static const struct net_field field[] = {
	{ .kind = NET_CAT, .values = 5, .key = user, .entries = 5 },
	{ .kind = NET_CAT, .values = 20000, .entries = MANY, .cat = wide },
};

static struct net *network(enum net_norm norm)
{
	struct net_shape shape = { .arch = NET_MLP,
		.dim = 16,
		.layers = 1,
		.hidden = { 64 },
		.norm = norm,
		.fields = 2,
		.field = field };

	return net_new(&shape);
}

static void check_rows(struct net *net)
{
	struct fit how = { .seed = 1, .batch = 4, .unknown = 0.25, .dropout = 0.5 };
	struct listed_batch b;
	struct trainer t;
	struct worker w;

	trainer_open(&t, net, &how, field, row, ROWS, 0);
	w = worker_new(&t, 0);
	worker_step(&w, &t, 0);
	ok(w.row == t.order && w.n == 4 && w.next == 4 && w.training.draw.first == 0,
		"the first 4 of 10 rows, then 4");
	ok(w.training.draw.seed == t.seed && near(w.training.draw.unknown, 0.25, 0, "hidden ids") &&
			near(w.training.dropout, 0.5, 0, "and units"),
		"  by the settings and the epoch");
	worker_step(&w, &t, 1);
	b = worker_batch(&w, &t, false);
	ok(b.row == t.order + 4 && b.n == 4 && b.step == 1 && b.draw.first == 4 && b.field == field,
		"the second batch,");
	b = worker_batch(&w, &t, true);
	ok(b.row == t.order + 8 && b.n == 2 && b.step == 2 && b.draw.first == 8,
		"  and the third, which is shorter");
	ok(w.training.ids == listed_at(&t.listed, 1), "  lists take turns");
	worker_step(&w, &t, 2);
	ok(w.row == t.order + 8 && w.n == 2 && w.next == 0, "  and the last one");
	worker_free(&w);
	trainer_close(&t);
}

/* Rates rise for an epoch of 3 steps; net->clock is left alone. */
static void check_rates(struct net *net)
{
	struct fit how = { .seed = 1,
		.batch = 4,
		.optim = { .kind = OPTIM_SGD, .clip = 3 },
		.rate = 0.3,
		.schedule = { .warmup = 2 },
		.l2 = 0.125,
		.l2_layers = 0.5 };
	struct trainer t;
	struct worker w;

	net->clock = (struct optim_clock){ 1, 1 };
	trainer_open(&t, net, &how, field, row, ROWS, 1);
	w = worker_new(&t, 0);
	worker_step(&w, &t, 0);
	near((double)w.steps.layers.rate, 0.3 * (1 + 1 / 3.0) / 2, 1e-6, "at the end of the first step");
	worker_step(&w, &t, 1);
	near((double)w.steps.embeddings.rate, 0.3 * (1 + 2 / 3.0) / 2, 1e-6, "at that of the second");
	ok(w.steps.layers.l2 == 0.5f && w.steps.embeddings.l2 == 0.125f && w.steps.biases.l2 == 0,
		"each kind of weights has its own L2");
	near(w.clock.b1, 0.81, 1e-12, "two steps by the clock,");
	ok(net->clock.b1 == 1, "  which is the thread's own");
	worker_free(&w);
	trainer_close(&t);
}

static size_t start(void *self, uint64_t epoch)
{
	(void)self;
	(void)epoch;
	return 2;
}

static void draw(void *self, size_t batch, struct pairs *pairs)
{
	(void)self;
	for (uint32_t k = 0; k < 3 + batch; k++)
		pairs_add(pairs, k, k);
}

static void check_pairs(struct net *net)
{
	struct objective objective = { NULL, start, draw, NULL, NULL };
	struct fit how = { .seed = 1, .batch = 100, .objective = &objective };
	struct trainer t;
	struct worker w;

	trainer_open(&t, net, &how, field, row, ROWS, 0);
	w = worker_new(&t, 0);
	for (size_t s = 0; s < 2; s++) {
		worker_step(&w, &t, s);
		trainer_draw(&t, s);
		worker_drawn(&w, &t);
		ok(w.row == t.own_row && w.n == 3 + s && w.next == 0,
			"pairs: those that are drawn,");
		ok(w.training.draw.first == 3 * s, "  at their place in the epoch");
	}
	worker_free(&w);
	trainer_close(&t);
}

/* Whether a thread has room for inputs of its own. */
static bool is_near(enum net_norm norm, bool lazy)
{
	struct fit how = { .seed = 1, .batch = MANY, .optim = { .lazy = lazy } };
	struct net *net = network(norm);
	struct trainer t;
	struct worker w;
	bool both, none;

	trainer_open(&t, net, &how, field, row, MANY, 0);
	w = worker_new(&t, 0);
	both = w.near[0] && w.near[1];
	none = !w.near[0] && !w.near[1];
	ok(both || none, "inputs of two chunks or none");
	worker_free(&w);
	trainer_close(&t);
	net_free(net);
	return both;
}

int main(void)
{
	struct net *net = network(NET_PLAIN);

	/* two thirds of the rows have one id of the second field, all others are rare */
	for (uint32_t i = 0; i < MANY; i++) {
		row[i] = i;
		user[i] = i % 5;
		wide[i] = i % 3 ? 1 : 3 * i;
	}
	check_rows(net);
	check_rates(net);
	check_pairs(net);
	net_free(net);
	ok(is_near(NET_PLAIN, true), "rare ids are stepped in their chunk: inputs stay near");
	ok(!is_near(NET_BATCH_NORM, true), "not where the batch comes between");
	ok(!is_near(NET_PLAIN, false), "nor where all ids are stepped");
	return done();
}
