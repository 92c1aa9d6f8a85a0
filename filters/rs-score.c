/* rs-score -- one line a model: quality, size, cost.
 *
 * Reads   model.*          every model, or those of --models, with their feature tables
 *         user item row.*  columns that the models need
 *         label            f32 (N)
 *         weight           f32 (N), if there: sample weights
 *         part             u8 (N), if there: only rows of --part count
 * Writes  text: a table, TSV or JSON lines. No stream. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "board.h"
#include "die.h"
#include "opt.h"
#include "par.h"
#include "report.h"
#include "stream.h"

enum { PARTS = 3, CAPTION = 512, MEASURED = 2 };
static const char *const part_names[PARTS] = { "train", "valid", "test" };
static const char examples[] =
	"Example:\n"
	"  rs-import --label rating r.csv | rs-split | rs-mf --as mf | rs-score\n"
	"  rs-score --models teacher,student --json <run.rts";

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

static uint8_t part_number(const char *text)
{
	for (uint8_t p = 0; p < PARTS; p++)
		if (strcmp(text, part_names[p]) == 0 || (text[0] == '0' + p && !text[1]))
			return p;
	die_usage("--part: '%s' is none of train, valid, test, 0, 1, 2", text);
}

static enum report_form report_form(bool table, bool tsv, bool json)
{
	if (table + tsv + json > 1)
		die_usage("--table, --tsv, --json: one of them at most");
	if (table || (!tsv && !json && isatty(STDOUT_FILENO)))
		return REPORT_TABLE;
	return json ? REPORT_JSON : REPORT_TSV;
}

struct reader {
	struct stream *in;
	struct board *board;
	struct tensors *tables;
	const char *only;
};

/* When the first column of the rows comes, all models and tables are there. */
static int want(const char *name, const struct frame *first, void *arg)
{
	static const char *const own[] = { "label", "weight", "part" };
	struct reader *r = arg;

	(void)first;
	if (!tensor_is_row(name))
		return strncmp(name, "model.", 6) == 0 || features_carrier(name) ? STREAM_KEEP
										 : STREAM_PASS;
	if (!r->board->entries) {
		stream_settle(r->in);
		board_open(r->board, r->tables, r->only);
	}
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (strcmp(name, own[i]) == 0)
			return STREAM_KEEP;
	return board_needs(r->board, name) ? STREAM_KEEP : STREAM_PASS;
}

static void read_rows(struct board *board, struct tensors *tables, const char *only)
{
	struct reader reader = { stream_in(NULL), board, tables, only };
	struct stream_rows group = { 0 };

	while (stream_rows(reader.in, NULL, want, &reader, tables, &group))
		board_rows(board, &group.columns, group.start, group.count);
	if (!board->entries)
		board_open(board, tables, only);
	if (!board->rows)
		die("stdin: no row is in part %d (%s); rs-split makes parts, --part chooses one",
			board->part, part_names[board->part]);
	if (board->whole)
		warn("stdin: no 'part' in the stream: all %zu rows count, also those that models "
		     "were trained on; rs-split makes parts",
			board->rows);
	tensors_free(&group.columns);
	stream_free(reader.in);
}

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
	report_text(report, board->whole ? "all" : part_names[board->part]);
	report_count(report, board->rows);
	for (size_t i = 0; board->binary && i < sizeof quality / sizeof *quality; i++)
		report_real(report, quality[i]);
	if (!board->binary) {
		report_real(report, e->rating.rmse);
		report_real(report, e->rating.mae);
		report_real(report, e->recovered);
	}
}

static void report_board(const struct board *board, enum report_form form)
{
	size_t columns = board->binary ? BINARY_COLUMNS : RATING_COLUMNS;
	struct report *report = report_new(board->binary ? binary_columns : rating_columns,
		columns - (board->timed ? 0 : MEASURED));
	char caption[CAPTION];
	int n = snprintf(caption, sizeof caption, "%zu rows, %s%s%s", board->rows,
		board->whole ? "all there are" : "part ",
		board->whole ? "" : part_names[board->part], board->weight ? ", weighted" : "");

	if (board->binary)
		n += snprintf(caption + n, sizeof caption - (size_t)n,
			"; positive from %g, top %g %%", board->threshold, 100 * board->top);
	if (board->timed)
		snprintf(caption + n, sizeof caption - (size_t)n, "; ns_row is measured");
	for (size_t i = 0; i < board->entries; i++) {
		const struct board_entry *e = &board->entry[i];

		report_quality(report, board, e);
		report_count(report, model_parameters(e->model));
		report_count(report, model_bytes(e->model));
		report_count(report, model_multiply_adds(e->model));
		if (board->timed) {
			report_real(report, e->ns_row);
			report_count(report, (uint64_t)par_threads());
		}
	}
	report_write(report, form, caption);
	report_free(report);
}

int main(int argc, char **argv)
{
	const char *part = "test", *models = NULL;
	bool table = false, tsv = false, json = false, cost = false, no_cost = false;
	struct board board = { .threshold = 0.5, .top = 0.1 };
	const struct opt opts[] = {
		OPT_TEXT('p', "part", &part, "PART",
			"rows that count: train, valid, test or 0, 1, 2"),
		OPT_TEXT('m', "models", &models, "NAME,...", "only these models, in this order"),
		OPT_REAL(0, "threshold", &board.threshold, 0, 1,
			"probability from which on a row is called positive"),
		OPT_REAL(0, "top", &board.top, 1e-9, 1, "share of the rows that is top-scored"),
		OPT_FLAG(0, "table", &table, "aligned text (the default on a terminal)"),
		OPT_FLAG(0, "tsv", &tsv, "tab-separated values (the default elsewhere)"),
		OPT_FLAG(0, "json", &json, "one JSON object a line"),
		OPT_FLAG(0, "cost", &cost, "measure nanoseconds a row (the default on a terminal)"),
		OPT_FLAG(0, "no-cost", &no_cost, "do not measure: the same bytes every time"),
		OPT_QUIET,
		OPT_END,
	};
	struct tensors tables = { 0 };
	enum report_form form;

	opt_parse(
		argc, argv, "score the models of a stream, one line a model", NULL, examples, opts);
	form = report_form(table, tsv, json);
	if (cost && no_cost)
		die_usage("--cost, --no-cost: one of them at most");
	board.part = part_number(part);
	board.timed = cost || (!no_cost && isatty(STDOUT_FILENO));
	read_rows(&board, &tables, models);
	board_compute(&board);
	if (board.binary)
		warn_missing(&board);
	report_board(&board, form);
	board_free(&board);
	tensors_free(&tables);
	return 0;
}
