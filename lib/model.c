#include "model.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "infer.h"
#include "mem.h"
#include "model_net.h"
#include "spec.h"
#include "weights.h"

enum { NESTED = 4 /* pairs within pairs */ };

struct model {
	char name[MODEL_NAME + 1];
	struct spec spec;
	bool binary;
	uint64_t bytes;
	struct weights weights;
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

static void open_base(struct model *m, struct mf *mf)
{
	const struct tensor *b = weights_need(&m->weights, "user.bias", 0, 0),
			    *c = weights_need(&m->weights, "item.bias", 0, 0);

	mf->users = (uint32_t)tensor_rows(b);
	mf->items = (uint32_t)tensor_rows(c);
	mf->user_bias = b->data;
	mf->item_bias = c->data;
	mf->mean = *(float *)weights_need(&m->weights, "bias", 1, 0)->data;
	mf->low = spec_bound(&m->spec, "low");
	mf->high = spec_bound(&m->spec, "high");
}

static void open_mf(struct model *m)
{
	struct mf *mf = &m->mf;
	char *end;

	open_base(m, mf);
	mf->dim = spec_number(&m->spec, "dim", spec_need(&m->spec, "dim"), &end);
	if (mf->dim) { /* else there are only biases */
		mf->user_factors =
			weights_need(&m->weights, "user.factors", mf->users, mf->dim)->data;
		mf->item_factors =
			weights_need(&m->weights, "item.factors", mf->items, mf->dim)->data;
	}
}

static void open_ease(struct model *m)
{
	const struct tensor *w = weights_need(&m->weights, "weights", 0, 0);
	const struct tensor *at = weights_integers(&m->weights, "seen.at", U64);
	const struct tensor *id = weights_integers(&m->weights, "seen.id", U32);
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

static void open_knn(struct model *m)
{
	struct knn *knn = mem_new(1, sizeof *knn);
	char *end;

	m->knn = knn;
	open_base(m, &knn->base);
	knn->by_user = spec_either(&m->spec, "by", "user", "item");
	knn->mean = spec_either(&m->spec, "score", "mean", "sum");
	knn->use = spec_number(&m->spec, "use", spec_need(&m->spec, "use"), &end);
	knn->members = strtoul(spec_need(&m->spec, "members"), &end, 10);
	if (*end || !knn->members || knn->members > 1u << 26)
		die("model '%s': members=%s in its spec", m->name, model_spec(m, "members"));
	if (knn->use > KNN_USE)
		die("model '%s': use=%u in its spec; at most %d", m->name, knn->use, KNN_USE);
	knn->near = weights_lists(&m->weights, "near", knn->members);
	knn->seen =
		weights_lists(&m->weights, "seen", knn->by_user ? knn->base.items : knn->members);
	if (knn->by_user && knn->seen.rows != knn->members)
		die("model '%s': members=%zu in its spec, %zu lists in 'model.%s.seen.at'", m->name,
			knn->members, knn->seen.rows, m->name);
	knn_ready(knn);
}

static struct model *open_nested(const struct tensors *set, const char *name, int depth);

/* Which users, or items, the warm model knows. */
static const uint8_t *open_known(const struct model *m, const char *suffix, uint64_t *n)
{
	const struct tensor *t = weights_integers(&m->weights, suffix, U8);

	*n = tensor_rows(t);
	return t->data;
}

static void open_pair(struct model *m, const struct tensors *set, int depth)
{
	struct pair *pair = mem_new(1, sizeof *pair);

	m->pair = pair;
	if (depth == NESTED)
		die("model '%s': models within models, more than %d deep", m->name, NESTED);
	pair->warm = open_nested(set, spec_need(&m->spec, "warm"), depth + 1);
	pair->cold = open_nested(set, spec_need(&m->spec, "cold"), depth + 1);
	pair->scale = spec_real(&m->spec, "scale");
	pair->shift = spec_real(&m->spec, "shift");
	pair->user = open_known(m, "user.known", &pair->users);
	pair->item = open_known(m, "item.known", &pair->items);
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
	spec_read(&m->spec, set, m->name);
	m->weights = (struct weights){ .model = m->name, .set = set };
	arch = spec_need(&m->spec, "arch");
	task = spec_need(&m->spec, "task");
	m->binary = strcmp(task, "binary") == 0;
	if (!m->binary && strcmp(task, "rating") != 0)
		die("model '%s': task=%s in its spec; expected binary or rating", name, task);
	snprintf(prefix, sizeof prefix, "model.%s.", name);
	for (size_t i = 0; i < set->n; i++)
		if (text_starts(set->at[i]->name, prefix) &&
			!text_ends(set->at[i]->name, ".spec") &&
			!text_starts(set->at[i]->name + strlen(prefix), "resume"))
			m->bytes += tensor_bytes(set->at[i]);
	if (arch_find(arch) < NET_ARCHS)
		m->net = model_net(&m->features, &m->spec, &m->weights, arch_find(arch), m->binary);
	else if (strcmp(arch, "mf") == 0)
		open_mf(m);
	else if (strcmp(arch, "ease") == 0)
		open_ease(m);
	else if (strcmp(arch, "knn") == 0)
		open_knn(m);
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

const struct mf *model_open_factors(
	struct model **model, const struct tensors *set, const char *name, const char *option)
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
	spec_free(&m->spec);
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
	weights_free(&m->weights);
	free(m);
}

const char *model_name(const struct model *m)
{
	return m->name;
}

const char *model_spec(const struct model *m, const char *key)
{
	return spec_get(&m->spec, key);
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
