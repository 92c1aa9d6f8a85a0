#include "train.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "fmath.h"
#include "forward.h"
#include "initial.h"
#include "mem.h"
#include "metrics.h"
#include "progress.h"

struct wish {
	const struct train_options *options;
	const struct teachers *teachers; /* or NULL */
};

static int want(const char *name, const struct frame *first, void *arg)
{
	const struct wish *wish = arg;
	char init[TENSOR_NAME + 16];

	(void)first;
	snprintf(init, sizeof init, "model.%s.*", wish->options->init ? wish->options->init : "");
	if (model_replaces(wish->options->as, wish->options->replace, name))
		return STREAM_DROP | (tensor_match(init, name) ? STREAM_KEEP : 0);
	if (tensor_match(init, name))
		return STREAM_KEEP;
	if (strcmp(name, "label") == 0 || strcmp(name, "weight") == 0 || strcmp(name, "part") == 0)
		return STREAM_KEEP;
	if (wish->teachers && teachers_want(wish->teachers, name))
		return STREAM_KEEP;
	return features_carrier(name) ? STREAM_KEEP : STREAM_PASS;
}

static const float *column(const struct train *t, const char *name, uint64_t rows)
{
	const struct tensor *c = tensors_find(&t->set, name);

	if (!c)
		return NULL;
	if (tensors_need(&t->set, name, F32, 1)->shape[0] != rows)
		die("stdin: '%s' has %llu rows, 'label' has %llu", name,
			(unsigned long long)c->shape[0], (unsigned long long)rows);
	return c->data;
}

/* Rows of parts 0 and 1, in the order of the stream. */
static void find_rows(struct train *t, uint64_t n)
{
	const struct tensor *part = tensors_find(&t->set, "part");
	const uint8_t *p = NULL;

	if (n > UINT32_MAX)
		die("stdin: %llu rows; at most 4294967295", (unsigned long long)n);
	if (part) {
		p = tensors_need(&t->set, "part", U8, 1)->data;
		if (tensor_rows(part) != n)
			die("stdin: 'part' has %llu rows, 'label' has %llu",
				(unsigned long long)tensor_rows(part), (unsigned long long)n);
	} else {
		warn("no 'part' in the stream: training on every row, the last epoch is kept");
	}
	for (size_t k = 0; k < 2; k++) {
		for (uint64_t r = 0; r < n; r++)
			t->n[k] += (p ? p[r] : 0) == k;
		t->row[k] = mem_new(t->n[k], sizeof **t->row);
		t->n[k] = 0;
		for (uint64_t r = 0; r < n; r++)
			if ((p ? p[r] : 0) == k)
				t->row[k][t->n[k]++] = (uint32_t)r;
	}
	if (!t->n[0])
		die("stdin: no row in part 0, so there is nothing to train on");
	if (part && !t->n[1])
		warn("no row in part 1: no early stopping, the last epoch is kept");
}

static void check_values(const struct train *t, const char *name, const float *x, float least)
{
	for (size_t k = 0; k < 2 && x; k++)
		for (size_t i = 0; i < t->n[k]; i++)
			if (!isfinite(x[t->row[k][i]]) || x[t->row[k][i]] < least)
				die("stdin: '%s' of row %u is %g; expected a finite number%s", name,
					t->row[k][i], (double)x[t->row[k][i]],
					least == 0 ? ", none negative" : "");
}

/* Labels and weights of part 1 side by side, as the metrics want them at every epoch. */
static void gather_judged(struct train *t)
{
	t->judged[0] = mem_new(t->n[1], sizeof(float));
	t->judged[1] = mem_new(t->n[1], sizeof(float));
	t->judged[2] = t->weight ? mem_new(t->n[1], sizeof(float)) : NULL;
	for (size_t i = 0; i < t->n[1]; i++) {
		t->judged[1][i] = t->label[t->row[1][i]];
		if (t->weight)
			t->judged[2][i] = t->weight[t->row[1][i]];
	}
}

/* The loss by the labels, or as told; counts of both classes are checked. */
static void choose_loss(struct train *t)
{
	const char *wish = t->options->loss;
	size_t positive[2] = { 0 }, odd = SIZE_MAX;

	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < t->n[k]; i++) {
			float y = t->label[t->row[k][i]];

			positive[k] += y == 1;
			if (y != 0 && y != 1 && odd == SIZE_MAX)
				odd = t->row[k][i];
		}
	t->logistic =
		strcmp(wish, "logistic") == 0 || (strcmp(wish, "auto") == 0 && odd == SIZE_MAX);
	if (!t->logistic)
		return;
	if (odd != SIZE_MAX)
		die("stdin: label %g of row %zu; logistic loss needs 0 or 1: rs-prep --positive "
		    "'>=4', or "
		    "--loss squared",
			(double)t->label[odd], odd);
	for (size_t k = 0; k < 2; k++)
		if (t->n[k] && (positive[k] == 0 || positive[k] == t->n[k]))
			die("stdin: part %zu has %s; both classes are needed", k,
				positive[k] ? "no negative" : "no positive");
}

/* Weights of the loss: those of the rows times those of the classes; part 1 is judged without. */
static void weigh_classes(struct train *t, uint64_t rows)
{
	const char *how = t->options->class_weights;
	double class[2] = { 1, 1 };
	size_t positive = 0;

	if (!how)
		return;
	if (!t->logistic)
		die("stdin: --class-weights needs labels 0 and 1");
	for (size_t i = 0; i < t->n[0]; i++)
		positive += t->label[t->row[0][i]] == 1;
	if (strcmp(how, "balanced") == 0) { /* both classes weigh n / 2 */
		class[0] = (double)t->n[0] / 2 / (double)(t->n[0] - positive);
		class[1] = (double)t->n[0] / 2 / (double)positive;
	} else {
		sscanf(how, "%lf,%lf", class, class + 1);
	}
	t->class_weight = mem_new(rows, sizeof *t->class_weight);
	for (size_t i = 0; i < t->n[0]; i++) {
		uint32_t r = t->row[0][i];

		t->class_weight[r] =
			(float)class[t->label[r] == 1] * (t->weight ? t->weight[r] : 1);
	}
}

static void start(struct train *t)
{
	const struct train_options *o = t->options;
	struct net_shape shape = t->shape;
	uint64_t embeddings = 0;
	double sum = 0, base;

	shape.logistic = t->logistic;
	shape.fields = t->features.n;
	shape.field = t->features.field;
	for (size_t f = 0; f < t->features.n; f++)
		embeddings += t->features.field[f].kind == NET_NUM ? 0 : shape.field[f].values;
	if (embeddings > 1u << 31)
		die("stdin: %llu embeddings; at most 2147483648", (unsigned long long)embeddings);
	settings_lazy(o, embeddings, &t->fit);
	for (size_t i = 0; i < t->n[0]; i++)
		sum += (double)t->label[t->row[0][i]];
	base = sum / (double)t->n[0];
	if (t->logistic)
		base = fmath_log(base / (1 - base));
	t->net = net_new(&shape);
	initial_weights(t->net, (uint64_t)o->seed, t->features.field, t->row[0], t->n[0], base);
	t->unseen = unseen_find(t->net, t->features.field, t->row[0], t->n[0]);
}

/* --init: the weights of another model of the stream, as far as they fit. */
static void carry(struct train *t)
{
	const struct train_options *o = t->options;
	size_t all, carried;

	if (!o->init)
		return;
	carried = model_carry(t->net, &t->features, &t->set, o->init, &all);
	if (!carried)
		die("stdin: no weight of a model '%s' fits; --init needs one ahead of this stage",
			o->init);
	warn("%s: %zu of %zu tensors start as in '%s'", o->as, carried, all, o->init);
}

static void freeze(struct train *t)
{
	const char *fault;

	if (!t->options->freeze)
		return;
	fault = model_freeze(t->net, &t->features, t->options->freeze);
	if (fault)
		die_usage("--freeze: no weight is called '%s'; rs-show lists those of a model as "
			  "model.NAME.WEIGHT",
			fault);
}

/* Towers have features of users and of items. Those of the rows are dropped when all were meant. */
static void check_towers(struct train *t)
{
	size_t n[2] = { 0 };

	for (size_t f = 0; f < t->features.n; f++) {
		char name[TENSOR_NAME + 1];

		memcpy(name, t->features.name[f], sizeof name);
		if (strncmp(name, "row.", 4) != 0) {
			n[t->features.field[f].item]++;
			continue;
		}
		if (t->options->features)
			die_usage("--features: '%s' is of the rows; %s has features of users and "
				  "of items",
				name, t->options->arch);
		warn("%s: without '%s', which is of the rows", t->options->as, name);
		features_drop(&t->features, name);
		f--;
	}
	if (!n[0] || !n[1])
		die("stdin: %s needs features of users and of items; these are of %s only",
			t->options->arch, n[0] ? "users" : "items");
}

void train_open(struct train *t, const struct train_options *options, struct stream *in,
	struct stream *out, struct teachers *teachers, const struct train_mix *mix)
{
	struct wish wish = { options, teachers };
	uint64_t rows;

	*t = (struct train){ .options = options };
	settings_check(options, &t->shape, &t->fit);
	if (options->trace && !(t->trace = fopen(options->trace, "w")))
		die("%s:", options->trace);
	stream_load(in, out, want, &wish, &t->set);
	rows = tensor_rows(tensors_need(&t->set, "label", F32, 1));
	t->label = column(t, "label", rows);
	t->weight = column(t, "weight", rows);
	find_rows(t, rows);
	check_values(t, "label", t->label, -INFINITY);
	check_values(t, "weight", t->weight, 0);
	choose_loss(t);
	if (teachers)
		teachers_open(teachers, &t->set, rows,
			t->logistic && !mix->mse ? mix->temperature : 0, t->row[0], t->n[0]);
	t->teachers = teachers;
	gather_judged(t);
	weigh_classes(t, rows);
	features_find(&t->features, &t->set, options->features);
	features_drop(&t->features, options->drop);
	if (arch_of(t->shape.arch)->towers)
		check_towers(t);
	settings_crosses(options, &t->features, &t->shape);
	features_bind(&t->features, &t->set, &t->set);
	start(t);
	carry(t);
	freeze(t);
	if (t->trace)
		fprintf(t->trace, "epoch\tsoft\ttrain_loss\tvalid_%s\n",
			t->logistic ? "auc" : "rmse");
}

/* AUC, or minus the RMSE, on part 1. */
static double judge(const struct train *t)
{
	struct metrics_rows rows = { t->judged[0], t->judged[1], t->judged[2], t->n[1] };
	struct metrics_how how = { METRICS_LOGIT, 0.5, 0.1 };
	struct metrics_binary binary;
	struct metrics_rating rating;

	forward_scores(t->net, t->features.field, t->row[1], t->n[1], t->judged[0]);
	if (t->logistic)
		metrics_binary(&binary, &rows, &how);
	else
		metrics_rating(&rating, &rows);
	return t->logistic ? binary.auc : -rating.rmse;
}

/* Whether this epoch is the best so far; keeps its weights. */
static bool better(struct train *t, double quality)
{
	if (t->best_weights && !(quality > t->best))
		return false;
	if (!t->best_weights)
		t->best_weights = mem_new(net_size(t->net), sizeof *t->best_weights);
	net_save(t->net, t->best_weights);
	t->best = quality;
	t->best_epoch = t->epoch;
	return true;
}

/* A line of --trace: epoch, share of the soft loss, train loss, quality on part 1 (empty without).
 */
static void trace(struct train *t, double alpha, double loss, double quality)
{
	if (!t->trace)
		return;
	fprintf(t->trace, "%zu\t%g\t%.9g\t", t->epoch, alpha, loss);
	if (t->n[1])
		fprintf(t->trace, "%.9g", fabs(quality));
	fputc('\n', t->trace);
	if (fflush(t->trace))
		die("%s:", t->options->trace);
}

static double share_of(const struct train_mix *mix, size_t epoch, size_t epochs)
{
	if (epochs < 2)
		return mix->alpha;
	return mix->alpha + (mix->last - mix->alpha) * (double)epoch / (double)(epochs - 1);
}

void train_run(struct train *t, const struct train_mix *mix, size_t epochs)
{
	const struct train_options *o = t->options;
	struct fit *how = &t->fit;
	size_t bad, worse = 0;

	how->label = t->label;
	how->teacher = t->teachers ? t->teachers->answer : NULL;
	how->trust = t->teachers ? t->teachers->trust : NULL;
	how->weight = t->class_weight ? t->class_weight : t->weight;
	progress_start("training", epochs * t->n[0], "rows");
	for (size_t e = 0; e < epochs && (!o->patience || worse < (size_t)o->patience); e++) {
		double alpha = share_of(mix, e, epochs), loss, quality;

		how->loss = (struct loss){ t->logistic, (float)alpha, (float)mix->temperature,
			mix->mse };
		loss = fit_epoch(
			t->net, how, t->features.field, t->row[0], t->n[0], t->epoch++, &bad);
		unseen_adopt(t->net, &t->unseen);
		quality = t->n[1] && !bad ? judge(t) : 0;
		if (bad)
			die("epoch %zu, batch %zu: the loss is not a number; try --rate %g",
				t->epoch, bad, o->rate / 10);
		trace(t, alpha, loss, quality);
		progress_at((e + 1) * t->n[0]);
		if (!t->n[1]) {
			progress_line("epoch %zu: train loss %.5f", t->epoch, loss);
			continue;
		}
		worse = better(t, quality) ? 0 : worse + 1;
		progress_line("epoch %zu: train loss %.5f, valid %s %.5f%s", t->epoch, loss,
			t->logistic ? "auc" : "rmse", fabs(quality), worse ? "" : " *");
	}
	progress_end();
	if (t->best_weights)
		net_restore(t->net, t->best_weights);
}

void train_close(struct train *t, struct stream *out)
{
	const struct train_options *o = t->options;
	struct tensors model = { 0 };
	struct text *spec = &t->spec;

	if (t->best_weights)
		warn("%s: kept epoch %zu of %zu, valid %s %.5f", o->as, t->best_epoch, t->epoch,
			t->logistic ? "auc" : "rmse", fabs(t->best));
	model_note(spec, "batch", "%ld", o->batch);
	model_note(spec, "rate", "%.9g", o->rate);
	model_note(spec, "l2", "%.9g", o->l2);
	model_note(spec, "dropout", "%.9g", o->dropout);
	if (o->unknown_rate > 0)
		model_note(spec, "unknown-rate", "%.9g", o->unknown_rate);
	if (o->freeze)
		model_note(spec, "freeze", "%s", o->freeze);
	model_note(spec, "optimizer", "%s", settings_optimizer(&t->fit));
	if (t->fit.optim.kind == OPTIM_SGD)
		model_note(spec, "momentum", "%.9g", o->momentum);
	if (t->fit.schedule.kind != SCHEDULE_CONSTANT)
		model_note(spec, "rate-schedule", "%s", o->schedule);
	if (o->warmup > 0)
		model_note(spec, "warmup", "%.9g", o->warmup);
	if (o->l2_layers > 0)
		model_note(spec, "l2-layers", "%.9g", o->l2_layers);
	if (o->clip > 0)
		model_note(spec, "clip", "%.9g", o->clip);
	if (o->class_weights)
		model_note(spec, "class-weights", "%s", o->class_weights);
	model_note(spec, "seed", "%ld", o->seed);
	if (o->init)
		model_note(spec, "init", "%s", o->init);
	model_note(spec, "epochs", "%zu", t->epoch);
	model_note(spec, "epoch", "%zu", t->best_weights ? t->best_epoch : t->epoch);
	model_from_net(&model, o->as, spec, t->net, &t->features);
	for (size_t i = 0; i < model.n; i++)
		stream_write(out, model.at[i]);
	tensors_free(&model);
	if (t->trace && fclose(t->trace))
		die("%s:", o->trace);
	features_free(&t->features);
	net_free(t->net);
	free(t->row[0]);
	free(t->row[1]);
	for (size_t i = 0; i < 3; i++)
		free(t->judged[i]);
	free(t->class_weight);
	free(t->best_weights);
	unseen_free(&t->unseen);
	tensors_free(&t->set);
}
