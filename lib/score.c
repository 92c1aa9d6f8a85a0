#include "score.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cells.h"
#include "cuts.h"
#include "die.h"

enum { CAPTION = 512, EXTRA = 4 }; /* EXTRA: the first group that not all tables have */

static const struct report_column rating_columns[] = {
	{ "model", 1, 0 },
	{ "part", 0, 0 },
	{ "rows", 0, 0 },
	{ "rmse", 1, 5 },
	{ "mae", 1, 5 },
	{ "r2", 1, 4 },
	{ "recovered", 1, 3 },
};
static const struct report_column binary_columns[] = {
	{ "model", 1, 0 },
	{ "part", 0, 0 },
	{ "rows", 0, 0 },
	{ "auc", 1, 5 },
	{ "logloss", 1, 5 },
	{ "accuracy", 1, 4 },
	{ "precision", 1, 4 },
	{ "recall", 1, 4 },
	{ "f1", 1, 4 },
	{ "recovered", 1, 3 },
	{ "cvr_observed", 2, 4 },
	{ "cvr_low", 2, 4 },
	{ "cvr_high", 2, 4 },
	{ "cvr_predicted", 2, 4 },
	{ "cvr_top", 2, 4 },
	{ "lift", 2, 3 },
	{ "pr_auc", 3, 4 },
	{ "brier", 3, 5 },
	{ "calibration", 3, 4 },
	{ "ece", 3, 4 },
	{ "ece_mass", 3, 4 },
};
enum {
	RATING_COLUMNS = sizeof rating_columns / sizeof *rating_columns,
	BINARY_COLUMNS = sizeof binary_columns / sizeof *binary_columns
};

/* One line for each reason why a value is missing, or means little. */
static void warn_missing(const struct board *board)
{
	double observed = board->entry[0].binary.observed;

	if (observed == 0 || observed == 1)
		warn("stdin: all %zu labels are %g: no auc%s", board->rows, observed,
			observed > 0 ? "" : ", pr_auc, recall, lift and calibration");
	for (size_t i = 0; i < board->entries; i++) {
		const struct board_entry *e = &board->entry[i];

		if (e->binary.constant && board->rows > 1)
			warn("stdin: model '%s' scores all %zu rows %g", model_name(e->model),
				board->rows, (double)e->score[0]);
		if (isnan(e->binary.precision))
			warn("stdin: model '%s' calls no row positive at %g: no precision%s",
				model_name(e->model), e->threshold, observed > 0 ? "" : " and f1");
	}
}

static void report_quality(
	struct report *report, const struct board *board, const struct board_entry *e)
{
	const struct metrics_binary *b = &e->binary;
	const double quality[] = { b->auc, b->logloss, b->accuracy, b->precision, b->recall, b->f1,
		e->recovered, b->observed, b->low, b->high, b->predicted, b->top, b->lift,
		b->pr_auc, b->brier, b->calibration, b->ece, b->ece_mass };

	report_text(report, board->whole ? "all" : cells_part(board->part));
	report_count(report, board->rows);
	for (size_t i = 0; board->binary && i < sizeof quality / sizeof *quality; i++)
		report_real(report, quality[i]);
	if (!board->binary) {
		report_real(report, e->rating.rmse);
		report_real(report, e->rating.mae);
		report_real(report, e->rating.r2);
		report_real(report, e->recovered);
	}
}

static void report_within(
	struct report *report, const struct board *board, const struct board_entry *e)
{
	const struct within *w = &e->within;

	report_real(report, w->rows);
	report_real(report, w->positives);
	report_real(report, w->users);
	report_real(report, w->share);
	for (size_t c = 0; c < board->cutoffs; c++)
		report_real(report, w->top[c]);
}

static void within_headings(struct report *report, const struct board *board)
{
	report_heading(report, EXTRA, 5, "gauc_rows");
	report_heading(report, EXTRA, 5, "gauc_positives");
	report_heading(report, EXTRA, 5, "gauc_users");
	report_heading(report, EXTRA, 4, "gauc_share");
	for (size_t c = 0; c < board->cutoffs; c++)
		report_heading(report, EXTRA + 1, 4, "cvr_user@%zu", board->cutoff[c]);
}

static void conversion_headings(struct report *report)
{
	static const char *const rate[] = { "ctr", "cvr", "ctcvr" };

	for (int i = 0; i < 3; i++) {
		report_heading(report, EXTRA + 2, 4, "%s", rate[i]);
		report_heading(report, EXTRA + 2, 4, "%s.low", rate[i]);
		report_heading(report, EXTRA + 2, 4, "%s.high", rate[i]);
	}
	for (int i = 1; i < 3; i++) {
		report_heading(report, EXTRA + 3, 5, "auc_%s", rate[i]);
		report_heading(report, EXTRA + 3, 5, "logloss_%s", rate[i]);
	}
}

static void report_conversions(
	struct report *report, const struct board *board, const struct board_entry *e)
{
	const struct metrics_binary none = {
		.auc = NAN, .logloss = NAN, .observed = NAN, .low = NAN, .high = NAN
	};
	const struct metrics_binary *m[] = { &e->binary, board->clicks ? &e->conversion : &none,
		&e->both };

	for (int i = 0; i < 3; i++) {
		report_real(report, m[i]->observed);
		report_real(report, m[i]->low);
		report_real(report, m[i]->high);
	}
	for (int i = 1; i < 3; i++) {
		report_real(report, m[i]->auc);
		report_real(report, m[i]->logloss);
	}
}

/* Values with an interval, as board_entry.sure has them. */
static const char *sure_name(const struct board *board, int v)
{
	static const char *const binary[RESAMPLE_VALUES] = { "auc", "logloss", "brier" };
	static const char *const rating[RESAMPLE_VALUES] = { "rmse", "mae", NULL };

	return board->binary ? binary[v] : rating[v];
}

static void sure_headings(struct report *report, const struct board *board)
{
	for (int v = 0; v < RESAMPLE_VALUES && sure_name(board, v); v++) {
		const char *name = sure_name(board, v);
		unsigned group = EXTRA + 4 + (unsigned)v;

		report_heading(report, group, 5, "%s.low", name);
		report_heading(report, group, 5, "%s.high", name);
		if (board->entries < 2)
			continue;
		report_heading(report, group, 5, "%s.diff", name);
		report_heading(report, group, 5, "%s.diff.low", name);
		report_heading(report, group, 5, "%s.diff.high", name);
		if (board->binary && v == 0)
			continue;
		report_heading(report, group, 4, "%s.p_t", name);
		report_heading(report, group, 4, "%s.p_perm", name);
	}
}

static void report_sure(
	struct report *report, const struct board *board, const struct board_entry *e)
{
	for (int v = 0; v < RESAMPLE_VALUES && sure_name(board, v); v++) {
		const struct resample *s = &e->sure[v];

		report_real(report, s->low);
		report_real(report, s->high);
		if (board->entries < 2)
			continue;
		report_real(report, s->diff);
		report_real(report, s->diff_low);
		report_real(report, s->diff_high);
		if (board->binary && v == 0)
			continue;
		report_real(report, s->student);
		report_real(report, s->turned);
	}
}

static struct report *new_report(const struct board *board)
{
	struct report *report = board->binary ? report_new(binary_columns, BINARY_COLUMNS)
					      : report_new(rating_columns, RATING_COLUMNS);

	if (board->by)
		report_heading(report, board->seeds ? 1 : 0, 0, "%s", board->by);
	if (board->choose)
		report_heading(report, EXTRA, 4, "threshold");
	if (board->by_user)
		within_headings(report, board);
	if (board->extra[BOARD_CONVERSION])
		conversion_headings(report);
	if (board->replicates)
		sure_headings(report, board);
	cells_cost_headings(report, EXTRA + 7, board->timed, "ns_row");
	return report;
}

static void make_caption(char caption[CAPTION], const struct board *board)
{
	int n = snprintf(caption, CAPTION, "%zu rows, %s%s%s", board->rows,
		board->whole ? "all there are" : "part ",
		board->whole ? "" : cells_part(board->part), board->weight ? ", weighted" : "");

	if (board->binary && board->choose)
		n += snprintf(caption + n, CAPTION - (size_t)n,
			"; positive from each model's best for %s on part 1 (%zu rows)",
			board->goal == CURVE_F1 ? "f1" : "accuracy", board->tunings);
	else if (board->binary)
		n += snprintf(
			caption + n, CAPTION - (size_t)n, "; positive from %g", board->threshold);
	if (board->binary)
		n += snprintf(caption + n, CAPTION - (size_t)n, ", top %g %%", 100 * board->top);
	if (board->timed)
		n += snprintf(caption + n, CAPTION - (size_t)n, "; ns_row is measured");
	if (board->replicates)
		snprintf(caption + n, CAPTION - (size_t)n,
			"; 95 %% intervals of %zu bootstraps of the users", board->replicates);
}

static void report_lines(
	struct report *report, const struct board *board, const char *slice, enum report_form form)
{
	const char *part = board->cut && !board->seeds ? slice : NULL;

	for (size_t i = 0; i < board->entries; i++) {
		const struct board_entry *e = &board->entry[i];

		cells_name(report, model_name(e->model), part, form);
		report_quality(report, board, e);
		if (board->by)
			report_text(report, slice);
		if (board->choose)
			report_real(report, e->threshold);
		if (board->by_user)
			report_within(report, board, e);
		if (board->extra[BOARD_CONVERSION])
			report_conversions(report, board, e);
		if (board->replicates)
			report_sure(report, board, e);
		cells_cost(report, e->model, board->timed, e->ns_row);
	}
}

/* Lines of the rows that are told apart, slice by slice. */
static void report_slices(struct report *report, const struct board *board,
	const struct tensors *tables, enum report_form form)
{
	struct cuts cuts;

	cuts_open(&cuts, board, tables);
	for (size_t s = 0; s < cuts.n; s++) {
		struct board part;

		if (!cuts_board(&part, board, &cuts, s))
			continue;
		report_lines(report, &part, cuts.name[s], form);
		cuts_board_free(&part);
	}
	cuts_free(&cuts);
}

void score_board(const struct board *board, const struct tensors *tables, enum report_form form)
{
	struct report *report = new_report(board);
	char caption[CAPTION];

	if (board->binary)
		warn_missing(board);
	else if (isnan(board->entry[0].rating.r2))
		warn("stdin: all %zu labels are %g: no r2", board->rows, (double)board->label[0]);
	report_lines(report, board, "all", form);
	if (board->by)
		report_slices(report, board, tables, form);
	make_caption(caption, board);
	if (board->seeds)
		report = report_pool(report);
	report_write(report, form, caption);
	report_free(report);
}

/* ---- uplift ---- */

void score_uplift(const struct board *board, enum report_form form)
{
	static const struct report_column column[] = { { "model", 1, 0 }, { "part", 0, 0 },
		{ "rows", 0, 0 }, { "treated", 1, 0 }, { "control", 1, 0 },
		{ "rate_treated", 1, 4 }, { "rate_control", 1, 4 }, { "uplift", 2, 5 },
		{ "uplift.low", 2, 5 }, { "uplift.high", 2, 5 }, { "uplift_top", 2, 5 },
		{ "qini", 2, 4 } };
	struct report *report = report_new(column, sizeof column / sizeof *column);
	char caption[CAPTION];

	cells_cost_headings(report, 3, board->timed, "ns_row");
	for (size_t i = 0; i < board->entries; i++) {
		const struct board_entry *e = &board->entry[i];
		const struct uplift *u = &e->uplift;
		const double value[] = { u->rate_treated, u->rate_control, u->effect, u->low,
			u->high, u->top, u->qini };

		if (!i && (!u->treated || !u->control))
			warn("stdin: %zu rows were treated and %zu were not: no uplift", u->treated,
				u->control);
		report_text(report, model_name(e->model));
		report_text(report, board->whole ? "all" : cells_part(board->part));
		report_count(report, u->treated + u->control);
		report_count(report, u->treated);
		report_count(report, u->control);
		for (size_t v = 0; v < sizeof value / sizeof *value; v++)
			report_real(report, value[v]);
		cells_cost(report, e->model, board->timed, e->ns_row);
	}
	snprintf(caption, sizeof caption, "part %s, uplift of the labels' mean, top %g %%%s",
		board->whole ? "all" : cells_part(board->part), 100 * board->top,
		board->timed ? "; ns_row is measured" : "");
	if (board->seeds)
		report = report_pool(report);
	report_write(report, form, caption);
	report_free(report);
}

/* ---- sampled candidates ---- */

static const char *const sampled_names[SAMPLES_VALUES] = { "hr", "ndcg", "mrr" };

static void report_samples(struct report *report, const struct board *board, size_t i)
{
	const struct samples *s = &board->entry[i].samples;

	report_text(report, model_name(board->entry[i].model));
	report_text(report, board->whole ? "all" : cells_part(board->part));
	report_count(report, s->users);
	report_count(report, s->least);
	report_count(report, s->most);
	report_count(report, board->items);
	for (size_t c = 0; c < board->cutoffs; c++)
		for (int v = 0; v < SAMPLES_VALUES; v++)
			report_real(report, s->value[c][v]);
	report_real(report, s->auc);
	for (size_t c = 0; c < board->cutoffs; c++)
		for (int v = 0; v < SAMPLES_VALUES; v++)
			report_real(report, s->corrected[c][v]);
}

void score_samples(const struct board *board, enum report_form form)
{
	static const struct report_column column[] = { { "model", 1, 0 }, { "part", 0, 0 },
		{ "users", 0, 0 }, { "negatives_least", 0, 0 }, { "negatives_most", 0, 0 },
		{ "items", 0, 0 } };
	struct report *report = report_new(column, sizeof column / sizeof *column);
	const struct samples *first = &board->entry[0].samples;
	char caption[CAPTION];

	for (int corrected = 0; corrected < 2; corrected++) {
		for (size_t c = 0; c < board->cutoffs; c++)
			for (int v = 0; v < SAMPLES_VALUES; v++)
				report_heading(report, 1 + (unsigned)corrected, 4, "%s@%zu%s",
					sampled_names[v], board->cutoff[c],
					corrected ? ".corrected" : "");
		if (!corrected)
			report_heading(report, 1, 4, "auc");
	}
	cells_cost_headings(report, 3, board->timed, "ns_row");
	if (!first->users)
		warn("stdin: no user has both relevant and other rows: no values");
	for (size_t i = 0; i < board->entries; i++) {
		report_samples(report, board, i);
		cells_cost(report, board->entry[i].model, board->timed, board->entry[i].ns_row);
	}
	snprintf(caption, sizeof caption,
		"%zu users, part %s, each relevant row among the %zu to %zu others of its user; "
		"corrected: estimates of the full ranking of %zu items",
		first->users, board->whole ? "all" : cells_part(board->part), first->least,
		first->most, board->items);
	if (board->seeds)
		report = report_pool(report);
	report_write(report, form, caption);
	report_free(report);
}

/* ---- curves ---- */

static void report_precision(struct report *report, const struct board *board, size_t i)
{
	struct curve_point point[CURVE_POINTS];
	struct metrics_rows rows = board_view(board, i, false);
	size_t n = curve_precision(point, &rows, board_scale(board, i));

	for (size_t j = 0; j < n; j++) {
		report_text(report, model_name(board->entry[i].model));
		report_real(report, point[j].threshold);
		report_real(report, point[j].recall);
		report_real(report, point[j].precision);
	}
}

static void report_calibration(struct report *report, const struct board *board, size_t i)
{
	struct curve_bin bin[METRICS_BINS];
	struct metrics_rows rows = board_view(board, i, false);

	curve_calibration(bin, &rows, board_scale(board, i));
	for (uint64_t b = 0; b < METRICS_BINS; b++) {
		if (!(bin[b].weight > 0))
			continue;
		report_text(report, model_name(board->entry[i].model));
		report_count(report, b);
		report_real(report, bin[b].weight);
		report_real(report, bin[b].predicted);
		report_real(report, bin[b].observed);
		report_real(report, bin[b].low);
		report_real(report, bin[b].high);
	}
}

void score_curve(const struct board *board, enum score_curve curve, enum report_form form)
{
	static const struct report_column precision[] = { { "model", 1, 0 }, { "threshold", 1, 4 },
		{ "recall", 1, 4 }, { "precision", 1, 4 } };
	static const struct report_column calibration[] = { { "model", 1, 0 }, { "bin", 1, 0 },
		{ "rows", 1, 0 }, { "predicted", 1, 4 }, { "observed", 1, 4 }, { "low", 1, 4 },
		{ "high", 1, 4 } };
	struct report *report =
		curve == SCORE_PR ? report_new(precision, 4) : report_new(calibration, 7);
	char caption[CAPTION];

	if (!board->binary)
		die("stdin: labels are ratings; curves are of labels 0 and 1, which rs-prep "
		    "--positive makes of them");
	if (board->entry[0].binary.observed == 0 && curve == SCORE_PR)
		die("stdin: all %zu labels are 0: there is no recall", board->rows);
	for (size_t i = 0; i < board->entries; i++)
		(curve == SCORE_PR ? report_precision : report_calibration)(report, board, i);
	make_caption(caption, board);
	report_write(report, form, caption);
	report_free(report);
}
