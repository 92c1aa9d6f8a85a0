#include "settings.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crossing.h"
#include "die.h"
#include "model_net.h"
#include "model_write.h"

enum { ROWWISE_BEYOND = 100000 };

static const struct {
	const char *name;
	enum optim_kind kind;
	bool lazy;
} optimizers[] = {
	{ "adam", OPTIM_ADAM, false },
	{ "lazy", OPTIM_ADAM, true },
	{ "rowwise", OPTIM_ROWWISE, true },
	{ "adamw", OPTIM_ADAMW, false },
	{ "adagrad", OPTIM_ADAGRAD, false },
	{ "sgd", OPTIM_SGD, false },
	{ "auto", OPTIM_ADAM, false },
};

void settings_list(const struct train_options *o)
{
	if (strcmp(o->arch, "list") != 0)
		return;
	for (int i = 0; i < NET_ARCHS; i++)
		printf("%-10s %s\n", arch_of((enum net_arch)i)->name,
			arch_of((enum net_arch)i)->line);
	if (fflush(stdout))
		die("stdout:");
	exit(0);
}

static void check_arch(const struct train_options *o, struct net_shape *shape)
{
	char names[256];
	size_t n = 0, hidden[NET_LAYERS];

	shape->arch = arch_find(o->arch);
	for (int i = 0; i < NET_ARCHS; i++)
		n += (size_t)snprintf(names + n, sizeof names - n, "%s%s",
			i == 0		     ? ""
			: i + 1 == NET_ARCHS ? " or "
					     : ", ",
			arch_of((enum net_arch)i)->name);
	if (shape->arch == NET_ARCHS)
		die_usage("--arch: '%s' is not %s", o->arch, names);
	shape->dim = (uint32_t)o->dim;
	shape->crosses = (size_t)o->crosses;
	shape->layers = opt_list("hidden", o->hidden, 1, 1 << 16, hidden, NET_LAYERS);
	for (size_t l = 0; l < shape->layers; l++)
		shape->hidden[l] = (uint32_t)hidden[l];
}

/* The place of value among `names`. */
static int place(const char *option, const char *value, const char *const *names)
{
	char all[128];
	size_t n = 0;

	for (int i = 0; names[i]; i++) {
		if (strcmp(names[i], value) == 0)
			return i;
		n += (size_t)snprintf(all + n, sizeof all - n, "%s%s",
			i == 0	       ? ""
			: names[i + 1] ? ", "
				       : " or ",
			names[i]);
	}
	die_usage("--%s: '%s' is not %s", option, value, all);
}

static void check_kinds(const struct train_options *o, struct net_shape *shape)
{
	static const char *const pooling[] = { "mean", "sum", NULL };

	shape->active = (enum active)place("activation", o->activation, model_actives);
	shape->norm = (enum net_norm)place("norm", o->norm, model_norms);
	if (shape->norm == NET_BATCH_NORM && o->batch < 2)
		die_usage("--batch: the deviation of one row is 0; --norm batch needs 2 or more");
	shape->sum = place("bags", o->bags, pooling) == 1;
	shape->unknown = o->unknown_rate > 0;
	shape->wide_bits = (unsigned)o->cross_bits;
	if (o->cross.n && !arch_of(shape->arch)->linear)
		die_usage("--cross: %s has no first order; lr, fm, wide-deep and deepfm have",
			o->arch);
}

/* Whether two crosses are of the same features, in any order. */
static bool same_cross(const struct net_wide *a, const struct net_wide *b)
{
	size_t both = 0;

	for (size_t p = 0; p < a->parts; p++)
		for (size_t q = 0; q < b->parts; q++)
			both += a->field[p] == b->field[q];
	return a->parts == b->parts && both == a->parts;
}

void settings_crosses(
	const struct train_options *o, const struct features *features, struct net_shape *shape)
{
	struct text list = { 0 };
	const char *fault;

	if (!o->cross.n)
		return;
	for (size_t i = 0; i < o->cross.n; i++)
		text_add(&list, "%s%s", i ? "," : "", o->cross.at[i]);
	fault = crossing_parse(
		list.at, features->name, features->field, features->n, shape->wide, &shape->wides);
	if (fault)
		die_usage("--cross: %s: %s", list.at, fault);
	for (size_t i = 0; i < shape->wides; i++)
		for (size_t j = 0; j < i; j++)
			if (same_cross(shape->wide + i, shape->wide + j))
				die_usage("--cross: '%s' is there twice", o->cross.at[i]);
	free(list.at);
}

static void check_optimizer(const struct train_options *o, struct fit *fit)
{
	const char *fault;
	size_t i = 0;

	while (i < sizeof optimizers / sizeof *optimizers &&
		strcmp(optimizers[i].name, o->optimizer) != 0)
		i++;
	if (i == sizeof optimizers / sizeof *optimizers)
		die_usage("--optimizer: '%s' is not auto, adam, lazy, rowwise, adamw, "
			  "adagrad or sgd",
			o->optimizer);
	fit->optim.kind = optimizers[i].kind;
	fit->optim.lazy = optimizers[i].lazy;
	fit->optim.momentum = o->momentum;
	fit->optim.clip = o->clip > 0 ? o->clip : INFINITY;
	if (o->clip > 0 && o->clip_norm > 0)
		die_usage("--clip-norm: gradients are clipped one by one, by --clip, or together");
	fit->clip_norm = o->clip_norm;
	fit->schedule.span = (double)(o->epochs + o->before ? o->epochs + o->before : 1);
	fit->schedule.warmup = o->warmup;
	fault = schedule_parse(&fit->schedule, o->schedule);
	if (fault)
		die_usage("--rate-schedule: '%s' %s", o->schedule, fault);
}

/* "A,B": weights of labels 0 and 1. */
static void check_classes(const struct train_options *o)
{
	double a, b;
	char rest;

	if (!o->class_weights || strcmp(o->class_weights, "balanced") == 0)
		return;
	if (sscanf(o->class_weights, "%lf,%lf%c", &a, &b, &rest) != 2 ||
		!(a > 0 && a < 1e9 && b > 0 && b < 1e9))
		die_usage("--class-weights: '%s' is not balanced or two numbers above 0, as 1,5",
			o->class_weights);
}

static void check_loss(const struct train_options *o)
{
	static const char *const losses[] = { "auto", "logistic", "squared", "bpr", "softmax",
		NULL };
	static const char *const samplings[] = { "uniform", "popularity", NULL };

	place("loss", o->loss, losses);
	place("negative-sampling", o->sampling, samplings);
	if (settings_pairs(o) && o->class_weights)
		die_usage("--class-weights: --loss %s has no classes", o->loss);
}

static void check_only(const struct train_options *o)
{
	static const struct train_options usual = { TRAIN_DEFAULTS };
	const struct opt_only of_loss[] = {
		{ "negatives", o->negatives != usual.negatives, "bpr softmax" },
		{ "negative-sampling", strcmp(o->sampling, usual.sampling) != 0, "bpr softmax" },
	};

	opt_check_only("loss", o->loss, of_loss, sizeof of_loss / sizeof *of_loss);
	opt_check_only("optimizer", o->optimizer,
		&(struct opt_only){ "momentum", o->momentum != usual.momentum, "sgd" }, 1);
	opt_check_only("arch", o->arch,
		&(struct opt_only){ "crosses", o->crosses != usual.crosses, "dcn" }, 1);
	if (!o->cross.n && o->cross_bits != usual.cross_bits)
		die_usage("--cross-bits: has no effect without --cross");
}

void settings_factors(const struct train_options *o)
{
	static const struct train_options usual = { TRAIN_DEFAULTS };
	const struct {
		const char *name;
		bool given;
	} other[] = {
		{ "features", o->features != NULL },
		{ "drop-features", o->drop != NULL },
		{ "crosses", o->crosses != usual.crosses },
		{ "cross", o->cross.n != 0 },
		{ "activation", strcmp(o->activation, usual.activation) != 0 },
		{ "norm", strcmp(o->norm, usual.norm) != 0 },
		{ "bags", strcmp(o->bags, usual.bags) != 0 },
		{ "unknown-rate", o->unknown_rate != 0 },
		{ "rate-schedule", strcmp(o->schedule, usual.schedule) != 0 },
		{ "warmup", o->warmup != 0 },
		{ "l2-layers", o->l2_layers != 0 },
		{ "clip", o->clip != 0 },
		{ "dropout", o->dropout != 0 },
		{ "class-weights", o->class_weights != NULL },
		{ "momentum", o->momentum != usual.momentum },
		{ "init", o->init != NULL },
		{ "freeze", o->freeze != NULL },
		{ "rate-of", o->rate_of != NULL },
		{ "ensemble", o->ensemble != 1 },
	};

	for (size_t i = 0; i < sizeof other / sizeof *other; i++)
		if (other[i].given)
			die_usage("--%s: has no effect with --arch mf", other[i].name);
}

static void check_resume(const struct train_options *o)
{
	if (o->resume && o->init)
		die_usage("--init: --resume starts where the model was");
	if (o->resume && o->ensemble > 1)
		die_usage("--ensemble: --resume goes on with one model");
	if (o->resumable && !o->epochs)
		die_usage("--resumable: needs an epoch");
}

void settings_check(const struct train_options *o, struct net_shape *shape, struct fit *fit)
{
	if (model_name_fault(o->as))
		die_usage("--as: '%s': %s", o->as, model_name_fault(o->as));
	check_loss(o);
	check_only(o);
	check_resume(o);
	check_arch(o, shape);
	check_kinds(o, shape);
	check_optimizer(o, fit);
	check_classes(o);
	fit->seed = (uint64_t)o->seed;
	fit->batch = (size_t)o->batch;
	fit->rate = o->rate;
	fit->l2 = o->l2;
	fit->l2_layers = o->l2_layers;
	fit->dropout = o->dropout;
	fit->unknown = o->unknown_rate;
}

void settings_optimizer(const struct train_options *o, uint64_t embeddings, struct fit *fit)
{
	if (strcmp(o->optimizer, "auto") == 0 && embeddings > ROWWISE_BEYOND) {
		fit->optim.kind = OPTIM_ROWWISE;
		fit->optim.lazy = true;
	}
}

/* As --optimizer has it. */
static const char *optimizer_name(const struct fit *fit)
{
	size_t i = 0;

	while (optimizers[i].kind != fit->optim.kind || optimizers[i].lazy != fit->optim.lazy)
		i++;
	return optimizers[i].name;
}

void settings_note(const struct train_options *o, const struct fit *fit, bool pairs, bool taught,
	struct text *spec)
{
	model_note(spec, "batch", "%ld", o->batch);
	if (pairs) {
		model_note(spec, taught ? "base" : "loss", "%s", o->loss);
		model_note(spec, "negatives", "%zu", settings_negatives(o));
		model_note(spec, "negative-sampling", "%s", o->sampling);
	}
	model_note(spec, "rate", "%.9g", o->rate);
	model_note(spec, "l2", "%.9g", o->l2);
	model_note(spec, "dropout", "%.9g", o->dropout);
	if (o->unknown_rate > 0)
		model_note(spec, "unknown-rate", "%.9g", o->unknown_rate);
	if (o->freeze)
		model_note(spec, "freeze", "%s", o->freeze);
	if (o->rate_of)
		model_note(spec, "rate-of", "%s", o->rate_of);
	model_note(spec, "optimizer", "%s", optimizer_name(fit));
	if (fit->optim.kind == OPTIM_SGD)
		model_note(spec, "momentum", "%.9g", o->momentum);
	if (fit->schedule.kind == SCHEDULE_COSINE) /* its span, too, is one for --resume */
		model_note(spec, "rate-schedule", "cosine:%.9g", fit->schedule.span);
	else if (fit->schedule.kind != SCHEDULE_CONSTANT)
		model_note(spec, "rate-schedule", "%s", o->schedule);
	if (o->warmup > 0)
		model_note(spec, "warmup", "%.9g", o->warmup);
	if (o->l2_layers > 0)
		model_note(spec, "l2-layers", "%.9g", o->l2_layers);
	if (o->clip > 0)
		model_note(spec, "clip", "%.9g", o->clip);
	if (o->clip_norm > 0)
		model_note(spec, "clip-norm", "%.9g", o->clip_norm);
	if (o->class_weights)
		model_note(spec, "class-weights", "%s", o->class_weights);
	model_note(spec, "seed", "%llu", (unsigned long long)fit->seed);
	if (o->init)
		model_note(spec, "init", "%s", o->init);
}
