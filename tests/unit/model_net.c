/* model_net: which line of a spec says what of a network, weights by hand, what is refused. */
#include "model_net.h"

#include <stdlib.h>

#include "child.h"
#include "die.h"
#include "made.h"
#include "tap.h"
#include "text.h"

static struct tensors set;

static void matrix(const char *name, uint64_t rows, uint64_t cols, float first)
{
	struct tensor *t = tensor_new(name, F32, rows, cols);

	for (uint64_t i = 0; i < tensor_rows(t) * tensor_cols(t); i++)
		((float *)t->data)[i] = first + (float)i;
	tensors_add(&set, t);
}

/* The network of these lines in *f. */
static struct net *open(const char *lines, enum net_arch arch, struct features *f)
{
	struct tensors words = { 0 };
	struct spec spec;
	struct weights weights = { .model = "a", .set = &set };
	struct net *net;

	*f = (struct features){ 0 };
	made_column(&words, "model.a.spec", U8, strlen(lines), lines);
	spec_read(&spec, &words, "a");
	net = model_net(f, &spec, &weights, arch, true);
	spec_free(&spec);
	tensors_free(&words);
	weights_free(&weights);
	return net;
}

struct call {
	const char *lines;
	enum net_arch arch;
};

static void try(void *arg)
{
	const struct call *c = arg;
	struct features f;

	open(c->lines, c->arch, &f);
}

static void refused(const char *lines, enum net_arch arch, const char *want)
{
	if (!ok(run(try, &(struct call){ lines, arch }) == 1 && strstr(said, want), want))
		printf("# %s\n", said);
}

/* Logistic regression of user and item. */
static void linear(void)
{
	struct features f;
	struct net *net;
	const struct net_shape *shape;

	matrix("model.a.linear.user", 3, 0, 1);
	matrix("model.a.linear.item", 2, 0, 10);
	matrix("model.a.bias", 1, 0, 0.5F);
	net = open("features=user,item\ndim=0\n", NET_LR, &f);
	shape = net_shape(net);
	ok(f.n == 2 && strcmp(f.name[1], "item") == 0 && f.field[0].values == 3 &&
			f.field[1].values == 2 && f.field[1].item && !f.field[0].item,
		"fields with as many values as there are weights");
	ok(shape->arch == NET_LR && shape->dim == 0 && shape->layers == 0 && shape->logistic &&
			shape->active == ACTIVE_RELU && shape->norm == NET_PLAIN && !shape->sum,
		"what is not said is by default");
	ok(net_parameters(net) == 3 + 2 + 1, "all weights");
	net_free(net);
	feature_free(&f);
	net = open("features=user,item\ndim=0\nunknown=1\n", NET_LR, &f);
	ok(f.field[0].values == 2 && f.field[1].values == 1, "the last is for the unknown");
	net_free(net);
	feature_free(&f);
	refused("features=user,item\n", NET_LR, "its spec lacks 'dim'");
	refused("dim=0\n", NET_LR, "its spec lacks 'features'");
	refused("features=\ndim=0\n", NET_LR, "its spec has no features");
	refused("features=user,label\ndim=0\n", NET_LR, "'label' in its spec is no feature");
	refused("features=user,row.cat.x\ndim=0\n", NET_LR, "lacks 'model.a.linear.row.cat.x'");
	refused("features=user,item\ndim=0\nbags=max\n", NET_LR, "bags=max in its spec");
	refused("features=user,item\ndim=0\ncross=user*nix\ncross-bits=4\n", NET_LR,
		"cross=user*nix in its spec: ");
	refused("features=user,item\ndim=0\ncross=user*item\ncross-bits=0\n", NET_LR,
		"cross-bits=0 in its spec");
}

/* Layers of a perceptron; only its embeddings are there. */
static void layers(void)
{
	matrix("model.a.embedding.user", 3, 2, 0);
	refused("features=user\ndim=2\nhidden=4,\n", NET_MLP, "lacks 'model.a.");
	refused("features=user\ndim=2\n", NET_MLP, "no hidden layers in its spec");
	refused("features=user\ndim=2\nhidden=4,0\n", NET_MLP, "hidden=0 in its spec");
	refused("features=user\ndim=2\nhidden=4;5\n", NET_MLP, "hidden=4;5 in its spec");
	refused("features=user\ndim=0\nhidden=4\n", NET_MLP, "dim=0 in its spec");
	refused("features=user\ndim=2\nhidden=4\nactivation=step\n", NET_MLP,
		"activation=step in its spec");
	refused("features=user\ndim=2\nhidden=4\nnorm=group\n", NET_MLP, "norm=group in its spec");
	refused("features=user\ndim=2\nhidden=1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1\n", NET_MLP,
		"hidden layers");
	refused("features=user\ndim=2\nhidden=4\n", NET_DCN, "its spec lacks 'crosses'");
	refused("features=user\ndim=2\nhidden=65536,65536\n", NET_MLP,
		"its spec is of 4.3e+09 weights");
}

int main(void)
{
	die_name("unit");
	linear();
	layers();
	tensors_free(&set);
	return done();
}
