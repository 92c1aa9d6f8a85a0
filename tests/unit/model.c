/* A network to tensors and back scores the same; features are found, joined and refused. */
#include "model.h"

#include <stdlib.h>

#include "child.h"
#include "feature.h"
#include "infer.h"
#include "initial.h"
#include "made.h"
#include "mem.h"
#include "model_items.h"
#include "model_write.h"
#include "rng.h"
#include "tap.h"

enum { ROWS = 20, USERS = 4, ITEMS = 3 };

static void make(struct tensors *set)
{
	static const uint32_t age[USERS] = { 0, 1, 1, 2 }, id[] = { 0, 1, 1 };
	static const uint64_t at[ITEMS + 1] = { 0, 2, 2, 3 };
	static const float price[ITEMS] = { 1, 2, 4 };
	uint32_t user[ROWS], item[ROWS];

	for (uint32_t r = 0; r < ROWS; r++) {
		user[r] = r % USERS;
		item[r] = r * 7 % ITEMS;
	}
	made_column(set, "user.cat.age", U32, USERS, age);
	made_column(set, "item.bag.genres.at", U64, ITEMS + 1, at);
	made_column(set, "item.bag.genres.id", U32, 3, id);
	made_column(set, "item.num.price", F32, ITEMS, price);
	made_column(set, "user", U32, ROWS, user);
	made_column(set, "item", U32, ROWS, item);
}

static void find_absent(void *set)
{
	struct features f;

	feature_find(&f, set, "user,item.cat.colour");
}

static void find_twice(void *set)
{
	struct features f;

	feature_find(&f, set, "user,item,user");
}

static void open_a(void *set)
{
	model_free(model_open(set, "a"));
}

static void open_spoilt(void *arg)
{
	struct tensors *set = arg;
	struct tensor *t = tensors_find(set, "model.a.output");

	((float *)t->data)[1] = NAN;
	open_a(set);
}

static void open_falling(void *arg)
{
	struct tensors *set = arg;

	((uint64_t *)tensors_find(set, "item.bag.genres.at")->data)[1] = 4;
	open_a(set);
}

static void open_without(void *arg)
{
	tensor_free(tensors_take(arg, "user.cat.age"));
	open_a(arg);
}

/* 17 GB of layers, of which the stream has a few bytes. */
static void open_vast(void *arg)
{
	static const char spec[] = "arch=deepfm\ntask=binary\nfeatures=user,item\ndim=3\n"
				   "hidden=65536,65536\n";

	tensor_free(tensors_take(arg, "model.a.spec"));
	made_column(arg, "model.a.spec", U8, sizeof spec - 1, spec);
	open_a(arg);
}

static void keep(void *set, const struct tensor *t)
{
	struct tensor *own = tensor_new(t->name, t->dtype, t->shape[0], t->ndim > 1 ? t->shape[1] : 0);

	memcpy(own->data, t->data, tensor_bytes(t));
	tensors_add(set, own);
}

/* A model of two towers scores all items as it scores rows, unknown users and items too. */
static void check_towers(struct tensors *set)
{
	struct features f;
	struct text spec = { 0 };
	struct net_shape shape = { .arch = NET_TWO_TOWER,
		.dim = 3,
		.layers = 2,
		.hidden = { 5, 4 },
		.active = ACTIVE_TANH,
		.norm = NET_BATCH_NORM,
		.unknown = true };
	uint32_t row[ROWS], user[6] = { 0, 1, 2, 3, 4, 9999 };
	float fast[6 * MODEL_TILE], slow[6 * 5];
	struct tensors rows = { 0 };
	struct tensor *u = tensor_new("user", U32, 30, 0), *i = tensor_new("item", U32, 30, 0);
	struct model_items *ready;
	struct model *m;
	struct net *net;
	double far = 0;

	feature_find(&f, set, NULL);
	feature_bind(&f, set, set);
	shape.fields = f.n;
	shape.field = f.field;
	for (uint32_t r = 0; r < ROWS; r++)
		row[r] = r;
	net = net_new(&shape);
	initial_weights(net, 5, f.field, row, ROWS, 0.25);
	model_from_net("b", &spec, net, &f, keep, set);
	m = model_open(set, "b");
	same(model_spec(m, "norm"), "batch", "the spec knows kinds of layers");
	ready = model_items_new(m, 5); /* two more than there are */
	ok(model_items_apart(ready), "towers are factors");
	model_items_score(ready, fast, user, 6, 0, 5);
	for (uint32_t r = 0; r < 30; r++) {
		((uint32_t *)u->data)[r] = user[r / 5];
		((uint32_t *)i->data)[r] = r % 5;
	}
	tensors_add(&rows, u);
	tensors_add(&rows, i);
	model_predict(m, &rows, 30, slow);
	for (int r = 0; r < 30; r++)
		far = fmax(far, fabs((double)slow[r] - (double)fast[r / 5 * MODEL_TILE + r % 5]));
	near(far, 0, 1e-6, "and score as rows do");
	ok(slow[0] != slow[5] && slow[0] != slow[1] && slow[20] == slow[25],
		"users and items differ, unknown users do not");
	model_items_free(ready);
	model_free(m);
	net_free(net);
	feature_free(&f);
	tensors_free(&rows);
}

int main(void)
{
	struct tensors set = { 0 };
	struct features f;
	struct text spec = { 0 };
	struct net_shape shape = {
		.arch = NET_DEEPFM, .logistic = true, .dim = 3, .layers = 2, .hidden = { 5, 2 }
	};
	float direct[ROWS], read[ROWS];
	uint32_t row[ROWS];
	const char **names;
	struct model *m;
	struct net *net;

	make(&set);
	feature_find(&f, &set, NULL);
	ok(f.n == 5, "every feature is found");
	same(f.name[3], "item.bag.genres", "a bag goes by its name without .at");
	ok(f.field[0].values == 4 && f.field[1].values == 3 && f.field[2].values == 3 &&
			f.field[3].values == 2 && f.field[4].values == 1,
		"sizes: largest id + 1, width");
	feature_bind(&f, &set, &set);
	shape.fields = f.n;
	shape.field = f.field;
	for (uint32_t r = 0; r < ROWS; r++)
		row[r] = r;
	net = net_new(&shape);
	initial_weights(net, 5, f.field, row, ROWS, 0.25);
	infer_scores(net, f.field, NULL, ROWS, direct);
	model_note(&spec, "rate", "%g", 0.5);
	model_from_net("a", &spec, net, &f, keep, &set);
	ok(model_list(&set, &names) == 1, "one model in the set");
	same(names[0], "a", "its name");
	m = model_open(&set, "a");
	model_predict(m, &set, ROWS, read);
	ok(memcmp(direct, read, sizeof read) == 0, "scores survive tensors, bit for bit");
	same(model_spec(m, "features"), "user,item,user.cat.age,item.bag.genres,item.num.price",
		"the spec lists the features");
	same(model_spec(m, "rate"), "0.5", "and what was noted");
	ok(!model_spec(m, "colour"), "and nothing else");
	ok(model_is_binary(m) && model_needs(m, "user") && !model_needs(m, "row.num.x"),
		"task and needs");
	/* first order 4+3+3+2+1, embeddings 3 times that, 15 x 5 + 5 with the price beside the four
	 * embeddings (13 inputs), 5 x 2 + 2, output 2, bias 1 */
	ok(model_parameters(m) == 13 + 39 + 13 * 5 + 5 + 12 + 2 + 1, "parameters, counted by hand");
	ok(model_bytes(m) == 4 * (model_parameters(m) + 2),
		"bytes: also the price's mean and scale");
	ok(run(find_absent, &set) == 2, "an absent feature is wrong use");
	ok(run(find_twice, &set) == 2, "so is one given twice");
	ok(run(open_a, &set) == 0, "what is whole opens");
	ok(run(open_spoilt, &set) == 1, "a weight that is not finite is refused");
	ok(run(open_falling, &set) == 1, "offsets that fall are refused");
	ok(run(open_without, &set) == 1, "a feature's table is needed");
	ok(run(open_vast, &set) == 1, "so is a spec of far more weights than there are");
	ok(strstr(said, "its spec is of 4.3e+09 weights, the stream has") != NULL,
		"  before memory is asked for them");
	ok(model_name_fault("a.b") && model_name_fault("") && !model_name_fault("a-b_2"),
		"names of models have no dots");
	model_free(m);
	net_free(net);
	feature_free(&f);
	tensors_free(&set);
	make(&set);
	check_towers(&set);
	tensors_free(&set);
	free(names);
	return done();
}
