#include "contest.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cells.h"
#include "die.h"
#include "emit.h"
#include "mem.h"
#include "stats.h"
#include "text.h"

enum { CAPTION = 512 };

/* Graded NDCG is that of the binary one where labels are 0 and 1. One relevant item among sampled
 * negatives has nothing but its place. */
static bool shows(const struct trial *trial, int value)
{
	if (value == RANK_DIVERSITY && !trial->traits)
		return false;
	if (trial->negatives)
		return value == RANK_HR || value == RANK_NDCG || value == RANK_MRR;
	return trial->graded || value != RANK_GRADED;
}

/* What a line is made of: some users, and for each of them all values that are shown. */
struct slice {
	const char *name;
	size_t *user, users; /* of the trial */
};

struct view {
	const struct trial *trial;
	const struct contest_how *how;
	const struct trial_entry *against;
	struct slice *slice; /* the first has all users */
	size_t slices, width; /* width: values a user */
};

static void value_headings(
	struct report *report, const struct view *view, size_t cutoff, int value, unsigned group)
{
	const char *name = rank_name((enum rank_value)value);

	report_heading(report, group, 4, "%s@%zu", name, cutoff);
	if (!view->how->replicates)
		return;
	report_heading(report, group, 4, "%s@%zu.low", name, cutoff);
	report_heading(report, group, 4, "%s@%zu.high", name, cutoff);
	if (view->trial->entries < 2)
		return;
	report_heading(report, group, 4, "%s@%zu.diff", name, cutoff);
	report_heading(report, group, 4, "%s@%zu.p_t", name, cutoff);
	report_heading(report, group, 4, "%s@%zu.p_perm", name, cutoff);
}

static void make_headings(struct report *report, const struct view *view)
{
	const struct trial *trial = view->trial;
	bool tested = view->how->replicates > 0;
	unsigned group = 1;

	report_heading(report, 1, 0, "model");
	if (view->how->slices)
		report_heading(report, 0, 0, "%s", view->how->slices->by);
	report_heading(report, 0, 0, "part");
	report_heading(report, 0, 0, "users");
	report_heading(report, 0, 0, "items");
	if (trial->negatives)
		report_heading(report, 0, 0, "negatives");
	for (size_t c = 0; c < trial->cutoffs; c++, group++) {
		for (int v = 0; v < RANK_VALUES; v++) {
			group += v && (tested || v == RANK_GRADED);
			if (shows(trial, v))
				value_headings(report, view, trial->cutoff[c], v, group);
		}
		group += tested;
		if (trial->negatives)
			continue;
		report_heading(report, group, 4, "coverage@%zu", trial->cutoff[c]);
		report_heading(report, group, 4, "gini@%zu", trial->cutoff[c]);
		if (trial->slices)
			report_heading(report, group, 4, "exposure@%zu", trial->cutoff[c]);
	}
	cells_cost_headings(report, group, view->how->timed, "ns_user");
}

/* ---- slices ---- */

/* The first slice is all; then those of users, or of relevant items and the users who have some. */
static void open_slices(struct view *view)
{
	const struct trial *trial = view->trial;
	const struct slices *by = view->how->slices;

	view->slices = 1 + (by ? by->n : 0);
	view->slice = mem_new(view->slices, sizeof *view->slice);
	for (size_t s = 0; s < view->slices; s++) {
		struct slice *slice = &view->slice[s];
		const double *sliced = trial->entry->sliced;

		slice->name = s ? by->name[s - 1] : "all";
		slice->user = mem_new(trial->users, sizeof *slice->user);
		for (size_t u = 0; u < trial->users; u++) {
			bool in = true;

			if (s && by->of_items)
				in = !isnan(sliced[((s - 1) * trial->users + u) * view->width]);
			else if (s)
				in = by->of[trial->user[u]] == s - 1;
			if (in)
				slice->user[slice->users++] = u;
		}
	}
}

static void close_view(struct view *view)
{
	for (size_t s = 0; s < view->slices; s++) {
		free(view->slice[s].user);
	}
	free(view->slice);
}

/* ---- lines ---- */

/* Everything about the values of one model and slice. */
struct line {
	double *value, *mean, *low, *high;
	struct stats_test *test; /* NULL: not tested */
};

/* Whether values of the slice are those of its relevant items only. */
static bool is_of_items(const struct view *view, const struct slice *s)
{
	return s != view->slice && view->how->slices->of_items;
}

static double *gather(const struct view *view, const struct trial_entry *e, const struct slice *s)
{
	double *value = mem_new(s->users * view->width, sizeof *value);
	size_t n = (size_t)(s - view->slice), all = view->trial->users * view->width;
	const double *from = is_of_items(view, s) ? e->sliced + (n - 1) * all : e->value;

	for (size_t u = 0; u < s->users; u++)
		memcpy(value + u * view->width, from + s->user[u] * view->width,
			view->width * sizeof *value);
	return value;
}

static void make_line(struct line *line, const struct view *view, const struct trial_entry *e,
	const struct slice *s)
{
	struct stats_how how = { view->how->replicates, view->how->seed };
	size_t width = view->width;

	line->value = gather(view, e, s);
	line->mean = mem_new(3 * width, sizeof *line->mean);
	line->low = line->mean + width;
	line->high = line->low + width;
	line->test = NULL;
	stats_means(line->mean, line->value, s->users, width);
	if (!how.replicates)
		return;
	stats_interval(line->low, line->high, line->value, s->users, width, &how);
	if (e != view->against) {
		double *other = gather(view, view->against, s);

		line->test = mem_new(width, sizeof *line->test);
		stats_paired(line->test, line->value, other, s->users, width, &how);
		free(other);
	}
}

/* none: the value is of lists, not of the relevant items of a slice. */
static void report_value(struct report *report, const struct view *view, const struct line *line,
	size_t v, bool none)
{
	size_t cells = !view->how->replicates ? 1 : view->trial->entries < 2 ? 3 : 6;

	for (; none && cells; cells--)
		report_none(report);
	if (none)
		return;
	report_real(report, line->mean[v]);
	if (!view->how->replicates)
		return;
	report_real(report, line->low[v]);
	report_real(report, line->high[v]);
	if (view->trial->entries < 2)
		return;
	report_real(report, line->test ? line->test[v].diff : NAN);
	report_real(report, line->test ? line->test[v].student : NAN);
	report_real(report, line->test ? line->test[v].turned : NAN);
}

static void report_values(struct report *report, const struct view *view,
	const struct trial_entry *e, const struct slice *s)
{
	const struct trial *trial = view->trial;
	struct line line;

	make_line(&line, view, e, s);
	for (size_t c = 0; c < trial->cutoffs; c++) {
		bool all = s == view->slice;

		for (int v = 0; v < RANK_VALUES; v++)
			if (shows(trial, v))
				report_value(report, view, &line, c * RANK_VALUES + (size_t)v,
					is_of_items(view, s) && v >= RANK_NOVELTY);
		if (trial->negatives)
			continue;
		report_real(report, all ? e->spread[c].coverage : NAN);
		report_real(report, all ? e->spread[c].gini : NAN);
		if (trial->slices)
			report_real(report,
				all ? 1
				    : e->exposure[((size_t)(s - view->slice) - 1) * trial->cutoffs +
						  c]);
	}
	free(line.value);
	free(line.mean);
	free(line.test);
}

static void report_names(struct report *report, const struct view *view,
	const struct trial_entry *e, const struct slice *s)
{
	cells_name(report, model_name(e->model),
		s == view->slice || view->how->seeds ? NULL : s->name, view->how->form);
	if (view->how->slices)
		report_text(report, s->name);
	report_text(report, cells_part(view->trial->part));
	report_count(report, s->users);
	report_count(report, view->trial->items);
	if (view->trial->negatives)
		report_count(report, view->trial->negatives);
}

/* ---- users ---- */

static void put_user(struct text *text, const struct tensors *set, uint32_t id)
{
	size_t n;
	const char *word = tensors_word(set, "user", id, &n);
	char *clean;

	if (!word) {
		text_add(text, "%lu", (unsigned long)id);
		return;
	}
	clean = mem_new(4 * n + 1, 1);
	text_clean(clean, word, n);
	text_add(text, "%s", clean);
	free(clean);
}

static void put_users(struct text *text, const struct trial *trial, const struct tensors *set)
{
	size_t width = trial->cutoffs * RANK_VALUES;

	text_add(text, "model\tuser");
	for (size_t v = 0; v < width; v++)
		if (shows(trial, (int)(v % RANK_VALUES)))
			text_add(text, "\t%s@%zu", rank_name((enum rank_value)(v % RANK_VALUES)),
				trial->cutoff[v / RANK_VALUES]);
	text_add(text, "\n");
	for (size_t i = 0; i < trial->entries; i++)
		for (size_t u = 0; u < trial->users; u++) {
			text_add(text, "%s\t", model_name(trial->entry[i].model));
			put_user(text, set, trial->user[u]);
			for (size_t v = 0; v < width; v++)
				if (shows(trial, (int)(v % RANK_VALUES)))
					text_add(text, "\t%.10g",
						trial->entry[i].value[u * width + v]);
			text_add(text, "\n");
		}
}

static void write_users(const struct view *view, const struct tensors *set)
{
	struct text text = { NULL, 0, 0 };

	put_users(&text, view->trial, set);
	emit_file(view->how->per_user, text.at, text.n);
	free(text.at);
}

static void warn_trial(const struct trial *trial)
{
	if (trial->seen_relevant)
		warn("stdin: %zu relevant items of part %d were the user's before: they are no "
		     "candidates and do not count (--keep-seen ranks them)",
			trial->seen_relevant, trial->part);
	if (trial->idle)
		warn("stdin: %zu users with rows in part %d have nothing relevant there and do "
		     "not count",
			trial->idle, trial->part);
	for (size_t c = 0; c < trial->cutoffs; c++)
		if (trial->cutoff[c] > trial->items)
			warn("--k: %zu is more than the %zu items: lists are shorter",
				trial->cutoff[c], trial->items);
}

static const struct trial_entry *find_against(const struct trial *trial, const char *name)
{
	for (size_t i = 0; name && i < trial->entries; i++)
		if (strcmp(model_name(trial->entry[i].model), name) == 0)
			return &trial->entry[i];
	if (name)
		die("--against: no model '%s' is scored; there is '%s'%s", name,
			model_name(trial->entry[0].model), trial->entries > 1 ? " and others" : "");
	return &trial->entry[0];
}

static void make_caption(char caption[CAPTION], const struct view *view)
{
	const struct trial *trial = view->trial;
	int n = snprintf(caption, CAPTION,
		"%zu users with relevant rows in part %s, all %zu items ranked%s", trial->users,
		cells_part(trial->part), trial->items,
		trial->keep_seen ? "" : " but those seen before");

	if (trial->negatives)
		n += snprintf(caption + n, CAPTION - (size_t)n,
			"; expected with each relevant item among %zu negatives sampled %s "
			"replacement",
			trial->negatives, trial->repeats ? "with" : "without");
	if (view->how->timed)
		n += snprintf(caption + n, CAPTION - (size_t)n, "; ns_user is measured");

	if (view->how->replicates)
		n += snprintf(caption + n, CAPTION - (size_t)n,
			"; 95 %% intervals of %zu bootstraps", view->how->replicates);
	if (view->how->replicates && trial->entries > 1)
		snprintf(caption + n, CAPTION - (size_t)n, ", tests against %s",
			model_name(view->against->model));
}

void contest_report(
	const struct trial *trial, const struct tensors *set, const struct contest_how *how)
{
	struct view view = { trial, how, find_against(trial, how->against), NULL, 0,
		trial->cutoffs * RANK_VALUES };
	struct report *report = report_new(NULL, 0);
	char caption[CAPTION];

	warn_trial(trial);
	open_slices(&view);
	make_headings(report, &view);
	for (size_t i = 0; i < trial->entries; i++)
		for (size_t s = 0; s < view.slices; s++) {
			const struct trial_entry *e = &trial->entry[i];

			if (!view.slice[s].users)
				continue;
			report_names(report, &view, e, &view.slice[s]);
			report_values(report, &view, e, &view.slice[s]);
			cells_cost(report, e->model, how->timed, e->ns_user);
		}
	if (how->per_user)
		write_users(&view, set);
	make_caption(caption, &view);
	if (how->seeds)
		report = report_pool(report);
	report_write(report, how->form, caption);
	report_free(report);
	close_view(&view);
}
