#include "traits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "feature.h"
#include "mem.h"
#include "text.h"

static struct tensor *missing_of(const struct tensors *set, const char *name)
{
	char full[TENSOR_NAME + 16];

	snprintf(full, sizeof full, "%s_missing", name);
	return tensors_find(set, full);
}

/* Whether a number only says that another one is missing. */
static bool says_missing(const struct tensors *set, const char *name)
{
	char other[TENSOR_NAME + 1];

	if (!text_ends(name, "_missing"))
		return false;
	snprintf(other, sizeof other, "%.*s", (int)(strlen(name) - strlen("_missing")), name);
	return tensors_find(set, other) != NULL;
}

static char *list_all(const struct tensors *set, const char *whose)
{
	struct text list = { 0 };
	char cat[16], bag[16], num[16];

	snprintf(cat, sizeof cat, "%s.cat.*", whose);
	snprintf(bag, sizeof bag, "%s.bag.*.at", whose);
	snprintf(num, sizeof num, "%s.num.*", whose);
	for (size_t i = 0; i < set->n; i++) {
		const char *name = set->at[i]->name;
		int n = (int)strlen(name);

		if (tensor_match(bag, name))
			n -= 3;
		else if (!tensor_match(cat, name) && !tensor_match(num, name))
			continue;
		if (!says_missing(set, name))
			text_add(&list, "%s%.*s", list.n ? "," : "", n, name);
	}
	if (!list.n)
		die("stdin: %ss have no features (%s, %s.bag.*, %s): nothing to compare them by",
			whose, cat, whose, num);
	return list.at;
}

/* The word without letters, which is how a field that was empty is called. */
static uint32_t empty_word(const struct tensors *set, const char *name, uint32_t values)
{
	char full[TENSOR_NAME + 16];
	const struct tensor *t;
	const uint64_t *at;

	snprintf(full, sizeof full, "vocab.%s.at", name);
	t = tensors_find(set, full);
	if (!t || t->dtype != U64 || tensor_rows(t) != (uint64_t)values + 1)
		return UINT32_MAX;
	at = t->data;
	for (uint32_t id = 0; id < values; id++)
		if (at[id] == at[id + 1])
			return id;
	return UINT32_MAX;
}

static struct content_field field_of(
	const struct tensors *set, const struct features *f, size_t i, size_t rows)
{
	struct content_field field = { f->field[i], UINT32_MAX, NULL };
	const struct tensor *missing = missing_of(set, f->name[i]);

	if (field.in.entries != rows)
		die("stdin: '%s' has %llu rows, '%s' %zu", f->name[i],
			(unsigned long long)field.in.entries, f->name[0], rows);
	if (field.in.kind != NET_NUM) {
		field.nothing = empty_word(set, f->name[i], field.in.values);
	} else if (missing && missing->dtype == F32 && missing->ndim == 1) {
		if (tensor_rows(missing) != rows)
			die("stdin: '%s' has %llu rows, '%s' %zu", missing->name,
				(unsigned long long)tensor_rows(missing), f->name[0], rows);
		field.missing = missing->data;
	}
	return field;
}

void traits_open(struct traits *t, const struct tensors *set, bool of_users, const char *list)
{
	const char *whose = of_users ? "user" : "item";
	char *all = list ? NULL : list_all(set, whose);

	feature_find(&t->f, set, list ? list : all);
	for (size_t i = 0; i < t->f.n; i++)
		if (strncmp(t->f.name[i], whose, 4) != 0 || t->f.name[i][4] != '.')
			die_usage("--features: '%s' is no feature of %ss", t->f.name[i], whose);
	feature_bind(&t->f, set, NULL);
	t->field = mem_new(t->f.n, sizeof *t->field);
	t->rows = t->f.n ? t->f.field[0].entries : 0;
	for (size_t i = 0; i < t->f.n; i++)
		t->field[i] = field_of(set, &t->f, i, t->rows);
	free(all);
}

void traits_free(struct traits *t)
{
	free(t->field);
	feature_free(&t->f);
	*t = (struct traits){ 0 };
}
