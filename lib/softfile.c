#include "softfile.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "mem.h"
#include "members.h"
#include "model_write.h"
#include "ranking.h"
#include "stream_out.h"
#include "stream_rows.h"

/* One file, and what it says. */
struct answers {
	const char *path;
	char name[TENSOR_NAME + 1];
	struct table *table;
	bool lists, ranked;
	struct tensors set; /* its columns: user, item, rank, score */
};

/* An entry of a list. */
struct place {
	uint32_t user, item;
	float rank, score;
};

void softfile_consumed(struct stream *out, const struct table *t)
{
	uint8_t digest[32];
	bool has = table_sha256(t, digest);

	stream_consumed(out, table_name(t), table_bytes(t), table_crc(t), has ? digest : NULL);
}

/* ---- reading ---- */

static void parse_spec(struct answers *a, const char *spec)
{
	const char *sign = strchr(spec, '=');

	if (!sign || sign == spec || !sign[1])
		die_usage("--soft: '%s' is not NAME=FILE", spec);
	snprintf(a->name, sizeof a->name, "%.*s",
		(int)(sign - spec < TENSOR_NAME ? sign - spec : TENSOR_NAME), spec);
	if (model_name_fault(a->name))
		die_usage("--soft: '%s': %s", a->name, model_name_fault(a->name));
	a->path = sign + 1;
}

/* Users and items by the words of the data, or, where it has no words, by number. */
static bool set_id(struct table *t, const char *kind, const char *spec, const char *const *usual,
	const struct tensors *data)
{
	char vocabulary[TENSOR_NAME + 1];

	snprintf(vocabulary, sizeof vocabulary, "vocab.%s.at", kind);
	return table_set(
		t, tensors_find(data, vocabulary) ? COLUMN_KEY : COLUMN_LABEL, kind, spec, usual);
}

static void choose_columns(
	struct answers *a, const struct softfile_how *how, const struct tensors *data)
{
	static const char *const user[] = { "user", "userid", "uid", NULL };
	static const char *const item[] = { "item", "itemid", "iid", NULL };
	static const char *const rank[] = { "rank", "position", NULL };
	static const char *const score[] = { "score", "logit", "confidence", "prediction", "rating",
		NULL };
	bool numbers = how->format->no_header;
	size_t n = table_selection(a->table)->heading.n;
	bool has_user, has_item;

	if (numbers && n != 1 && n != 3 && n != 4)
		die("%s: %zu columns without headings; expected score, or user,item,score, or "
		    "user,item,rank,score",
			a->path, n);
	if (n == 1) {
		table_set(a->table, COLUMN_LABEL, "score", "1", NULL);
		return;
	}
	has_user = set_id(a->table, "user", numbers ? "1" : NULL, user, data);
	has_item = set_id(a->table, "item", numbers ? "2" : NULL, item, data);
	if (has_user != has_item)
		heading_lacks(&table_selection(a->table)->heading,
			has_user ? "'item', but 'user'" : "'user', but 'item'");
	a->lists = has_user;
	if (a->lists && (!numbers || n == 4))
		a->ranked = table_set(a->table, COLUMN_LABEL, "rank", numbers ? "3" : NULL, rank);
	if (!table_set(a->table, COLUMN_LABEL, "score", numbers ? n == 3 ? "3" : "4" : NULL, score))
		heading_lacks(&table_selection(a->table)->heading, "'score' or 'logit'");
}

static void read_file(struct answers *a, const struct softfile_how *how, const struct tensors *data,
	struct stream *out)
{
	a->table = table_open(a->path, how->format);
	choose_columns(a, how, data);
	selection_vocabulary(
		table_selection(a->table), data, how->strict ? COLUMN_ERROR : COLUMN_DROP);
	while (table_read(a->table))
		;
	softfile_consumed(out, a->table);
	if (table_unknown(a->table))
		warn("%s: %llu lines left out: users or items that the data lacks", a->path,
			(unsigned long long)table_unknown(a->table));
	table_tensors(a->table, &a->set);
}

static void free_answers(struct answers *a)
{
	table_free(a->table);
	tensors_free(&a->set);
}

/* ---- rows ---- */

static struct tensor *add_rows(struct answers *a, const struct tensors *data)
{
	struct tensor *t = tensors_take(&a->set, "score");
	uint64_t rows = members_rows(data);

	if (tensor_rows(t) != rows)
		die("%s: %llu scores; the data has %llu rows, and wants one each, in its order%s",
			a->path, (unsigned long long)tensor_rows(t), (unsigned long long)rows,
			tensor_rows(t) + 1 == rows ? "; is the first line a heading?" : "");
	snprintf(t->name, sizeof t->name, "soft.%.150s", a->name);
	return t;
}

/* ---- lists ---- */

static int in_order(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->user != y->user)
		return x->user < y->user ? -1 : 1;
	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	return (x->item > y->item) - (x->item < y->item);
}

static int by_item(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* Ids of a column, which holds words' numbers or numbers. */
static uint32_t id_at(const struct answers *a, const char *kind, uint64_t row, size_t ids)
{
	const struct tensor *t = tensors_find(&a->set, kind);
	double x = t->dtype == U32 ? (double)((uint32_t *)t->data)[row]
				   : (double)((float *)t->data)[row];

	if (!(x >= 0 && x < (double)ids && x == floor(x)))
		die("%s: row %llu: %s %g; the data has the numbers 0 to %zu, without names",
			a->path, (unsigned long long)row + 1, kind, x, ids - 1);
	return (uint32_t)x;
}

static struct place *gather(const struct answers *a, const struct ranking_rows *rows, size_t *n)
{
	const struct tensor *score = tensors_find(&a->set, "score"),
			    *rank = tensors_find(&a->set, "rank");
	struct place *p;

	*n = tensor_rows(score);
	p = mem_new(*n, sizeof *p);
	for (size_t r = 0; r < *n; r++) {
		p[r].user = id_at(a, "user", r, rows->users);
		p[r].item = id_at(a, "item", r, rows->items);
		p[r].score = ((float *)score->data)[r];
		p[r].rank = rank ? ((float *)rank->data)[r] : 0;
		if (!(p[r].rank >= 0 && p[r].rank == floorf(p[r].rank)))
			die("%s: row %zu: rank %g; expected a whole number from 0 on", a->path,
				r + 1, (double)p[r].rank);
	}
	qsort(p, *n, sizeof *p, in_order);
	return p;
}

/* A user's list of n places: no item and no rank twice. */
static void check_list(const struct answers *a, const struct place *p, size_t n)
{
	uint32_t *item = mem_new(n, sizeof *item);

	for (size_t i = 0; i < n; i++) {
		item[i] = p[i].item;
		if (a->ranked && i && p[i].rank == p[i - 1].rank)
			die("%s: user %u has rank %g twice", a->path, p->user, (double)p[i].rank);
	}
	qsort(item, n, sizeof *item, by_item);
	for (size_t i = 1; i < n; i++)
		if (item[i] == item[i - 1])
			die("%s: user %u has item %u twice", a->path, p->user, item[i]);
	free(item);
}

static void add_lists(const struct answers *a, struct tensors *to, const struct tensors *data)
{
	struct ranking_rows rows;
	struct tensor *item, *score;
	char full[TENSOR_NAME + 1];
	struct place *p;
	size_t n, k = 1;

	ranking_open(&rows, data);
	p = gather(a, &rows, &n);
	for (size_t from = 0, end; from < n; from = end) {
		for (end = from; end < n && p[end].user == p[from].user;)
			end++;
		check_list(a, p + from, end - from);
		k = end - from > k ? end - from : k;
	}
	snprintf(full, sizeof full, "top.%.150s.item", a->name);
	item = tensor_new(full, U32, rows.users, k);
	snprintf(full, sizeof full, "top.%.150s.score", a->name);
	score = tensor_new(full, F32, rows.users, k);
	for (size_t u = 0; u < rows.users; u++)
		ranking_pad((uint32_t *)item->data + u * k, (float *)score->data + u * k, 0, k);
	for (size_t i = 0, at = 0; i < n; i++) {
		at = i && p[i].user == p[i - 1].user ? at + 1 : p[i].user * k;
		((uint32_t *)item->data)[at] = p[i].item;
		((float *)score->data)[at] = p[i].score;
	}
	free(p);
	tensors_add(to, item);
	tensors_add(to, score);
}

void softfile_add(const struct softfile_how *how, struct tensors *data, struct stream *out)
{
	for (size_t i = 0; i < how->files->n; i++) {
		struct answers a = { 0 };

		parse_spec(&a, how->files->at[i]);
		read_file(&a, how, data, out);
		if (a.lists)
			add_lists(&a, data, data);
		else
			tensors_add(data, add_rows(&a, data));
		free_answers(&a);
	}
}

/* ---- onto a stream ---- */

static int want(const char *name, const struct frame *first, void *arg)
{
	static const char *const kept[] = { "user", "item", "label", "vocab.user.*",
		"vocab.item.*" };
	(void)first;
	dict_add(arg, name, strlen(name)); /* what is there already */
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		if (tensor_match(kept[i], name))
			return STREAM_KEEP;
	return STREAM_PASS;
}

void softfile_onto(const struct softfile_how *how, const struct stream_options *options)
{
	struct dict *there = dict_new();
	struct tensors data = { 0 };
	struct stream *in = stream_in(options), *out = stream_out(in, options, opt_provenance());
	size_t had;
	uint32_t id;

	stream_load(in, out, want, there, &data);
	stream_settle(in);
	had = data.n;
	softfile_add(how, &data, out);
	for (size_t i = had; i < data.n; i++)
		if (dict_find(there, data.at[i]->name, strlen(data.at[i]->name), &id))
			die("stdin: '%s' is already in the stream; call it otherwise, or rs-pick "
			    "--drop it",
				data.at[i]->name);
	stream_write_set(out, &data, had);
	dict_free(there);
	tensors_free(&data);
	stream_close(out);
	stream_free(in);
}
