#include "train.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bpr.h"
#include "codec.h"
#include "die.h"
#include "fmath.h"
#include "initial.h"
#include "mem.h"
#include "members.h"
#include "model_write.h"
#include "netstate.h"
#include "softmax.h"
#include "stream_later.h"
#include "stream_out.h"
#include "stream_rows.h"

#define NUMBERS "row.num.*"

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
		return tensor_is_row(name) ? STREAM_LATER : STREAM_KEEP;
	if (tensor_match(NUMBERS, name) || tensor_match("vocab.*", name))
		return feature_carrier(name) ? STREAM_LATER : STREAM_PASS;
	return feature_carrier(name) ? STREAM_KEEP : STREAM_PASS;
}

/* Weights, two moments of each and a transposed copy; of tables that rowwise trains no moments. */
static void check_memory(const struct net_shape *shape, uint64_t embeddings)
{
	bool vectors = shape->rowwise && arch_of(shape->arch)->embeddings;
	double weights = net_weights(shape), have = (double)mem_physical() * 0.75;
	double need = 16 * weights - (vectors ? 8.0 * (double)embeddings * shape->dim : 0);

	if (need > have)
		die("memory: this network of %.3g weights needs %.3g MiB, the ceiling is %.3g; ask "
		    "for less --dim or --hidden",
			weights, need / 1048576, have / 1048576);
}

/* Numbers that never change say nothing: initial.h gives them the scale 0. Nor does a category with
 * one value, as one that is missing in every row. */
static void warn_constant(const struct train *t)
{
	for (size_t f = 0; f < t->features.n && !t->member; f++)
		if (t->features.field[f].kind == NET_CAT && t->features.field[f].values == 1)
			warn("'%s' has the same value, or none, in every row", t->features.name[f]);
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
	settings_optimizer(o, embeddings, &t->fit);
	shape.rowwise = t->fit.optim.kind == OPTIM_ROWWISE;
	check_memory(&shape, embeddings);
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
		feature_drop(&t->features, name);
		f--;
	}
	if (!n[0] || !n[1])
		die("stdin: %s needs features of users and of items; these are of %s only", who,
			n[0] ? "users" : "items");
}

bool train_judged(const struct train *t)
{
	return t->objective.self ? t->judge != NULL : t->material.n[1] > 0;
}

bool train_best(const struct train *t)
{
	return train_judged(t) && t->best_epoch > 0;
}

/* ---- another day ---- */

/* A model of the same spec may be of other features' values. */
static void check_weights(const struct train *t)
{
	for (size_t i = 0, n = net_tensors(t->net); i < n; i++) {
		struct net_tensor w = net_tensor(t->net, i);
		char suffix[2 * TENSOR_NAME], full[4 * TENSOR_NAME];
		const struct tensor *old;

		feature_weight(suffix, sizeof suffix, w, &t->features);
		snprintf(full, sizeof full, "model.%s.%s", t->name, suffix);
		old = tensors_need(&t->set, full, F32, w.cols ? 2 : 1);
		if (w.field >= 0 && tensor_rows(old) != w.rows)
			die("--resume: model '%s' was trained with %llu values of '%s', not %llu",
				t->name, (unsigned long long)tensor_rows(old),
				t->features.name[w.field], (unsigned long long)w.rows);
	}
}

static void check_resume(const struct train *t)
{
	struct text spec = { 0 };

	text_add(&spec, "%s", t->spec.at);
	model_note_net(&spec, t->net, &t->features);
	resume_compare(&t->set, t->name, &spec);
	free(spec.at);
	check_weights(t);
}

/* --resume: the best model so far, then the state after its last epoch. */
static void pick_up(struct train *t)
{
	struct resume at;
	size_t all;

	check_resume(t);
	at = resume_read(&t->set, t->name, &t->spec, t->digest, NULL, 0);
	if (model_carry(t->net, &t->features, &t->set, t->name, &all) != all)
		die("--resume: model '%s' has other weights than these options give", t->name);
	t->epoch = (size_t)at.epochs;
	t->best_epoch = (size_t)at.best;
	t->best = at.least;
	t->best_here = train_judged(t) && t->best_epoch == t->epoch;
	if (train_judged(t) && !t->best_here) {
		t->best_weights = mem_new(net_size(t->net), sizeof *t->best_weights);
		net_save(t->net, t->best_weights);
	}
	for (size_t k = 0; k < NETSTATES; k++) {
		struct mf_state array = netstate_of(t->net, k);

		array.at = resume_take(&t->set, t->name, &array);
		netstate_set(t->net, k, array.at);
		free(array.at);
	}
}

static void write_tensor(void *out, const struct tensor *t)
{
	stream_write(out, t);
}

/* One array at a time: together they are three times the network. */
static void write_state(struct train *t, struct stream *out)
{
	struct resume at = { (long)t->epoch, (long)(train_best(t) ? t->best_epoch : t->epoch),
		t->best, t->digest };
	struct tensors text = { 0 };

	resume_write(&text, t->name, &at, NULL, 0);
	stream_write(out, text.at[0]);
	tensors_free(&text);
	if (t->last_weights)
		net_swap(t->net, t->last_weights);
	for (size_t k = 0; k < NETSTATES; k++) {
		struct mf_state array = netstate_of(t->net, k);
		struct tensor *made;

		array.at = mem_new(array.n, sizeof *array.at);
		netstate_get(t->net, k, array.at);
		made = resume_array(t->name, &array);
		stream_write(out, made);
		tensor_free(made);
	}
}

/* The rows as pairs of users and items. */
static void find_pairs(struct train *t)
{
	const struct tensor *part = tensors_find(&t->set, "part");
	struct mf_rows rows = { .label = t->material.label, .weight = t->material.weight };
	struct features sides;

	feature_find(&sides, &t->set, "user,item");
	feature_bind(&sides, &t->set, &t->set);
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
	feature_free(&sides);
	t->rows = rows;
}

/* Losses over pairs: the objective. */
static void start_pairs(struct train *t)
{
	const struct train_options *o = t->options;
	size_t batch = t->fit.batch, negatives = settings_negatives(o);

	if (strcmp(o->loss, "bpr") == 0)
		t->objective = bpr_objective(
			&t->liked, &(struct bpr_training){ batch, negatives, t->fit.seed });
	else
		t->objective = softmax_objective(
			&t->liked, &(struct softmax_training){ batch, negatives, t->fit.seed });
	t->fit.objective = &t->objective;
}

/* The pairs, and lists of part 1 to judge by. */
static void open_pairs(struct train *t)
{
	t->liked = liked_new(&t->rows, strcmp(t->options->sampling, "popularity") == 0, LIKED_BITS);
	if (!t->liked.n)
		die("stdin: no row of part 0 has a label above 0, so there is nothing to rank");
	t->judge = judge_new(&t->rows, true);
	t->measure = "ndcg@20";
	start_pairs(t);
}

/* Numbers and vectors of rows fill the memory where there are many: only those in use are unpacked,
 * and of them the rows of parts 0 and 1. */
static void unpack_rows(struct train *t, struct stream *in, struct stream *out)
{
	const struct features *f = &t->features;
	struct stream_places places = { NULL, t->material.rows, t->material.n[0] + t->material.n[1] };
	struct curriculum *c = t->tutor.curriculum;
	struct tensor *hint = c ? curriculum_hint(c) : NULL;
	uint64_t bytes = hint ? tensor_row_bytes(hint) : 0;

	for (size_t i = 0; i < f->n; i++)
		if (tensor_match(NUMBERS, f->name[i]))
			bytes += tensor_row_bytes(tensors_find(&t->set, f->name[i]));
	places.place = material_places(&t->material, bytes);
	for (size_t i = 0; i < f->n; i++) {
		struct tensor *x = tensors_find(&t->set, f->name[i]);

		if (!tensor_match(NUMBERS, f->name[i]))
			continue;
		stream_unpack(in, out, x, &places);
		f->field[i].num = x->data;
		f->field[i].entries = tensor_rows(x);
		f->field[i].key = places.place;
		f->field[i].placed = places.place != NULL;
	}
	if (!hint)
		return;
	stream_unpack(in, out, hint, &places);
	c->place = places.place;
	c->placed = places.n;
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
	return resume_features(crc, &t->features, rows);
}

/* The model at hand before its first epoch, or where --resume finds it. */
static void begin(struct train *t)
{
	model_called(t->name, t->options, t->member);
	t->fit.seed = (uint64_t)t->options->seed + t->member;
	start(t);
	carry(t);
	set_paces(t);
	settings_note(t->options, &t->fit, t->objective.self != NULL, t->tutor.curriculum != NULL,
		&t->spec);
	if (t->lesson->note)
		t->lesson->note(t->lesson->self, &t->spec);
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

	*t = (struct train){ .options = options, .lesson = lesson, .tutor.curriculum = lesson->curriculum };
	settings_check(options, &t->shape, &t->fit);
	if (options->trace && !(t->trace = fopen(options->trace, "w")))
		die("%s:", options->trace);
	stream_load(in, out, want, &wish, &t->set);
	material_find(m, &t->set);
	members_rows(&t->set);
	material_choose(m, options->loss, settings_pairs(options));
	if (teachers)
		teachers_open(teachers, &t->set, m->rows,
			m->logistic && !mix->mse ? mix->temperature : 0, m->row[0], m->n[0]);
	t->teachers = teachers;
	if (options->class_weights)
		material_weigh(m, options->class_weights);
	feature_find(&t->features, &t->set, options->features);
	feature_drop(&t->features, options->drop);
	if (arch_of(t->shape.arch)->towers > 1 || settings_pairs(options))
		check_sides(t, settings_pairs(options) ? options->loss : options->arch);
	settings_crosses(options, &t->features, &t->shape);
	feature_bind(&t->features, &t->set, &t->set);
	t->measure = m->logistic ? "auc" : "rmse";
	t->rows.n = m->rows;
	if (lesson->curriculum)
		curriculum_find(lesson->curriculum, &t->set);
	unpack_rows(t, in, out);
	if (settings_pairs(options) || (lesson->curriculum && lesson->curriculum->sides))
		find_pairs(t);
	if (settings_pairs(options))
		open_pairs(t);
	if (options->resume || options->resumable)
		t->digest = digest(t);
	begin(t);
	if (t->trace)
		fprintf(t->trace, "epoch\tsoft\ttrain_loss\tvalid_%s%s\n", t->measure,
			options->ensemble > 1 ? "\tmodel" : "");
}

static void forget_model(struct train *t)
{
	net_free(t->net);
	free(t->best_weights);
	free(t->last_weights);
	unseen_free(&t->unseen);
	t->best_weights = t->last_weights = NULL;
	t->epoch = t->best_epoch = 0;
	t->best_here = false;
}

bool train_next(struct train *t, struct stream *out)
{
	const struct train_options *o = t->options;

	if (train_best(t))
		warn("%s: kept epoch %zu of %zu, valid %s %.5f", t->name, t->best_epoch, t->epoch,
			t->measure, fabs(t->best));
	model_note(&t->spec, "epochs", "%zu", t->epoch);
	model_note(&t->spec, "epoch", "%zu", train_best(t) ? t->best_epoch : t->epoch);
	model_from_net(t->name, &t->spec, t->net, &t->features, write_tensor, out);
	if (o->resumable)
		write_state(t, out);
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
	liked_free(&t->liked);
	judge_free(t->judge);
	feature_free(&t->features);
	material_free(&t->material);
	tensors_free(&t->set);
}
