#include "score.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "mem.h"
#include "par.h"

enum { PARTS = 3, CAPTION = 512, MEASURED = 2, HEADING = 40, HEADINGS = 512 };

const char *score_part(uint8_t part)
{
	static const char *const name[PARTS] = { "train", "valid", "test" };

	return name[part];
}

bool score_part_parse(uint8_t *part, const char *text)
{
	for (*part = 0; *part < PARTS; ++*part)
		if (strcmp(text, score_part(*part)) == 0 || (text[0] == '0' + *part && !text[1]))
			return true;
	return false;
}

/* ---- rows ---- */

/* The last two (MEASURED) are there when the cost is measured. */
static const struct report_column rating_columns[] = {
	{ "model", 1, 0 },
	{ "part", 0, 0 },
	{ "rows", 0, 0 },
	{ "rmse", 1, 5 },
	{ "mae", 1, 5 },
	{ "recovered", 1, 3 },
	{ "parameters", 2, 0 },
	{ "bytes", 2, 0 },
	{ "multiply_adds", 2, 0 },
	{ "ns_row", 2, 1 },
	{ "threads", 2, 0 },
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
	{ "cvr_predicted", 2, 4 },
	{ "cvr_top", 2, 4 },
	{ "lift", 2, 3 },
	{ "ece", 2, 4 },
	{ "parameters", 3, 0 },
	{ "bytes", 3, 0 },
	{ "multiply_adds", 3, 0 },
	{ "ns_row", 3, 1 },
	{ "threads", 3, 0 },
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
			observed > 0 ? "" : ", recall and lift");
	for (size_t i = 0; i < board->entries; i++) {
		const struct board_entry *e = &board->entry[i];

		if (e->binary.constant && board->rows > 1)
			warn("stdin: model '%s' scores all %zu rows %g", model_name(e->model),
				board->rows, (double)e->score[0]);
		if (isnan(e->binary.precision))
			warn("stdin: model '%s' calls no row positive at %g: no precision%s",
				model_name(e->model), board->threshold,
				observed > 0 ? "" : " and f1");
	}
}

static void report_quality(
	struct report *report, const struct board *board, const struct board_entry *e)
{
	const struct metrics_binary *b = &e->binary;
	const double quality[] = { b->auc, b->logloss, b->accuracy, b->precision, b->recall, b->f1,
		e->recovered, b->observed, b->predicted, b->top, b->lift, b->ece };

	report_text(report, model_name(e->model));
	report_text(report, board->whole ? "all" : score_part(board->part));
	report_count(report, board->rows);
	for (size_t i = 0; board->binary && i < sizeof quality / sizeof *quality; i++)
		report_real(report, quality[i]);
	if (!board->binary) {
		report_real(report, e->rating.rmse);
		report_real(report, e->rating.mae);
		report_real(report, e->recovered);
	}
}

static void report_cost(
	struct report *report, const struct model *model, bool timed, double nanoseconds)
{
	report_count(report, model_parameters(model));
	report_count(report, model_bytes(model));
	report_count(report, model_multiply_adds(model));
	if (timed) {
		report_real(report, nanoseconds);
		report_count(report, (uint64_t)par_threads());
	}
}

void score_board(const struct board *board, enum report_form form)
{
	size_t columns = board->binary ? BINARY_COLUMNS : RATING_COLUMNS;
	struct report *report = report_new(board->binary ? binary_columns : rating_columns,
		columns - (board->timed ? 0 : MEASURED));
	char caption[CAPTION];
	int n;

	if (board->binary)
		warn_missing(board);
	n = snprintf(caption, sizeof caption, "%zu rows, %s%s%s", board->rows,
		board->whole ? "all there are" : "part ",
		board->whole ? "" : score_part(board->part), board->weight ? ", weighted" : "");

	if (board->binary)
		n += snprintf(caption + n, sizeof caption - (size_t)n,
			"; positive from %g, top %g %%", board->threshold, 100 * board->top);
	if (board->timed)
		snprintf(caption + n, sizeof caption - (size_t)n, "; ns_row is measured");
	for (size_t i = 0; i < board->entries; i++) {
		const struct board_entry *e = &board->entry[i];

		report_quality(report, board, e);
		report_cost(report, e->model, board->timed, e->ns_row);
	}
	report_write(report, form, caption);
	report_free(report);
}

/* ---- rankings ---- */

/* Columns whose names have a cutoff in them. */
struct headings {
	struct report_column column[HEADINGS];
	char name[HEADINGS][HEADING];
	size_t n;
};

static void add_heading(struct headings *h, unsigned group, int decimals, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

static void add_heading(struct headings *h, unsigned group, int decimals, const char *format, ...)
{
	va_list args;

	assert(h->n < HEADINGS);
	va_start(args, format);
	vsnprintf(h->name[h->n], HEADING, format, args);
	va_end(args);
	h->column[h->n] = (struct report_column){ h->name[h->n], group, decimals };
	h->n++;
}

/* Graded NDCG is that of the binary one where labels are 0 and 1. */
static bool shows(const struct trial *trial, int value)
{
	return trial->graded || value != RANK_GRADED;
}

static void make_headings(struct headings *h, const struct trial *trial, bool timed)
{
	unsigned group = 1;

	add_heading(h, 1, 0, "model");
	add_heading(h, 0, 0, "part");
	add_heading(h, 0, 0, "users");
	add_heading(h, 0, 0, "items");
	for (size_t c = 0; c < trial->cutoffs; c++, group += 2) {
		for (int v = 0; v < RANK_VALUES; v++)
			if (shows(trial, v))
				add_heading(h, group + (v >= RANK_GRADED), 4, "%s@%zu",
					rank_name((enum rank_value)v), trial->cutoff[c]);
		add_heading(h, group + 1, 4, "coverage@%zu", trial->cutoff[c]);
		add_heading(h, group + 1, 4, "gini@%zu", trial->cutoff[c]);
	}
	add_heading(h, group, 0, "parameters");
	add_heading(h, group, 0, "bytes");
	add_heading(h, group, 0, "multiply_adds");
	if (timed) {
		add_heading(h, group, 0, "ns_user");
		add_heading(h, group, 0, "threads");
	}
}

static void report_entry(
	struct report *report, const struct trial *trial, const struct trial_entry *e)
{
	report_text(report, model_name(e->model));
	report_text(report, score_part(trial->part));
	report_count(report, trial->users);
	report_count(report, trial->items);
	for (size_t c = 0; c < trial->cutoffs; c++) {
		for (int v = 0; v < RANK_VALUES; v++)
			if (shows(trial, v))
				report_real(report, e->mean[c][v]);
		report_real(report, e->spread[c].coverage);
		report_real(report, e->spread[c].gini);
	}
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

void score_trial(const struct trial *trial, enum report_form form, bool timed)
{
	struct headings *h = mem_new(1, sizeof *h);
	struct report *report;
	char caption[CAPTION];

	warn_trial(trial);
	make_headings(h, trial, timed);
	report = report_new(h->column, h->n);
	for (size_t i = 0; i < trial->entries; i++) {
		const struct trial_entry *e = &trial->entry[i];

		report_entry(report, trial, e);
		report_cost(report, e->model, timed, e->ns_user);
	}
	snprintf(caption, sizeof caption,
		"%zu users with relevant rows in part %s, all %zu items ranked%s%s", trial->users,
		score_part(trial->part), trial->items,
		trial->keep_seen ? "" : " but those seen before",
		timed ? "; ns_user is measured" : "");
	report_write(report, form, caption);
	report_free(report);
	free(h);
}
