#include "join.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dict.h"
#include "die.h"
#include "mem.h"

struct domain {
	const char *who;
	const struct tensors *set;
	size_t n;
	const uint32_t *user, *item;
	const float *label, *weight;
	const uint8_t *part;
};

static const void *column(const struct domain *d, const char *name, enum dtype dtype, bool needed)
{
	const struct tensor *t = tensors_find(d->set, name);

	if (!t && needed)
		die("the %s needs the column '%s'", d->who, name);
	if (t && (t->dtype != dtype || t->ndim != 1 || (d->n && tensor_rows(t) != d->n)))
		die("the %s's '%s' is %s of %llu rows; expected %s of %zu", d->who, name,
			dtype_name(t->dtype), (unsigned long long)tensor_rows(t), dtype_name(dtype),
			d->n);
	return t ? t->data : NULL;
}

static void check_ids(const struct domain *d, const char *name, const uint32_t *id, size_t ids)
{
	for (size_t r = 0; r < d->n; r++)
		if (id[r] >= ids)
			die("the %s's '%s' holds id %u; expected ids below %zu", d->who, name,
				id[r], ids);
}

static struct domain open_domain(
	const char *who, const struct tensors *set, size_t users, size_t items)
{
	struct domain d = { .who = who, .set = set };

	d.user = column(&d, "user", U32, true);
	d.n = tensor_rows(tensors_find(set, "user"));
	d.item = column(&d, "item", U32, true);
	d.label = column(&d, "label", F32, false);
	d.weight = column(&d, "weight", F32, false);
	d.part = column(&d, "part", U8, false);
	check_ids(&d, "user", d.user, users);
	check_ids(&d, "item", d.item, items);
	return d;
}

/* ---- ids ---- */

/* The number in the union of every id of the source. Returns how many ids the union has. */
static size_t number(uint32_t *to, const struct align *a)
{
	size_t next = a->target;

	for (size_t s = 0; s < a->source; s++)
		to[s] = ALIGN_NONE;
	for (size_t t = 0; t < a->target; t++)
		if (a->of[t] != ALIGN_NONE)
			to[a->of[t]] = (uint32_t)t;
	for (size_t s = 0; s < a->source; s++)
		if (to[s] == ALIGN_NONE)
			to[s] = (uint32_t)next++;
	if (next > UINT32_MAX - 1)
		die("%zu ids in both domains together; at most 4294967294", next);
	return next;
}

static void add_word(struct dict *names, const char *word, size_t n, bool foreign)
{
	uint32_t id;
	char *longer;

	if (!foreign || !dict_find(names, word, n, &id)) {
		dict_add(names, word, n);
		return;
	}
	longer = mem_new(n + 8, 1);
	memcpy(longer, "source:", 7);
	memcpy(longer + 7, word, n);
	if (dict_find(names, longer, n + 7, &id))
		die("both domains have '%.*s', and the target has 'source:%.*s' too",
			(int)(n < 80 ? n : 80), word, (int)(n < 80 ? n : 80), word);
	dict_add(names, longer, n + 7);
	free(longer);
}

static void join_words(struct tensors *made, const struct tensors *source,
	const struct tensors *target, const char *kind, const struct align *a, const uint32_t *to)
{
	struct dict *names;
	char name[32];
	struct tensor *at, *text;
	uint64_t *offset;
	const char *word;
	size_t n;

	if (!tensors_word(target, kind, 0, &n) && !tensors_word(source, kind, 0, &n))
		return;
	names = dict_new();
	for (size_t t = 0; t < a->target; t++)
		if ((word = tensors_word(target, kind, t, &n)))
			add_word(names, word, n, false);
	for (size_t s = 0; s < a->source; s++)
		if (to[s] >= a->target && (word = tensors_word(source, kind, s, &n)))
			add_word(names, word, n, true);
	snprintf(name, sizeof name, "vocab.%s.at", kind);
	at = tensor_new(name, U64, dict_size(names) + 1, 0);
	offset = at->data;
	for (uint32_t i = 0; i < dict_size(names); i++) {
		dict_word(names, i, &n);
		offset[i + 1] = offset[i] + n;
	}
	snprintf(name, sizeof name, "vocab.%s.text", kind);
	text = tensor_new(name, U8, offset[dict_size(names)], 0);
	for (uint32_t i = 0; i < dict_size(names); i++) {
		word = dict_word(names, i, &n);
		memcpy((char *)text->data + offset[i], word, n);
	}
	tensors_add(made, at);
	tensors_add(made, text);
	dict_free(names);
}

/* ---- rows ---- */

struct rows {
	uint32_t *user, *item;
	float *label, *weight;
	uint8_t *part;
};

static void add_column(
	struct tensors *made, const char *name, enum dtype dtype, size_t n, void **data)
{
	struct tensor *t = tensor_new(name, dtype, n, 0);

	*data = t->data;
	tensors_add(made, t);
}

static struct rows new_rows(struct tensors *made, size_t n)
{
	struct rows to;
	void *data[5];

	add_column(made, "user", U32, n, &data[0]);
	add_column(made, "item", U32, n, &data[1]);
	add_column(made, "label", F32, n, &data[2]);
	add_column(made, "weight", F32, n, &data[3]);
	add_column(made, "part", U8, n, &data[4]);
	to = (struct rows){ data[0], data[1], data[2], data[3], data[4] };
	return to;
}

static size_t trains(const struct domain *d)
{
	size_t n = 0;

	for (size_t r = 0; r < d->n; r++)
		n += !d->part || d->part[r] == 0;
	return n;
}

static void put(const struct rows *to, size_t at, const struct domain *d, size_t r, double weight)
{
	to->user[at] = d->user[r];
	to->item[at] = d->item[r];
	to->label[at] = d->label ? d->label[r] : 1;
	to->weight[at] = (float)(weight * (d->weight ? (double)d->weight[r] : 1));
	to->part[at] = d->part ? d->part[r] : 0;
}

void join_rows(struct tensors *made, const struct tensors *source, const struct tensors *target,
	const struct align *user, const struct align *item, double weight)
{
	struct domain s = open_domain("source", source, user->source, item->source);
	struct domain t = open_domain("target", target, user->target, item->target);
	uint32_t *to_user = mem_new(user->source, sizeof *to_user);
	uint32_t *to_item = mem_new(item->source, sizeof *to_item);
	struct rows to;
	size_t n = t.n;

	number(to_user, user);
	number(to_item, item);
	join_words(made, source, target, "user", user, to_user);
	join_words(made, source, target, "item", item, to_item);
	to = new_rows(made, t.n + trains(&s));
	for (size_t r = 0; r < t.n; r++)
		put(&to, r, &t, r, 1);
	for (size_t r = 0; r < s.n; r++) {
		if (s.part && s.part[r] != 0)
			continue;
		put(&to, n, &s, r, weight);
		to.user[n] = to_user[s.user[r]];
		to.item[n++] = to_item[s.item[r]];
	}
	free(to_user);
	free(to_item);
}
