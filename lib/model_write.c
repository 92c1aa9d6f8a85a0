#include "model_write.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "mem.h"
#include "model_net.h"

bool model_replaces(const char *model, bool replace, const char *tensor)
{
	size_t n = strlen(model);

	if (!text_starts(tensor, "model.") || strncmp(tensor + 6, model, n) != 0 ||
		tensor[6 + n] != '.')
		return false;
	if (!replace)
		die("stdin: '%s' is already in the stream; --as another name, or --replace",
			tensor);
	return true;
}

void model_note(struct text *spec, const char *key, const char *format, ...)
{
	va_list args;

	text_add(spec, "%s=", key);
	va_start(args, format);
	text_vadd(spec, format, args);
	va_end(args);
	text_add(spec, "\n");
}

static void call(struct tensor *t, const char *model, const char *suffix)
{
	char full[3 * TENSOR_NAME];

	snprintf(full, sizeof full, "model.%s.%s", model, suffix);
	if (tensor_name_fault(full))
		die("'%s': %s", full, tensor_name_fault(full));
	strcpy(t->name, full);
}

static struct tensor *add(
	struct tensors *set, const char *model, const char *suffix, uint64_t rows, uint64_t cols)
{
	struct tensor name, *t;

	call(&name, model, suffix);
	t = tensor_new(name.name, F32, rows, cols);
	tensors_add(set, t);
	return t;
}

/* The spec: `first` lines, then what the caller noted. */
static void add_spec(struct tensors *set, const char *name, struct text *first, struct text *rest)
{
	char full[TENSOR_NAME + 1];
	struct tensor *t;

	snprintf(full, sizeof full, "model.%s.spec", name);
	t = tensor_new(full, U8, first->n + rest->n, 0);
	memcpy(t->data, first->at, first->n);
	if (rest->n)
		memcpy((char *)t->data + first->n, rest->at, rest->n);
	tensors_add(set, t);
	free(first->at);
	free(rest->at);
	*rest = (struct text){ 0 };
}

/* x (rows, cols) becomes a tensor's. */
static void give(struct tensors *set, const char *name, const char *what, uint64_t rows,
	uint64_t cols, float **x)
{
	struct tensor *t = add(set, name, what, 0, cols);

	free(t->data);
	t->data = *x;
	t->shape[0] = rows;
	*x = NULL;
}

/* low and high go to `first`, which becomes the spec; biases are taken out of mf. */
static void add_base(struct tensors *set, const char *name, struct text *first, struct text *spec,
	struct mf *mf)
{
	model_note(first, "low", "%.9g", (double)mf->low);
	model_note(first, "high", "%.9g", (double)mf->high);
	add_spec(set, name, first, spec);
	memcpy(add(set, name, "bias", 1, 0)->data, &mf->mean, sizeof mf->mean);
	give(set, name, "user.bias", mf->users, 0, &mf->user_bias);
	give(set, name, "item.bias", mf->items, 0, &mf->item_bias);
}

void model_from_mf(struct tensors *set, const char *name, struct text *spec, struct mf *mf)
{
	struct text first = { 0 };

	model_note(&first, "arch", "mf");
	model_note(&first, "task", "rating");
	model_note(&first, "dim", "%u", mf->dim);
	add_base(set, name, &first, spec, mf);
	if (mf->dim) {
		give(set, name, "user.factors", mf->users, mf->dim, &mf->user_factors);
		give(set, name, "item.factors", mf->items, mf->dim, &mf->item_factors);
	}
	mf_free(mf);
}

/* Takes "=NUMBER" off the pattern. */
static bool take_pace(char *pattern, float *pace)
{
	char *at = strchr(pattern, '='), *end = at;

	if (at) {
		*at = 0;
		*pace = strtof(at + 1, &end);
	}
	return at && end != at + 1 && !*end && *pace >= 0 && *pace <= 1e6F;
}

/* How many weights that was. */
static size_t set_pace(
	struct net *net, const struct features *features, const char *pattern, float pace)
{
	size_t found = 0;

	for (size_t i = 0, all = net_tensors(net); i < all; i++) {
		char suffix[2 * TENSOR_NAME];

		feature_weight(suffix, sizeof suffix, net_tensor(net, i), features);
		if (!tensor_match(pattern, suffix))
			continue;
		net_pace(net, i, pace);
		found++;
	}
	return found;
}

const char *model_pace(
	struct net *net, const struct features *features, const char *list, bool said)
{
	static char part[2 * TENSOR_NAME];

	while (*list) {
		char pattern[2 * TENSOR_NAME];
		size_t n = strcspn(list, ",");
		float pace = 0;

		snprintf(part, sizeof part, "%.*s", (int)(n < sizeof part ? n : sizeof part - 1),
			list);
		strcpy(pattern, part);
		if ((said && !take_pace(pattern, &pace)) || !set_pace(net, features, pattern, pace))
			return part;
		list += n + (list[n] == ',');
	}
	return NULL;
}

size_t model_carry(struct net *net, const struct features *features, const struct tensors *set,
	const char *name, size_t *all)
{
	size_t carried = 0;

	*all = net_tensors(net);
	for (size_t i = 0; i < *all; i++) {
		struct net_tensor t = net_tensor(net, i);
		char suffix[2 * TENSOR_NAME], full[3 * TENSOR_NAME];
		const struct tensor *w;

		feature_weight(suffix, sizeof suffix, t, features);
		snprintf(full, sizeof full, "model.%s.%s", name, suffix);
		w = tensors_find(set, full);
		if (!w || w->dtype != F32 || w->ndim != (t.cols ? 2 : 1) ||
			tensor_rows(w) != t.rows || tensor_cols(w) != (t.cols ? t.cols : 1))
			continue;
		net_set(net, i, NET_WEIGHT, w->data);
		carried++;
	}
	return carried;
}

/* model.NAME.<what>.at, .id and, if there, .value. */
static void add_lists(
	struct tensors *set, const char *name, const char *what, const struct csr *lists)
{
	uint64_t n = lists->at[lists->rows];
	char full[2 * TENSOR_NAME];
	struct tensor *t;

	snprintf(full, sizeof full, "model.%s.%s.at", name, what);
	t = tensor_new(full, U64, lists->rows + 1, 0);
	memcpy(t->data, lists->at, (lists->rows + 1) * sizeof *lists->at);
	tensors_add(set, t);
	snprintf(full, sizeof full, "model.%s.%s.id", name, what);
	t = tensor_new(full, U32, n, 0);
	memcpy(t->data, lists->id, n * sizeof *lists->id);
	tensors_add(set, t);
	snprintf(full, sizeof full, "%s.value", what);
	if (lists->value)
		memcpy(add(set, name, full, n, 0)->data, lists->value, n * sizeof *lists->value);
}

void model_from_knn(struct tensors *set, const char *name, struct text *spec, const struct knn *knn)
{
	struct text first = { 0 };
	struct mf *base = mf_copy(&knn->base);

	model_note(&first, "arch", "knn");
	model_note(&first, "task", "rating");
	model_note(&first, "by", "%s", knn->by_user ? "user" : "item");
	model_note(&first, "score", "%s", knn->mean ? "mean" : "sum");
	model_note(&first, "use", "%u", knn->use);
	model_note(&first, "members", "%zu", knn->members);
	add_base(set, name, &first, spec, base);
	mf_free(base);
	add_lists(set, name, "near", &knn->near);
	add_lists(set, name, "seen", &knn->seen);
}

static void add_known(
	struct tensors *set, const char *name, const char *whose, const uint8_t *known, size_t n)
{
	char full[2 * TENSOR_NAME];
	struct tensor *t;

	snprintf(full, sizeof full, "model.%s.%s.known", name, whose);
	t = tensor_new(full, U8, n, 0);
	memcpy(t->data, known, n);
	tensors_add(set, t);
}

void model_from_pair(
	struct tensors *set, const char *name, struct text *spec, const struct model_pair *pair)
{
	struct text first = { 0 };

	model_note(&first, "arch", "pair");
	model_note(&first, "task", "%s", pair->binary ? "binary" : "rating");
	model_note(&first, "warm", "%s", pair->warm);
	model_note(&first, "cold", "%s", pair->cold);
	model_note(&first, "scale", "%.9g", pair->scale);
	model_note(&first, "shift", "%.9g", pair->shift);
	add_spec(set, name, &first, spec);
	add_known(set, name, "user", pair->user, pair->users);
	add_known(set, name, "item", pair->item, pair->items);
}

void model_from_ease(
	struct tensors *set, const char *name, struct text *spec, const struct ease *ease)
{
	struct text first = { 0 };

	model_note(&first, "arch", "ease");
	model_note(&first, "task", "rating");
	add_spec(set, name, &first, spec);
	add_lists(set, name, "seen",
		&(struct csr){ ease->users, (uint64_t *)(uintptr_t)ease->at,
			(uint32_t *)(uintptr_t)ease->id, NULL });
	memcpy(add(set, name, "weights", ease->items, ease->items)->data, ease->weight,
		ease->items * ease->items * sizeof *ease->weight);
}

/* features=, hidden= and cross=: lists with commas between. */
static void note_features(struct text *to, const struct features *features)
{
	for (size_t i = 0; i < features->n; i++)
		text_add(to, "%s%s", i ? "," : "features=", features->name[i]);
	text_add(to, "\n");
}

static void note_hidden(struct text *to, const struct net_shape *shape)
{
	for (size_t l = 0; l < shape->layers; l++)
		text_add(to, "%s%u", l ? "," : "hidden=", shape->hidden[l]);
	if (shape->layers)
		text_add(to, "\n");
}

static void note_crosses(
	struct text *to, const struct net_shape *shape, const struct features *features)
{
	for (size_t w = 0; w < shape->wides; w++) {
		const struct net_wide *wide = shape->wide + w;

		text_add(to, w ? "," : "cross=");
		for (size_t p = 0; p < wide->parts; p++)
			text_add(to, "%s%s", p ? "*" : "", features->name[wide->field[p]]);
	}
	if (shape->wides)
		text_add(to, "\ncross-bits=%u\n", shape->wide_bits);
}

void model_note_net(struct text *spec, const struct net *net, const struct features *features)
{
	const struct net_shape *shape = net_shape(net);

	model_note(spec, "arch", "%s", arch_of(shape->arch)->name);
	model_note(spec, "task", "%s", shape->logistic ? "binary" : "rating");
	note_features(spec, features);
	model_note(spec, "dim", "%u", shape->dim);
	note_hidden(spec, shape);
	if (shape->crosses)
		model_note(spec, "crosses", "%zu", shape->crosses);
	if (shape->active)
		model_note(spec, "activation", "%s", model_actives[shape->active]);
	if (shape->norm)
		model_note(spec, "norm", "%s", model_norms[shape->norm]);
	if (shape->sum)
		model_note(spec, "bags", "sum");
	if (shape->unknown)
		model_note(spec, "unknown", "trained");
	note_crosses(spec, shape, features);
}

void model_from_net(const char *name, struct text *spec, const struct net *net,
	const struct features *features, model_take *take, void *arg)
{
	struct text first = { 0 };
	struct tensors made = { 0 };

	model_note_net(&first, net, features);
	add_spec(&made, name, &first, spec);
	take(arg, made.at[0]);
	tensors_free(&made);
	for (size_t i = 0, n = net_tensors(net); i < n; i++) {
		struct net_tensor w = net_tensor(net, i);
		const float *there = net_view(net, i, NET_WEIGHT);
		struct tensor t = { .dtype = F32,
			.ndim = w.cols ? 2 : 1,
			.shape = { w.rows, w.cols },
			.data = (void *)(uintptr_t)there };
		char suffix[2 * TENSOR_NAME];

		feature_weight(suffix, sizeof suffix, w, features);
		call(&t, name, suffix);
		if (!there) {
			t.data = mem_new(w.rows, tensor_row_bytes(&t));
			net_get(net, i, NET_WEIGHT, t.data);
		}
		take(arg, &t);
		if (!there)
			free(t.data);
	}
}
