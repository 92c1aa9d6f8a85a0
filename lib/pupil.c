#include "pupil.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cd.h"
#include "dcd.h"
#include "die.h"
#include "imitate.h"
#include "mem.h"
#include "model_write.h"
#include "ratings.h"
#include "rd.h"
#include "relaxed.h"
#include "rrd.h"
#include "unkd.h"

/* A loss, and its weight unless told; rs-distill.1 says where each is from. */
struct pupil_loss {
	const char *name;
	double lambda;
	struct objective (*objective)(struct pupil *); /* NULL: it is on the factors */
	enum imitate_kind kind;
};

/* ---- what the teacher left ---- */

/* "top.*.item" of the set -> the teacher's name; dies when there are several, or none. */
static void find_teacher(struct pupil *p)
{
	static char found[TENSOR_NAME + 1];
	const char *other = NULL;

	for (size_t i = 0; i < p->set.n; i++) {
		const char *name = p->set.at[i]->name, *dot = strchr(name, '.');
		size_t n = dot ? strcspn(dot + 1, ".") : 0;

		if (!tensor_match("top.*.item", name) && !tensor_match("hint.*.user", name))
			continue;
		if (*found && (strncmp(found, dot + 1, n) != 0 || found[n]))
			other = dot + 1;
		else
			snprintf(found, sizeof found, "%.*s", (int)n, dot + 1);
	}
	if (other && !p->teacher)
		die_usage("--teacher: there are '%s' and '%.*s'; say which", found,
			(int)strcspn(other, "."), other);
	if (!p->teacher && !*found)
		die("stdin: needs a teacher's lists 'top.NAME.item' or factors 'hint.NAME.user'; "
		    "rs-softlabel --top, --hint make them");
	p->teacher = p->teacher ? p->teacher : found;
}

static const struct tensor *need(
	const struct pupil *p, const char *kind, const char *part, enum dtype dtype, size_t rows)
{
	char name[2 * TENSOR_NAME];
	const struct tensor *t;

	snprintf(name, sizeof name, "%s.%s.%s", kind, p->teacher, part);
	t = tensors_need(&p->set, name, dtype, 2);
	if (tensor_rows(t) < rows)
		die("stdin: '%s' has %llu rows, expected at least %zu", name,
			(unsigned long long)tensor_rows(t), rows);
	if (!tensor_cols(t))
		die("stdin: '%s' has no columns", name);
	return t;
}

static void check_list(
	const struct tensor *ids, const struct tensor *scores, size_t rows, size_t below)
{
	size_t k = tensor_cols(ids);
	const uint32_t *id = ids->data;
	const float *score = scores->data;

	if (tensor_rows(scores) != tensor_rows(ids) || tensor_cols(scores) != k)
		die("stdin: '%s' is not as large as '%s'", scores->name, ids->name);
	for (size_t e = 0; e < rows * k; e++) {
		bool end = id[e] == TAUGHT_END;

		if ((!end && id[e] >= below) || (e % k && !end && id[e - 1] == TAUGHT_END))
			die("stdin: '%s' of row %zu, place %zu is %u; expected ids below %zu, then "
			    "4294967295",
				ids->name, e / k, e % k, id[e], below);
		if (!end && !isfinite(score[e]))
			die("stdin: '%s' of row %zu, place %zu is %g; expected a finite number",
				scores->name, e / k, e % k, (double)score[e]);
	}
}

static struct taught lists(const struct pupil *p, bool reverse)
{
	size_t rows = reverse ? p->rows.items : p->rows.users;
	const char *kind = reverse ? "rev" : "top";
	const struct tensor *id = need(p, kind, reverse ? "user" : "item", U32, rows);
	const struct tensor *score = need(p, kind, "score", F32, rows);
	struct taught t;

	check_list(id, score, rows, reverse ? p->rows.users : p->rows.items);
	taught_open(&t, &p->rows, reverse, id->data, score->data, tensor_cols(id),
		(uint64_t)p->drill.seed + reverse);
	return t;
}

static void scores(
	const void *student, bool reverse, float *score, const uint32_t *row, size_t n)
{
	factors_scores(student, reverse, score, row, n);
}

static struct regard regard(const struct pupil *p)
{
	return (struct regard){ p->factors, scores, (size_t)p->look };
}

static double spread(const struct pupil *p)
{
	return strcmp(p->sample, "none") == 0 ? 0 : p->spread;
}

/* ---- the losses ---- */

/* share: of --draws and --others */
static struct objective relaxed(const struct pupil *p, bool reverse, long share)
{
	struct taught t = lists(p, reverse);

	return rrd_objective(&t,
		&(struct rrd_training){ (size_t)((p->draws + share - 1) / share),
			(size_t)((p->others + share - 1) / share), spread(p) });
}

static struct objective make_rrd(struct pupil *p)
{
	return relaxed(p, false, 1);
}

/* Half the draws and half the weight for the item side: the authors' 20 of 40, .0005 of .001. */
static struct objective make_irrrd(struct pupil *p)
{
	return objective_chain(relaxed(p, false, 1), 1, relaxed(p, true, 2), 0.5);
}

static struct objective make_rd(struct pupil *p)
{
	struct taught t = lists(p, false);
	struct regard look = regard(p);

	return rd_objective(&t,
		&(struct rd_training){ (size_t)p->draws, (size_t)p->warm, p->spread, p->mu },
		&look);
}

/* The teacher's factors; returns how wide they are. */
static size_t hints(const struct pupil *p, const float *factor[2])
{
	const struct tensor *user = need(p, "hint", "user", F32, p->rows.users);
	const struct tensor *item = need(p, "hint", "item", F32, p->rows.items);
	const struct tensor *both[2] = { user, item };

	if (tensor_cols(user) != tensor_cols(item))
		die("stdin: '%s' is %llu wide, '%s' %llu", user->name,
			(unsigned long long)tensor_cols(user), item->name,
			(unsigned long long)tensor_cols(item));
	for (int side = 0; side < 2; side++) {
		factor[side] = both[side]->data;
		for (size_t e = 0; e < tensor_rows(both[side]) * tensor_cols(user); e++)
			if (!isfinite(factor[side][e]))
				die("stdin: '%s' of row %zu is %g; expected finite numbers",
					both[side]->name, e / tensor_cols(user),
					(double)factor[side][e]);
	}
	return tensor_cols(user);
}

static struct objective make_cd(struct pupil *p)
{
	const struct cd_training how = { (size_t)p->draws, spread(p), p->shift, p->temperature };
	struct taught t = lists(p, false);
	const float *factor[2];
	struct regard look = regard(p);
	size_t dim;

	if (strcmp(p->guide, "student") != 0)
		return cd_objective(&t, &how, NULL, NULL);
	dim = hints(p, factor);
	return cd_objective(&t, &how, &look, &(struct cd_teacher){ factor[0], factor[1], dim });
}

static struct factors_loss make_own(const struct pupil *p, const struct pupil_loss *loss)
{
	struct imitate_training how = { .kind = loss->kind,
		.dim = (size_t)p->drill.dim,
		.experts = (size_t)p->experts,
		.gamma = p->gamma,
		.anneal = (double)p->anneal,
		.rate = p->drill.rate,
		.l2 = p->drill.l2,
		.seed = (uint64_t)p->drill.seed + 2 };

	how.teacher_dim = hints(p, how.teacher);
	return imitate_loss(&how, 0);
}

static struct objective make_unkd(struct pupil *p)
{
	struct taught t = lists(p, false);

	return unkd_objective(
		&t, &(struct unkd_training){ (size_t)p->draws, (size_t)p->groups, p->spread });
}

static struct objective dual(const struct pupil *p, bool reverse)
{
	struct taught t = lists(p, reverse);
	struct regard look = regard(p);

	return dcd_objective(
		&t, &(struct dcd_training){ (size_t)p->draws, (size_t)p->others, p->scale }, &look);
}

static struct objective make_dcd(struct pupil *p)
{
	return objective_sum(dual(p, false), 1, dual(p, true), 1);
}

static const struct pupil_loss LOSSES[] = {
	{ "rrd", 0.001, make_rrd, 0 },
	{ "irrrd", 0.001, make_irrrd, 0 },
	{ "rd", 1, make_rd, 0 },
	{ "cd", 0.01, make_cd, 0 },
	{ "unkd", 1, make_unkd, 0 },
	{ "dcd", 0.01, make_dcd, 0 },
	{ "hint", 0.01, NULL, IMITATE_HINT },
	{ "de", 0.01, NULL, IMITATE_DE },
	{ "ftd", 0.001, NULL, IMITATE_FTD },
	{ "htd", 0.001, NULL, IMITATE_HTD },
};

static const struct pupil_loss *find_loss(const char *name, size_t n)
{
	for (size_t i = 0; i < sizeof LOSSES / sizeof *LOSSES; i++)
		if (strlen(LOSSES[i].name) == n && strncmp(LOSSES[i].name, name, n) == 0)
			return &LOSSES[i];
	die_usage("--loss: '%.*s' is not rrd, irrrd, rd, cd, unkd, dcd, hint, de, ftd or htd, "
		  "which --arch mf has",
		(int)n, name);
}

/* ---- options ---- */

static void parse_losses(struct pupil *p)
{
	const char *loss = p->loss, *lambda = p->lambda;

	for (; *loss; loss += strcspn(loss, ","), loss += *loss == ',') {
		char *end = NULL;

		if (p->losses == PUPIL_LOSSES)
			die_usage("--loss: more than %d losses", PUPIL_LOSSES);
		p->use[p->losses].kind = find_loss(loss, strcspn(loss, ","));
		p->use[p->losses].lambda = p->use[p->losses].kind->lambda;
		if (*lambda) {
			double x = strtod(lambda, &end);

			if (end == lambda || (*end && (*end != ',' || !end[1])) ||
				!(x >= 0 && x <= 1e9))
				die_usage(
					"--lambda: '%s' is not as many numbers >= 0 as --loss has "
					"names",
					p->lambda);
			p->use[p->losses].lambda = x;
			lambda = end + (*end == ',');
		}
		p->losses++;
		if (*p->lambda && !*lambda && loss[strcspn(loss, ",")])
			die_usage("--lambda: '%s' is not as many numbers >= 0 as --loss has names",
				p->lambda);
	}
	if (!p->losses || *lambda)
		die_usage(p->losses
				  ? "--lambda: '%s' is not as many numbers >= 0 as --loss has names"
				  : "--loss: '%s' names none; --arch mf has rrd, irrrd, rd, cd, "
				    "unkd, dcd",
			p->losses ? p->lambda : p->loss);
}

static void one_of(const char *option, const char *value, const char *a, const char *b)
{
	if (strcmp(value, a) != 0 && strcmp(value, b) != 0)
		die_usage("--%s: '%s' is not %s or %s", option, value, a, b);
}

void pupil_check(struct pupil *p)
{
	if (model_name_fault(p->name))
		die_usage("--as: '%s': %s", p->name, model_name_fault(p->name));
	if (p->drill.dim > MF_DIM)
		die_usage("--dim: %ld is not in 1..%d", p->drill.dim, MF_DIM);
	one_of("sample", p->sample, "none", "exp");
	one_of("guide", p->guide, "teacher", "student");
	if (strcmp(p->optimizer, "auto") != 0)
		one_of("optimizer", p->optimizer, "adam", "lazy");
	p->drill.lazy = strcmp(p->optimizer, "lazy") == 0;
	parse_losses(p);
	drill_check(&p->drill);
}

/* ---- training ---- */

static bool scheduled(const struct pupil *p, const char *schedule)
{
	return strcmp(p->schedule, schedule) == 0;
}

/* Weights of the epoch: all the same; the teacher's first, then bpr; or the teacher's falling. */
static bool prepare(void *arg, long epoch)
{
	struct pupil *p = arg;
	double share = 1;

	*p->base = scheduled(p, "sequential") && epoch < p->soft_epochs ? 0 : 1;
	if (scheduled(p, "sequential"))
		share = epoch < p->soft_epochs;
	if (scheduled(p, "anneal"))
		share = p->drill.epochs > 1 ? 1 - (double)epoch / (double)(p->drill.epochs - 1) : 1;
	for (size_t i = 0; i < p->losses; i++)
		*p->use[i].weight = share * p->use[i].lambda;
	return scheduled(p, "sequential") && epoch == p->soft_epochs;
}

/* Nothing beside bpr, so that it can be weighted where all losses are on the factors. */
static size_t no_start(void *self, uint64_t epoch)
{
	(void)self;
	(void)epoch;
	return 0;
}

static void no_pairs(void *self, size_t batch, struct pairs *pairs)
{
	(void)self;
	(void)batch;
	(void)pairs;
}

static double no_slope(void *self, const struct pairs *pairs, const float *score, float *slope)
{
	(void)self;
	(void)pairs;
	(void)score;
	(void)slope;
	return 0;
}

static struct objective join(struct pupil *p)
{
	size_t positives;
	struct bpr_training bpr = drill_bpr(&p->drill);
	struct objective all = bpr_objective(&p->rows, &bpr, &positives);

	if (!positives)
		die("stdin: no training row has a label above 0: nothing to train on");
	all = objective_sum(
		all, 1, (struct objective){ NULL, no_start, no_pairs, no_slope, free }, 0);
	p->base = &((struct objective_sum *)all.self)->base_weight;
	for (size_t i = 0; i < p->losses; i++) {
		struct objective_sum *sum;

		if (!p->use[i].kind->objective) {
			p->own[p->owns] = make_own(p, p->use[i].kind);
			p->use[i].weight = &p->own[p->owns++].weight;
			continue;
		}
		all = objective_sum(all, 1, p->use[i].kind->objective(p), 1);
		sum = all.self;
		p->use[i].weight = &sum->extra_weight;
	}
	return all;
}

static void note(struct pupil *p)
{
	struct text *spec = &p->spec;

	model_note(spec, "teacher", "%s", p->teacher);
	model_note(spec, "loss", "%s", p->loss);
	text_add(spec, "lambda=");
	for (size_t i = 0; i < p->losses; i++)
		text_add(spec, "%s%.9g", i ? "," : "", p->use[i].lambda);
	text_add(spec, "\n");
	model_note(spec, "schedule", "%s", p->schedule);
	if (scheduled(p, "sequential"))
		model_note(spec, "soft-epochs", "%ld", p->soft_epochs);
	model_note(spec, "sample", "%s", p->sample);
	model_note(spec, "spread", "%.9g", p->spread);
	model_note(spec, "draws", "%ld", p->draws);
	model_note(spec, "others", "%ld", p->others);
}

void pupil_run(struct pupil *p, struct stream *in, struct stream *out)
{
	static const char *const taught[] = { "top.*", "rev.*", "hint.*.user", "hint.*.item",
		NULL };
	struct factors_training how = drill_training(&p->drill);
	struct objective objective;
	char why[40];
	struct drill_at at = { 0 };

	p->rows = ratings_read(&p->set, in, out,
		&(struct ratings_wish){ p->name, p->replace, false, NULL, taught });
	find_teacher(p);
	snprintf(why, sizeof why, "--dim %ld", p->drill.dim);
	ratings_fit(&p->rows, drill_memory(&p->drill, &p->rows), p->memory, why);
	p->drill.set = &p->set;
	p->factors = factors_new(p->rows.users, p->rows.items, &how);
	objective = join(p);
	if (scheduled(p, "sequential"))
		p->drill.epochs += p->soft_epochs;
	note(p);
	drill_note(&p->drill, &p->spec);
	drill_run(&p->drill, &at, p->factors, &objective, p->own, p->owns, prepare, p, &p->spec);
	factors_free(p->factors);
	objective.end(objective.self);
	for (size_t i = 0; i < p->owns; i++)
		p->own[i].end(p->own[i].self);
	model_from_mf(&p->model, p->name, &p->spec, at.model);
	mf_free(at.model);
	for (size_t i = 0; i < p->model.n; i++)
		stream_write(out, p->model.at[i]);
	tensors_free(&p->model);
	tensors_free(&p->set);
}
