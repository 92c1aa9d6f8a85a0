#include "desk.h"

#include <stdlib.h>
#include <string.h>

#include "advice.h"
#include "die.h"
#include "mem.h"
#include "ranking.h"
#include "reason.h"
#include "stream_rows.h"

enum { BLOCK = 4096 };

/* Who answers: the model, the one for users that it cannot know, or popularity. */
enum { MODEL, FALLBACK, POPULAR };

struct source {
	struct model *model; /* or NULL */
	struct model_items *ready;
	struct reasons *reasons; /* or NULL */
	struct ranking_lists lists;
	uint32_t *user;
	size_t n; /* users of the block */
};

struct desk {
	struct tensors set;
	struct ranking_rows rows;
	struct ranking_sets had, trained;
	struct dict *user_names;
	uint8_t *candidate;
	uint32_t *users_of, *popular;
	struct source source[POPULAR];
	bool features; /* the model knows users by more than their id */
	size_t k;
	struct choice_users asked; /* at NULL: all */
	struct advice advice;
};

static int want(const char *name, const struct frame *first, void *arg)
{
	(void)first;
	(void)arg;
	if (!tensor_is_row(name))
		return strncmp(name, "model.", 6) == 0 || feature_carrier(name) ||
				       choice_carrier(name) || tensor_match("vocab.user.*", name)
			       ? STREAM_KEEP
			       : STREAM_PASS;
	return strcmp(name, "user") == 0 || strcmp(name, "item") == 0 || strcmp(name, "part") == 0
		       ? STREAM_KEEP
		       : STREAM_PASS;
}

static void open_models(struct desk *d, const struct desk_call *call)
{
	const char **names;
	size_t n = model_choose(&d->set, call->model, &names);

	if (n > (call->fallback && !call->model ? 2 : 1))
		die_usage("--model: there are %zu models (%s, %s, ...); say which", n, names[0],
			names[1]);
	if (n > 1 && strcmp(names[0], call->fallback) == 0)
		names[0] = names[1];
	d->source[MODEL].model = model_open(&d->set, names[0]);
	d->features = model_meets_users(d->source[MODEL].model);
	free(names);
	if (!call->fallback)
		return;
	model_choose(&d->set, call->fallback, &names);
	d->source[FALLBACK].model = model_open(&d->set, names[0]);
	free(names);
}

static void ask_all(struct choice_users *asked, const struct desk *d, const struct desk_call *call)
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

struct desk *desk_open(const struct desk_call *call)
{
	struct desk *d = mem_new(1, sizeof *d);
	struct stream *in = stream_in(NULL);
	uint8_t *keep;

	stream_load(in, NULL, want, NULL, &d->set);
	stream_free(in);
	open_models(d, call);
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
	ask_all(&d->asked, d, call);
	return d;
}

void desk_close(struct desk *d)
{
	for (int s = MODEL; s < POPULAR; s++)
		model_free(d->source[s].model);
	ranking_sets_free(&d->had);
	ranking_sets_free(&d->trained);
	if (d->user_names)
		dict_free(d->user_names);
	free(d->candidate);
	free(d->users_of);
	free(d->popular);
	choice_users_free(&d->asked);
	advice_end(&d->advice);
	tensors_free(&d->set);
	free(d);
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

static int source_of(const struct desk *d, uint32_t id)
{
	if (id == CHOICE_UNKNOWN)
		return POPULAR;
	if (d->features || d->trained.at[id] < d->trained.at[id + 1])
		return MODEL;
	return d->source[FALLBACK].model ? FALLBACK : POPULAR;
}

/* Up to BLOCK users: those of one model are ranked together, all are written in order. */
static void answer_block(struct desk *d, const struct choice_users *asked, size_t from, size_t n,
	struct ranking_lists *popular)
{
	size_t line[POPULAR] = { 0 };

	for (int s = MODEL; s < POPULAR; s++)
		d->source[s].n = 0;
	for (size_t i = from; i < from + n; i++) {
		uint32_t id = asked->at ? asked->at[i].id : (uint32_t)i;
		int s = source_of(d, id);

		if (s < POPULAR)
			d->source[s].user[d->source[s].n++] = id;
	}
	for (int s = MODEL; s < POPULAR; s++)
		if (d->source[s].n)
			ranking_lists_make(&d->source[s].lists, d->source[s].ready,
				d->source[s].user, d->source[s].n);
	for (size_t i = from; i < from + n; i++) {
		uint32_t id = asked->at ? asked->at[i].id : (uint32_t)i;
		const char *name = asked->at ? asked->at[i].name : NULL;
		int s = source_of(d, id);
		struct source *by = s < POPULAR ? &d->source[s] : NULL;
		struct advice_why why = { by ? by->reasons : NULL, NULL, 0 };

		if (by) {
			why.had = d->trained.item + d->trained.at[id];
			why.n = d->trained.at[id + 1] - d->trained.at[id];
		} else {
			list_popular(popular, d, 0, id);
		}
		advice_put(&d->advice, by ? &by->lists : popular, by ? line[s]++ : 0, id, name,
			by ? model_name(by->model) : "popular", &why);
	}
}

static void open_source(struct source *s, const struct desk *d, const struct ranking_lists *lists,
	size_t users, const struct desk_call *call)
{
	if (!s->model)
		return;
	s->ready = model_items_new(s->model, d->rows.items);
	s->reasons = call->why ? reasons_new(s->model) : NULL;
	if (call->why && !s->reasons)
		die("--why: model '%s' (arch %s) gives no reasons; models of factors and "
		    "neighbours and lr do",
			model_name(s->model), model_spec(s->model, "arch"));
	s->lists = *lists;
	ranking_lists_new(&s->lists, users);
	s->user = mem_new(users, sizeof *s->user);
}

static void close_source(struct source *s)
{
	if (!s->model)
		return;
	ranking_lists_free(&s->lists);
	model_items_free(s->ready);
	reasons_free(s->reasons);
	free(s->user);
}

void desk_answer(struct desk *d, const struct desk_call *call)
{
	struct ranking_lists lists = { .seen = call->keep_seen ? NULL : &d->had,
		.candidate = call->where.n ? d->candidate : NULL,
		.items = d->rows.items,
		.k = d->k };
	const struct choice_users *asked = &d->asked;
	bool all = !call->users && !call->users_file;
	size_t users = all ? d->rows.users : asked->n, most = users < BLOCK ? users : BLOCK;

	for (int s = MODEL; s < POPULAR; s++)
		open_source(&d->source[s], d, &lists, most, call);
	ranking_lists_new(&lists, 1);
	advice_start(&d->advice, &d->set, call->json, (size_t)call->why);
	for (size_t from = 0; from < users; from += BLOCK)
		answer_block(d, asked, from, users - from < BLOCK ? users - from : BLOCK, &lists);
	ranking_lists_free(&lists);
	for (int s = MODEL; s < POPULAR; s++)
		close_source(&d->source[s]);
}
