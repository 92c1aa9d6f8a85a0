#include "curriculum.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cd.h"
#include "dcd.h"
#include "die.h"
#include "model_write.h"
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

/* ---- what the teacher left ---- */

/* Whether a tensor is something to learn, and then its teacher's name: n bytes at name[at]. */
static bool left_by(const struct curriculum *c, const char *name, size_t *at, size_t *n)
{
	bool row = tensor_match("hint.*", name) && !strchr(name + 5, '.');

	if (!tensor_match("top.*.item", name) && !tensor_match("hint.*.user", name) &&
		!(row && !c->pairs))
		return false;
	*at = strcspn(name, ".") + 1;
	*n = strcspn(name + *at, ".");
	return true;
}

/* The teacher's name; dies when there are several, or none. */
static void find_teacher(struct curriculum *c, const struct tensors *set)
{
	static char found[TENSOR_NAME + 1];
	const char *other = NULL;
	size_t at, n;

	*found = 0;
	for (size_t i = 0; i < set->n; i++) {
		const char *name = set->at[i]->name;

		if (!left_by(c, name, &at, &n))
			continue;
		if (*found && (strncmp(found, name + at, n) != 0 || found[n]))
			other = name + at;
		else
			snprintf(found, sizeof found, "%.*s", (int)n, name + at);
	}
	if (other && !c->teacher)
		die_usage("--teacher: there are '%s' and '%.*s'; say which", found,
			(int)strcspn(other, "."), other);
	if (!c->teacher && !*found)
		die("stdin: needs a teacher's lists 'top.NAME.item' or factors 'hint.NAME.user'%s; "
		    "rs-softlabel --top, --hint make them",
			c->pairs ? "" : ", or activations 'hint.NAME'");
	c->teacher = c->teacher ? c->teacher : found;
}

void curriculum_find(struct curriculum *c, const struct tensors *set)
{
	char name[2 * TENSOR_NAME];

	c->set = set;
	find_teacher(c, set);
	snprintf(name, sizeof name, "hint.%s", c->teacher);
	c->sides = c->pairs || !tensors_find(set, name);
}

/* part NULL: of rows. */
static const struct tensor *need(const struct curriculum *c, const char *kind, const char *part,
	enum dtype dtype, size_t rows)
{
	char name[2 * TENSOR_NAME];
	const struct tensor *t;

	snprintf(name, sizeof name, "%s.%s%s%s", kind, c->teacher, part ? "." : "",
		part ? part : "");
	t = tensors_need(c->set, name, dtype, 2);
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

static struct taught lists(const struct curriculum *c, bool reverse)
{
	size_t rows = reverse ? c->rows->items : c->rows->users;
	const char *kind = reverse ? "rev" : "top";
	const struct tensor *id = need(c, kind, reverse ? "user" : "item", U32, rows);
	const struct tensor *score = need(c, kind, "score", F32, rows);
	struct taught t;

	check_list(id, score, rows, reverse ? c->rows->users : c->rows->items);
	taught_open(&t, c->rows, reverse, id->data, score->data, tensor_cols(id),
		c->seed + reverse);
	return t;
}

static const float *check_hint(const struct tensor *t)
{
	const float *x = t->data;

	for (size_t e = 0; e < tensor_rows(t) * tensor_cols(t); e++)
		if (!isfinite(x[e]))
			die("stdin: '%s' of row %zu is %g; expected finite numbers", t->name,
				e / tensor_cols(t), (double)x[e]);
	return x;
}

/* The teacher's factors; returns how wide they are. */
static size_t factors(const struct curriculum *c, const float *factor[2])
{
	const struct tensor *user = need(c, "hint", "user", F32, c->rows->users);
	const struct tensor *item = need(c, "hint", "item", F32, c->rows->items);

	if (tensor_cols(user) != tensor_cols(item))
		die("stdin: '%s' is %llu wide, '%s' %llu", user->name,
			(unsigned long long)tensor_cols(user), item->name,
			(unsigned long long)tensor_cols(item));
	factor[0] = check_hint(user);
	factor[1] = check_hint(item);
	return tensor_cols(user);
}

/* ---- the losses ---- */

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

	return rrd_objective(&t,
		&(struct rrd_training){ (size_t)((c->draws + share - 1) / share),
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
	struct regard look = regard(c);
	size_t dim;

	if (!own_guide(c))
		return cd_objective(&t, &how, NULL, NULL);
	dim = factors(c, factor);
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
	const struct tensor *rows;

	if (c->sides) {
		how.teacher_dim = factors(c, how.teacher);
	} else {
		rows = need(c, "hint", NULL, F32, c->rows->n);
		how.teacher[0] = check_hint(rows);
		how.teacher_dim = tensor_cols(rows);
	}
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
