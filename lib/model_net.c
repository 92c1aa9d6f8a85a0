#include "model_net.h"

#include <stdio.h>
#include <string.h>

#include "crossing.h"
#include "die.h"
#include "mem.h"
#include "text.h"

const char *const model_actives[] = { "relu", "tanh", "sigmoid", "linear", NULL };
const char *const model_norms[] = { "none", "layer", "batch", NULL };

static void open_features(struct features *f, const struct spec *spec, struct weights *weights,
	enum net_arch arch, bool unknown)
{
	for (const char *at = spec_need(spec, "features"); *at;) {
		char suffix[2 * TENSOR_NAME];
		size_t n = strcspn(at, ",");
		struct net_field field = { 0 };
		int kind;

		f->name = mem_grow(f->name, f->n + 1, sizeof *f->name);
		f->field = mem_grow(f->field, f->n + 1, sizeof *f->field);
		snprintf(f->name[f->n], sizeof *f->name, "%.*s",
			(int)(n < TENSOR_NAME ? n : TENSOR_NAME), at);
		kind = feature_kind(f->name[f->n]);
		if (kind < 0)
			die("model '%s': '%s' in its spec is no feature", spec->model,
				f->name[f->n]);
		field.kind = (enum net_kind)kind;
		snprintf(suffix, sizeof suffix, "%s.%s",
			kind == NET_NUM		    ? "mean"
			: arch_of(arch)->embeddings ? "embedding"
						    : "linear",
			f->name[f->n]);
		field.item = text_starts(f->name[f->n], "item");
		field.values = (uint32_t)tensor_rows(weights_need(weights, suffix, 0, 0));
		if (unknown && kind != NET_NUM && field.values-- < 2)
			die("model '%s': 'model.%s.%s' has one row, and that for the unknown",
				spec->model, spec->model, suffix);
		f->field[f->n++] = field;
		at += n + (at[n] == ',');
	}
	if (!f->n)
		die("model '%s': its spec has no features", spec->model);
}

/* What layers and fields are, where it is not what they are by default. */
static void open_kinds(struct net_shape *shape, const struct spec *spec)
{
	static const char *const pooling[] = { "mean", "sum", NULL };

	shape->active = (enum active)spec_choice(spec, "activation", model_actives);
	shape->norm = (enum net_norm)spec_choice(spec, "norm", model_norms);
	shape->sum = spec_choice(spec, "bags", pooling) == 1;
	shape->unknown = spec_get(spec, "unknown") != NULL;
}

static void open_crosses(struct net_shape *shape, const struct spec *spec, const struct features *f)
{
	const char *text = spec_get(spec, "cross"), *fault;
	char *end;

	if (!text)
		return;
	fault = crossing_parse(text, f->name, f->field, f->n, shape->wide, &shape->wides);
	if (fault)
		die("model '%s': cross=%s in its spec: %s", spec->model, text, fault);
	shape->wide_bits = spec_number(spec, "cross-bits", spec_need(spec, "cross-bits"), &end);
	if (shape->wide_bits < 1 || shape->wide_bits > NET_WIDE_BITS)
		die("model '%s': cross-bits=%u in its spec", spec->model, shape->wide_bits);
}

/* How wide everything is. */
static void open_sizes(struct net_shape *shape, const struct spec *spec)
{
	const struct arch *has = arch_of(shape->arch);
	const char *hidden = spec_get(spec, "hidden");
	char *end;

	shape->dim = spec_number(spec, "dim", spec_need(spec, "dim"), &end);
	while (hidden && *hidden) {
		if (shape->layers == NET_LAYERS)
			die("model '%s': more than %d hidden layers", spec->model, NET_LAYERS);
		shape->hidden[shape->layers] = spec_number(spec, "hidden", hidden, &end);
		if (!shape->hidden[shape->layers++] || (*end && *end != ','))
			die("model '%s': hidden=%s in its spec", spec->model, hidden);
		hidden = end + (*end == ',');
	}
	if (has->embeddings && !shape->dim)
		die("model '%s': dim=0 in its spec", spec->model);
	if (has->crosses)
		shape->crosses = spec_number(spec, "crosses", spec_need(spec, "crosses"), &end);
	if (shape->crosses > NET_CROSSES)
		die("model '%s': more than %d cross layers", spec->model, NET_CROSSES);
	if (has->mlp && !shape->layers)
		die("model '%s': no hidden layers in its spec", spec->model);
}

/* A spec that asks for far more weights than the stream has is refused before memory is. */
static void check_weights(const struct net_shape *shape, const struct weights *weights)
{
	double have = weights_there(weights), need = net_weights(shape);

	if (need > 2 * have + 65536)
		die("model '%s': its spec is of %.3g weights, the stream has %.3g", weights->model,
			need, have);
}

/* What each field needs of the user and item tables. */
static void check_tables(const struct features *f, const struct weights *weights)
{
	for (size_t i = 0; i < f->n; i++) {
		const char *name = f->name[i];
		bool bag = f->field[i].kind == NET_BAG;

		if (feature_owner(name) && (bag || !text_starts(name, "row.")) &&
			!feature_part(weights->set, name, bag ? ".at" : ""))
			die("model '%s' needs '%s%s', which the stream lacks", weights->model, name,
				bag ? ".at" : "");
	}
}

struct net *model_net(struct features *features, const struct spec *spec, struct weights *weights,
	enum net_arch arch, bool logistic)
{
	struct net_shape shape = { .arch = arch, .logistic = logistic };
	struct net *net;

	open_sizes(&shape, spec);
	open_kinds(&shape, spec);
	open_features(features, spec, weights, arch, shape.unknown);
	open_crosses(&shape, spec, features);
	shape.fields = features->n;
	shape.field = features->field;
	check_weights(&shape, weights);
	net = net_new(&shape);
	for (size_t i = 0, n = net_tensors(net); i < n; i++) {
		struct net_tensor t = net_tensor(net, i);
		char suffix[2 * TENSOR_NAME];

		feature_weight(suffix, sizeof suffix, t, features);
		net_set(net, i, NET_WEIGHT, weights_need(weights, suffix, t.rows, t.cols)->data);
	}
	check_tables(features, weights);
	feature_bind(features, weights->set, NULL);
	return net;
}
