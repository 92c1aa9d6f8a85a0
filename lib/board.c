#include "board.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "die.h"
#include "mem.h"
#include "members.h"
#include "slices.h"

enum { TUNING = 1 }; /* the part that settings are chosen on */

/* The id of a word of a column; dies when there is none. */
static uint32_t id_of(const struct tensors *tables, const char *column, const char *word)
{
	const char *at;
	size_t n;

	for (uint32_t id = 0; (at = tensors_word(tables, column, id, &n)) != NULL; id++)
		if (n == strlen(word) && memcmp(at, word, n) == 0)
			return id;
	die("stdin: '%s' has no value '%s'", column, word);
}

static void open_arms(struct board *board, const struct tensors *tables)
{
	const char *column = board->extra[BOARD_TREATMENT];

	if (board->treated)
		board->arm[1] = id_of(tables, column, board->treated);
	if (board->control)
		board->arm[0] = id_of(tables, column, board->control);
	for (size_t i = 0; i < board->entries && board->treated && !board->control; i++)
		if (model_needs(board->entry[i].model, column))
			die("--control: model '%s' knows '%s', so which of its values is no "
			    "treatment?",
				model_name(board->entry[i].model), column);
}

void board_open(struct board *board, const struct tensors *tables, const char *only)
{
	const char **names;

	board->tables = tables;
	board->entries = model_choose(tables, only, &names);
	board->entry = mem_new(board->entries, sizeof *board->entry);
	for (size_t i = 0; i < board->entries; i++)
		board->entry[i].model = model_open(tables, names[i]);
	if (board->extra[BOARD_TREATMENT])
		open_arms(board, tables);
	board->users = members_count(tables, "user", 0);
	if (board->sampled && !board->items)
		board->items = members_count(tables, "item", 0);
	free(names);
}

bool board_needs(const struct board *board, const char *column)
{
	static const char *const own[] = { "label", "weight", "part" };

	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (strcmp(column, own[i]) == 0)
			return true;
	for (int x = 0; x < BOARD_EXTRAS; x++)
		if (board->extra[x] && strcmp(column, board->extra[x]) == 0)
			return true;
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
		if (!part || part[r] == board->part || (board->choose && part[r] == TUNING))
			row[n++] = r;
	return n;
}

/* Which of the rows are there for thresholds only; call it before gather. */
static void take_parts(
	struct board *board, const struct tensors *columns, const size_t *row, size_t n)
{
	const struct tensor *part = tensors_find(columns, "part");

	for (size_t r = 0; board->choose && r < n; r++)
		board->tuning[board->rows + r] =
			part && ((const uint8_t *)part->data)[row[r]] != board->part;
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
		columns->at[c]->shape[0] = n;
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
	for (int x = 0; x < BOARD_EXTRAS; x++)
		if (board->extra[x])
			board->kept[x] = mem_grow(board->kept[x], board->room, sizeof(uint32_t));
	if (board->choose)
		board->tuning = mem_grow(board->tuning, board->room, 1);
	for (size_t i = 0; i < board->entries; i++)
		board->entry[i].score =
			mem_grow(board->entry[i].score, board->room, sizeof *board->label);
}

static void take_extras(struct board *board, const struct tensors *columns, size_t n)
{
	for (int x = 0; x < BOARD_EXTRAS; x++) {
		const char *name = board->extra[x];
		const struct tensor *t = name ? tensors_find(columns, name) : NULL;

		if (!name)
			continue;
		board->dtype[x] = t && t->dtype == F32 ? F32 : U32;
		t = tensors_need(columns, name, board->dtype[x], 1);
		memcpy(board->kept[x] + board->rows, t->data, n * sizeof(uint32_t));
	}
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
	take_extras(board, columns, n);
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

static void set_arm(const struct board *board, struct tensor *column, size_t n, int arm)
{
	for (size_t r = 0; r < n; r++)
		if (column->dtype == F32)
			((float *)column->data)[r] = (float)arm;
		else
			((uint32_t *)column->data)[r] = board->arm[arm];
}

/* What the model says would change if the rows were treated. The column is spoilt. */
static void predict_uplift(
	const struct board *board, size_t entry, struct tensors *columns, size_t n, float *score)
{
	struct tensor *column = tensors_find(columns, board->extra[BOARD_TREATMENT]);
	struct model *model = board->entry[entry].model;
	float *other = mem_new(n, sizeof *other);

	set_arm(board, column, n, 1);
	model_predict(model, columns, n, score);
	set_arm(board, column, n, 0);
	model_predict(model, columns, n, other);
	for (size_t r = 0; r < n; r++)
		if (model_is_binary(model))
			score[r] = (float)(metrics_probability((double)score[r], METRICS_LOGIT) -
					   metrics_probability((double)other[r], METRICS_LOGIT));
		else
			score[r] -= other[r];
	free(other);
}

/* Rows of train of the users or items that rows are told apart by. */
static void count_train(struct board *board, const struct tensors *columns, size_t count)
{
	bool of_items = board->extra[BOARD_ITEM] != NULL;
	const uint32_t *id = tensors_need(columns, of_items ? "item" : "user", U32, 1)->data;
	const struct tensor *part = tensors_find(columns, "part");
	size_t ids = group_ids(id, count);

	if (ids > board->counts) {
		if (ids > board->all + count && ids > board->users)
			die("stdin: id %zu of %s; expected ids without gaps", ids - 1,
				of_items ? "item" : "user");
		board->count = mem_grow(board->count, ids, sizeof *board->count);
		memset(board->count + board->counts, 0,
			(ids - board->counts) * sizeof *board->count);
		board->counts = ids;
	}
	for (size_t r = 0; r < count; r++)
		board->count[id[r]] += !part || ((const uint8_t *)part->data)[r] == 0;
}

void board_rows(struct board *board, struct tensors *columns, uint64_t start, size_t count)
{
	size_t *row = mem_new(count, sizeof *row), n = rows_of_part(board, columns, count, row);

	if (board->by && slices_counted(board->by))
		count_train(board, columns, count);
	make_room(board, n, tensors_find(columns, "weight") != NULL);
	take_parts(board, columns, row, n);
	gather(columns, row, n);
	members_lists(columns, board->tables, start, row, n);
	if (n)
		take_labels(board, columns, start, row, n);
	for (size_t i = 0; i < board->entries && n; i++) {
		struct board_entry *e = &board->entry[i];
		float *score = e->score + board->rows;
		size_t bad;

		if (board->extra[BOARD_TREATMENT] &&
			model_needs(e->model, board->extra[BOARD_TREATMENT]))
			predict_uplift(board, i, columns, n, score);
		else
			model_predict(e->model, columns, n, score);
		if (board->timed)
			time_model(e, columns, n, score);
		bad = metrics_not_finite(score, n);
		if (bad < n)
			die("stdin: model '%s': score of row %llu is %g; expected a finite number",
				model_name(e->model), (unsigned long long)(start + row[bad]),
				(double)score[bad]);
	}
	members_unlist(columns);
	board->rows += n;
	board->all = (size_t)start + count;
	free(row);
}

struct metrics_rows board_view(const struct board *board, size_t i, bool tuning)
{
	size_t from = tuning ? board->rows : 0, n = tuning ? board->tunings : board->rows;

	return (struct metrics_rows){ board->entry[i].score + from, board->label + from,
		board->weight ? board->weight + from : NULL, n };
}

enum metrics_scale board_scale(const struct board *board, size_t i)
{
	return model_is_binary(board->entry[i].model) ? METRICS_LOGIT : METRICS_UNIT;
}

/* x, n values of 4 bytes, keeps its order but for those tuning, which go behind the others. */
static void part_values(void *x, const uint8_t *tuning, size_t n)
{
	uint32_t *value = x, *behind = mem_new(n, sizeof *behind);
	size_t front = 0, back = 0;

	for (size_t r = 0; value && r < n; r++)
		if (tuning[r])
			behind[back++] = value[r];
		else
			value[front++] = value[r];
	if (value)
		memcpy(value + front, behind, back * sizeof *behind);
	free(behind);
}

void board_rows_end(struct board *board)
{
	if (!board->choose)
		return;
	for (size_t r = 0; r < board->rows; r++)
		board->tunings += board->tuning[r];
	part_values(board->label, board->tuning, board->rows);
	part_values(board->weight, board->tuning, board->rows);
	for (int x = 0; x < BOARD_EXTRAS; x++)
		part_values(board->kept[x], board->tuning, board->rows);
	for (size_t i = 0; i < board->entries; i++)
		part_values(board->entry[i].score, board->tuning, board->rows);
	board->rows -= board->tunings;
	if (!board->tunings)
		die("stdin: no row is in part %d, where thresholds are chosen; rs-split makes "
		    "parts",
			TUNING);
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
	for (int x = 0; x < BOARD_EXTRAS; x++)
		free(board->kept[x]);
	free(board->tuning);
	free(board->count);
}
