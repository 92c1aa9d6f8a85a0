#include "choice.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "mem.h"
#include "members.h"

struct dict *choice_names(const struct tensors *set, const char *kind)
{
	char full[TENSOR_NAME + 16];
	const struct tensor *at;
	struct dict *names;

	snprintf(full, sizeof full, "vocab.%s.at", kind);
	at = tensors_find(set, full);
	if (!at)
		return NULL;
	names = dict_new();
	for (uint64_t i = 0; i + 1 < tensor_rows(at); i++) {
		size_t n;
		const char *word = tensors_word(set, kind, i, &n);

		if (!word)
			die("stdin: 'vocab.%s' has no word %llu", kind, (unsigned long long)i);
		if (dict_add(names, word, n) != i)
			die("stdin: 'vocab.%s' has '%.*s' twice", kind, (int)(n < 80 ? n : 80),
				word);
	}
	return names;
}

uint32_t choice_id(const struct dict *names, const char *text, size_t n, size_t ids)
{
	uint64_t id = 0;
	uint32_t found;

	if (names)
		return dict_find(names, text, n, &found) && found < ids ? found : CHOICE_UNKNOWN;
	for (size_t i = 0; i < n; i++) {
		if (text[i] < '0' || text[i] > '9' || id >= ids)
			return CHOICE_UNKNOWN;
		id = 10 * id + (uint64_t)(text[i] - '0');
	}
	return n && id < ids ? (uint32_t)id : CHOICE_UNKNOWN;
}

void choice_user(struct choice_users *asked, const struct dict *names, const char *name, size_t n,
	size_t ids)
{
	uint32_t id = choice_id(names, name, n, ids);
	char *copy = NULL;

	if (asked->n == asked->room) {
		asked->room = 2 * asked->room + 64;
		asked->at = mem_grow(asked->at, asked->room, sizeof *asked->at);
	}
	if (id == CHOICE_UNKNOWN) {
		copy = mem_new(n + 1, 1);
		memcpy(copy, name, n);
	}
	asked->at[asked->n].id = id;
	asked->at[asked->n++].name = copy;
}

void choice_user_file(
	struct choice_users *asked, const struct dict *names, const char *path, size_t ids)
{
	FILE *file = fopen(path, "r");
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	if (!file)
		die("%s:", path);
	while (errno = 0, (n = getline(&line, &room, file)) > 0) {
		while (n && (line[n - 1] == '\n' || line[n - 1] == '\r'))
			n--;
		if (n)
			choice_user(asked, names, line, (size_t)n, ids);
	}
	if (ferror(file) || errno)
		die("%s:", path);
	fclose(file);
	free(line);
}

void choice_users_free(struct choice_users *asked)
{
	for (size_t i = 0; i < asked->n; i++)
		free(asked->at[i].name);
	free(asked->at);
}

int choice_carrier(const char *tensor)
{
	return tensor_match("item.cat.*", tensor) || tensor_match("item.bag.*", tensor) ||
	       tensor_match("vocab.item.*", tensor);
}

/* Which values a condition names: chosen[id] for ids below n. */
struct wanted {
	uint8_t *chosen;
	size_t n;
};

static bool has(const struct wanted *w, uint32_t id)
{
	return id < w->n && w->chosen[id];
}

static void meet_cat(
	uint8_t *met, size_t items, const struct tensor *t, const struct wanted *wanted)
{
	const uint32_t *value = t->data;

	if (t->dtype != U32 || t->ndim != 1 || tensor_rows(t) != items)
		die("stdin: '%s' is not a u32 for each of %zu items", t->name, items);
	for (size_t i = 0; i < items; i++)
		met[i] = has(wanted, value[i]);
}

static void meet_bag(uint8_t *met, size_t items, const struct tensors *set, const struct tensor *at,
	const struct wanted *wanted)
{
	char full[TENSOR_NAME + 8];
	const struct tensor *values;
	const char *fault;

	snprintf(full, sizeof full, "%.*sid", (int)strlen(at->name) - 2, at->name);
	values = tensors_need(set, full, U32, 1);
	fault = members_lists_fault(at, values, items);
	if (fault)
		die("stdin: '%s' %s; expected %zu lists", at->name, fault, items);
	for (size_t i = 0; i < items; i++) {
		const uint64_t *from = (const uint64_t *)at->data + i;
		const uint32_t *value = values->data;

		for (uint64_t k = from[0]; k < from[1]; k++)
			met[i] |= has(wanted, value[k]);
	}
}

/* The ids of VALUE|VALUE...; without a vocabulary values are numbers. */
static struct wanted want_values(const struct tensors *set, const char *name, const char *values)
{
	struct dict *names = choice_names(set, name);
	struct wanted w = { 0 };

	for (const char *at = values;; at++) {
		size_t n = strcspn(at, "|");
		uint32_t id = choice_id(names, at, n, UINT32_MAX);
		size_t need = names ? dict_size(names) : (size_t)id + 1;

		if (id == CHOICE_UNKNOWN || need > 1u << 31)
			die("stdin: '%s' has no value '%.*s'", name, (int)n, at);
		if (need > w.n) {
			w.chosen = mem_grow(w.chosen, need, 1);
			memset(w.chosen + w.n, 0, need - w.n);
			w.n = need;
		}
		w.chosen[id] = 1;
		at += n;
		if (!*at)
			break;
	}
	if (names)
		dict_free(names);
	return w;
}

void choice_where(uint8_t *candidate, size_t items, const struct tensors *set, const char *option,
	const char *condition)
{
	const char *equals = strchr(condition, '=');
	bool negated = equals && equals > condition && equals[-1] == '!';
	char name[TENSOR_NAME + 8], at[TENSOR_NAME + 16];
	uint8_t *met;
	struct wanted wanted;
	struct tensor *t;

	if (!equals || equals - condition > TENSOR_NAME || !choice_carrier(condition) ||
		strncmp(condition, "vocab.", 6) == 0)
		die_usage("%s: '%s' is not item.cat.NAME=VALUE or item.bag.NAME=VALUE", option,
			condition);
	snprintf(name, sizeof name, "%.*s", (int)(equals - condition) - negated, condition);
	snprintf(at, sizeof at, "%s.at", name);
	t = tensors_find(set, name[5] == 'c' ? name : at);
	if (!t)
		die("stdin: no '%s' ahead of the rows", name);
	wanted = want_values(set, name, equals + 1);
	met = mem_new(items, 1);
	if (name[5] == 'c')
		meet_cat(met, items, t, &wanted);
	else
		meet_bag(met, items, set, t, &wanted);
	for (size_t i = 0; i < items; i++)
		candidate[i] &= met[i] != negated;
	free(met);
	free(wanted.chosen);
}

uint8_t *choice_items(
	const struct tensors *set, const char *option, const char *const *where, size_t n)
{
	struct ranking_rows rows;
	uint8_t *met;

	if (!n)
		return NULL;
	ranking_open(&rows, set);
	met = mem_new(rows.items, 1);
	memset(met, 1, rows.items);
	for (size_t i = 0; i < n; i++)
		choice_where(met, rows.items, set, option, where[i]);
	return met;
}

void choice_rows(struct tensors *set, const char *option, const char *const *where, size_t n)
{
	size_t rows = members_rows(set), items, left;
	const uint32_t *item;
	uint8_t *candidate, *keep;
	uint64_t *from;

	if (!n)
		return;
	item = members_column(set, "item", U32, true);
	items = members_ids(set, "item", rows);
	candidate = mem_new(items, 1);
	keep = mem_new(rows, 1);
	from = mem_new(rows, sizeof *from);
	memset(candidate, 1, items);
	for (size_t i = 0; i < n; i++)
		choice_where(candidate, items, set, option, where[i]);
	for (size_t r = 0; r < rows; r++)
		keep[r] = candidate[item[r]];
	left = members_list(from, keep, rows);
	if (!left)
		die("stdin: no row has an item that meets %s %s%s", option, where[0],
			n > 1 ? " and the others" : "");
	members_cut(set, "row", rows, from, left);
	warn("where: %zu rows gone, %zu left", rows - left, left);
	free(candidate);
	free(keep);
	free(from);
}

void choice_users_of(uint32_t *users_of, const struct ranking_sets *sets, size_t users)
{
	for (size_t i = 0; i < sets->at[users]; i++)
		users_of[sets->item[i]]++;
}

/* Counting sort, by descending count. */
uint32_t *choice_popular(const uint32_t *users_of, size_t items)
{
	uint32_t *order = mem_new(items, sizeof *order), most = 0;
	size_t *start;

	for (size_t i = 0; i < items; i++)
		most = users_of[i] > most ? users_of[i] : most;
	start = mem_new((size_t)most + 2, sizeof *start);
	for (size_t i = 0; i < items; i++)
		start[most - users_of[i] + 1]++;
	for (size_t c = 0; c < most; c++)
		start[c + 1] += start[c];
	for (size_t i = 0; i < items; i++)
		order[start[most - users_of[i]]++] = (uint32_t)i;
	free(start);
	return order;
}
