#include "feature.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "mem.h"
#include "members.h"
#include "text.h"

size_t feature_owner(const char *name)
{
	return text_starts(name, "row.")				  ? 3
	       : text_starts(name, "user.") || text_starts(name, "item.") ? 4
									  : 0;
}

int feature_kind(const char *name)
{
	size_t n = feature_owner(name);

	if (strcmp(name, "user") == 0 || strcmp(name, "item") == 0)
		return NET_CAT;
	if (!n || strlen(name) < n + 6)
		return -1;
	return text_starts(name + n, ".cat.")	? NET_CAT
	       : text_starts(name + n, ".bag.") ? NET_BAG
	       : text_starts(name + n, ".num.") ? NET_NUM
						: -1;
}

/* The feature that a tensor is the (first part of): "item.bag.x.at" -> "item.bag.x". */
static bool feature_name(const char *tensor, char *name)
{
	int kind = feature_kind(tensor);

	if (kind < 0 || (kind == NET_BAG && !text_ends(tensor, ".at")))
		return false;
	snprintf(name, TENSOR_NAME + 1, "%s", tensor);
	if (kind == NET_BAG)
		name[strlen(name) - 3] = 0;
	return true;
}

bool feature_carrier(const char *tensor)
{
	return feature_kind(tensor) >= 0 ||
	       (text_starts(tensor, "vocab.") && text_ends(tensor, ".at"));
}

struct tensor *feature_part(const struct tensors *set, const char *name, const char *part)
{
	char full[TENSOR_NAME + 32];

	snprintf(full, sizeof full, "%s%s", name, part);
	return tensors_find(set, full);
}

static uint32_t largest(const struct tensor *t)
{
	const uint32_t *id = t->data;
	uint32_t most = 0;

	for (uint64_t i = 0, n = tensor_rows(t) * tensor_cols(t); i < n; i++)
		most = id[i] > most ? id[i] : most;
	return tensor_rows(t) ? most : 0;
}

/* How many ids a categorical or multi-valued feature has, or how wide a block of numbers is; 0: no
 * row has a value. */
static uint32_t values_of(const struct tensors *set, const char *name)
{
	char vocabulary[TENSOR_NAME + 16];
	int kind = feature_kind(name);
	const struct tensor *t;
	uint64_t n;

	snprintf(vocabulary, sizeof vocabulary, "vocab.%s", name);
	t = feature_part(set, vocabulary, ".at");
	if (kind == NET_NUM) {
		n = tensor_cols(tensors_find(set, name));
	} else if (t && t->dtype == U64 && tensor_rows(t) > 0) {
		n = tensor_rows(t) - 1;
	} else {
		t = feature_part(set, name, kind == NET_BAG ? ".id" : "");
		if (!t || t->dtype != U32)
			die("stdin: feature '%s' has no u32 ids", name);
		n = (uint64_t)largest(t) + 1;
	}
	if (n >= 1u << 31)
		die("stdin: feature '%s' has %llu values; at most 2147483647", name,
			(unsigned long long)n);
	return (uint32_t)n;
}

static void feature_add(struct features *f, const struct tensors *set, const char *name)
{
	uint32_t values = values_of(set, name);

	for (size_t i = 0; i < f->n; i++)
		if (strcmp(f->name[i], name) == 0)
			die_usage("--features: '%s' is there twice", name);
	if (!values) {
		warn("'%s' has no value in any row and is left out", name);
		return;
	}
	f->name = mem_grow(f->name, f->n + 1, sizeof *f->name);
	f->field = mem_grow(f->field, f->n + 1, sizeof *f->field);
	snprintf(f->name[f->n], sizeof *f->name, "%s", name);
	f->field[f->n++] = (struct net_field){ .kind = (enum net_kind)feature_kind(name),
		.values = values,
		.item = text_starts(name, "item") };
}

static void list_all(const struct tensors *set, char *text, size_t room)
{
	char name[TENSOR_NAME + 1];
	size_t n = 0;

	text[0] = 0;
	for (size_t i = 0; i < set->n && n < room; i++)
		if (feature_name(set->at[i]->name, name))
			n += (size_t)snprintf(text + n, room - n, "%s%s", n ? ", " : "", name);
}

void feature_find(struct features *f, const struct tensors *set, const char *list)
{
	char name[TENSOR_NAME + 1], all[2048];

	*f = (struct features){ 0 };
	if (!list) {
		if (tensors_find(set, "user"))
			feature_add(f, set, "user");
		if (tensors_find(set, "item"))
			feature_add(f, set, "item");
		for (size_t i = 0; i < set->n; i++)
			if (feature_name(set->at[i]->name, name) && feature_owner(name))
				feature_add(f, set, name);
	}
	for (const char *at = list; at && *at;) {
		size_t n = strcspn(at, ",");
		int kind;

		snprintf(name, sizeof name, "%.*s", (int)(n < TENSOR_NAME ? n : TENSOR_NAME), at);
		kind = feature_kind(name);
		if (kind < 0 || !feature_part(set, name, kind == NET_BAG ? ".at" : "")) {
			list_all(set, all, sizeof all);
			die_usage("--features: no '%s'; there are %s", name, *all ? all : "none");
		}
		feature_add(f, set, name);
		at += n + (at[n] == ',');
	}
	if (!f->n)
		die("stdin: has no features (user, item, row.*, user.*, item.*)");
}

void feature_drop(struct features *f, const char *list)
{
	for (const char *at = list; at && *at;) {
		size_t n = strcspn(at, ","), i = 0;

		while (i < f->n && (strncmp(f->name[i], at, n) != 0 || f->name[i][n]))
			i++;
		if (i == f->n)
			die_usage("--drop-features: no feature '%.*s'", (int)n, at);
		f->n--;
		memmove(f->name + i, f->name + i + 1, (f->n - i) * sizeof *f->name);
		memmove(f->field + i, f->field + i + 1, (f->n - i) * sizeof *f->field);
		at += n + (at[n] == ',');
	}
	if (list && !f->n)
		die_usage("--drop-features: none is left");
}

/* The tensor NAME + part of a set, of that type; dies by tensors_need otherwise. */
static const struct tensor *need(
	const struct tensors *set, const char *name, const char *part, enum dtype dtype)
{
	char full[TENSOR_NAME + 32];
	const struct tensor *t;

	snprintf(full, sizeof full, "%s%s", name, part);
	t = tensors_find(set, full);
	return tensors_need(set, full, dtype, t && dtype == F32 && t->ndim == 2 ? 2 : 1);
}

static void bind_bag(struct net_field *in, const struct tensors *set, const char *name)
{
	const struct tensor *at = need(set, name, ".at", U64), *id = need(set, name, ".id", U32);
	const struct tensor *weight = NULL;

	if (feature_part(set, name, ".weight")) {
		weight = need(set, name, ".weight", F32);
		if (tensor_rows(weight) != tensor_rows(id))
			die("stdin: '%s.weight' is not as long as '%s.id'", name, name);
	}
	in->weight = weight ? weight->data : NULL;
	in->at = at->data;
	in->id = id->data;
	if (tensor_rows(at) < 1 || in->at[0] != 0)
		die("stdin: '%s.at' does not start at 0", name);
	in->entries = tensor_rows(at) - 1;
	for (uint64_t i = 0; i < in->entries; i++)
		if (in->at[i + 1] < in->at[i])
			die("stdin: '%s.at' falls at row %llu", name, (unsigned long long)i + 1);
	if (in->at[in->entries] > tensor_rows(id))
		die("stdin: '%s.at' ends at %llu, '%s.id' has %llu values", name,
			(unsigned long long)in->at[in->entries], name,
			(unsigned long long)tensor_rows(id));
}

static void bind_column(struct net_field *in, const struct tensors *set, const char *name)
{
	const struct tensor *t;

	if (in->kind == NET_BAG) {
		bind_bag(in, set, name);
		return;
	}
	t = need(set, name, "", in->kind == NET_NUM ? F32 : U32);
	in->entries = tensor_rows(t);
	if (in->kind == NET_NUM && tensor_cols(t) != in->values)
		die("stdin: '%s' is %llu wide, expected %u", name,
			(unsigned long long)tensor_cols(t), in->values);
	in->cat = in->kind == NET_CAT ? t->data : NULL;
	in->num = in->kind == NET_NUM ? t->data : NULL;
}

/* Lists of the rows at hand: they travel ahead of all rows, so who has some cuts them to match. */
static void bind_lists(struct net_field *in, const struct tensors *rows, const char *name)
{
	bind_column(in, rows, name);
	if (in->entries != members_rows(rows))
		die("stdin: '%s.at' has %llu lists; there are %llu rows", name,
			(unsigned long long)in->entries, (unsigned long long)members_rows(rows));
}

void feature_bind(struct features *f, const struct tensors *tables, const struct tensors *rows)
{
	for (size_t i = 0; i < f->n; i++) {
		struct net_field *in = f->field + i;
		const char *name = f->name[i];
		bool of_rows = text_starts(name, "row."), itself = !feature_owner(name);

		if (of_rows && in->kind == NET_BAG) {
			if (rows)
				bind_lists(in, rows, name);
		} else if (of_rows) {
			if (rows)
				bind_column(in, rows, name);
		} else {
			if (rows)
				in->key = need(
					rows, text_starts(name, "user") ? "user" : "item", "", U32)
						  ->data;
			if (tables && !itself)
				bind_column(in, tables, name);
			if (itself)
				in->entries = UINT64_MAX;
		}
	}
}

void feature_free(struct features *f)
{
	free(f->name);
	free(f->field);
	*f = (struct features){ 0 };
}

void feature_weight(char *suffix, size_t room, struct net_tensor t, const struct features *f)
{
	if (t.field >= 0)
		snprintf(suffix, room, "%s.%s", t.part, f->name[t.field]);
	else if (t.stack)
		snprintf(suffix, room, "%s.%d.%s", t.stack, t.layer, t.part);
	else if (t.layer >= 0)
		snprintf(suffix, room, "%s.%d", t.part, t.layer);
	else
		snprintf(suffix, room, "%s", t.part);
}
