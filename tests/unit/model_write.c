/* model_write: what a spec says, which tensors are a model's, paces and weights carried by name. */
#include "model_write.h"

#include <stdlib.h>

#include "child.h"
#include "die.h"
#include "made.h"
#include "tap.h"

static struct tensors set;

static void factors(void)
{
	struct mf *mf = made_factors(3, 2, 4, 1.5F, 5);
	struct text spec = { 0 };
	const struct tensor *t;

	model_note(&spec, "rate", "%g", 0.5);
	model_from_mf(&set, "a", &spec, mf_copy(mf));
	ok(!spec.at && set.n == 6, "six tensors, the spec is used up");
	t = set.at[0];
	ok(strcmp(t->name, "model.a.spec") == 0 && tensor_bytes(t) == 53 &&
			memcmp(t->data,
				"arch=mf\ntask=rating\ndim=4\nlow=-100\nhigh=100\nrate=0.5\n",
				53) == 0,
		"the spec first, with what was noted behind what every model has");
	t = tensors_find(&set, "model.a.item.factors");
	ok(t && t->dtype == F32 && tensor_rows(t) == 2 && tensor_cols(t) == 4 &&
			memcmp(t->data, mf->item_factors, 32) == 0,
		"factors");
	ok(*(float *)tensors_find(&set, "model.a.bias")->data == 1.5F, "the mean");
	tensors_free(&set);
	mf->dim = 0;
	model_from_mf(&set, "a", &spec, mf);
	ok(set.n == 4 && !tensors_find(&set, "model.a.user.factors"), "biases alone");
	tensors_free(&set);
}

static void there(void *tensor)
{
	model_replaces("a", false, tensor);
}

static void replaced(void)
{
	ok(model_replaces("a", true, "model.a.spec") && model_replaces("a", true, "model.a.x.y"),
		"tensors of an older one");
	ok(!model_replaces("a", true, "model.ab.spec") &&
			!model_replaces("ab", true, "model.a.spec") &&
			!model_replaces("a", true, "soft.a"),
		"of others");
	ok(run(there, "model.a.spec") == 1 &&
			strstr(said, "'model.a.spec' is already in the stream; --as another name"),
		"which may not be replaced");
	ok(run(there, "label") == 0, "or is none");
}

/* A perceptron: embeddings 3 x 2, 2 x 2, layer 4 x 4. */
static struct net *network(const struct features *f)
{
	const struct net_shape shape = { .arch = NET_MLP,
		.logistic = true,
		.dim = 2,
		.layers = 1,
		.hidden = { 4 },
		.fields = f->n,
		.field = f->field };

	return net_new(&shape);
}

/* Embeddings are given where they lie. */
static void look(void *arg, const struct tensor *t)
{
	const struct net *net = arg;

	if (strcmp(t->name, "model.m.embedding.user") != 0)
		return;
	ok(t->ndim == 2 && t->shape[0] == 3 && t->shape[1] == 2, "a table of embeddings");
	ok(t->data == net->table.w, "  which is not copied");
}

static void networks(void)
{
	static const uint32_t users[] = { 2 }, items[] = { 1 };
	struct features f;
	struct net *net, *other;
	static const float x[] = { 1, 2, 3, 4, 5, 6 }, y[] = { 1, 2 };
	struct text spec = { 0 }, rest = { 0 };
	float weight[6];
	size_t all, user;

	made_column(&set, "user", U32, 1, users);
	made_column(&set, "item", U32, 1, items);
	feature_find(&f, &set, NULL);
	net = network(&f);
	model_note_net(&spec, net, &f);
	ok(strncmp(spec.at, "arch=mlp\ntask=binary\nfeatures=user,item\ndim=2\nhidden=4\n", 55) ==
			0,
		"what a network is");
	free(spec.at);
	model_from_net("m", &rest, net, &f, look, net);
	ok(!model_pace(net, &f, "embedding.*=0.5,embedding.item=0", true), "paces");
	same(model_pace(net, &f, "embedding.*=1,mlp=2", true), "mlp=2",
		"a pattern without weights");
	same(model_pace(net, &f, "embedding.user=x", true), "embedding.user=x", "no number");
	same(model_pace(net, &f, "embedding.user=-1", true), "embedding.user=-1", "below 0");
	ok(!model_pace(net, &f, "embedding.user,bias", false), "or frozen ones");
	made_column(&set, "model.o.embedding.user", F32, 6, x);
	made_column(&set, "model.o.bias", F32, 1, y);
	made_column(&set, "model.o.output", F32, 2, y);
	other = network(&f);
	ok(model_carry(other, &f, &set, "o", &all) == 1 && all == net_tensors(net),
		"what has the name and the shape is carried");
	tensor_free(tensors_take(&set, "model.o.embedding.user"));
	tensors_add(&set, tensor_new("model.o.embedding.user", F32, 3, 2));
	memcpy(tensors_find(&set, "model.o.embedding.user")->data, x, sizeof x);
	ok(model_carry(other, &f, &set, "o", &all) == 2, "embeddings too");
	for (user = 0; user < all; user++) {
		struct net_tensor t = net_tensor(other, user);

		if (t.field == 0 && strcmp(t.part, "embedding") == 0)
			break;
	}
	net_get(other, user, NET_WEIGHT, weight);
	ok(memcmp(weight, x, sizeof x) == 0, "bit by bit");
	net_free(net);
	net_free(other);
	feature_free(&f);
	tensors_free(&set);
}

int main(void)
{
	die_name("unit");
	factors();
	replaced();
	networks();
	return done();
}
