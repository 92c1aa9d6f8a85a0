/* rs-score -- one line a model: quality, size, cost.
 *
 * Reads   model.*          every model, or those of --models, with their feature tables
 *         user item row.*  columns that the models need
 *         label            f32 (N)
 *         weight           f32 (N), if there: sample weights
 *         part             u8 (N), if there: only rows of --part count
 *         and for --task ranking all of user, item, label, part
 * Writes  text: a table, TSV, JSON lines, Markdown or LaTeX. No stream. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "board.h"
#include "die.h"
#include "opt.h"
#include "report.h"
#include "score.h"
#include "stream.h"

static const char examples[] =
	"Example:\n"
	"  rs-import --label rating r.csv | rs-split | rs-mf --as mf | rs-score\n"
	"  rs-score --models teacher,student --json <run.rts\n"
	"  rs-score --task ranking --k 10,20 --relevant 4 <run.rts";

/* The options as they are given. */
struct call {
	const char *task, *part, *models, *k, *relevant, *as, *against, *by, *per_user, *ties;
	struct report_forms forms;
	bool cost, no_cost, keep_seen, repeats;
	double threshold, top;
	long bootstrap, seed, sampled;
};

static uint8_t part_of(const struct call *c)
{
	uint8_t part;

	if (!score_part_parse(&part, c->part))
		die_usage("--part: '%s' is none of train, valid, test, 0, 1, 2", c->part);
	return part;
}

static bool is_timed(const struct call *c)
{
	if (c->cost && c->no_cost)
		die_usage("--cost, --no-cost: one of them at most");
	return c->cost || (!c->no_cost && isatty(STDOUT_FILENO));
}

/* ---- rows ---- */

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
			board->part, score_part(board->part));
	if (board->whole)
		warn("stdin: no 'part' in the stream: all %zu rows count, also those that models "
		     "were trained on; rs-split makes parts",
			board->rows);
	tensors_free(&group.columns);
	stream_free(reader.in);
}

static void score_rows(const struct call *call)
{
	enum report_form form = report_form(&call->forms);
	struct board board = { .part = part_of(call),
		.timed = is_timed(call),
		.threshold = call->threshold,
		.top = call->top };
	struct tensors tables = { 0 };

	read_rows(&board, &tables, call->models);
	board_compute(&board);
	score_board(&board, form);
	board_free(&board);
	tensors_free(&tables);
}

/* ---- rankings ---- */

static int want_ranking(const char *name, const struct frame *first, void *arg)
{
	static const char *const own[] = { "user", "item", "label", "part" };

	(void)first;
	(void)arg;
	if (!tensor_is_row(name))
		return strncmp(name, "model.", 6) == 0 || features_carrier(name) ||
				       tensor_match("vocab.user.*", name)
			       ? STREAM_KEEP
			       : STREAM_PASS;
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (strcmp(name, own[i]) == 0)
			return STREAM_KEEP;
	return STREAM_PASS;
}

static void parse_ranking(struct trial *trial, const struct call *c)
{
	const char *relevant = c->relevant;
	char *end;

	trial->part = part_of(c);
	trial->keep_seen = c->keep_seen;
	trial->cutoffs = opt_list("k", c->k, 1, 10000, trial->cutoff, TRIAL_CUTOFFS);
	if (!trial->cutoffs)
		die_usage("--k: '%s' is not a list like 5,10", c->k);
	for (size_t i = 1; i < trial->cutoffs; i++)
		if (trial->cutoff[i] <= trial->cutoff[i - 1])
			die_usage("--k: the cutoffs of '%s' do not ascend", c->k);
	trial->relevant = relevant ? strtod(relevant, &end) : NAN;
	if (relevant && (end == relevant || *end || !isfinite((float)trial->relevant)))
		die_usage("--relevant: '%s' is not a number", relevant);
	if (!rank_as_parse(&trial->as, c->as))
		die_usage("--as: '%s' is none of own, recbole, trec_eval, ranx, lenskit", c->as);
	if (!place_ties_parse(&trial->ties, c->ties))
		die_usage("--ties: '%s' is none of id, optimistic, pessimistic, mean", c->ties);
	trial->negatives = (size_t)c->sampled, trial->repeats = c->repeats;
	if (trial->negatives && trial->ties == PLACE_MEAN)
		die_usage("--sampled, --ties mean: not together");
	if (trial->repeats && !trial->negatives)
		die_usage("--repeats: only with --sampled");
}

static void score_ranking(const struct call *call)
{
	struct score_how how = { report_form(&call->forms), is_timed(call), (size_t)call->bootstrap,
		(uint64_t)call->seed, call->against, call->by, call->per_user };
	struct tensors set = { 0 };
	struct trial trial = { 0 };
	struct stream *in;

	parse_ranking(&trial, call);
	in = stream_in(NULL);
	stream_load(in, NULL, want_ranking, NULL, &set);
	stream_free(in);
	trial_run(&trial, &set, call->models);
	score_trial(&trial, &set, &how);
	trial_free(&trial);
	tensors_free(&set);
}

int main(int argc, char **argv)
{
	struct call c = { .task = "rows",
		.part = "test",
		.k = "5,10,20",
		.as = "own",
		.ties = "id",
		.threshold = 0.5,
		.top = 0.1,
		.seed = 1 };
	const struct opt opts[] = {
		OPT_TEXT(0, "task", &c.task, "TASK", "rows: predicted labels; ranking: best items"),
		OPT_TEXT('p', "part", &c.part, "PART",
			"rows that count: train, valid, test or 0, 1, 2"),
		OPT_TEXT('m', "models", &c.models, "NAME,...", "only these models, in this order"),
		OPT_REAL(0, "threshold", &c.threshold, 0, 1,
			"probability from which on a row is called positive"),
		OPT_REAL(0, "top", &c.top, 1e-9, 1, "share of the rows that is top-scored"),
		OPT_TEXT('k', "k", &c.k, "N,...", "cutoffs of ranked lists"),
		OPT_TEXT(0, "relevant", &c.relevant, "X",
			"label from which on an item is relevant; default: above 0"),
		OPT_FLAG(0, "keep-seen", &c.keep_seen, "rank what the user had before, too"),
		OPT_TEXT(
			0, "as", &c.as, "TOOL", "definitions of recbole, trec_eval, ranx, lenskit"),
		OPT_TEXT(0, "ties", &c.ties, "RULE",
			"order of equal scores: id, optimistic, pessimistic, mean of all"),
		OPT_INT(0, "sampled", &c.sampled, 0, 1e9,
			"expect what N sampled negatives would give; 0: full ranking"),
		OPT_FLAG(0, "repeats", &c.repeats, "they are drawn with replacement"),
		OPT_INT(0, "bootstrap", &c.bootstrap, 0, 100000,
			"intervals and tests from N samples of the users; 0: none"),
		OPT_TEXT(0, "against", &c.against, "NAME", "test against NAME; default: the first"),
		OPT_TEXT(0, "by", &c.by, "user.cat.X", "a line for the users of each value, too"),
		OPT_FILE(0, "per-user", &c.per_user, "write the values of every user to FILE"),
		OPT_SEED(&c.seed),
		OPT_REPORT(&c.forms),
		OPT_FLAG(0, "cost", &c.cost, "measure nanoseconds (the default on a terminal)"),
		OPT_FLAG(0, "no-cost", &c.no_cost, "do not measure: the same bytes every time"),
		OPT_QUIET,
		OPT_END,
	};

	opt_parse(
		argc, argv, "score the models of a stream, one line a model", NULL, examples, opts);
	if (strcmp(c.task, "ranking") != 0 &&
		(c.bootstrap || c.against || c.by || c.per_user || c.sampled || c.repeats ||
			strcmp(c.ties, "id") != 0))
		die_usage("--bootstrap, --against, --by, --per-user, --ties, --sampled, --repeats: "
			  "only with --task ranking");
	if (strcmp(c.task, "rows") == 0)
		score_rows(&c);
	else if (strcmp(c.task, "ranking") == 0)
		score_ranking(&c);
	else
		die_usage("--task: '%s' is neither rows nor ranking", c.task);
	return 0;
}
