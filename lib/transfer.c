#include "transfer.h"

#include <stdlib.h>
#include <string.h>

#include "bridge.h"
#include "die.h"
#include "join.h"
#include "mem.h"
#include "model_write.h"
#include "opt.h"
#include "stream_rows.h"

struct transfer_method {
	const char *name;
	void (*run)(struct transfer *);
	bool source, base; /* needs --source, --base */
};

/* ---- the methods ---- */

/* The model asked for, or the only one there is; for free(). */
static char *choose_model(const struct tensors *set, const char *name, const char *where)
{
	const char **names;
	size_t n = model_list(set, &names), i = 0;
	char *found;

	if (!n)
		die("%s: has no model; rs-mf and rs-teach make one", where);
	if (!name && n > 1)
		die_usage("--model: %s has %zu models (%s, %s, ...); say which", where, n, names[0],
			names[1]);
	while (name && i < n && strcmp(names[i], name) != 0)
		i++;
	if (i == n)
		die("%s: no model '%s'; there is '%s'", where, name, names[0]);
	found = mem_text(names[i]);
	free(names);
	return found;
}

static void run_warm(struct transfer *t)
{
	char *model = choose_model(&t->from, t->model, t->source);

	t->warm.source = &t->from;
	t->warm.target = &t->set;
	t->warm.model = model;
	warm_model(&t->made, &t->warm);
	free(model);
}

static struct align pair(
	const struct transfer *t, const char *kind, bool shared, size_t sources, size_t targets)
{
	struct align a = shared ? align_new(&t->from, &t->set, kind, sources, targets)
				: align_nothing(sources, targets);

	if (shared)
		align_say(&a, kind);
	return a;
}

static void run_join(struct transfer *t)
{
	struct ranking_rows source, target;
	struct align user, item;

	ranking_open(&source, &t->from);
	ranking_open(&target, &t->set);
	user = pair(t, "user", t->warm.user, source.users, target.users);
	item = pair(t, "item", t->warm.item, source.items, target.items);
	if ((t->warm.user || t->warm.item) && !user.shared && !item.shared)
		die("the domains share no %s by name: there is nothing to join them by",
			!t->warm.item	? "user"
			: !t->warm.user ? "item"
					: "user or item");
	join_rows(&t->made, &t->from, &t->set, &user, &item, t->weight);
	if (t->left_out)
		warn("%zu other tensors of rows, users and items are left out: user, item, label, "
		     "weight and part are joined",
			t->left_out);
	align_free(&user);
	align_free(&item);
}

static const struct mf *factors(const struct model *model, const char *where)
{
	if (!model_mf(model))
		die("%s: model '%s' is no factor model, which emcdr needs", where,
			model_name(model));
	return model_mf(model);
}

static uint32_t *rows_of_users(const struct ranking_rows *rows)
{
	uint32_t *count = mem_new(rows->users, sizeof *count);

	for (size_t r = 0; r < rows->n; r++)
		count[rows->user[r]] += !rows->part || rows->part[r] == 0;
	return count;
}

static void note_bridge(struct text *spec, const struct transfer *t, const char *source)
{
	model_note(spec, "transfer", "emcdr");
	model_note(spec, "source", "%s", source);
	model_note(spec, "base", "%s", t->base);
	model_note(spec, "map", "%s", t->map);
	model_note(spec, "l2", "%.9g", t->l2);
	if (strcmp(t->map, "mlp") != 0)
		return;
	model_note(spec, "epochs", "%ld", t->epochs);
	model_note(spec, "rate", "%.9g", t->rate);
	model_note(spec, "seed", "%ld", t->seed);
}

static void run_emcdr(struct transfer *t)
{
	char *name = choose_model(&t->from, t->model, t->source);
	struct model *source = model_open(&t->from, name), *base = model_open(&t->set, t->base);
	struct bridge b = { factors(source, t->source), factors(base, "stdin"), NULL, NULL,
		(size_t)t->least, strcmp(t->map, "mlp") == 0, t->l2,
		{ (size_t)t->epochs, t->rate, 0, (uint64_t)t->seed } };
	struct ranking_rows rows;
	struct text spec = { 0 };
	struct align user;
	uint32_t *count;
	struct mf *mf;

	ranking_open(&rows, &t->set);
	user = pair(t, "user", t->warm.user, b.source->users, rows.users);
	count = rows_of_users(&rows);
	b.user = &user;
	b.rows = count;
	mf = bridge_mf(&b);
	note_bridge(&spec, t, name);
	model_from_mf(&t->made, t->as, &spec, mf);
	free(count);
	free(name);
	align_free(&user);
	model_free(source);
	model_free(base);
}

static void run_guard(struct transfer *t)
{
	struct guard *g = &t->guard;
	char *base = choose_model(&t->set, t->base, "stdin");
	char *other = choose_model(&t->set, t->model, "stdin");
	struct text spec = { 0 };
	struct mf *mf;

	g->set = &t->set;
	g->cutoff = (size_t)t->cutoff;
	g->base = model_open(&t->set, base);
	g->other = model_open(&t->set, other);
	guard_run(g);
	guard_say(g);
	guard_note(g, &spec);
	mf = guard_mf(g);
	if (mf) {
		model_from_mf(&t->made, t->as, &spec, mf);
	} else {
		warm_copy(&t->made, &t->set, model_name(guard_taken(g)), t->as, spec.at);
		free(spec.at);
	}
	model_free(g->base);
	model_free(g->other);
	guard_free(g);
	free(base);
	free(other);
}

static const struct transfer_method METHOD[] = {
	{ "warm", run_warm, true, false },
	{ "join", run_join, true, false },
	{ "emcdr", run_emcdr, true, true },
	{ "guard", run_guard, false, true },
};

void transfer_run(struct transfer *t)
{
	t->how->run(t);
}

/* ---- options ---- */

static void check_share(struct transfer *t)
{
	bool none = strcmp(t->share, "none") == 0;

	for (const char *at = t->share; *at && !none; at += *at == ',') {
		size_t n = strcspn(at, ",");

		if (n == 4 && strncmp(at, "user", n) == 0)
			t->warm.user = true;
		else if (n == 4 && strncmp(at, "item", n) == 0)
			t->warm.item = true;
		else if (n == 8 && strncmp(at, "features", n) == 0)
			t->warm.features = true;
		else
			die_usage("--share: '%s' is not user, item and features, separated by "
				  "commas, or none",
				t->share);
		at += n;
	}
}

static void check_models(struct transfer *t)
{
	if (t->how->source && !t->source)
		die_usage("--method %s: needs --source FILE", t->method);
	if (!t->how->source && t->source)
		die_usage(
			"--method %s: takes no --source: both models are in the stream", t->method);
	if (t->how->base && !t->base)
		die_usage("--method %s: needs --base, a model of the target alone", t->method);
	if (t->how->run == run_guard && !t->model)
		die_usage("--method guard: needs --model, the one that took from the source");
	if (t->how->run == run_emcdr && !t->warm.user)
		die_usage("--share: emcdr maps users, so they are shared");
	if (model_name_fault(t->as))
		die_usage("--as: '%s': %s", t->as, model_name_fault(t->as));
}

/* Options that the method does not have. */
static void check_only(const struct transfer *t)
{
	static const struct transfer usual = { TRANSFER_DEFAULTS };
	const struct opt_only only[] = {
		{ "base", t->base != NULL, "emcdr guard" },
		{ "model", t->model != NULL, "warm emcdr guard" },
		{ "share", strcmp(t->share, usual.share) != 0, "warm join emcdr" },
		{ "fresh", strcmp(t->fresh, usual.fresh) != 0, "warm" },
		{ "weight", t->weight != usual.weight, "join" },
		{ "map", strcmp(t->map, usual.map) != 0, "emcdr" },
		{ "l2", t->l2 != usual.l2, "emcdr" },
		{ "least", t->least != usual.least, "emcdr" },
		{ "epochs", t->epochs != usual.epochs, "emcdr" },
		{ "rate", t->rate != usual.rate, "emcdr" },
		{ "metric", strcmp(t->metric, usual.metric) != 0, "guard" },
		{ "cutoff", t->cutoff != usual.cutoff, "guard" },
		{ "groups", strcmp(t->groups, usual.groups) != 0, "guard" },
	}, of_mlp[] = {
		{ "epochs", t->epochs != usual.epochs, "mlp" },
		{ "rate", t->rate != usual.rate, "mlp" },
	};

	opt_check_only("method", t->method, only, sizeof only / sizeof *only);
	opt_check_only("map", t->map, of_mlp, sizeof of_mlp / sizeof *of_mlp);
	if (strcmp(t->metric, "ndcg") != 0 && t->cutoff != usual.cutoff)
		die_usage("--cutoff: is of --metric ndcg");
}

void transfer_check(struct transfer *t)
{
	size_t m = 0, methods = sizeof METHOD / sizeof *METHOD;

	while (m < methods && strcmp(METHOD[m].name, t->method) != 0)
		m++;
	if (m == methods)
		die_usage("--method: '%s' is not warm, join, emcdr or guard", t->method);
	t->how = &METHOD[m];
	t->as = t->as ? t->as : t->method;
	check_share(t);
	check_models(t);
	if (!fresh_parse(&t->warm.fresh, t->fresh))
		die_usage("--fresh: '%s' is not random, unknown or mean", t->fresh);
	if (strcmp(t->map, "linear") != 0 && strcmp(t->map, "mlp") != 0)
		die_usage("--map: '%s' is not linear or mlp", t->map);
	if (!guard_groups_parse(&t->guard, t->groups))
		die_usage("--groups: '%s' is not 0 and up to %d rising numbers after it", t->groups,
			GUARD_GROUPS - 1);
	if (!guard_metric_parse(&t->guard.metric, t->metric))
		die_usage("--metric: '%s' is not ndcg, rmse or logloss", t->metric);
	check_only(t);
	t->warm.as = t->as;
	t->warm.seed = (uint64_t)t->seed;
}

/* ---- reading ---- */

/* A tensor of that model; NULL: of any. */
static bool is_model(const char *name, const char *model)
{
	size_t n = model ? strlen(model) : 0;

	return strncmp(name, "model.", 6) == 0 &&
	       (!model || (strncmp(name + 6, model, n) == 0 && name[6 + n] == '.'));
}

static bool is_pair(const char *name)
{
	static const char *const column[] = { "user", "item", "label", "weight", "part" };

	for (size_t i = 0; i < sizeof column / sizeof *column; i++)
		if (strcmp(name, column[i]) == 0)
			return true;
	return false;
}

static bool is_name(const char *name)
{
	return tensor_match("vocab.user.at", name) || tensor_match("vocab.user.text", name) ||
	       tensor_match("vocab.item.at", name) || tensor_match("vocab.item.text", name);
}

int transfer_want_source(const char *name, const struct frame *first, void *transfer)
{
	const struct transfer *t = transfer;

	(void)first;
	if (t->how->run == run_join)
		return is_pair(name) || is_name(name) ? STREAM_KEEP : STREAM_DROP;
	return tensor_match("vocab.*", name) || is_model(name, t->model) ||
			       tensor_match("model.*.spec", name)
		       ? STREAM_KEEP
		       : STREAM_DROP;
}

/* The joined rows are others, so nothing of the old ones goes on but models. */
static int want_joined(struct transfer *t, const char *name)
{
	if (is_pair(name) || is_name(name))
		return STREAM_KEEP | STREAM_DROP;
	if (tensor_match("vocab.*", name) || strcmp(name, "split.certificate") == 0)
		return STREAM_DROP;
	if (!tensor_is_row(name) && !feature_carrier(name))
		return STREAM_PASS;
	t->left_out++;
	return STREAM_DROP;
}

int transfer_want(const char *name, const struct frame *first, void *transfer)
{
	struct transfer *t = transfer;
	bool keep;
	int drop;

	(void)first;
	if (t->how->run == run_join)
		return want_joined(t, name);
	drop = model_replaces(t->as, t->replace, name) ? STREAM_DROP : 0;
	keep = feature_carrier(name) || tensor_match("vocab.*", name);
	if (t->how->base)
		keep |= is_pair(name) || is_model(name, t->base) || is_model(name, t->model);
	return (keep ? STREAM_KEEP : STREAM_PASS) | drop;
}
