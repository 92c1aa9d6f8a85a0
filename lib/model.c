#include "model.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crossing.h"
#include "die.h"
#include "infer.h"
#include "mem.h"
#include "quantise.h"

enum { NESTED = 4 /* pairs within pairs */ };

const char *const model_actives[] = { "relu", "tanh", "sigmoid", "linear", NULL };
const char *const model_norms[] = { "none", "layer", "batch", NULL };

struct model {
	char name[MODEL_NAME + 1];
	char *spec; /* '=' and line ends replaced by NUL: key, value, key, value, ... */
	size_t spec_bytes;
	bool binary;
	uint64_t bytes;
	struct tensors thawed; /* weights that the set has in fewer bits, as f32 */
	struct net *net; /* or NULL */
	bool lent; /* it is somebody else's */
	struct features features;
	struct mf mf; /* factors and biases belong to the set */
	struct ease ease; /* as do its weights; NULL when it is another model */
	struct knn *knn; /* or NULL; its lists belong to the set */
	struct pair *pair; /* or NULL: two models */
};

/* ---- opening ---- */

const char *model_name_fault(const char *name)
{
	if (tensor_name_fault(name))
		return tensor_name_fault(name);
	if (strchr(name, '.'))
		return "a model's name has no dots";
	return strlen(name) > MODEL_NAME ? "a model's name has at most 60 bytes" : NULL;
}

static bool is_spec(const char *name)
{
	return text_starts(name, "model.") && text_ends(name, ".spec") && strlen(name) > 11;
}

size_t model_list(const struct tensors *set, const char ***names)
{
	size_t n = 0;
	char *text;

	for (size_t i = 0; i < set->n; i++)
		n += is_spec(set->at[i]->name);
	*names = mem_new(n, sizeof **names + TENSOR_NAME + 1);
	text = (char *)(*names + n);
	n = 0;
	for (size_t i = 0; i < set->n; i++) {
		if (!is_spec(set->at[i]->name))
			continue;
		strcpy(text, set->at[i]->name + 6);
		text[strlen(text) - 5] = 0;
		(*names)[n++] = text;
		text += TENSOR_NAME + 1;
	}
	return n;
}

size_t model_choose(const struct tensors *set, const char *only, const char ***names)
{
	const char **all, **chosen;
	size_t n = model_list(set, &all), wanted = only ? 1 : 0, got = 0;

	*names = all;
	if (!n)
		die("stdin: no model ahead of the rows; rs-mf and rs-teach make one, or: cat MODEL "
		    "DATA");
	if (!only)
		return n;
	for (const char *c = only; *c; c++)
		wanted += *c == ',';
	chosen = mem_new(wanted, sizeof *chosen + TENSOR_NAME + 1);
	for (const char *at = only; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL) {
		size_t length = strcspn(at, ","), i = 0;

		while (i < n && (strncmp(all[i], at, length) || all[i][length]))
			i++;
		if (i == n)
			die("stdin: no model '%.*s' ahead of the rows; there is '%s'%s",
				(int)length, at, all[0], n > 1 ? " and others" : "");
		chosen[got] = (char *)(chosen + wanted) + got * (TENSOR_NAME + 1);
		strcpy((char *)(chosen + wanted) + got++ * (TENSOR_NAME + 1), all[i]);
	}
	free(all);
	*names = chosen;
	return got;
}

static void read_spec(struct model *m, const struct tensors *set)
{
	char full[TENSOR_NAME + 1];
	const struct tensor *t;

	snprintf(full, sizeof full, "model.%s.spec", m->name);
	t = tensors_need(set, full, U8, 1);
	m->spec_bytes = tensor_bytes(t);
	m->spec = mem_new(m->spec_bytes + 1, 1);
	memcpy(m->spec, t->data, m->spec_bytes);
	for (size_t i = 0, value = 0; i < m->spec_bytes; i++) {
		char c = m->spec[i];

		if ((unsigned char)c < 0x20 && c != '\n')
			die("model '%s': byte %02x in its spec", m->name, (unsigned char)c);
		if (c == '\n' && !value)
			die("model '%s': a spec line without '='", m->name);
		if (c == '\n' || (c == '=' && !value))
			m->spec[i] = 0;
		value = c == '\n' ? 0 : value | (c == '=');
	}
	if (!m->spec_bytes || m->spec[m->spec_bytes - 1])
		die("model '%s': its spec does not end in a line end", m->name);
}

const char *model_spec(const struct model *m, const char *key)
{
	for (size_t i = 0; i < m->spec_bytes;) {
		const char *at = m->spec + i, *value = at + strlen(at) + 1;

		if (strcmp(at, key) == 0)
			return value;
		i = (size_t)(value - m->spec) + strlen(value) + 1;
	}
	return NULL;
}

static const char *spec_need(const struct model *m, const char *key)
{
	const char *value = model_spec(m, key);

	if (!value)
		die("model '%s': its spec lacks '%s'", m->name, key);
	return value;
}

static uint32_t spec_number(const struct model *m, const char *key, const char *text, char **end)
{
	unsigned long x = strtoul(text, end, 10);

	if (*end == text || x > 1 << 20)
		die("model '%s': %s=%s in its spec", m->name, key, text);
	return (uint32_t)x;
}

/* The f32 of a weight that is f16, or i8 with the scales of its rows; other types as they are. */
static const struct tensor *thaw(
	struct model *m, const struct tensors *set, const char *suffix, const struct tensor *t)
{
	const struct tensor *there = tensors_find(&m->thawed, t->name), *scale;
	uint64_t rows = tensor_rows(t), cols = tensor_cols(t);
	char full[2 * TENSOR_NAME];
	struct tensor *x;

	if (there || (t->dtype != F16 && t->dtype != I8))
		return there ? there : t;
	x = tensor_new(t->name, F32, rows, t->ndim == 2 ? cols : 0);
	tensors_add(&m->thawed, x);
	for (uint64_t i = 0; t->dtype == F16 && i < rows * cols; i++)
		((float *)x->data)[i] = quantise_single(((const uint16_t *)t->data)[i]);
	if (t->dtype == F16)
		return x;
	snprintf(full, sizeof full, "model.%s.rowscale.%s", m->name, suffix);
	scale = tensors_find(set, full);
	if (!scale || scale->dtype != F32 || scale->ndim != 1 || tensor_rows(scale) != rows)
		die("model '%s': '%s' is i8, but '%s' is not its %llu scales", m->name, t->name,
			full, (unsigned long long)rows);
	quantise_restore(x->data, t->data, scale->data, rows, cols);
	return x;
}

/* model.NAME.<suffix>, f32 of rows (x cols), or any shape when rows is 0. */
static const struct tensor *weight(struct model *m, const struct tensors *set, const char *suffix,
	uint64_t rows, uint64_t cols)
{
	char full[TENSOR_NAME + 1];
	const struct tensor *t;

	snprintf(full, sizeof full, "model.%s.%s", m->name, suffix);
	t = tensors_find(set, full);
	if (!t)
		die("model '%s': lacks '%s'", m->name, full);
	t = thaw(m, set, suffix, t);
	if (t->dtype != F32 || t->ndim != (cols || (!rows && t->ndim == 2) ? 2u : 1u) ||
		(rows && (tensor_rows(t) != rows || tensor_cols(t) != (cols ? cols : 1))))
		die("model '%s': '%s' is %s %llux%llu, expected f32 %llux%llu", m->name, full,
			dtype_name(t->dtype), (unsigned long long)tensor_rows(t),
			(unsigned long long)tensor_cols(t), (unsigned long long)rows,
			(unsigned long long)(cols ? cols : 1));
	for (uint64_t i = 0, n = tensor_rows(t) * tensor_cols(t); i < n; i++)
		if (!(((const float *)t->data)[i] - ((const float *)t->data)[i] == 0))
			die("model '%s': '%s' holds a value that is not finite", m->name, full);
	return t;
}
static void open_features(
	struct model *m, const struct tensors *set, enum net_arch arch, bool unknown)
{
	struct features *f = &m->features;

	for (const char *at = spec_need(m, "features"); *at;) {
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
			die("model '%s': '%s' in its spec is no feature", m->name, f->name[f->n]);
		field.kind = (enum net_kind)kind;
		snprintf(suffix, sizeof suffix, "%s.%s",
			kind == NET_NUM		     ? "mean"
			: arch_of(arch)->embeddings ? "embedding"
						     : "linear",
			f->name[f->n]);
		field.item = text_starts(f->name[f->n], "item");
		field.values = (uint32_t)tensor_rows(weight(m, set, suffix, 0, 0));
		if (unknown && kind != NET_NUM && field.values-- < 2)
			die("model '%s': 'model.%s.%s' has one row, and that for the unknown",
				m->name, m->name, suffix);
		f->field[f->n++] = field;
		at += n + (at[n] == ',');
	}
	if (!f->n)
		die("model '%s': its spec has no features", m->name);
}

/* The key's place among `names`; 0 when it is not there. */
static int spec_choice(const struct model *m, const char *key, const char *const *names)
{
	const char *value = model_spec(m, key);
	int i = 0;

	if (!value)
		return 0;
	while (names[i] && strcmp(names[i], value) != 0)
		i++;
	if (!names[i])
		die("model '%s': %s=%s in its spec", m->name, key, value);
	return i;
}

/* What layers and fields are, where it is not what they are by default. */
static void open_kinds(struct model *m, struct net_shape *shape)
{
	static const char *const pooling[] = { "mean", "sum", NULL };

	shape->active = (enum active)spec_choice(m, "activation", model_actives);
	shape->norm = (enum net_norm)spec_choice(m, "norm", model_norms);
	shape->sum = spec_choice(m, "bags", pooling) == 1;
	shape->unknown = model_spec(m, "unknown") != NULL;
}

static void open_crosses(struct model *m, struct net_shape *shape)
{
	const char *text = model_spec(m, "cross"), *fault;
	char *end;

	if (!text)
		return;
	fault = crossing_parse(text, m->features.name, m->features.field, m->features.n,
		shape->wide, &shape->wides);
	if (fault)
		die("model '%s': cross=%s in its spec: %s", m->name, text, fault);
	shape->wide_bits = spec_number(m, "cross-bits", spec_need(m, "cross-bits"), &end);
	if (shape->wide_bits < 1 || shape->wide_bits > NET_WIDE_BITS)
		die("model '%s': cross-bits=%u in its spec", m->name, shape->wide_bits);
}

/* How wide everything is. */
static void open_sizes(struct model *m, struct net_shape *shape)
{
	const struct arch *has = arch_of(shape->arch);
	const char *hidden = model_spec(m, "hidden");
	char *end;

	shape->dim = spec_number(m, "dim", spec_need(m, "dim"), &end);
	while (hidden && *hidden) {
		if (shape->layers == NET_LAYERS)
			die("model '%s': more than %d hidden layers", m->name, NET_LAYERS);
		shape->hidden[shape->layers] = spec_number(m, "hidden", hidden, &end);
		if (!shape->hidden[shape->layers++] || (*end && *end != ','))
			die("model '%s': hidden=%s in its spec", m->name, hidden);
		hidden = end + (*end == ',');
	}
	if (has->embeddings && !shape->dim)
		die("model '%s': dim=0 in its spec", m->name);
	if (has->crosses)
		shape->crosses = spec_number(m, "crosses", spec_need(m, "crosses"), &end);
	if (shape->crosses > NET_CROSSES)
		die("model '%s': more than %d cross layers", m->name, NET_CROSSES);
	if (has->mlp && !shape->layers)
		die("model '%s': no hidden layers in its spec", m->name);
}

/* A spec that asks for far more weights than the stream has is refused before memory is. */
static void check_weights(
	const struct model *m, const struct tensors *set, const struct net_shape *shape)
{
	char prefix[TENSOR_NAME + 8];
	double have = 0, need = net_weights(shape);

	snprintf(prefix, sizeof prefix, "model.%s.", m->name);
	for (size_t i = 0; i < set->n; i++)
		if (text_starts(set->at[i]->name, prefix))
			have += (double)tensor_rows(set->at[i]) *
				(double)tensor_cols(set->at[i]);
	if (need > 2 * have + 65536)
		die("model '%s': its spec is of %.3g weights, the stream has %.3g", m->name, need,
			have);
}

static void open_net(struct model *m, const struct tensors *set, enum net_arch arch)
{
	struct net_shape shape = { .arch = arch, .logistic = m->binary };

	open_sizes(m, &shape);
	open_kinds(m, &shape);
	open_features(m, set, arch, shape.unknown);
	open_crosses(m, &shape);
	shape.fields = m->features.n;
	shape.field = m->features.field;
	check_weights(m, set, &shape);
	m->net = net_new(&shape);
	for (size_t i = 0, n = net_tensors(m->net); i < n; i++) {
		struct net_tensor t = net_tensor(m->net, i);
		char suffix[2 * TENSOR_NAME];

		feature_weight(suffix, sizeof suffix, t, &m->features);
		net_set(m->net, i, NET_WEIGHT, weight(m, set, suffix, t.rows, t.cols)->data);
	}
	for (size_t i = 0; i < m->features.n; i++) {
		const char *name = m->features.name[i];
		bool bag = m->features.field[i].kind == NET_BAG;

		if (feature_owner(name) && (bag || !text_starts(name, "row.")) &&
			!feature_part(set, name, bag ? ".at" : ""))
			die("model '%s' needs '%s%s', which the stream lacks", m->name, name,
				bag ? ".at" : "");
	}
	feature_bind(&m->features, set, NULL);
}

static void open_base(struct model *m, const struct tensors *set, struct mf *mf)
{
	const struct tensor *b = weight(m, set, "user.bias", 0, 0),
			    *c = weight(m, set, "item.bias", 0, 0);

	mf->users = (uint32_t)tensor_rows(b);
	mf->items = (uint32_t)tensor_rows(c);
	mf->user_bias = b->data;
	mf->item_bias = c->data;
	mf->mean = *(float *)weight(m, set, "bias", 1, 0)->data;
	mf->low = strtof(spec_need(m, "low"), NULL);
	mf->high = strtof(spec_need(m, "high"), NULL);
}

static void open_mf(struct model *m, const struct tensors *set)
{
	struct mf *mf = &m->mf;
	char *end;

	open_base(m, set, mf);
	mf->dim = spec_number(m, "dim", spec_need(m, "dim"), &end);
	if (mf->dim) { /* else there are only biases */
		mf->user_factors = weight(m, set, "user.factors", mf->users, mf->dim)->data;
		mf->item_factors = weight(m, set, "item.factors", mf->items, mf->dim)->data;
	}
}

/* model.NAME.<suffix>, a list of integers. */
static const struct tensor *integers(
	const struct model *m, const struct tensors *set, const char *suffix, enum dtype dtype)
{
	char full[TENSOR_NAME + 1];

	snprintf(full, sizeof full, "model.%s.%s", m->name, suffix);
	return tensors_need(set, full, dtype, 1);
}

static void open_ease(struct model *m, const struct tensors *set)
{
	const struct tensor *w = weight(m, set, "weights", 0, 0);
	const struct tensor *at = integers(m, set, "seen.at", U64);
	const struct tensor *id = integers(m, set, "seen.id", U32);
	struct ease *ease = &m->ease;

	if (w->ndim != 2 || tensor_rows(w) != tensor_cols(w))
		die("model '%s': 'model.%s.weights' is not square", m->name, m->name);
	*ease = (struct ease){ tensor_rows(at) - 1, tensor_rows(w), at->data, id->data, w->data };
	if (!tensor_rows(at) || ease->at[0] || ease->at[ease->users] != tensor_rows(id))
		die("model '%s': 'model.%s.seen.at' does not span 'seen.id'", m->name, m->name);
	for (size_t u = 0; u < ease->users; u++)
		if (ease->at[u] > ease->at[u + 1])
			die("model '%s': 'model.%s.seen.at' falls at %zu", m->name, m->name, u);
	for (uint64_t e = 0; e < tensor_rows(id); e++)
		if (ease->id[e] >= ease->items)
			die("model '%s': item %u in 'model.%s.seen.id'; there are %zu", m->name,
				ease->id[e], m->name, ease->items);
}

/* model.NAME.<what>.at, .id, .value: lists of ids below `below`, which ascend. */
static struct csr open_lists(
	struct model *m, const struct tensors *set, const char *what, uint64_t below)
{
	char suffix[16];
	const struct tensor *at, *id, *value;
	struct csr lists;

	snprintf(suffix, sizeof suffix, "%s.at", what);
	at = integers(m, set, suffix, U64);
	snprintf(suffix, sizeof suffix, "%s.id", what);
	id = integers(m, set, suffix, U32);
	snprintf(suffix, sizeof suffix, "%s.value", what);
	value = weight(m, set, suffix, tensor_rows(id), 0);
	if (!tensor_rows(at))
		die("model '%s': 'model.%s.%s.at' is empty", m->name, m->name, what);
	lists = (struct csr){ tensor_rows(at) - 1, at->data, id->data, value->data };
	if (lists.at[0] || lists.at[lists.rows] != tensor_rows(id))
		die("model '%s': 'model.%s.%s.at' does not span '%s.id'", m->name, m->name, what,
			what);
	for (size_t r = 0; r < lists.rows; r++) {
		if (lists.at[r] > lists.at[r + 1] || lists.at[r + 1] > tensor_rows(id))
			die("model '%s': 'model.%s.%s.at' falls at %zu", m->name, m->name, what, r);
		for (uint64_t e = lists.at[r]; e < lists.at[r + 1]; e++)
			if (lists.id[e] >= below ||
				(e > lists.at[r] && lists.id[e] <= lists.id[e - 1]))
				die("model '%s': %u in list %zu of 'model.%s.%s.id'; expected "
				    "rising ids below %llu",
					m->name, lists.id[e], r, m->name, what,
					(unsigned long long)below);
	}
	return lists;
}

static bool spec_either(const struct model *m, const char *key, const char *yes, const char *no)
{
	const char *value = spec_need(m, key);

	if (strcmp(value, yes) != 0 && strcmp(value, no) != 0)
		die("model '%s': %s=%s in its spec; expected %s or %s", m->name, key, value, yes,
			no);
	return strcmp(value, yes) == 0;
}

static void open_knn(struct model *m, const struct tensors *set)
{
	struct knn *knn = mem_new(1, sizeof *knn);
	char *end;

	m->knn = knn;
	open_base(m, set, &knn->base);
	knn->by_user = spec_either(m, "by", "user", "item");
	knn->mean = spec_either(m, "score", "mean", "sum");
	knn->use = spec_number(m, "use", spec_need(m, "use"), &end);
	knn->members = strtoul(spec_need(m, "members"), &end, 10);
	if (*end || !knn->members || knn->members > 1u << 26)
		die("model '%s': members=%s in its spec", m->name, model_spec(m, "members"));
	if (knn->use > KNN_USE)
		die("model '%s': use=%u in its spec; at most %d", m->name, knn->use, KNN_USE);
	knn->near = open_lists(m, set, "near", knn->members);
	knn->seen = open_lists(m, set, "seen", knn->by_user ? knn->base.items : knn->members);
	if (knn->by_user && knn->seen.rows != knn->members)
		die("model '%s': members=%zu in its spec, %zu lists in 'model.%s.seen.at'", m->name,
			knn->members, knn->seen.rows, m->name);
	knn_ready(knn);
}

static struct model *open_nested(const struct tensors *set, const char *name, int depth);

static const uint8_t *open_known(
	const struct model *m, const struct tensors *set, const char *whose, uint64_t *n)
{
	char full[TENSOR_NAME + 1];
	const struct tensor *t;

	snprintf(full, sizeof full, "model.%s.%s.known", m->name, whose);
	t = tensors_need(set, full, U8, 1);
	*n = tensor_rows(t);
	return t->data;
}

static float spec_real(const struct model *m, const char *key)
{
	const char *text = spec_need(m, key);
	char *end;
	float x = strtof(text, &end);

	if (end == text || *end || !isfinite(x))
		die("model '%s': %s=%s in its spec", m->name, key, text);
	return x;
}

static void open_pair(struct model *m, const struct tensors *set, int depth)
{
	struct pair *pair = mem_new(1, sizeof *pair);

	m->pair = pair;
	if (depth == NESTED)
		die("model '%s': models within models, more than %d deep", m->name, NESTED);
	pair->warm = open_nested(set, spec_need(m, "warm"), depth + 1);
	pair->cold = open_nested(set, spec_need(m, "cold"), depth + 1);
	pair->scale = spec_real(m, "scale");
	pair->shift = spec_real(m, "shift");
	pair->user = open_known(m, set, "user", &pair->users);
	pair->item = open_known(m, set, "item", &pair->items);
	if (pair->warm->binary != m->binary || pair->cold->binary != m->binary)
		die("model '%s': logits and ratings do not mix", m->name);
	m->bytes += pair->warm->bytes + pair->cold->bytes;
}

struct model *model_open(const struct tensors *set, const char *name)
{
	return open_nested(set, name, 0);
}

static struct model *open_nested(const struct tensors *set, const char *name, int depth)
{
	struct model *m = mem_new(1, sizeof *m);
	const char *arch, *task;
	char prefix[TENSOR_NAME + 1];

	if (model_name_fault(name))
		die("model '%s': %s", name, model_name_fault(name));
	snprintf(m->name, sizeof m->name, "%s", name);
	read_spec(m, set);
	arch = spec_need(m, "arch");
	task = spec_need(m, "task");
	m->binary = strcmp(task, "binary") == 0;
	if (!m->binary && strcmp(task, "rating") != 0)
		die("model '%s': task=%s in its spec; expected binary or rating", name, task);
	snprintf(prefix, sizeof prefix, "model.%s.", name);
	for (size_t i = 0; i < set->n; i++)
		if (text_starts(set->at[i]->name, prefix) && !text_ends(set->at[i]->name, ".spec") &&
			!text_starts(set->at[i]->name + strlen(prefix), "resume"))
			m->bytes += tensor_bytes(set->at[i]);
	if (arch_find(arch) < NET_ARCHS)
		open_net(m, set, arch_find(arch));
	else if (strcmp(arch, "mf") == 0)
		open_mf(m, set);
	else if (strcmp(arch, "ease") == 0)
		open_ease(m, set);
	else if (strcmp(arch, "knn") == 0)
		open_knn(m, set);
	else if (strcmp(arch, "pair") == 0)
		open_pair(m, set, depth);
	else
		die("model '%s': arch=%s, which this version does not know", name, arch);
	return m;
}

void model_parts(struct model_parts *parts, const struct model *m)
{
	*parts = (struct model_parts){ m->net, m->net ? &m->features : NULL, m->knn,
		m->ease.weight ? &m->ease : NULL, model_mf(m), m->pair };
}

const struct mf *model_mf(const struct model *m)
{
	return m->net || m->ease.weight || m->knn || m->pair ? NULL : &m->mf;
}

const struct mf *model_open_factors(struct model **model, const struct tensors *set,
	const char *name, const char *option)
{
	char spec[TENSOR_NAME + 1];

	snprintf(spec, sizeof spec, "model.%.*s.spec", MODEL_NAME, name);
	if (!tensors_find(set, spec))
		die("stdin: no model '%s' ahead of this stage; %s needs it", name, option);
	*model = model_open(set, name);
	if (!model_mf(*model))
		die("stdin: model '%s' has no factors of users and items; %s needs them", name,
			option);
	return model_mf(*model);
}

struct model *model_around(const struct mf *mf, const char *name)
{
	struct model *m = mem_new(1, sizeof *m);

	snprintf(m->name, sizeof m->name, "%s", name);
	m->mf = *mf;
	return m;
}

struct model *model_around_net(struct net *net, const struct features *features, const char *name)
{
	struct model *m = mem_new(1, sizeof *m);
	size_t n = features->n;

	snprintf(m->name, sizeof m->name, "%s", name);
	m->net = net;
	m->lent = true;
	m->features.n = n;
	m->features.name = mem_new(n, sizeof *m->features.name);
	m->features.field = mem_new(n, sizeof *m->features.field);
	memcpy(m->features.name, features->name, n * sizeof *m->features.name);
	memcpy(m->features.field, features->field, n * sizeof *m->features.field);
	return m;
}

void model_free(struct model *m)
{
	if (!m)
		return;
	free(m->spec);
	feature_free(&m->features);
	if (!m->lent)
		net_free(m->net);
	if (m->knn)
		knn_done(m->knn);
	free(m->knn);
	if (m->pair) {
		model_free(m->pair->warm);
		model_free(m->pair->cold);
	}
	free(m->pair);
	tensors_free(&m->thawed);
	free(m);
}

const char *model_name(const struct model *m)
{
	return m->name;
}

bool model_is_binary(const struct model *m)
{
	return m->binary;
}

bool model_meets_users(const struct model *m)
{
	const char *of = model_spec(m, "of"), *features = model_spec(m, "features");

	if (m->pair)
		return model_meets_users(m->pair->cold);
	return (of && strcmp(of, "user") == 0) || (features && strstr(features, "user."));
}

uint64_t model_bytes(const struct model *m)
{
	return m->bytes;
}

uint64_t model_parameters(const struct model *m)
{
	if (m->pair)
		return model_parameters(m->pair->warm) + model_parameters(m->pair->cold) + 2;
	if (m->net)
		return net_parameters(m->net);
	if (m->ease.weight)
		return (uint64_t)m->ease.items * m->ease.items;
	if (m->knn)
		return 1 + (uint64_t)m->knn->base.users + m->knn->base.items +
		       m->knn->near.at[m->knn->near.rows] + m->knn->seen.at[m->knn->seen.rows];
	return 1 + ((uint64_t)m->mf.users + m->mf.items) * (m->mf.dim + 1);
}

uint64_t model_multiply_adds(const struct model *m)
{
	const struct ease *ease = &m->ease;

	if (ease->weight) /* positives of a user, on average */
		return ease->users ? ease->at[ease->users] / ease->users : 0;
	if (m->knn) /* neighbours, on average */
		return m->knn->near.rows ? m->knn->near.at[m->knn->near.rows] / m->knn->near.rows
					 : 0;
	if (m->pair) /* the dearer */
		return model_multiply_adds(m->pair->warm) > model_multiply_adds(m->pair->cold)
			       ? model_multiply_adds(m->pair->warm)
			       : model_multiply_adds(m->pair->cold);
	return m->net ? net_multiply_adds(m->net) : m->mf.dim + 3;
}

bool model_needs(const struct model *m, const char *column)
{
	if (m->pair && (model_needs(m->pair->warm, column) || model_needs(m->pair->cold, column)))
		return true;
	if (!m->net)
		return strcmp(column, "user") == 0 || strcmp(column, "item") == 0;
	for (size_t i = 0; i < m->features.n; i++) {
		const char *name = m->features.name[i];
		size_t n = strcspn(name, ".");

		if (text_starts(name, "row.") ? strcmp(name, column) == 0
					 : strncmp(name, column, n) == 0 && !column[n])
			return true;
	}
	return false;
}

bool pair_is_warm(const struct pair *pair, uint64_t user, uint64_t item)
{
	return user < pair->users && item < pair->items && pair->user[user] && pair->item[item];
}

static void predict_pair(
	const struct pair *pair, const struct tensors *rows, size_t n, float *score)
{
	const uint32_t *user = tensors_need(rows, "user", U32, 1)->data;
	const uint32_t *item = tensors_need(rows, "item", U32, 1)->data;
	float *cold = mem_new(n, sizeof *cold);

	model_predict(pair->warm, rows, n, score);
	model_predict(pair->cold, rows, n, cold);
	for (size_t r = 0; r < n; r++)
		if (!pair_is_warm(pair, user[r], item[r]))
			score[r] = pair->scale * cold[r] + pair->shift;
	free(cold);
}

void model_predict(struct model *m, const struct tensors *rows, size_t n, float *score)
{
	const uint32_t *user, *item;

	if (m->pair) {
		predict_pair(m->pair, rows, n, score);
		return;
	}

	if (m->net) {
		feature_bind(&m->features, NULL, rows);
		infer_scores(m->net, m->features.field, NULL, n, score);
		return;
	}
	user = tensors_need(rows, "user", U32, 1)->data;
	item = tensors_need(rows, "item", U32, 1)->data;
	if (m->ease.weight)
		ease_predict(score, &m->ease, user, item, n);
	else if (m->knn)
		knn_predict(score, m->knn, user, item, n);
	else
		mf_predict(score, &m->mf, user, item, n);
}

size_t model_width(const struct model *m)
{
	const struct net_shape *shape = m->net ? net_shape(m->net) : NULL;

	return shape && shape->layers ? shape->hidden[shape->layers - 1] : 0;
}

void model_hidden(
	struct model *m, const struct tensors *rows, size_t n, float *score, float *hidden)
{
	assert(model_width(m));
	feature_bind(&m->features, NULL, rows);
	infer_hidden(m->net, m->features.field, NULL, n, score, hidden);
}

/* The number of users, or items, that have anything of their own to go by. */
static size_t known(const struct model *m, bool of_items)
{
	uint64_t most = 0;

	for (size_t f = 0; f < m->features.n; f++) {
		const struct net_field *in = m->features.field + f;
		uint64_t n = feature_owner(m->features.name[f]) ? in->entries : in->values;

		if (in->item == of_items)
			most = n > most ? n : most;
	}
	return most;
}

size_t model_users(const struct model *m)
{
	return known(m, false);
}

void model_tower(struct model *m, size_t tower, size_t n, float *vector)
{
	struct tensors rows = { 0 };

	for (int side = 0; side < 2; side++) {
		struct tensor *t = tensor_new(side ? "item" : "user", U32, n, 0);

		for (size_t i = 0; i < n; i++)
			((uint32_t *)t->data)[i] = (uint32_t)i;
		tensors_add(&rows, t);
	}
	feature_bind(&m->features, NULL, &rows);
	infer_tower(m->net, tower, m->features.field, n, vector);
	tensors_free(&rows);
}

/* The embeddings of the ids themselves. */
static float *ids_vectors(const struct model *m, bool of_items, size_t *rows)
{
	float *vector;

	for (size_t i = 0, n = net_tensors(m->net); i < n; i++) {
		struct net_tensor t = net_tensor(m->net, i);

		if (t.field < 0 || strcmp(t.part, "embedding") != 0 ||
			strcmp(m->features.name[t.field], of_items ? "item" : "user") != 0)
			continue;
		*rows = m->features.field[t.field].values;
		vector = mem_new(t.rows * t.cols, sizeof *vector);
		net_get(m->net, i, NET_WEIGHT, vector);
		return vector;
	}
	return NULL;
}

float *model_vectors(struct model *m, bool of_items, size_t *rows, size_t *dim)
{
	const float *factors = of_items ? m->mf.item_factors : m->mf.user_factors;
	float *vector;

	if (m->net && m->net->towers > 1) {
		*rows = known(m, of_items);
		*dim = model_width(m);
		vector = mem_new(*rows * *dim, sizeof *vector);
		model_tower(m, of_items, *rows, vector);
		return vector;
	}
	if (m->net) {
		*dim = m->net->shape.dim;
		return m->net->layers ? NULL : ids_vectors(m, of_items, rows);
	}
	*rows = of_items ? m->mf.items : m->mf.users;
	*dim = m->mf.dim;
	if (!factors || !*dim)
		return NULL;
	vector = mem_new(*rows * *dim, sizeof *vector);
	memcpy(vector, factors, *rows * *dim * sizeof *vector);
	return vector;
}
