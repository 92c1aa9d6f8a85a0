#include "members.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "group.h"
#include "mem.h"

size_t members_list(uint64_t *row, const uint8_t *keep, size_t n)
{
	size_t kept = 0;

	for (size_t r = 0; r < n; r++)
		if (keep[r])
			row[kept++] = r;
	return kept;
}

size_t members_number(uint64_t *old, uint32_t *id, size_t n, size_t ids)
{
	size_t *number = mem_new(ids, sizeof *number), known = 0; /* new number + 1, 0: none yet */

	for (size_t i = 0; i < n; i++) {
		size_t *mine = &number[id[i]];

		if (!*mine) {
			old[known] = id[i];
			*mine = ++known;
		}
		id[i] = (uint32_t)(*mine - 1);
	}
	free(number);
	return known;
}

void members_gather(struct tensor *t, const uint64_t *from, size_t n)
{
	size_t width = tensor_row_bytes(t);
	char *new = mem_new(n, width);
	const char *had = t->data;

#pragma omp parallel for schedule(static)
	for (size_t i = 0; i < n; i++)
		memcpy(new + i *width, had + from[i] * width, width);
	free(t->data);
	t->data = new;
	t->shape[0] = n;
}

void members_gather_lists(struct tensor *at, struct tensor *values, struct tensor *weights,
	const uint64_t *from, size_t n)
{
	const uint64_t *was = at->data;
	uint64_t *is = mem_new(n + 1, sizeof *is), *value;

	for (size_t i = 0; i < n; i++)
		is[i + 1] = is[i] + (was[from[i] + 1] - was[from[i]]);
	value = mem_new(is[n], sizeof *value);
#pragma omp parallel for schedule(static)
	for (size_t i = 0; i < n; i++)
		for (uint64_t k = is[i]; k < is[i + 1]; k++)
			value[k] = was[from[i]] + (k - is[i]);
	members_gather(values, value, is[n]);
	if (weights)
		members_gather(weights, value, is[n]);
	free(value);
	free(at->data);
	at->data = is;
	at->shape[0] = n + 1;
}

const char *members_lists_fault(const struct tensor *at, const struct tensor *values, size_t lists)
{
	const uint64_t *offset = at->data;

	if (at->dtype != U64 || at->ndim != 1 || tensor_rows(at) != lists + 1)
		return "has not one u64 offset more than there are rows";
	if (values->ndim == 0)
		return "points into a scalar";
	if (offset[0] != 0 || offset[lists] != tensor_rows(values))
		return "does not run from 0 to the number of values";
	for (size_t i = 0; i < lists; i++)
		if (offset[i] > offset[i + 1])
			return "has falling offsets";
	return NULL;
}

/* ---- kinds ---- */

enum role { STRANGER, ROWS, LISTS, VALUES };

static enum role role(const char *kind, const char *name)
{
	char bags[16], all[16], at[24], text[24];

	snprintf(bags, sizeof bags, "%s.bag.*", kind);
	snprintf(all, sizeof all, "%s.*", kind);
	snprintf(at, sizeof at, "vocab.%s.at", kind); /* not vocab.user.cat.age.at */
	snprintf(text, sizeof text, "vocab.%s.text", kind);
	if (strcmp(name, at) == 0 || (tensor_match(bags, name) && tensor_match("*.at", name)))
		return LISTS;
	if (strcmp(name, text) == 0 ||
		(tensor_match(bags, name) &&
			(tensor_match("*.id", name) || tensor_match("*.weight", name))))
		return VALUES;
	if (strcmp(kind, "row") == 0)
		return tensor_is_row(name) || tensor_match(bags, name) ? ROWS : STRANGER;
	return tensor_match(all, name) ? ROWS : STRANGER;
}

bool members_own(const char *name)
{
	return role("row", name) || role("user", name) || role("item", name);
}

bool members_count_ids(const char *name)
{
	return (role("user", name) || role("item", name)) && !tensor_match("*.text", name) &&
	       !tensor_match("*.id", name);
}

size_t members_count(const struct tensors *set, const char *kind, size_t none)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct tensor *t = set->at[i];
		enum role is = role(kind, t->name);

		if (is == ROWS || (is == LISTS && tensor_rows(t)))
			return tensor_rows(t) - (is == LISTS);
	}
	return none;
}

/* The values of vocab.x.at are vocab.x.text, those of x.bag.y.at are x.bag.y.id, and perhaps
 * x.bag.y.weight. */
static struct tensor *values_of(
	const struct tensors *set, const struct tensor *at, struct tensor **weights)
{
	bool words = tensor_match("vocab.*", at->name);
	int stem = (int)strlen(at->name) - 2;
	char name[TENSOR_NAME + 8], weight[TENSOR_NAME + 8];
	struct tensor *values;

	snprintf(name, sizeof name, "%.*s%s", stem, at->name, words ? "text" : "id");
	snprintf(weight, sizeof weight, "%.*sweight", stem, at->name);
	values = tensors_find(set, name);
	if (!values)
		die("stdin: '%s' is there without '%s'", at->name, name);
	*weights = words ? NULL : tensors_find(set, weight);
	if (*weights && ((*weights)->ndim != 1 || tensor_rows(*weights) != tensor_rows(values)))
		die("stdin: '%s' is not as long as '%s'", weight, name);
	return values;
}

void members_cut(
	struct tensors *set, const char *kind, size_t members, const uint64_t *from, size_t n)
{
	for (size_t i = 0; i < set->n; i++) {
		struct tensor *t = set->at[i], *values, *weights;
		enum role is = role(kind, t->name);
		const char *fault;

		if (is == ROWS) {
			if (t->ndim == 0 || tensor_rows(t) != members)
				die("stdin: '%s' has %ju rows; expected %zu", t->name,
					(uintmax_t)tensor_rows(t), members);
			members_gather(t, from, n);
		} else if (is == LISTS) {
			values = values_of(set, t, &weights);
			fault = members_lists_fault(t, values, members);
			if (fault)
				die("stdin: '%s' %s; expected %zu lists", t->name, fault, members);
			members_gather_lists(t, values, weights, from, n);
		}
	}
}

/* Copies of rows from[i] .. from[i] + (to[i + 1] - to[i]) of t, one after the other. */
static struct tensor *copy_lists(
	const struct tensor *t, const uint64_t *from, const uint64_t *to, size_t n)
{
	struct tensor *copy = tensor_new(t->name, t->dtype, to[n], 0);
	size_t width = dtype_size(t->dtype);

	for (size_t i = 0; i < n; i++)
		memcpy((char *)copy->data + to[i] * width, (const char *)t->data + from[i] * width,
			(to[i + 1] - to[i]) * width);
	return copy;
}

void members_lists(struct tensors *rows, const struct tensors *tables, uint64_t start,
	const size_t *row, size_t n)
{
	uint64_t *from = mem_new(n, sizeof *from);

	for (size_t l = 0; l < tables->n; l++) {
		const struct tensor *at = tables->at[l];
		struct tensor *values, *weights, *own;
		const uint64_t *was = at->data;
		uint64_t *to;

		if (role("row", at->name) != LISTS)
			continue;
		values = values_of(tables, at, &weights);
		if (at->dtype != U64 || at->ndim != 1 || values->ndim != 1)
			die("stdin: '%s' and its values are not u64 and one number each", at->name);
		own = tensor_new(at->name, U64, n + 1, 0);
		to = own->data;
		for (size_t i = 0; i < n; i++) {
			uint64_t r = start + (row ? row[i] : i);

			if (r + 1 >= tensor_rows(at) || was[r] > was[r + 1] ||
				was[r + 1] > tensor_rows(values))
				die("stdin: '%s' has no list for row %ju", at->name, (uintmax_t)r);
			from[i] = was[r];
			to[i + 1] = to[i] + (was[r + 1] - was[r]);
		}
		tensors_add(rows, own);
		tensors_add(rows, copy_lists(values, from, to, n));
		if (weights)
			tensors_add(rows, copy_lists(weights, from, to, n));
	}
	free(from);
}

void members_unlist(struct tensors *rows)
{
	for (size_t i = rows->n; i-- > 0;)
		if (tensor_match("row.bag.*", rows->at[i]->name))
			tensor_free(tensors_take(rows, rows->at[i]->name));
}

size_t members_rows(const struct tensors *set)
{
	size_t n = members_count(set, "row", 0);

	for (size_t i = 0; i < set->n; i++)
		if (tensor_is_row(set->at[i]->name) && tensor_rows(set->at[i]) != n)
			die("stdin: '%s' has %ju rows; expected %zu", set->at[i]->name,
				(uintmax_t)tensor_rows(set->at[i]), n);
	return n;
}

void *members_column(const struct tensors *set, const char *name, enum dtype dtype, bool needed)
{
	if (!needed && !tensors_find(set, name))
		return NULL;
	return tensors_need(set, name, dtype, 1)->data;
}

static size_t ids_below(const uint32_t *id, size_t n, const char *kind, size_t most)
{
	size_t ids = id ? group_ids(id, n) : 0;

	if (ids > most)
		die("stdin: '%s' holds id %zu; expected ids below %zu", kind, ids - 1, most);
	return ids;
}

size_t members_ids(const struct tensors *set, const char *kind, size_t n)
{
	const struct tensor *t = tensors_find(set, kind);

	return members_count(
		set, kind, ids_below(t ? t->data : NULL, n, kind, members_count(set, kind, n)));
}

void members_below(
	const struct tensors *set, const char *kind, const uint32_t *id, size_t n, size_t rows)
{
	enum { FREE = 1 << 24 };

	ids_below(id, n, kind, members_count(set, kind, rows > FREE ? rows : FREE));
}

size_t members_renumber(struct tensors *set, const char *kind, size_t ids)
{
	struct tensor *t = tensors_find(set, kind);
	uint64_t *old = mem_new(ids, sizeof *old);
	size_t left = members_number(old, t->data, tensor_rows(t), ids);

	members_cut(set, kind, ids, old, left);
	free(old);
	return left;
}
