#include "board.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "corrected.h"
#include "die.h"
#include "mem.h"
#include "members.h"
#include "par.h"
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
	board->rows += n;
	board->all = (size_t)start + count;
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

/* ---- intervals ---- */

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

void board_compute(struct board *board)
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

/* ---- slices ---- */

/* Of each row of the board the slice of its user or item, or the value that it has itself. */
void board_slice(struct board_slices *to, const struct board *board, const struct tensors *tables)
{
	struct slices members = { 0 };
	bool of_items, of_rows = !slices_parse(&of_items, board->by);
	const uint32_t *id = board->kept[of_rows    ? BOARD_SLICE
					 : of_items ? BOARD_ITEM
						    : BOARD_USER];
	size_t ids = group_ids(id, board->rows), counts = board->counts;

	*to = (struct board_slices){ mem_new(board->rows, sizeof *to->of), 0, NULL };
	if (of_rows) {
		if (ids > SLICES_MOST)
			die("stdin: '%s' has value %zu; at most %d can be told apart", board->by,
				ids - 1, SLICES_MOST);
		slices_words(&members, tables, board->by, ids);
	} else {
		if (ids > board->all && ids > members_count(tables, of_items ? "item" : "user", 0))
			die("stdin: id %zu, of %zu rows; expected ids without gaps", ids - 1,
				board->all);
		counts = counts > ids ? counts : ids;
		uint64_t *count = mem_new(counts, sizeof *count);

		if (board->counts)
			memcpy(count, board->count, board->counts * sizeof *count);
		slices_open(&members, tables, board->by, counts, count, board->groups);
		free(count);
	}
	for (size_t r = 0; r < board->rows; r++)
		to->of[r] = of_rows ? id[r] : members.of[id[r]];
	to->n = members.n;
	to->name = members.name;
	free(members.of);
}

void board_slices_free(struct board_slices *slices)
{
	for (size_t s = 0; s < slices->n; s++)
		free(slices->name[s]);
	free(slices->name);
	free(slices->of);
}

static void *cut_values(const void *x, const struct board_slices *slices, size_t s, size_t rows)
{
	const uint32_t *from = x;
	uint32_t *to = x ? mem_grow(NULL, rows + 1, sizeof *to) : NULL;
	size_t n = 0;

	for (size_t r = 0; x && r < rows; r++)
		if (slices->of[r] == s)
			to[n++] = from[r];
	return to;
}

bool board_cut(
	struct board *part, const struct board *board, const struct board_slices *slices, size_t s)
{
	size_t n = 0;

	for (size_t r = 0; r < board->rows; r++)
		n += slices->of[r] == s;
	if (!n)
		return false;
	*part = *board;
	part->cut = true;
	part->rows = n;
	part->tunings = 0;
	part->tuning = NULL;
	part->label = cut_values(board->label, slices, s, board->rows);
	part->weight = cut_values(board->weight, slices, s, board->rows);
	for (int x = 0; x < BOARD_EXTRAS; x++)
		part->kept[x] = cut_values(board->kept[x], slices, s, board->rows);
	part->entry = mem_new(board->entries, sizeof *part->entry);
	for (size_t i = 0; i < board->entries; i++) {
		part->entry[i] = board->entry[i];
		part->entry[i].score = cut_values(board->entry[i].score, slices, s, board->rows);
	}
	board_compute(part);
	return true;
}

void board_cut_free(struct board *part)
{
	for (size_t i = 0; i < part->entries; i++)
		free(part->entry[i].score);
	free(part->entry);
	free(part->label);
	free(part->weight);
	for (int x = 0; x < BOARD_EXTRAS; x++)
		free(part->kept[x]);
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
