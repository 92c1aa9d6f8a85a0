#include "warm.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "align.h"
#include "die.h"
#include "feature.h"
#include "mem.h"
#include "model_write.h"
#include "rng.h"
#include "spec.h"

/* ---- the spec ---- */

static const struct tensor *spec_tensor(const struct tensors *set, const char *model)
{
	char full[TENSOR_NAME + 1];

	snprintf(full, sizeof full, "model.%s.spec", model);
	return tensors_need(set, full, U8, 1);
}

/* ---- what has ids ---- */

struct carry {
	const struct warm *warm;
	bool factors; /* arch mf, else a network */
	bool unknown; /* tables have one row more, for ids that they do not know */
	double deviation; /* of a fresh embedding; factors: 0.1 / sqrt(K) */
	struct features features; /* user and item of factors */
	struct align *align; /* of each; nothing for numbers */
	size_t shared, asked;
	size_t prefix; /* length of "model.NAME." */
};

static const char *const KIND[] = { "cat", "bag", "num" }; /* as net_kind */

static bool has_feature(const struct tensors *set, const char *name, const char *kind)
{
	char full[TENSOR_NAME + 8];

	snprintf(full, sizeof full, "%s%s", name, strcmp(kind, "bag") == 0 ? ".at" : "");
	return tensors_find(set, full) != NULL;
}

/* For "item.cat.x" the target may have item.bag.x instead, or nothing of the sort. */
static void check_feature(const struct warm *w, const char *name)
{
	int owner = (int)strcspn(name, ".");
	char kind[4] = "", other[TENSOR_NAME + 1];

	if (!name[owner]) {
		if (!tensors_find(w->target, name))
			die("stdin: needs '%s', as model '%s' of the source does", name, w->model);
		return;
	}
	snprintf(kind, sizeof kind, "%.3s", name + owner + 1);
	if (has_feature(w->target, name, kind))
		return;
	for (size_t k = 0; k < sizeof KIND / sizeof *KIND; k++) {
		snprintf(other, sizeof other, "%.*s.%s%.*s", owner, name, KIND[k], TENSOR_NAME - 10,
			name + owner + 4);
		if (has_feature(w->target, other, KIND[k]))
			die("stdin: '%s' is '%s' in the source; a feature has one type in both "
			    "domains",
				other, name);
	}
	die("stdin: lacks '%s', which model '%s' of the source needs; give the target that "
	    "column, or train the source without it (rs-teach --features)",
		name, w->model);
}

static bool is_shared(const struct warm *w, const char *name)
{
	return strcmp(name, "user") == 0   ? w->user
	       : strcmp(name, "item") == 0 ? w->item
					   : w->features;
}

/* How many rows the source's table of that feature has. */
static size_t source_rows(const struct carry *c, const char *feature)
{
	const struct warm *w = c->warm;
	char full[3 * TENSOR_NAME];
	const struct tensor *t;

	snprintf(full, sizeof full, "model.%s.%s.%s", w->model, c->factors ? feature : "embedding",
		c->factors ? "bias" : feature);
	t = tensors_find(w->source, full);
	if (!t) {
		snprintf(full, sizeof full, "model.%s.linear.%s", w->model, feature);
		t = tensors_find(w->source, full);
	}
	if (!t)
		die("source: model '%s' lacks '%s'", w->model, full);
	if (c->unknown && !tensor_rows(t))
		die("source: '%s' has no row for the unknown", full);
	return tensor_rows(t) - c->unknown;
}

/* Numbers have no names: a block of them is as wide in both domains. */
static void check_width(const struct carry *c, const char *feature, size_t width)
{
	char full[3 * TENSOR_NAME];
	const struct tensor *t;

	snprintf(full, sizeof full, "model.%s.mean.%s", c->warm->model, feature);
	t = tensors_find(c->warm->source, full);
	if (!t)
		die("source: model '%s' lacks '%s'", c->warm->model, full);
	if (tensor_rows(t) != width)
		die("stdin: '%s' is %zu wide, but %llu in the source; a feature has one width in "
		    "both domains",
			feature, width, (unsigned long long)tensor_rows(t));
}

static void pair(struct carry *c, size_t f)
{
	const struct warm *w = c->warm;
	const char *name = c->features.name[f];
	size_t targets = c->features.field[f].values;

	if (c->features.field[f].kind == NET_NUM) {
		check_width(c, name, targets);
		c->shared++; /* a number means the same everywhere */
		c->asked++;
		return;
	}
	if (!is_shared(w, name)) {
		c->align[f] = align_nothing(source_rows(c, name), targets);
		return;
	}
	c->align[f] = align_new(w->source, w->target, name, source_rows(c, name), targets);
	align_say(&c->align[f], name);
	c->shared += c->align[f].shared;
	c->asked++;
}

static void open_carry(struct carry *c, const struct warm *w)
{
	const char *arch, *list;
	enum net_arch kind;
	struct spec spec;

	*c = (struct carry){ .warm = w };
	spec_read(&spec, w->source, w->model);
	arch = spec_get(&spec, "arch");
	if (!arch)
		die("source: the spec of model '%s' lacks 'arch'", w->model);
	c->factors = strcmp(arch, "mf") == 0;
	kind = arch_find(arch);
	if (!c->factors && kind == NET_ARCHS)
		die("source: model '%s' is arch=%s; only factor models and networks can be carried",
			w->model, arch);
	c->unknown = !c->factors && spec_get(&spec, "unknown");
	c->deviation = c->factors ? 0.05 : arch_of(kind)->spread;
	list = c->factors ? "user,item" : spec_get(&spec, "features");
	if (!list)
		die("source: the spec of model '%s' lacks 'features'", w->model);
	for (const char *at = list; *at; at += *at == ',') {
		char name[TENSOR_NAME + 1];

		snprintf(name, sizeof name, "%.*s", (int)strcspn(at, ","), at);
		check_feature(w, name);
		at += strcspn(at, ",");
	}
	feature_find(&c->features, w->target, list);
	c->align = mem_new(c->features.n, sizeof *c->align);
	for (size_t f = 0; f < c->features.n; f++)
		pair(c, f);
	spec_free(&spec);
}

/* ---- tensors ---- */

/* The feature that the table `suffix` has a row an id of; -1: none. */
static int table_of(const struct carry *c, const char *suffix)
{
	size_t part = strcspn(suffix, ".");

	for (size_t f = 0; f < c->features.n; f++) {
		const char *name = c->features.name[f];
		bool first = strlen(name) == part && strncmp(suffix, name, part) == 0;

		if (c->features.field[f].kind != NET_NUM &&
			(c->factors ? first : suffix[part] && strcmp(suffix + part + 1, name) == 0))
			return (int)f;
	}
	return -1;
}

static struct tensor *like(const struct tensor *t, const char *name, uint64_t rows)
{
	struct tensor *new = tensor_new(name, t->dtype, rows, t->ndim > 1 ? tensor_cols(t) : 0);

	new->ndim = t->ndim;
	memcpy(new->shape, t->shape, sizeof new->shape);
	new->shape[0] = rows;
	return new;
}

static struct tensor *carried(
	const struct carry *c, const struct tensor *t, const char *name, int f, uint64_t seed)
{
	const struct align *a = f < 0 ? NULL : &c->align[f];
	size_t cols = tensor_cols(t), rows = tensor_rows(t) - (a && c->unknown);
	struct tensor *new = like(t, name, a ? a->target + c->unknown : tensor_rows(t));
	double deviation = c->factors ? 0.1 / sqrt((double)cols) : c->deviation;
	const float *unknown = a && c->unknown ? (const float *)t->data + rows * cols : NULL;

	if (strncmp(t->name + c->prefix, "wide.", 5) == 0)
		return new; /* found by the numbers of ids, which are others */
	if (!a) {
		memcpy(new->data, t->data, tensor_bytes(t));
		return new;
	}
	if (t->dtype != F32 || t->ndim > 2 || rows > a->source)
		die("source: '%s' is %s of %llu rows; expected f32 for each of %zu ids", t->name,
			dtype_name(t->dtype), (unsigned long long)tensor_rows(t),
			a->source + c->unknown);
	fresh_rows(new->data, a->target, t->data, rows, cols, a->of, c->warm->fresh,
		t->ndim > 1 ? deviation : 0, seed, unknown);
	if (unknown)
		memcpy((float *)new->data + a->target *cols, unknown, cols * sizeof *unknown);
	return new;
}

/* The source's lines and where it comes from. */
static struct tensor *carried_spec(const struct carry *c, const char *name)
{
	const struct warm *w = c->warm;
	const struct tensor *t = spec_tensor(w->source, w->model);
	struct text spec = { 0 };
	struct tensor *new;

	text_add(&spec, "%.*s", (int)tensor_rows(t), (const char *)t->data);
	model_note(&spec, "transfer", "warm");
	model_note(&spec, "source", "%s", w->model);
	model_note(&spec, "fresh", "%s", fresh_name(w->fresh));
	new = tensor_text(name, spec.at);
	free(spec.at);
	return new;
}

static void check_shared(const struct carry *c)
{
	char names[512] = "";

	for (size_t f = 0; f < c->features.n; f++)
		if (is_shared(c->warm, c->features.name[f]) &&
			strlen(names) + strlen(c->features.name[f]) + 3 < sizeof names)
			strcat(strcat(names, *names ? ", " : ""), c->features.name[f]);
	if (c->asked && !c->shared)
		die("the domains share nothing: no value of %s has the same name in both; there is "
		    "nothing to carry over",
			names);
}

void warm_model(struct tensors *made, const struct warm *w)
{
	char prefix[TENSOR_NAME + 1];
	struct carry c;
	size_t n, place = 0;

	open_carry(&c, w);
	check_shared(&c);
	snprintf(prefix, sizeof prefix, "model.%s.", w->model);
	n = c.prefix = strlen(prefix);
	for (size_t i = 0; i < w->source->n; i++) {
		const struct tensor *t = w->source->at[i];
		char name[2 * TENSOR_NAME];
		uint64_t seed = rng_derive(w->seed, place);

		if (strncmp(t->name, prefix, n) != 0)
			continue;
		place++;
		snprintf(name, sizeof name, "model.%s.%s", w->as, t->name + n);
		if (tensor_name_fault(name))
			die("'%s': %s", name, tensor_name_fault(name));
		tensors_add(made, strcmp(t->name + n, "spec") == 0
					  ? carried_spec(&c, name)
					  : carried(&c, t, name, table_of(&c, t->name + n), seed));
	}
	for (size_t f = 0; f < c.features.n; f++)
		align_free(&c.align[f]);
	free(c.align);
	feature_free(&c.features);
}

void warm_copy(struct tensors *made, const struct tensors *set, const char *model, const char *as,
	const char *notes)
{
	char prefix[TENSOR_NAME + 1];
	size_t n;

	snprintf(prefix, sizeof prefix, "model.%s.", model);
	n = strlen(prefix);
	for (size_t i = 0; i < set->n; i++) {
		const struct tensor *t = set->at[i];
		bool spec = strcmp(t->name + (strlen(t->name) > n ? n : 0), "spec") == 0;
		struct text text = { 0 };
		char name[2 * TENSOR_NAME];

		if (strncmp(t->name, prefix, n) != 0)
			continue;
		snprintf(name, sizeof name, "model.%s.%s", as, t->name + n);
		if (tensor_name_fault(name))
			die("'%s': %s", name, tensor_name_fault(name));
		if (spec) {
			text_add(
				&text, "%.*s%s", (int)tensor_rows(t), (const char *)t->data, notes);
			tensors_add(made, tensor_text(name, text.at));
			free(text.at);
		} else {
			tensors_add(made, like(t, name, tensor_rows(t)));
			memcpy(made->at[made->n - 1]->data, t->data, tensor_bytes(t));
		}
	}
}
