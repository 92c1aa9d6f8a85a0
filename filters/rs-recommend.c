/* rs-recommend -- the best items of every user, in the user's own ids.
 *
 * Reads   model.NAME.*           the model, with the tables of its features
 *         user, item  u32 (N)    which items a user has
 *         part        u8 (N)     if there: only rows of part 0 make a user or an item known
 *         vocab.user, vocab.item if there: what users and items are called
 *         item.cat.*, item.bag.* for --items-where
 * Writes  text: CSV or JSON lines. No stream. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advice.h"
#include "choice.h"
#include "die.h"
#include "mem.h"
#include "opt.h"
#include "ranking.h"
#include "stream.h"

enum { BLOCK = 4096 };

struct call {
	const char *model, *users, *users_file;
	struct opt_each where;
	long top;
	bool keep_seen, json;
};

struct desk {
	struct tensors set;
	struct ranking_rows rows;
	struct ranking_sets had, trained;
	struct dict *user_names;
	uint8_t *candidate;
	uint32_t *users_of, *popular;
	struct model *model;
	bool features; /* the model knows users by more than their id */
	size_t k;
	struct advice advice;
};

static int want(const char *name, const struct frame *first, void *arg)
{
	(void)first;
	(void)arg;
	if (!tensor_is_row(name))
		return strncmp(name, "model.", 6) == 0 || features_carrier(name) ||
				       choice_carrier(name) || tensor_match("vocab.user.*", name)
			       ? STREAM_KEEP
			       : STREAM_PASS;
	return strcmp(name, "user") == 0 || strcmp(name, "item") == 0 || strcmp(name, "part") == 0
		       ? STREAM_KEEP
		       : STREAM_PASS;
}

static void open_model(struct desk *d, const char *name)
{
	const char **names, *features;
	size_t n = model_choose(&d->set, name, &names);

	if (n > 1)
		die_usage("--model: there are %zu models (%s, %s, ...); say which", n, names[0],
			names[1]);
	d->model = model_open(&d->set, names[0]);
	features = model_spec(d->model, "features");
	d->features = features && strstr(features, "user.");
	free(names);
}

static void open_desk(struct desk *d, const struct call *call)
{
	struct stream *in = stream_in(NULL);
	uint8_t *keep;

	stream_load(in, NULL, want, NULL, &d->set);
	stream_free(in);
	open_model(d, call->model);
	ranking_open(&d->rows, &d->set);
	d->k = (size_t)call->top < d->rows.items ? (size_t)call->top : d->rows.items;
	keep = mem_new(d->rows.n, 1);
	for (size_t r = 0; r < d->rows.n; r++)
		keep[r] = !d->rows.part || d->rows.part[r] == 0;
	ranking_sets_new(&d->had, &d->rows, NULL);
	ranking_sets_new(&d->trained, &d->rows, keep);
	free(keep);
	d->user_names = choice_names(&d->set, "user");
	d->candidate = mem_new(d->rows.items, 1);
	memset(d->candidate, 1, d->rows.items);
	for (size_t i = 0; i < call->where.n; i++)
		choice_where(
			d->candidate, d->rows.items, &d->set, "--items-where", call->where.at[i]);
	d->users_of = mem_new(d->rows.items, sizeof *d->users_of);
	choice_users_of(d->users_of, &d->trained, d->rows.users);
	d->popular = choice_popular(d->users_of, d->rows.items);
}

static void close_desk(struct desk *d)
{
	model_free(d->model);
	ranking_sets_free(&d->had);
	ranking_sets_free(&d->trained);
	if (d->user_names)
		dict_free(d->user_names);
	free(d->candidate);
	free(d->users_of);
	free(d->popular);
	advice_end(&d->advice);
	tensors_free(&d->set);
}

/* ---- whom to answer ---- */

static void ask_all(struct choice_users *asked, const struct desk *d, const struct call *call)
{
	size_t unknown = 0;

	for (const char *at = call->users; at && *at;) {
		size_t n = strcspn(at, ",");

		choice_user(asked, d->user_names, at, n, d->rows.users);
		at += n + (at[n] == ',');
	}
	if (call->users_file)
		choice_user_file(asked, d->user_names, call->users_file, d->rows.users);
	for (size_t i = 0; i < asked->n; i++)
		unknown += asked->at[i].name != NULL;
	if (unknown)
		warn("%zu users are not in the stream; they get what is popular", unknown);
}

/* ---- answers ---- */

/* The most popular candidates that the user has not had; counts as scores. */
static void list_popular(
	struct ranking_lists *lists, const struct desk *d, size_t slot, uint32_t id)
{
	size_t n = 0;

	for (size_t i = 0; i < d->rows.items && n < d->k; i++) {
		uint32_t item = d->popular[i];

		if (!d->candidate[item] || (id != CHOICE_UNKNOWN && lists->seen &&
						   ranking_sets_have(lists->seen, id, item)))
			continue;
		lists->item[slot * d->k + n] = item;
		lists->score[slot * d->k + n++] = (float)d->users_of[item];
	}
	lists->n[slot] = n;
}

static bool is_cold(const struct desk *d, uint32_t id)
{
	return id == CHOICE_UNKNOWN || (!d->features && d->trained.at[id] == d->trained.at[id + 1]);
}

/* Up to BLOCK users: those that the model knows are ranked together, all are written in order. */
static void answer_block(struct desk *d, const struct choice_users *asked, size_t from, size_t n,
	struct ranking_lists *lists, struct model_items *model)
{
	uint32_t *warm = mem_new(n, sizeof *warm);
	struct ranking_lists cold = *lists;
	size_t known = 0, line;

	for (size_t i = 0; i < n; i++)
		if (!is_cold(d, asked->at ? asked->at[from + i].id : (uint32_t)(from + i)))
			warm[known++] = asked->at ? asked->at[from + i].id : (uint32_t)(from + i);
	ranking_lists_make(lists, model, warm, known);
	ranking_lists_new(&cold, 1);
	known = 0;
	for (size_t i = 0; i < n; i++) {
		uint32_t id = asked->at ? asked->at[from + i].id : (uint32_t)(from + i);
		const char *name = asked->at ? asked->at[from + i].name : NULL;
		bool popular = is_cold(d, id);

		if (popular)
			list_popular(&cold, d, 0, id);
		line = popular ? 0 : known++;
		advice_put(&d->advice, popular ? &cold : lists, line, id, name,
			popular ? "popular" : model_name(d->model));
	}
	ranking_lists_free(&cold);
	free(warm);
}

static void answer(struct desk *d, const struct call *call, const struct choice_users *asked)
{
	struct ranking_lists lists = { .seen = call->keep_seen ? NULL : &d->had,
		.candidate = call->where.n ? d->candidate : NULL,
		.items = d->rows.items,
		.k = d->k };
	struct model_items *model = model_items_new(d->model, d->rows.items);
	bool all = !call->users && !call->users_file;
	size_t users = all ? d->rows.users : asked->n;

	ranking_lists_new(&lists, users < BLOCK ? users : BLOCK);
	advice_start(&d->advice, &d->set, call->json);
	for (size_t from = 0; from < users; from += BLOCK)
		answer_block(
			d, asked, from, users - from < BLOCK ? users - from : BLOCK, &lists, model);
	ranking_lists_free(&lists);
	model_items_free(model);
}

int main(int argc, char **argv)
{
	struct call call = { .top = 10 };
	const struct opt opts[] = {
		OPT_TEXT('m', "model", &call.model, "NAME", "the model; default: the only one"),
		OPT_INT('n', "top", &call.top, 1, 100000, "items a user"),
		OPT_TEXT(0, "users", &call.users, "ID,...", "these users only, in this order"),
		OPT_FILE(0, "users-file", &call.users_file, "the same, one id a line"),
		OPT_EACH(0, "items-where", &call.where, "COLUMN=VALUE",
			"only items with that value of item.cat.* or item.bag.*; all of several"),
		OPT_FLAG(0, "keep-seen", &call.keep_seen, "list items that a user has, too"),
		OPT_FLAG(0, "json", &call.json, "one JSON object a user and line, not CSV"),
		OPT_QUIET,
		OPT_END,
	};
	struct choice_users asked = { 0 };
	struct desk desk = { 0 };

	opt_parse(argc, argv, "list the best items of every user", NULL,
		"Example:\n"
		"  rs-recommend --top 5 <run.rts >lists.csv\n"
		"  rs-recommend --users 42,77 --items-where item.bag.genres=fantasy --json "
		"<run.rts",
		opts);
	open_desk(&desk, &call);
	ask_all(&asked, &desk, &call);
	answer(&desk, &call, &asked);
	choice_users_free(&asked);
	close_desk(&desk);
	return 0;
}
