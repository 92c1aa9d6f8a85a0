#include "derive.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "mem.h"
#include "members.h"
#include "negative.h"
#include "quantile.h"
#include "text.h"

enum { LEFT_OUT = 255 }; /* in column part */

static bool to_learn_from(const uint8_t *part, size_t row)
{
	return !part || part[row] == 0;
}

bool derive_needs(const char *name)
{
	if (strcmp(name, "user") == 0 || strcmp(name, "item") == 0 || strcmp(name, "part") == 0)
		return true;
	if (tensor_is_row(name))
		return tensor_match("row.num.*", name);
	return members_own(name) && !tensor_match("*.bag.*", name) && !tensor_match("*.text", name);
}

/* The rows of each id that can be learned from; with label, those where it is above 0. */
static uint64_t *count_rows(
	const struct tensors *set, const uint32_t *id, size_t n, size_t ids, const float *label)
{
	const uint8_t *part = members_column(set, "part", U8, false);
	uint64_t *count = mem_new(ids, sizeof *count);

	for (size_t row = 0; row < n; row++)
		count[id[row]] += to_learn_from(part, row) && (!label || label[row] > 0);
	return count;
}

static struct tensor *add(struct tensors *set, const char *name, enum dtype dtype, uint64_t rows)
{
	struct tensor *t;

	if (tensors_find(set, name))
		die("stdin: '%s' is already in the stream; expected it to be new", name);
	t = tensor_new(name, dtype, rows, 0);
	tensors_add(set, t);
	return t;
}

/* ---- vocabularies ---- */

struct words {
	uint64_t *at;
	char *text;
	size_t n, most;
};

static void words_new(struct words *w, size_t most)
{
	*w = (struct words){ mem_new(most + 1, sizeof *w->at), mem_new(most, TEXT_NUMBER + 4), 0,
		most };
}

static void words_add(struct words *w, const char *sign, const char *number)
{
	uint64_t at = w->at[w->n];

	w->at[++w->n] = at + (uint64_t)sprintf(w->text + at, "%s%s", sign, number);
}

static void words_end(struct words *w, struct tensors *set, const char *column)
{
	char name[TENSOR_NAME + 16];

	snprintf(name, sizeof name, "vocab.%s.at", column);
	memcpy(add(set, name, U64, w->n + 1)->data, w->at, (w->n + 1) * sizeof *w->at);
	snprintf(name, sizeof name, "vocab.%s.text", column);
	memcpy(add(set, name, U8, w->at[w->n])->data, w->text, w->at[w->n]);
	free(w->at);
	free(w->text);
}

/* ---- popularity ---- */

void derive_popularity(struct tensors *set, size_t groups)
{
	const char *column = "item.cat.popularity";
	const uint32_t *item = members_column(set, "item", U32, true);
	size_t n = members_rows(set), items = members_ids(set, "item", n), head = 0;
	uint64_t *count = count_rows(set, item, n, items, NULL);
	struct tensor *t = add(set, column, U32, items);
	const uint32_t *group = t->data;
	struct words w;

	quantile_groups(t->data, count, items, groups);
	for (size_t i = 0; i < items; i++)
		head += group[i] == 0;
	words_new(&w, groups);
	for (size_t g = 1; g <= groups; g++) {
		char number[TEXT_NUMBER];

		snprintf(number, sizeof number, "%zu", g);
		words_add(&w, "", number);
	}
	words_end(&w, set, column);
	free(count);
	warn("popularity-groups: %zu, of which the first has %zu of %zu items", groups, head,
		items);
}

/* ---- buckets ---- */

bool derive_buckets_parse(size_t *length, size_t *buckets, const char *text)
{
	const char *colon = strrchr(text, ':');
	char *end;
	long n;

	if (!colon || colon == text || colon[1] < '0' || colon[1] > '9' || strlen(colon) > 6)
		return false;
	n = strtol(colon + 1, &end, 10);
	*length = (size_t)(colon - text);
	*buckets = (size_t)n;
	return *end == 0 && n >= 2 && n <= 65535 && *length < TENSOR_NAME - 20;
}

/* The kind that has KIND.num.NAME. */
static const char *kind_of(const struct tensors *set, const char *name)
{
	static const char *const kind[] = { "row", "user", "item" };
	char full[TENSOR_NAME + 1];

	for (size_t i = 0; i < sizeof kind / sizeof *kind; i++) {
		snprintf(full, sizeof full, "%s.num.%s", kind[i], name);
		if (tensors_find(set, full))
			return kind[i];
	}
	die("stdin: needs 'row.num.%s', 'user.num.%s' or 'item.num.%s' for --buckets", name, name,
		name);
}

/* A column of numbers, and where it has none. */
struct numbers {
	const char *kind;
	char name[TENSOR_NAME + 1];
	size_t n;
	const float *x, *missing; /* missing: 1 there; may be NULL */
};

static void find_numbers(struct numbers *of, const struct tensors *set, const char *name)
{
	const struct tensor *t;
	char gaps[TENSOR_NAME + 16];

	of->kind = kind_of(set, name);
	snprintf(of->name, sizeof of->name, "%s.num.%s", of->kind, name);
	t = tensors_need(set, of->name, F32, 1);
	of->x = t->data;
	of->n = tensor_rows(t);
	snprintf(gaps, sizeof gaps, "%s_missing", of->name);
	of->missing = tensors_find(set, gaps) ? tensors_need(set, gaps, F32, 1)->data : NULL;
	if (of->missing && tensor_rows(tensors_find(set, gaps)) != of->n)
		die("stdin: '%s' has %ju rows; expected %zu", gaps,
			(uintmax_t)tensor_rows(tensors_find(set, gaps)), of->n);
	for (size_t i = 0; i < of->n; i++)
		if (!isfinite(of->x[i]))
			die("stdin: '%s' of row %zu is not finite; expected a number", of->name,
				i + 1);
}

static bool is_missing(const struct numbers *of, size_t i)
{
	return of->missing && of->missing[i] != 0;
}

/* The numbers that can be learned from; *n of them. */
static float *learned_from(const struct tensors *set, const struct numbers *of, size_t *n)
{
	const uint8_t *part = members_column(set, "part", U8, false);
	size_t rows = members_rows(set);
	float *some = mem_new(of->n, sizeof *some);
	uint64_t *count = NULL;

	if (strcmp(of->kind, "row") != 0) {
		const uint32_t *id = members_column(set, of->kind, U32, true);

		if (members_ids(set, of->kind, rows) != of->n)
			die("stdin: '%s' has %zu rows; expected one for each %s", of->name, of->n,
				of->kind);
		count = count_rows(set, id, rows, of->n, NULL);
	}
	*n = 0;
	for (size_t i = 0; i < of->n; i++)
		if (!is_missing(of, i) && (count ? count[i] > 0 : to_learn_from(part, i)))
			some[(*n)++] = of->x[i];
	free(count);
	return some;
}

static void add_words(
	struct tensors *set, const char *column, const float *cut, size_t cuts, bool gaps)
{
	char number[TEXT_NUMBER];
	struct words w;

	words_new(&w, cuts + 2);
	for (size_t k = 0; k < cuts; k++) {
		text_float(number, cut[k]);
		words_add(&w, "<=", number);
	}
	if (cuts)
		words_add(&w, ">", number);
	else
		words_add(&w, "any", "");
	if (gaps)
		words_add(&w, "", "");
	words_end(&w, set, column);
}

void derive_buckets(struct tensors *set, const char *text)
{
	char name[TENSOR_NAME - 20], column[TENSOR_NAME + 1];
	size_t length, buckets, n, cuts, gaps = 0;
	struct numbers from;
	float *some, *cut;
	uint32_t *to;

	if (!derive_buckets_parse(&length, &buckets, text))
		return;
	snprintf(name, sizeof name, "%.*s", (int)length, text);
	find_numbers(&from, set, name);
	snprintf(column, sizeof column, "%s.cat.%s", from.kind, name);
	some = learned_from(set, &from, &n);
	cut = mem_new(buckets, sizeof *cut);
	cuts = quantile_cuts(cut, some, n, buckets);
	to = add(set, column, U32, from.n)->data;
	for (size_t i = 0; i < from.n; i++) {
		bool gap = is_missing(&from, i);

		to[i] = gap ? (uint32_t)cuts + 1 : quantile_bucket(cut, cuts, from.x[i]);
		gaps += gap;
	}
	add_words(set, column, cut, cuts, from.missing);
	warn("buckets: %s has %zu, by %zu numbers%s", column, cuts + 1, n,
		gaps ? ", and one for what is missing" : "");
	free(some);
	free(cut);
}

/* ---- negatives ---- */

/* Where the rows of the result come from, and their items; the room is for none missing. */
struct more {
	uint64_t *from;
	uint32_t *item;
	uint8_t *negative;
	size_t n;
};

static void append(struct more *m, size_t row, uint32_t item, bool negative)
{
	m->from[m->n] = row;
	m->item[m->n] = item;
	m->negative[m->n++] = negative;
}

static void put(struct tensors *set, const struct more *m, size_t rows)
{
	float *label;

	members_cut(set, "row", rows, m->from, m->n);
	memcpy(tensors_find(set, "item")->data, m->item, m->n * sizeof *m->item);
	label = tensors_find(set, "label")->data;
	for (size_t i = 0; i < m->n; i++)
		if (m->negative[i])
			label[i] = 0;
}

static size_t find_positives(
	uint8_t *positive, const struct tensors *set, const float *label, size_t n)
{
	const uint8_t *part = members_column(set, "part", U8, false);
	size_t found = 0;

	for (size_t row = 0; row < n; row++) {
		positive[row] = label[row] > 0 && !(part && part[row] == LEFT_OUT);
		found += positive[row];
	}
	return found;
}

/* Rows, each positive one followed by its negatives. */
static void insert(struct tensors *set, const uint8_t *positive, const uint32_t *drawn, size_t n,
	size_t total, size_t per)
{
	const uint32_t *item = tensors_find(set, "item")->data;
	struct more m = { mem_new(total, sizeof *m.from), mem_new(total, sizeof *m.item),
		mem_new(total, 1), 0 };

	for (size_t row = 0; row < n; row++) {
		append(&m, row, item[row], false);
		for (size_t j = 0; positive[row] && j < per; j++, drawn++)
			if (*drawn != NEGATIVE_NONE)
				append(&m, row, *drawn, true);
	}
	put(set, &m, n);
	free(m.from);
	free(m.item);
	free(m.negative);
}

void derive_negatives(struct tensors *set, size_t per, bool popular, uint64_t seed)
{
	const float *label = members_column(set, "label", F32, true);
	size_t n = members_rows(set), positives, wanted, missing, total;
	struct negative_task task = { .n = n,
		.users = members_ids(set, "user", n),
		.items = members_ids(set, "item", n),
		.user = members_column(set, "user", U32, true),
		.item = members_column(set, "item", U32, true),
		.per = per,
		.seed = seed };
	uint8_t *positive = mem_new(n, 1);
	uint64_t *weight = NULL;
	uint32_t *drawn;

	task.positive = positive;
	positives = find_positives(positive, set, label, n);
	if (__builtin_mul_overflow(positives, per, &wanted) ||
		__builtin_add_overflow(n, wanted, &total))
		die("--negatives: %zu for each of %zu rows are more than can be counted", per,
			positives);
	if (popular)
		task.weight = weight = count_rows(set, task.item, n, task.items, label);
	drawn = mem_new(wanted, sizeof *drawn);
	missing = negative_draw(drawn, &task);
	insert(set, positive, drawn, n, total, per);
	warn("negatives: %zu rows added, %zu in all", wanted - missing, total - missing);
	if (missing)
		warn("warning: %zu negatives could not be drawn: users without an item left",
			missing);
	free(positive);
	free(weight);
	free(drawn);
}
