#include "weights.h"

#include <stdio.h>
#include <string.h>

#include "die.h"
#include "quantise.h"
#include "text.h"

void weights_free(struct weights *w)
{
	tensors_free(&w->thawed);
}

/* The f32 of a weight that is f16, or i8 with the scales of its rows; other types as they are. */
static const struct tensor *thaw(struct weights *w, const char *suffix, const struct tensor *t)
{
	const struct tensor *there = tensors_find(&w->thawed, t->name), *scale;
	uint64_t rows = tensor_rows(t), cols = tensor_cols(t);
	char full[2 * TENSOR_NAME];
	struct tensor *x;

	if (there || (t->dtype != F16 && t->dtype != I8))
		return there ? there : t;
	x = tensor_new(t->name, F32, rows, t->ndim == 2 ? cols : 0);
	tensors_add(&w->thawed, x);
	for (uint64_t i = 0; t->dtype == F16 && i < rows * cols; i++)
		((float *)x->data)[i] = quantise_single(((const uint16_t *)t->data)[i]);
	if (t->dtype == F16)
		return x;
	snprintf(full, sizeof full, "model.%s.rowscale.%s", w->model, suffix);
	scale = tensors_find(w->set, full);
	if (!scale || scale->dtype != F32 || scale->ndim != 1 || tensor_rows(scale) != rows)
		die("model '%s': '%s' is i8, but '%s' is not its %llu scales", w->model, t->name,
			full, (unsigned long long)rows);
	quantise_restore(x->data, t->data, scale->data, rows, cols);
	return x;
}

const struct tensor *weights_need(
	struct weights *w, const char *suffix, uint64_t rows, uint64_t cols)
{
	char full[TENSOR_NAME + 1];
	const struct tensor *t;

	snprintf(full, sizeof full, "model.%s.%s", w->model, suffix);
	t = tensors_find(w->set, full);
	if (!t)
		die("model '%s': lacks '%s'", w->model, full);
	t = thaw(w, suffix, t);
	if (t->dtype != F32 || t->ndim != (cols || (!rows && t->ndim == 2) ? 2u : 1u) ||
		(rows && (tensor_rows(t) != rows || tensor_cols(t) != (cols ? cols : 1))))
		die("model '%s': '%s' is %s %llux%llu, expected f32 %llux%llu", w->model, full,
			dtype_name(t->dtype), (unsigned long long)tensor_rows(t),
			(unsigned long long)tensor_cols(t), (unsigned long long)rows,
			(unsigned long long)(cols ? cols : 1));
	for (uint64_t i = 0, n = tensor_rows(t) * tensor_cols(t); i < n; i++)
		if (!(((const float *)t->data)[i] - ((const float *)t->data)[i] == 0))
			die("model '%s': '%s' holds a value that is not finite", w->model, full);
	return t;
}

const struct tensor *weights_integers(const struct weights *w, const char *suffix, enum dtype dtype)
{
	char full[TENSOR_NAME + 1];

	snprintf(full, sizeof full, "model.%s.%s", w->model, suffix);
	return tensors_need(w->set, full, dtype, 1);
}

struct csr weights_lists(struct weights *w, const char *what, uint64_t below)
{
	char suffix[16];
	const struct tensor *at, *id, *value;
	struct csr lists;

	snprintf(suffix, sizeof suffix, "%s.at", what);
	at = weights_integers(w, suffix, U64);
	snprintf(suffix, sizeof suffix, "%s.id", what);
	id = weights_integers(w, suffix, U32);
	snprintf(suffix, sizeof suffix, "%s.value", what);
	value = weights_need(w, suffix, tensor_rows(id), 0);
	if (!tensor_rows(at))
		die("model '%s': 'model.%s.%s.at' is empty", w->model, w->model, what);
	lists = (struct csr){ tensor_rows(at) - 1, at->data, id->data, value->data };
	if (lists.at[0] || lists.at[lists.rows] != tensor_rows(id))
		die("model '%s': 'model.%s.%s.at' does not span '%s.id'", w->model, w->model, what,
			what);
	for (size_t r = 0; r < lists.rows; r++) {
		if (lists.at[r] > lists.at[r + 1] || lists.at[r + 1] > tensor_rows(id))
			die("model '%s': 'model.%s.%s.at' falls at %zu", w->model, w->model, what,
				r);
		for (uint64_t e = lists.at[r]; e < lists.at[r + 1]; e++)
			if (lists.id[e] >= below ||
				(e > lists.at[r] && lists.id[e] <= lists.id[e - 1]))
				die("model '%s': %u in list %zu of 'model.%s.%s.id'; expected "
				    "rising ids below %llu",
					w->model, lists.id[e], r, w->model, what,
					(unsigned long long)below);
	}
	return lists;
}

double weights_there(const struct weights *w)
{
	char prefix[TENSOR_NAME + 8];
	double have = 0;

	snprintf(prefix, sizeof prefix, "model.%s.", w->model);
	for (size_t i = 0; i < w->set->n; i++)
		if (text_starts(w->set->at[i]->name, prefix))
			have += (double)tensor_rows(w->set->at[i]) *
				(double)tensor_cols(w->set->at[i]);
	return have;
}
