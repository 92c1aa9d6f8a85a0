/* rs-score -- one line a model: quality, size, cost.
 *
 * Reads   model.*          every model, or those of --models, with their feature tables
 *         user item row.*  columns that the models need
 *         label            f32 (N)
 *         weight           f32 (N), if there: sample weights
 *         part             u8 (N), if there: only rows of --part count
 *         and for --task ranking all of user, item, label, part; for distillation all of these
 * Writes  text: a table, TSV, JSON lines, Markdown or LaTeX. No stream. */
#include <stdlib.h>
#include <string.h>

#include "asked.h"
#include "choice.h"
#include "intake.h"
#include "pedigree.h"
#include "stream_rows.h"
#include "verdict.h"

static const char examples[] =
	"Example:\n"
	"  rs-import --label rating r.csv | rs-split | rs-mf --as mf | rs-score\n"
	"  rs-score --models teacher,student --json <run.rts\n"
	"  rs-score --task ranking --k 10,20 --relevant 4 <run.rts";

static void score_rows(const struct asked *asked, enum asked_task task)
{
	enum report_form form = report_form(&asked->forms);
	struct board board = { .part = 0 };
	struct tensors tables = { 0 };
	enum score_curve curve;
	bool curves = asked_curve(&curve, asked);

	asked_board(&board, asked);
	intake_read(&board, &tables, asked->models);
	verdict_compute(&board);
	if (curves)
		score_curve(&board, curve, form);
	else if (task == ASKED_UPLIFT)
		score_uplift(&board, form);
	else if (task == ASKED_SAMPLED)
		score_samples(&board, form);
	else
		score_board(&board, &tables, form);
	board_free(&board);
	tensors_free(&tables);
}

static int want_ranking(const char *name, const struct frame *first, void *arg)
{
	static const char *const own[] = { "user", "item", "label", "part" };

	const struct asked *asked = arg;

	(void)first;
	if (!tensor_is_row(name))
		return strncmp(name, "model.", 6) == 0 || feature_carrier(name) ||
				       choice_carrier(name) || tensor_match("vocab.user.*", name) ||
				       (asked->by && slices_carrier(asked->by, name))
			       ? STREAM_KEEP
			       : STREAM_PASS;
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (strcmp(name, own[i]) == 0)
			return STREAM_KEEP;
	return STREAM_PASS;
}

static void score_ranking(struct asked *asked)
{
	struct contest_how how;
	struct tensors set = { 0 };
	struct trial trial = { 0 };
	uint8_t *candidate;
	struct slices slices = { 0 };
	struct rank_traits traits;
	struct ranking_rows rows;
	uint64_t *made = NULL, *count;
	struct stream *in;

	asked_how(&how, asked);
	asked_trial(&trial, asked);
	in = stream_in(NULL);
	stream_load(in, NULL, want_ranking, asked, &set);
	stream_free(in);
	if (asked->by || asked->diversity)
		ranking_open(&rows, &set);
	if (asked->by) {
		slices_parse(&slices.of_items, asked->by);
		count = slices_count(&rows, slices.of_items);
		slices_open(&slices, &set, asked->by, slices.of_items ? rows.items : rows.users,
			count, (size_t)asked->groups);
		free(count);
		how.slices = &slices;
		trial.slice = slices.of_items ? slices.of : NULL;
		trial.slices = slices.of_items ? slices.n : 0;
	}
	if (asked->diversity) {
		slices_traits(&traits, &made, &set, asked->diversity, rows.items);
		trial.traits = &traits;
	}
	candidate = choice_items(&set, "--items-where", asked->where.at, asked->where.n);
	trial.candidate = candidate;
	trial_run(&trial, &set, asked->models);
	contest_report(&trial, &set, &how);
	trial_free(&trial);
	free(candidate);
	slices_free(&slices);
	free(made);
	tensors_free(&set);
}

static int want_all(const char *name, const struct frame *first, void *arg)
{
	(void)first;
	(void)arg;
	return strncmp(name, "model.", 6) == 0 || feature_carrier(name) ||
			       strcmp(name, "label") == 0 || strcmp(name, "weight") == 0 ||
			       strcmp(name, "part") == 0
		       ? STREAM_KEEP
		       : STREAM_PASS;
}

static void score_distillation(const struct asked *asked)
{
	enum report_form form = report_form(&asked->forms);
	struct tensors set = { 0 };
	struct heirs heirs = { 0 };
	struct stream *in;

	asked_heirs(&heirs, asked);
	in = stream_in(NULL);
	stream_load(in, NULL, want_all, NULL, &set);
	stream_free(in);
	heirs_run(&heirs, &set, asked->models);
	pedigree_report(&heirs, asked->teacher, form);
	heirs_free(&heirs);
	tensors_free(&set);
}

int main(int argc, char **argv)
{
	struct asked asked = ASKED_DEFAULTS;
	const struct opt opts[] = { ASKED_OPTIONS(&asked), OPT_END };
	enum asked_task task;

	opt_parse(
		argc, argv, "score the models of a stream, one line a model", NULL, examples, opts);
	task = asked_task(&asked);
	if (task == ASKED_RANKING)
		score_ranking(&asked);
	else if (task == ASKED_DISTILLATION)
		score_distillation(&asked);
	else
		score_rows(&asked, task);
	return 0;
}
