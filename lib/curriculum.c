#include "curriculum.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cd.h"
#include "dcd.h"
#include "die.h"
#include "model_write.h"
#include "notes.h"
#include "rd.h"
#include "rrd.h"
#include "unkd.h"

/* A loss, and its weight unless told; rs-distill.1 says where each is from. */
struct curriculum_loss {
	const char *name;
	double lambda;
	struct objective (*objective)(struct curriculum *); /* NULL: it is on vectors */
	enum imitate_kind kind;
};

void curriculum_find(struct curriculum *c, const struct tensors *set)
{
	c->set = set;
	c->teacher = notes_teacher(set, c->teacher, !c->pairs);
	c->sides = c->pairs || !notes_of_rows(set, c->teacher);
}

struct tensor *curriculum_hint(const struct curriculum *c)
{
	return c->sides ? NULL : notes_of_rows(c->set, c->teacher);
}

/* ---- the losses ---- */

static struct notes notes_of(const struct curriculum *c)
{
	return (struct notes){ c->set, c->teacher, c->rows, c->place, c->placed, c->seed };
}

static struct taught lists(const struct curriculum *c, bool reverse)
{
	struct notes notes = notes_of(c);

	return notes_lists(&notes, reverse);
}

static struct regard regard(const struct curriculum *c)
{
	return (struct regard){ c->regard.student, c->regard.scores, (size_t)c->look };
}

static double spread(const struct curriculum *c)
{
	return strcmp(c->sample, "none") == 0 ? 0 : c->spread;
}

/* share: of --draws and --others */
static struct objective relaxed(const struct curriculum *c, bool reverse, long share)
{
	struct taught t = lists(c, reverse);

	return rrd_objective(&t, &(struct rrd_training){ (size_t)((c->draws + share - 1) / share),
					 (size_t)((c->others + share - 1) / share), spread(c) });
}

static struct objective make_rrd(struct curriculum *c)
{
	return relaxed(c, false, 1);
}

/* Half the draws and half the weight for the item side: the authors' 20 of 40, .0005 of .001. */
static struct objective make_irrrd(struct curriculum *c)
{
	return objective_chain(relaxed(c, false, 1), 1, relaxed(c, true, 2), 0.5);
}

static struct objective make_rd(struct curriculum *c)
{
	struct taught t = lists(c, false);
	struct regard look = regard(c);

	return rd_objective(&t,
		&(struct rd_training){ (size_t)c->draws, (size_t)c->warm, c->spread, c->mu },
		&look);
}

static bool own_guide(const struct curriculum *c)
{
	return strcmp(c->guide, "student") == 0;
}

static struct objective make_cd(struct curriculum *c)
{
	const struct cd_training how = { (size_t)c->draws, spread(c), c->shift, c->temperature };
	struct taught t = lists(c, false);
	const float *factor[2];
	struct notes notes = notes_of(c);
	struct regard look = regard(c);
	size_t dim;

	if (!own_guide(c))
		return cd_objective(&t, &how, NULL, NULL);
	dim = notes_factors(&notes, factor);
	return cd_objective(&t, &how, &look, &(struct cd_teacher){ factor[0], factor[1], dim });
}

static struct objective make_unkd(struct curriculum *c)
{
	struct taught t = lists(c, false);

	return unkd_objective(
		&t, &(struct unkd_training){ (size_t)c->draws, (size_t)c->groups, c->spread });
}

static struct objective dual(const struct curriculum *c, bool reverse)
{
	struct taught t = lists(c, reverse);
	struct regard look = regard(c);

	return dcd_objective(
		&t, &(struct dcd_training){ (size_t)c->draws, (size_t)c->others, c->scale }, &look);
}

static struct objective make_dcd(struct curriculum *c)
{
	return objective_sum(dual(c, false), 1, dual(c, true), 1);
}

static struct vectors_loss make_own(const struct curriculum *c, const struct curriculum_loss *loss)
{
	struct imitate_training how = { .kind = loss->kind,
		.dim = c->dim,
		.experts = (size_t)c->experts,
		.gamma = c->gamma,
		.anneal = (double)c->anneal,
		.rate = c->rate,
		.l2 = c->l2,
		.seed = c->seed + 2 };
	struct notes notes = notes_of(c);

	how.teacher_dim = c->sides ? notes_factors(&notes, how.teacher)
				   : notes_hints(&notes, &how.teacher[0]);
	return imitate_loss(&how, 0);
}

static const struct curriculum_loss LOSSES[] = {
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

/* ---- options ---- */

static const char *const BASES[] = { "bpr", "softmax", "logistic", "squared", "auto" };
enum { BASE_COUNT = sizeof BASES / sizeof *BASES, BASES_OF_PAIRS = 2 };

static bool same(const char *word, const char *name, size_t n)
{
	return strlen(word) == n && strncmp(word, name, n) == 0;
}

bool curriculum_asked(const char *loss)
{
	for (int i = 0; i < BASE_COUNT; i++)
		if (strcmp(loss, BASES[i]) == 0)
			return false;
	return true;
}

static const struct curriculum_loss *find_loss(const char *name, size_t n)
{
	for (size_t i = 0; i < sizeof LOSSES / sizeof *LOSSES; i++)
		if (same(LOSSES[i].name, name, n))
			return &LOSSES[i];
	return NULL;
}

/* Takes a name for what the student learns alone; false when it is none, or the second. */
static bool take_base(struct curriculum *c, const char *name, size_t n)
{
	for (int i = 0; i < BASE_COUNT && !*c->base; i++)
		if (same(BASES[i], name, n)) {
			snprintf(c->base, sizeof c->base, "%s", BASES[i]);
			return true;
		}
	return false;
}

static void parse_losses(struct curriculum *c)
{
	for (const char *loss = c->loss; *loss;) {
		size_t n = strcspn(loss, ",");
		const struct curriculum_loss *kind = find_loss(loss, n);

		if (c->losses == CURRICULUM_LOSSES && kind)
			die_usage("--loss: more than %d taught losses", CURRICULUM_LOSSES);
		if (!kind && !take_base(c, loss, n))
			die_usage("--loss: '%.*s' is not rrd, irrrd, rd, cd, unkd, dcd, hint, de, "
				  "ftd or htd, with at most one of bpr, softmax, logistic, squared "
				  "and auto",
				(int)n, loss);
		if (kind)
			c->use[c->losses++].kind = kind;
		loss += n + (loss[n] == ',');
	}
	if (!c->losses)
		die_usage("--loss: '%s' names nothing that is taught: rrd, irrrd, rd, cd, unkd, "
			  "dcd, hint, de, ftd or htd",
			c->loss);
}

static void parse_lambdas(struct curriculum *c)
{
	const char *at = c->lambda;
	size_t n = 0;

	for (size_t i = 0; i < c->losses; i++)
		c->use[i].lambda = c->use[i].kind->lambda;
	while (*at) {
		char *end;
		double x = strtod(at, &end);

		if (n == c->losses || end == at || (*end && (*end != ',' || !end[1])) ||
			!(x >= 0 && x <= 1e9)) {
			n = 0;
			break;
		}
		c->use[n++].lambda = x;
		at = end + (*end == ',');
	}
	if (*c->lambda && n != c->losses)
		die_usage("--lambda: '%s' is not as many numbers >= 0 as --loss has taught losses",
			c->lambda);
}

static void one_of(const char *option, const char *value, const char *a, const char *b)
{
	if (strcmp(value, a) != 0 && strcmp(value, b) != 0)
		die_usage("--%s: '%s' is not %s or %s", option, value, a, b);
}

bool curriculum_vectors(const struct curriculum *c)
{
	for (size_t i = 0; i < c->losses; i++)
		if (!c->use[i].kind->objective)
			return true;
	return false;
}

/* What cannot be taught to that kind of student. */
static void check_student(struct curriculum *c, const char *arch)
{
	bool factors = strcmp(arch, "mf") == 0, said = *c->base;

	c->pairs = factors;
	for (int i = 0; i < BASES_OF_PAIRS; i++)
		c->pairs = c->pairs || strcmp(c->base, BASES[i]) == 0;
	for (size_t i = 0; i < c->losses; i++) {
		const struct curriculum_loss *kind = c->use[i].kind;

		if (factors && said && strcmp(c->base, "bpr") != 0)
			die_usage("--loss: '%s': --arch mf learns bpr alone", c->base);
		if (kind->objective && said && !c->pairs)
			die_usage("--loss: %s ranks pairs, so it goes with bpr or softmax, not %s",
				kind->name, c->base);
		if (!kind->objective && strcmp(arch, "lr") == 0)
			die_usage("--loss: %s is on embeddings or a hidden layer; lr has neither",
				kind->name);
		c->pairs = c->pairs || kind->objective;
	}
	if (!said)
		snprintf(c->base, sizeof c->base, "%s", c->pairs ? "bpr" : "auto");
}

void curriculum_none(const struct curriculum *c, const char *losses)
{
	static const struct curriculum usual = { CURRICULUM_DEFAULTS };
	const char *taught = "rrd irrrd rd cd unkd dcd hint de ftd htd";
	const struct opt_only only[] = {
		{ "lambda", *c->lambda != 0, taught },
		{ "sample", strcmp(c->sample, usual.sample) != 0, taught },
		{ "spread", c->spread != usual.spread, taught },
		{ "draws", c->draws != usual.draws, taught },
		{ "others", c->others != usual.others, taught },
		{ "guide", strcmp(c->guide, usual.guide) != 0, taught },
		{ "shift", c->shift != usual.shift, taught },
		{ "groups", c->groups != usual.groups, taught },
		{ "mu", c->mu != usual.mu, taught },
		{ "warm", c->warm != usual.warm, taught },
		{ "scale", c->scale != usual.scale, taught },
		{ "experts", c->experts != usual.experts, taught },
		{ "anneal", c->anneal != usual.anneal, taught },
		{ "gamma", c->gamma != usual.gamma, taught },
		{ "look", c->look != usual.look, taught },
	};

	opt_check_only("loss", losses, only, sizeof only / sizeof *only);
}

void curriculum_check(struct curriculum *c, const char *arch)
{
	one_of("sample", c->sample, "none", "exp");
	one_of("guide", c->guide, "teacher", "student");
	parse_losses(c);
	parse_lambdas(c);
	check_student(c, arch);
}

bool curriculum_want(const struct curriculum *c, const char *tensor)
{
	bool vectors = curriculum_vectors(c), lists = false, factors = vectors || own_guide(c);

	for (size_t i = 0; i < c->losses; i++)
		lists = lists || c->use[i].kind->objective;
	if (tensor_match("top.*", tensor) || tensor_match("rev.*", tensor))
		return lists;
	if (tensor_match("hint.*.user", tensor) || tensor_match("hint.*.item", tensor))
		return factors;
	return tensor_match("hint.*", tensor) && vectors && !c->pairs;
}

/* ---- joining ---- */

/* Nothing beside a base, so that this can be weighted where all losses are on vectors. */
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

struct objective curriculum_open(struct curriculum *c, struct objective base)
{
	struct objective all = base;

	c->owns = 0;
	c->base_weight = NULL;
	if (base.self) {
		all = objective_sum(
			base, 1, (struct objective){ NULL, no_start, no_pairs, no_slope, free }, 0);
		c->base_weight = &((struct objective_sum *)all.self)->base_weight;
	}
	for (size_t i = 0; i < c->losses; i++) {
		struct objective_sum *sum;

		if (!c->use[i].kind->objective) {
			c->own[c->owns] = make_own(c, c->use[i].kind);
			c->use[i].weight = &c->own[c->owns++].weight;
			continue;
		}
		all = objective_sum(all, 1, c->use[i].kind->objective(c), 1);
		sum = all.self;
		c->use[i].weight = &sum->extra_weight;
	}
	return all;
}

void curriculum_close(struct curriculum *c)
{
	for (size_t i = 0; i < c->owns; i++)
		c->own[i].end(c->own[i].self);
	c->owns = 0;
}

void curriculum_weigh(struct curriculum *c, double base, double taught)
{
	if (c->base_weight)
		*c->base_weight = base;
	for (size_t i = 0; i < c->losses; i++)
		*c->use[i].weight = taught * c->use[i].lambda;
}

void curriculum_note(const struct curriculum *c, struct text *spec)
{
	model_note(spec, "teacher", "%s", c->teacher);
	model_note(spec, "loss", "%s", c->loss);
	text_add(spec, "lambda=");
	for (size_t i = 0; i < c->losses; i++)
		text_add(spec, "%s%.9g", i ? "," : "", c->use[i].lambda);
	text_add(spec, "\n");
	model_note(spec, "sample", "%s", c->sample);
	model_note(spec, "spread", "%.9g", c->spread);
	model_note(spec, "draws", "%ld", c->draws);
	model_note(spec, "others", "%ld", c->others);
}
