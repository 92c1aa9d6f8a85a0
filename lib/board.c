#include "board.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "die.h"
#include "mem.h"
#include "par.h"

void board_open(struct board *board, const struct tensors *tables, const char *only)
{
	const char **names;

	board->entries = model_choose(tables, only, &names);
	board->entry = mem_new(board->entries, sizeof *board->entry);
	for (size_t i = 0; i < board->entries; i++)
		board->entry[i].model = model_open(tables, names[i]);
	free(names);
}

bool board_needs(const struct board *board, const char *column)
{
	for (size_t i = 0; i < board->entries; i++)
		if (model_needs(board->entry[i].model, column))
			return true;
	return false;
}

/* Which rows are in the part: their numbers in `row`; returns how many. */
static size_t rows_of_part(
	struct board *board, const struct tensors *columns, size_t count, size_t *row)
{
	const uint8_t *part = NULL;
	size_t n = 0;

	board->whole = !tensors_find(columns, "part");
	if (!board->whole)
		part = tensors_need(columns, "part", U8, 1)->data;
	for (size_t r = 0; r < count; r++)
		if (!part || part[r] == board->part)
			row[n++] = r;
	return n;
}

/* Moves the n rows to the front of every column. */
static void gather(struct tensors *columns, const size_t *row, size_t n)
{
	for (size_t c = 0; c < columns->n; c++) {
		size_t bytes = (size_t)tensor_row_bytes(columns->at[c]);
		char *data = columns->at[c]->data;

		for (size_t r = 0; r < n; r++)
			if (row[r] != r)
				memcpy(data + r * bytes, data + row[r] * bytes, bytes);
	}
}

static void make_room(struct board *board, size_t n, bool weighted)
{
	if (board->rows + n > UINT32_MAX)
		die("stdin: more than %u rows to score", UINT32_MAX);
	if (board->rows + n <= board->room)
		return;
	board->room = board->room + board->room / 2 + n;
	board->label = mem_grow(board->label, board->room, sizeof *board->label);
	if (weighted)
		board->weight = mem_grow(board->weight, board->room, sizeof *board->weight);
	for (size_t i = 0; i < board->entries; i++)
		board->entry[i].score =
			mem_grow(board->entry[i].score, board->room, sizeof *board->label);
}

static void take_labels(struct board *board, const struct tensors *columns, uint64_t start,
	const size_t *row, size_t n)
{
	const float *label = tensors_need(columns, "label", F32, 1)->data, *weight = NULL;
	size_t bad = metrics_not_finite(label, n);

	if (bad < n)
		die("stdin: label of row %llu is %g; expected a finite number",
			(unsigned long long)(start + row[bad]), (double)label[bad]);
	if (tensors_find(columns, "weight"))
		weight = tensors_need(columns, "weight", F32, 1)->data;
	for (size_t r = 0; weight && r < n; r++)
		if (!(weight[r] >= 0 && isfinite(weight[r])))
			die("stdin: weight of row %llu is %g; expected a finite number from 0 on",
				(unsigned long long)(start + row[r]), (double)weight[r]);
	make_room(board, n, weight != NULL);
	memcpy(board->label + board->rows, label, n * sizeof *label);
	if (weight)
		memcpy(board->weight + board->rows, weight, n * sizeof *weight);
}

static double nanoseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

static void time_model(struct board_entry *e, const struct tensors *columns, size_t n, float *score)
{
	for (int i = 0; i < BOARD_REPEATS && e->timed < BOARD_TIMED; i++) {
		double start = nanoseconds();

		model_predict(e->model, columns, n, score);
		e->timing[e->timed].ns = (nanoseconds() - start) / (double)n;
		e->timing[e->timed++].rows = n;
	}
}

void board_rows(struct board *board, struct tensors *columns, uint64_t start, size_t count)
{
	size_t *row = mem_new(count, sizeof *row), n = rows_of_part(board, columns, count, row);

	gather(columns, row, n);
	if (n)
		take_labels(board, columns, start, row, n);
	for (size_t i = 0; i < board->entries && n; i++) {
		struct board_entry *e = &board->entry[i];
		float *score = e->score + board->rows;
		size_t bad;

		model_predict(e->model, columns, n, score);
		if (board->timed)
			time_model(e, columns, n, score);
		bad = metrics_not_finite(score, n);
		if (bad < n)
			die("stdin: model '%s': score of row %llu is %g; expected a finite number",
				model_name(e->model), (unsigned long long)(start + row[bad]),
				(double)score[bad]);
	}
	board->rows += n;
	free(row);
}

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

static void compute_entry(const struct board *board, struct board_entry *e)
{
	struct metrics_rows rows = { e->score, board->label, board->weight, board->rows };
	struct metrics_how how = { METRICS_UNIT, board->threshold, board->top };

	e->ns_row = median_ns(e);
	if (model_is_binary(e->model))
		how.scale = METRICS_LOGIT;
	if (board->binary)
		metrics_binary(&e->binary, &rows, &how);
	else
		metrics_rating(&e->rating, &rows);
}

void board_compute(struct board *board)
{
	size_t rating = metrics_not_binary(board->label, board->rows);

	board->binary = rating == board->rows;
	if (board->weight && !(par_sum(board->weight, board->rows) > 0))
		die("stdin: the weights of all %zu rows are 0", board->rows);
	for (size_t i = 0; i < board->entries; i++) {
		struct board_entry *e = &board->entry[i];

		if (!board->binary && model_is_binary(e->model))
			die("stdin: model '%s' predicts labels 0 and 1, but there is a label %g; "
			    "make "
			    "0 and 1 of ratings by rs-prep --positive, or choose other --models",
				model_name(e->model), (double)board->label[rating]);
		compute_entry(board, e);
	}
	for (size_t i = 0; i < board->entries; i++)
		board->entry[i].recovered = recovered(board, &board->entry[i]);
}

void board_free(struct board *board)
{
	for (size_t i = 0; i < board->entries; i++) {
		model_free(board->entry[i].model);
		free(board->entry[i].score);
	}
	free(board->entry);
	free(board->label);
	free(board->weight);
}
