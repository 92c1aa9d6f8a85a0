#include "train.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bpr.h"
#include "codec.h"
#include "die.h"
#include "fmath.h"
#include "infer.h"
#include "initial.h"
#include "mem.h"
#include "metrics.h"
#include "model_write.h"
#include "netstate.h"
#include "progress.h"
#include "softmax.h"

struct wish {
	const struct train_options *options;
	const struct train_lesson *lesson;
};

/* NAME, or NAME-1, NAME-2, ... of an ensemble. */
static void model_called(char name[TENSOR_NAME], const struct train_options *o, size_t member)
{
	if (o->ensemble > 1)
		snprintf(name, TENSOR_NAME, "%s-%zu", o->as, member + 1);
	else
		snprintf(name, TENSOR_NAME, "%s", o->as);
}

static int want(const char *name, const struct frame *first, void *arg)
{
	const struct wish *wish = arg;
	char init[TENSOR_NAME + 16];

	(void)first;
	snprintf(init, sizeof init, "model.%s.*", wish->options->init ? wish->options->init : "");
	for (long i = 0; i < wish->options->ensemble; i++) {
		const struct train_options *o = wish->options;
		char own[TENSOR_NAME];

		model_called(own, o, (size_t)i);
		if (model_replaces(own, o->replace || o->resume, name))
			return STREAM_DROP |
			       (o->resume || tensor_match(init, name) ? STREAM_KEEP : 0);
	}
	if (tensor_match(init, name))
		return STREAM_KEEP;
	if (strcmp(name, "label") == 0 || strcmp(name, "weight") == 0 || strcmp(name, "part") == 0)
		return STREAM_KEEP;
	if (wish->lesson->teachers && teachers_want(wish->lesson->teachers, name))
		return STREAM_KEEP;
	if (wish->lesson->curriculum && curriculum_want(wish->lesson->curriculum, name))
		return STREAM_KEEP;
	return features_carrier(name) ? STREAM_KEEP : STREAM_PASS;
}

/* Weights, two moments of each and a transposed copy. */
static void check_memory(const struct net_shape *shape)
{
	double need = 16 * net_weights(shape), have = (double)mem_physical() * 0.75;

	if (need > have)
		die("memory: this network of %.3g weights needs %.3g MiB, the ceiling is %.3g; ask "
		    "for less --dim or --hidden",
			need / 16, need / 1048576, have / 1048576);
}

/* Numbers that never change say nothing: initial.h gives them the scale 0. */
static void warn_constant(const struct train *t)
{
	for (size_t i = 0, n = net_tensors(t->net); i < n && !t->member; i++) {
		struct net_tensor x = net_tensor(t->net, i);
		float *scale;
		size_t same = 0;

		if (strcmp(x.part, "scale") != 0)
			continue;
		scale = mem_new(x.rows, sizeof *scale);
		net_get(t->net, i, NET_WEIGHT, scale);
		for (size_t j = 0; j < x.rows; j++)
			same += scale[j] == 0;
		free(scale);
		if (same && x.rows == 1)
			warn("'%s' is the same in every row of part 0 and left out",
				t->features.name[x.field]);
		else if (same)
			warn("%zu of the %llu numbers of '%s' are the same in every row of part 0 "
			     "and left out",
				same, (unsigned long long)x.rows, t->features.name[x.field]);
	}
}

static void start(struct train *t)
{
	const struct train_options *o = t->options;
	struct net_shape shape = t->shape;
	uint64_t embeddings = 0;
	double sum = 0, base;

	shape.logistic = t->material.logistic;
	shape.fields = t->features.n;
	shape.field = t->features.field;
	for (size_t f = 0; f < t->features.n; f++)
		embeddings += t->features.field[f].kind == NET_NUM ? 0 : shape.field[f].values;
	if (embeddings > 1u << 31)
		die("stdin: %llu embeddings; at most 2147483648", (unsigned long long)embeddings);
	check_memory(&shape);
	settings_lazy(o, embeddings, &t->fit);
	for (size_t i = 0; i < t->material.n[0]; i++)
		sum += (double)t->material.label[t->material.row[0][i]];
	base = sum / (double)t->material.n[0];
	if (t->objective.self)
		base = 0;
	else if (t->material.logistic)
		base = fmath_log(base / (1 - base));
	t->net = net_new(&shape);
	initial_weights(
		t->net, t->fit.seed, t->features.field, t->material.row[0], t->material.n[0], base);
	t->unseen = unseen_find(t->net, t->features.field, t->material.row[0], t->material.n[0]);
	warn_constant(t);
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
	warn("%s: %zu of %zu tensors start as in '%s'", t->name, carried, all, o->init);
}

static void set_paces(struct train *t)
{
	const struct train_options *o = t->options;
	const char *fault = NULL;

	if (o->rate_of)
		fault = model_pace(t->net, &t->features, o->rate_of, true);
	if (fault)
		die_usage("--rate-of: '%s' is not WEIGHT=MULTIPLE of a weight that there is; "
			  "rs-show lists those of a model as model.NAME.WEIGHT",
			fault);
	if (o->freeze)
		fault = model_pace(t->net, &t->features, o->freeze, false);
	if (fault)
		die_usage("--freeze: no weight is called '%s'; rs-show lists those of a model as "
			  "model.NAME.WEIGHT",
			fault);
}

/* Towers and pairs have features of users and of items. Those of the rows are dropped when all were
 * meant. */
static void check_sides(struct train *t, const char *who)
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
				name, who);
		warn("%s: without '%s', which is of the rows", t->options->as, name);
		features_drop(&t->features, name);
		f--;
	}
	if (!n[0] || !n[1])
		die("stdin: %s needs features of users and of items; these are of %s only", who,
			n[0] ? "users" : "items");
}

/* Whether part 1 judges epochs. */
static bool judged(const struct train *t)
{
	return t->objective.self ? t->judge != NULL : t->material.n[1] > 0;
}

/* All that an equal result needs but the number of epochs. */
static void note(struct train *t)
{
	const struct train_options *o = t->options;
	struct text *spec = &t->spec;

	model_note(spec, "batch", "%ld", o->batch);
	if (t->objective.self) {
		model_note(spec, t->tutor.curriculum ? "base" : "loss", "%s", o->loss);
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
	model_note(spec, "seed", "%llu", (unsigned long long)t->fit.seed);
	if (o->init)
		model_note(spec, "init", "%s", o->init);
}

/* ---- another day ---- */

/* --resume: the best model so far, then the state after its last epoch. */
static void pick_up(struct train *t)
{
	struct mf_state list[NETSTATES];
	struct resume at;
	size_t all;

	netstate_list(t->net, list);
	at = resume_read(&t->set, t->name, &t->spec, t->digest, list, NETSTATES);
	if (model_carry(t->net, &t->features, &t->set, t->name, &all) != all)
		die("--resume: model '%s' has other weights than these options give", t->name);
	t->epoch = (size_t)at.epochs;
	t->best_epoch = (size_t)at.best;
	t->best = at.least;
	if (judged(t)) {
		t->best_weights = mem_new(net_size(t->net), sizeof *t->best_weights);
		net_save(t->net, t->best_weights);
	}
	netstate_copy(t->net, list, false);
	netstate_free(list);
}

static void write_state(struct train *t, struct tensors *model)
{
	struct resume at = { (long)t->epoch, (long)(t->best_weights ? t->best_epoch : t->epoch),
		t->best, t->digest };
	struct mf_state list[NETSTATES];

	netstate_list(t->net, list);
	net_restore(t->net, t->last_weights);
	netstate_copy(t->net, list, true);
	resume_write(model, t->name, &at, list, NETSTATES);
	netstate_free(list);
}

/* The rows as pairs of users and items. */
static void find_pairs(struct train *t)
{
	const struct tensor *part = tensors_find(&t->set, "part");
	struct mf_rows rows = { .label = t->material.label, .weight = t->material.weight };
	struct features sides;

	features_find(&sides, &t->set, "user,item");
	features_bind(&sides, &t->set, &t->set);
	rows.n = t->material.rows;
	rows.user = sides.field[0].key;
	rows.item = sides.field[1].key;
	rows.users = sides.field[0].values;
	rows.items = sides.field[1].values;
	rows.part = part ? part->data : NULL;
	for (size_t r = 0; r < rows.n; r++)
		if (rows.user[r] >= rows.users || rows.item[r] >= rows.items)
			die("stdin: row %zu: user %u, item %u; there are %u and %u", r,
				rows.user[r], rows.item[r], rows.users, rows.items);
	features_free(&sides);
	t->rows = rows;
}

/* Losses over pairs: the objective, and lists of part 1 to judge by. */
static void start_pairs(struct train *t)
{
	const struct train_options *o = t->options;
	bool popular = strcmp(o->sampling, "popularity") == 0;
	size_t positives;

	if (strcmp(o->loss, "bpr") == 0)
		t->objective = bpr_objective(&t->rows,
			&(struct bpr_training){
				t->fit.batch, settings_negatives(o), popular, t->fit.seed },
			&positives);
	else
		t->objective = softmax_objective(&t->rows,
			&(struct softmax_training){
				t->fit.batch, settings_negatives(o), popular, t->fit.seed },
			&positives);
	if (!positives)
		die("stdin: no row of part 0 has a label above 0, so there is nothing to rank");
	if (!t->judge)
		t->judge = judge_new(&t->rows, true);
	t->fit.objective = &t->objective;
	t->measure = "ndcg@20";
}

static uint32_t digest(const struct train *t)
{
	uint64_t rows = t->material.rows;
	const struct tensor *part = tensors_find(&t->set, "part");
	uint32_t crc = codec_crc(0, t->material.label, rows * sizeof *t->material.label);

	if (t->material.weight)
		crc = codec_crc(crc, t->material.weight, rows * sizeof *t->material.weight);
	if (part)
		crc = codec_crc(crc, part->data, rows);
	if (t->teachers)
		crc = codec_crc(crc, t->teachers->answer, rows * sizeof *t->teachers->answer);
	return crc;
}

/* The model at hand before its first epoch, or where --resume finds it. */
static void begin(struct train *t)
{
	model_called(t->name, t->options, t->member);
	t->fit.seed = (uint64_t)t->options->seed + t->member;
	start(t);
	carry(t);
	set_paces(t);
	note(t);
	t->objective = tutor_open(&t->tutor, t->objective, &t->fit, t->net, &t->features, &t->rows);
	if (t->options->resume)
		pick_up(t);
}

void train_open(struct train *t, const struct train_options *options, struct stream *in,
	struct stream *out, const struct train_lesson *lesson)
{
	struct wish wish = { options, lesson };
	struct teachers *teachers = lesson->teachers;
	const struct train_mix *mix = lesson->mix;
	struct material *m = &t->material;

	*t = (struct train){ .options = options, .tutor.curriculum = lesson->curriculum };
	settings_check(options, &t->shape, &t->fit);
	if (options->trace && !(t->trace = fopen(options->trace, "w")))
		die("%s:", options->trace);
	stream_load(in, out, want, &wish, &t->set);
	material_find(m, &t->set);
	material_choose(m, options->loss, settings_pairs(options));
	if (teachers)
		teachers_open(teachers, &t->set, m->rows,
			m->logistic && !mix->mse ? mix->temperature : 0, m->row[0], m->n[0]);
	t->teachers = teachers;
	if (options->class_weights)
		material_weigh(m, options->class_weights);
	features_find(&t->features, &t->set, options->features);
	features_drop(&t->features, options->drop);
	if (arch_of(t->shape.arch)->towers > 1 || settings_pairs(options))
		check_sides(t, settings_pairs(options) ? options->loss : options->arch);
	settings_crosses(options, &t->features, &t->shape);
	features_bind(&t->features, &t->set, &t->set);
	t->measure = m->logistic ? "auc" : "rmse";
	t->rows.n = m->rows;
	if (lesson->curriculum)
		curriculum_find(lesson->curriculum, &t->set);
	if (settings_pairs(options) || (lesson->curriculum && lesson->curriculum->sides))
		find_pairs(t);
	if (settings_pairs(options))
		start_pairs(t);
	if (options->resume || options->resumable)
		t->digest = digest(t);
	begin(t);
	if (t->trace)
		fprintf(t->trace, "epoch\tsoft\ttrain_loss\tvalid_%s\n", t->measure);
}

/* Weights that the last step of an epoch has spoilt are seen in scores only. */
static void check_scores(const struct train *t, const float *score, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isfinite(score[i]))
			die("epoch %zu, last batch: scores are not numbers after it; try --rate %g",
				t->epoch, t->options->rate / 10);
}

/* AUC, NDCG@20, or minus the RMSE, on part 1. */
static double judge(struct train *t)
{
	struct metrics_rows rows = { t->material.judged[0], t->material.judged[1],
		t->material.judged[2], t->material.n[1] };
	struct metrics_how how = { METRICS_LOGIT, 0.5, 0.1 };
	struct metrics_binary binary;
	struct metrics_rating rating;

	if (t->judge) {
		struct model *model = model_around_net(t->net, &t->features, t->name);
		double ndcg = judge_model(t->judge, model);

		model_free(model);
		return ndcg;
	}
	infer_scores(t->net, t->features.field, t->material.row[1], t->material.n[1],
		t->material.judged[0]);
	check_scores(t, t->material.judged[0], t->material.n[1]);
	if (t->material.logistic)
		metrics_binary(&binary, &rows, &how);
	else
		metrics_rating(&rating, &rows);
	return t->material.logistic ? binary.auc : -rating.rmse;
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
	if (judged(t))
		fprintf(t->trace, "%.9g", fabs(quality));
	fputc('\n', t->trace);
	if (fflush(t->trace))
		die("%s:", t->options->trace);
}

/* What part 1 has not looked at: the scores of part 0 must be numbers. */
static void look_once(struct train *t)
{
	float *score = mem_new(t->material.n[0], sizeof *score);

	infer_scores(t->net, t->features.field, t->material.row[0], t->material.n[0], score);
	check_scores(t, score, t->material.n[0]);
	free(score);
}

static double share_of(double first, double last, size_t epoch, size_t epochs)
{
	if (epochs < 2)
		return first;
	return first + (last - first) * (double)epoch / (double)(epochs - 1);
}

void train_run(struct train *t, const struct train_mix *mix, size_t epochs)
{
	const struct train_options *o = t->options;
	struct fit *how = &t->fit;
	size_t first = o->resume ? t->epoch : 0, bad;
	size_t worse = o->resume && judged(t) ? t->epoch - t->best_epoch : 0;

	how->label = t->material.label;
	how->teacher = t->teachers ? t->teachers->answer : NULL;
	how->trust = t->teachers ? t->teachers->trust : NULL;
	how->weight = t->material.class_weight ? t->material.class_weight : t->material.weight;
	progress_start("training", epochs * t->material.n[0], "rows");
	for (size_t e = first; e < epochs && (!o->patience || worse < (size_t)o->patience); e++) {
		double alpha = share_of(mix->alpha, mix->last, e, epochs), loss, quality;

		tutor_begin(
			&t->tutor, mix->base, share_of(mix->taught, mix->taught_last, e, epochs));
		how->loss = (struct loss){ t->material.logistic, (float)alpha,
			(float)mix->temperature, mix->mse };
		loss = fit_epoch(t->net, how, t->features.field, t->material.row[0],
			t->material.n[0], t->epoch++, &bad);
		tutor_end(&t->tutor);
		unseen_adopt(t->net, &t->unseen);
		quality = judged(t) && !bad ? judge(t) : 0;
		if (bad)
			die("epoch %zu, batch %zu: the loss is not a number; try --rate %g",
				t->epoch, bad, o->rate / 10);
		trace(t, alpha, loss, quality);
		progress_at((e + 1) * t->material.n[0]);
		if (!judged(t)) {
			progress_line("epoch %zu: train loss %.5f", t->epoch, loss);
			continue;
		}
		worse = better(t, quality) ? 0 : worse + 1;
		progress_line("epoch %zu: train loss %.5f, valid %s %.5f%s", t->epoch, loss,
			t->measure, fabs(quality), worse ? "" : " *");
	}
	progress_end();
	if (o->resumable) {
		t->last_weights =
			mem_grow(t->last_weights, net_size(t->net), sizeof *t->last_weights);
		net_save(t->net, t->last_weights);
	}
	if (t->best_weights)
		net_restore(t->net, t->best_weights);
	if (t->judge || !judged(t))
		look_once(t);
}

static void forget_model(struct train *t)
{
	net_free(t->net);
	free(t->best_weights);
	free(t->last_weights);
	unseen_free(&t->unseen);
	t->best_weights = t->last_weights = NULL;
	t->epoch = 0;
}

bool train_next(struct train *t, struct stream *out)
{
	const struct train_options *o = t->options;
	struct tensors model = { 0 };

	if (t->best_weights)
		warn("%s: kept epoch %zu of %zu, valid %s %.5f", t->name, t->best_epoch, t->epoch,
			t->measure, fabs(t->best));
	model_note(&t->spec, "epochs", "%zu", t->epoch);
	model_note(&t->spec, "epoch", "%zu", t->best_weights ? t->best_epoch : t->epoch);
	model_from_net(&model, t->name, &t->spec, t->net, &t->features);
	if (o->resumable)
		write_state(t, &model);
	for (size_t i = 0; i < model.n; i++)
		stream_write(out, model.at[i]);
	tensors_free(&model);
	tutor_close(&t->tutor);
	forget_model(t);
	if (++t->member == (size_t)o->ensemble)
		return false;
	t->fit.seed = (uint64_t)o->seed + t->member;
	if (t->objective.self) {
		t->objective.end(t->objective.self);
		start_pairs(t);
	}
	begin(t);
	return true;
}

void train_close(struct train *t)
{
	if (t->trace && fclose(t->trace))
		die("%s:", t->options->trace);
	if (t->objective.self)
		t->objective.end(t->objective.self);
	judge_free(t->judge);
	features_free(&t->features);
	material_free(&t->material);
	tensors_free(&t->set);
}
