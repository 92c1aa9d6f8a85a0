#include "verdict.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corrected.h"
#include "die.h"
#include "mem.h"
#include "par.h"

static double median_ns(const struct board_entry *e)
{
	struct board_timing sorted[BOARD_TIMED];
	size_t total = 0, below = 0, i = 0;

	for (; i < e->timed; i++) {
		size_t at = i;

		for (; at > 0 && sorted[at - 1].ns > e->timing[i].ns; at--)
			sorted[at] = sorted[at - 1];
		sorted[at] = e->timing[i];
		total += e->timing[i].rows;
	}
	if (!total)
		return NAN;
	for (i = 0; 2 * (below + sorted[i].rows) < total; i++)
		below += sorted[i].rows;
	return sorted[i].ns;
}

static bool same_value(const struct board_entry *a, const struct board_entry *b, const char *key)
{
	const char *x = model_spec(a->model, key), *y = model_spec(b->model, key);

	return x && y ? strcmp(x, y) == 0 : x == y;
}

static const struct board_entry *find_alone(const struct board *board,
	const struct board_entry *student, const struct board_entry *teacher)
{
	for (size_t i = 0; i < board->entries; i++) {
		const struct board_entry *e = &board->entry[i];

		if (e != teacher && !model_spec(e->model, "teacher") &&
			same_value(e, student, "arch") && same_value(e, student, "features") &&
			same_value(e, student, "dim") && same_value(e, student, "hidden"))
			return e;
	}
	return NULL;
}

static double recovered(const struct board *board, const struct board_entry *student)
{
	const char *name = model_spec(student->model, "teacher");
	const struct board_entry *teacher = NULL, *alone;

	for (size_t i = 0; name && i < board->entries; i++)
		if (strcmp(name, model_name(board->entry[i].model)) == 0)
			teacher = &board->entry[i];
	alone = teacher ? find_alone(board, student, teacher) : NULL;
	if (!alone)
		return NAN;
	if (board->binary)
		return metrics_recovered(
			student->binary.auc, alone->binary.auc, teacher->binary.auc, false);
	return metrics_recovered(
		student->rating.rmse, alone->rating.rmse, teacher->rating.rmse, true);
}

/* Of the rows whose label is 1, or all of them, whether there was a click and a conversion. */
static void compute_conversion(
	struct metrics_binary *m, const struct board *board, size_t i, bool all)
{
	struct metrics_rows rows = board_view(board, i, false);
	struct metrics_how how = { board_scale(board, i), board->threshold, board->top };
	const float *conversion = (const float *)board->kept[BOARD_CONVERSION];
	float *score = mem_new(3 * rows.n, sizeof *score), *label = score + rows.n;
	float *weight = label + rows.n;
	size_t n = 0;

	for (size_t r = 0; r < rows.n; r++) {
		if (!all && !(rows.label[r] > 0))
			continue;
		score[n] = rows.score[r];
		label[n] = rows.label[r] > 0 ? conversion[r] : 0;
		weight[n++] = rows.weight ? rows.weight[r] : 1;
	}
	metrics_binary(m, &(struct metrics_rows){ score, label, weight, n }, &how);
	free(score);
}

static void compute_uplift(struct uplift *u, const struct board *board, size_t i)
{
	struct metrics_rows rows = board_view(board, i, false);
	const uint32_t *arm = board->kept[BOARD_TREATMENT];
	float *score = mem_new(3 * rows.n, sizeof *score), *outcome = score + rows.n;
	float *weight = outcome + rows.n;
	uint8_t *treated = mem_new(rows.n, 1);
	size_t n = 0;

	for (size_t r = 0; r < rows.n; r++) {
		bool words = board->dtype[BOARD_TREATMENT] == U32;
		bool is = words ? arm[r] == board->arm[1] : ((const float *)arm)[r] != 0;

		if (words && !is && board->control && arm[r] != board->arm[0])
			continue;
		score[n] = rows.score[r];
		outcome[n] = rows.label[r];
		weight[n] = rows.weight ? rows.weight[r] : 1;
		treated[n++] = is;
	}
	uplift_measure(u, &(struct uplift_rows){ score, outcome, weight, treated, n }, board->top);
	free(treated);
	free(score);
}

static void compute_entry(struct board *board, size_t i, const struct group *users)
{
	struct board_entry *e = &board->entry[i];
	struct metrics_rows rows = board_view(board, i, false);
	struct metrics_rows tuning = board_view(board, i, true);
	struct metrics_how how = { board_scale(board, i), board->threshold, board->top };

	e->ns_row = median_ns(e);
	if (board->extra[BOARD_TREATMENT]) {
		compute_uplift(&e->uplift, board, i);
		return;
	}
	if (board->sampled) {
		samples_measure(&e->samples, &rows, users, board->relevant, board->items,
			board->cutoff, board->cutoffs, board->gamma);
		return;
	}
	if (!board->binary) {
		metrics_rating(&e->rating, &rows);
		return;
	}
	if (board->choose && !board->cut)
		e->threshold = curve_threshold(&tuning, how.scale, board->goal);
	how.threshold = board->choose ? e->threshold : board->threshold;
	e->threshold = how.threshold;
	metrics_binary(&e->binary, &rows, &how);
	if (users)
		within_measure(&e->within, &rows, users, board->cutoff, board->cutoffs);
	if (board->clicks)
		compute_conversion(&e->conversion, board, i, false);
	if (board->extra[BOARD_CONVERSION])
		compute_conversion(&e->both, board, i, true);
}

static void check_labels(struct board *board)
{
	size_t all = board->rows + board->tunings, rating = metrics_not_binary(board->label, all);

	board->binary = rating == all;
	if (board->weight && !(par_sum(board->weight, board->rows) > 0))
		die("stdin: the weights of all %zu rows are 0", board->rows);
	for (size_t i = 0; i < board->entries && !board->binary; i++)
		if (model_is_binary(board->entry[i].model))
			die("stdin: model '%s' predicts labels 0 and 1, but there is a label %g; "
			    "make 0 and 1 of ratings by rs-prep --positive, or choose other "
			    "--models",
				model_name(board->entry[i].model), (double)board->label[rating]);
	if (!board->binary && (board->choose || board->by_user || board->extra[BOARD_CONVERSION]))
		die("stdin: there is a label %g; thresholds, conversions and values within users "
		    "are "
		    "of labels 0 and 1, which rs-prep --positive makes of ratings",
			(double)board->label[rating]);
}

static void check_conversions(struct board *board)
{
	const float *conversion = (const float *)board->kept[BOARD_CONVERSION];
	size_t bad = metrics_not_binary(conversion, board->rows), alone = 0;

	if (bad < board->rows)
		die("stdin: there is a conversion %g in '%s'; expected 0 and 1",
			(double)conversion[bad], board->extra[BOARD_CONVERSION]);
	for (size_t r = 0; r < board->rows; r++) {
		board->clicks += board->label[r] > 0;
		alone += conversion[r] > 0 && !(board->label[r] > 0);
	}
	if (alone)
		warn("stdin: %zu rows of '%s' are conversions without a click and do not count",
			alone, board->extra[BOARD_CONVERSION]);
}

/* Ids are contiguous, so a wild one is told by the number of rows and users, and asks for no
 * memory. */
static void group_users(struct group *users, const struct board *board)
{
	size_t ids = group_ids(board->kept[BOARD_USER], board->rows);

	if (ids > board->all && ids > board->users)
		die("stdin: user %zu, of %zu rows; expected ids without gaps", ids - 1, board->all);
	group_new(users, board->kept[BOARD_USER], board->rows, ids);
}

static void check_samples(const struct board *board, const struct group *users)
{
	struct metrics_rows rows = board_view(board, 0, false);
	const char *fault = samples_fault(&rows, users, board->relevant);

	if (fault)
		die("stdin: %s", fault);
	if (board->items < 2 || board->items > CORRECTED_ITEMS)
		die("stdin: %zu items; expected 2 .. %d of the full ranking, see --of",
			board->items, CORRECTED_ITEMS);
}

static size_t find_against(const struct board *board)
{
	size_t i = 0;

	while (board->against && i < board->entries &&
		strcmp(model_name(board->entry[i].model), board->against) != 0)
		i++;
	if (i == board->entries)
		die("--against: no model '%s' is scored; there is '%s'%s", board->against,
			model_name(board->entry[0].model), board->entries > 1 ? " and others" : "");
	return i;
}

static void compute_sure(struct board *board, const struct group *users)
{
	size_t against = find_against(board), n = board->entries;
	struct resampled *made = mem_new(n, sizeof *made);
	struct resample_how how = { { board->replicates, board->seed }, board->binary,
		METRICS_UNIT };
	double(*value)[RESAMPLE_VALUES] = mem_new(n, sizeof *value);

	for (size_t i = 0; i < n; i++) {
		const struct board_entry *e = &board->entry[i];
		struct metrics_rows rows = board_view(board, i, false);

		how.scale = board_scale(board, i);
		resample_draw(&made[i], &rows, users, &how);
		value[i][0] = board->binary ? e->binary.auc : e->rating.rmse;
		value[i][1] = board->binary ? e->binary.logloss : e->rating.mae;
		value[i][2] = e->binary.brier;
	}
	for (size_t i = 0; i < n; i++)
		resample_compare(board->entry[i].sure, &made[i], value[i],
			i == against ? NULL : &made[against], value[against], &how);
	for (size_t i = 0; i < n; i++)
		resample_free(&made[i]);
	free(made);
	free(value);
}

void verdict_compute(struct board *board)
{
	struct group users;

	check_labels(board);
	if (board->extra[BOARD_CONVERSION])
		check_conversions(board);
	if (board->by_user || board->sampled || board->replicates)
		group_users(&users, board);
	if (board->sampled)
		check_samples(board, &users);
	for (size_t i = 0; i < board->entries; i++)
		compute_entry(board, i, board->by_user || board->sampled ? &users : NULL);
	for (size_t i = 0; i < board->entries; i++)
		board->entry[i].recovered = recovered(board, &board->entry[i]);
	if (board->replicates)
		compute_sure(board, &users);
	if (board->by_user || board->sampled || board->replicates)
		group_free(&users);
}
