#include "trial.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "die.h"
#include "mem.h"
#include "top.h"

enum { BLOCK = 4096, TIMED = 512, TIMINGS = 9 };

/* What all models are measured by. */
struct field {
	struct ranking_rows rows;
	struct ranking_sets seen, truth;
	double *discount, *surprise;
	float relevant;
	size_t k; /* the largest cutoff */
};

static void check_labels(struct trial *trial, const struct ranking_rows *rows)
{
	for (size_t r = 0; r < rows->n; r++) {
		float label = rows->label ? rows->label[r] : 1;

		if (rows->part[r] != trial->part)
			continue;
		if (!isfinite(label))
			die("stdin: label of row %zu is %g; expected a finite number", r,
				(double)label);
		trial->rows++;
		trial->graded |= label != 0 && label != 1;
	}
	if (!trial->rows)
		die("stdin: no row is in part %d; rs-split makes parts, --part chooses one",
			trial->part);
}

static void open_sets(struct trial *trial, struct field *field)
{
	const struct ranking_rows *rows = &field->rows;
	uint8_t *keep = mem_new(rows->n, 1);

	for (size_t r = 0; r < rows->n; r++)
		keep[r] = rows->part[r] < trial->part;
	ranking_sets_new(&field->seen, rows, keep);
	for (size_t r = 0; r < rows->n; r++)
		keep[r] = rows->part[r] == trial->part;
	ranking_sets_new(&field->truth, rows, keep);
	free(keep);
}

static bool is_candidate(const struct trial *trial, size_t item)
{
	return !trial->candidate || trial->candidate[item];
}

/* Items of the part that were seen before, or are no candidates, cannot be ranked: they leave the
 * truth. */
static void drop_others(struct trial *trial, struct field *field)
{
	struct ranking_sets *truth = &field->truth;
	size_t n = 0;

	for (size_t u = 0, from = 0; u < field->rows.users; u++) {
		size_t end = truth->at[u + 1];

		for (size_t i = from; i < end; i++) {
			bool seen = !trial->keep_seen &&
				    ranking_sets_have(&field->seen, u, truth->item[i]);

			if (!is_candidate(trial, truth->item[i]))
				continue;
			trial->seen_relevant += seen && truth->label[i] >= field->relevant;
			if (seen)
				continue;
			truth->item[n] = truth->item[i];
			truth->label[n++] = truth->label[i];
		}
		from = end;
		truth->at[u + 1] = n;
	}
}

static void choose_users(struct trial *trial, const struct field *field)
{
	const struct ranking_sets *truth = &field->truth;

	trial->user = mem_new(field->rows.users, sizeof *trial->user);
	for (size_t u = 0; u < field->rows.users; u++) {
		size_t from = truth->at[u], end = truth->at[u + 1], i = from;

		while (i < end && !(truth->label[i] >= field->relevant))
			i++;
		if (i < end)
			trial->user[trial->users++] = (uint32_t)u;
		else
			trial->idle += from < end;
	}
	if (!trial->users)
		die("stdin: no user has a relevant item in part %d (%zu rows); --relevant says "
		    "from which label on an item is",
			trial->part, trial->rows);
}

/* How many users have each item in train. */
static void open_surprise(struct field *field)
{
	const struct ranking_rows *rows = &field->rows;
	uint8_t *keep = mem_new(rows->n, 1);
	uint32_t *have = mem_new(rows->items, sizeof *have);
	struct ranking_sets train;

	for (size_t r = 0; r < rows->n; r++)
		keep[r] = rows->part[r] == 0;
	ranking_sets_new(&train, rows, keep);
	for (size_t i = 0; i < train.at[rows->users]; i++)
		have[train.item[i]]++;
	field->surprise = mem_new(rows->items, sizeof *field->surprise);
	rank_surprise(field->surprise, have, rows->items, rows->users);
	ranking_sets_free(&train);
	free(have);
	free(keep);
}

static void open_field(struct trial *trial, struct field *field, const struct tensors *set)
{
	ranking_open(&field->rows, set);
	if (!field->rows.part)
		die("stdin: no 'part' in the stream: nothing says which items users had before; "
		    "rs-split makes parts");
	trial->items = field->rows.items;
	field->k = trial->cutoff[trial->cutoffs - 1];
	field->relevant = isnan(trial->relevant) ? nextafterf(0, 1) : (float)trial->relevant;
	field->discount = mem_new(field->k, sizeof *field->discount);
	rank_discounts(field->discount, field->k);
	check_labels(trial, &field->rows);
	open_sets(trial, field);
	drop_others(trial, field);
	choose_users(trial, field);
	open_surprise(field);
}

static void close_field(struct field *field)
{
	ranking_sets_free(&field->seen);
	ranking_sets_free(&field->truth);
	free(field->discount);
	free(field->surprise);
}

static double nanoseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

static struct rank_truth truth_of(const struct field *field, size_t id)
{
	const struct ranking_sets *truth = &field->truth;
	size_t at = truth->at[id];

	return (struct rank_truth){ truth->item + at, truth->label + at, truth->at[id + 1] - at,
		field->relevant };
}

static double *values_of(const struct trial *trial, struct trial_entry *e, size_t u, size_t c)
{
	return e->value + (u * trial->cutoffs + c) * RANK_VALUES;
}

/* The values of user u by the relevant items of each slice; list of n items, at most the last
 * cutoff. */
static void measure_slices(const struct trial *trial, const struct field *field,
	struct trial_entry *e, size_t u, const uint32_t *list, size_t n)
{
	struct rank_truth all = truth_of(field, trial->user[u]);
	uint32_t *item = mem_new(all.n, sizeof *item);
	float *label = mem_new(2 * all.n, sizeof *label), *gains = label + all.n;
	size_t width = trial->cutoffs * RANK_VALUES;

	for (size_t s = 0; s < trial->slices; s++) {
		struct rank_truth t = { item, label, 0, field->relevant };
		double *value = e->sliced + (s * trial->users + u) * width;
		bool any = false;

		for (size_t i = 0; i < all.n; i++)
			if (trial->slice[all.item[i]] == s) {
				item[t.n] = all.item[i];
				label[t.n++] = all.label[i];
				any |= all.label[i] >= field->relevant;
			}
		for (size_t c = 0; c < trial->cutoffs; c++) {
			struct rank_how how = { trial->as, trial->cutoff[c], field->discount,
				field->surprise, NULL };

			if (any)
				rank_user(value + c * RANK_VALUES, list, n, &t, &how, gains);
		}
		for (size_t v = 0; v < width && !any; v++)
			value[v] = NAN;
	}
	free(item);
	free(label);
}

/* The values of trial->user[from + u] by list u. */
static void measure(const struct trial *trial, const struct field *field, struct trial_entry *e,
	const struct ranking_lists *lists, size_t from, size_t u)
{
	struct rank_truth t = truth_of(field, trial->user[from + u]);
	float *gains = mem_new(t.n, sizeof *gains);

	for (size_t c = 0; c < trial->cutoffs; c++) {
		struct rank_how how = { trial->as, trial->cutoff[c], field->discount,
			field->surprise, trial->traits };

		rank_user(values_of(trial, e, from + u, c), lists->item + u * lists->k, lists->n[u],
			&t, &how, gains);
	}
	free(gains);
	if (trial->slices)
		measure_slices(trial, field, e, from + u, lists->item + u * lists->k, lists->n[u]);
}

/* ---- places of the truth among all candidates ---- */

struct standing {
	const struct trial *trial;
	const struct field *field;
	struct trial_entry *entry;
};

static void find_places(
	struct place *place, const struct rank_truth *t, const float *score, size_t items)
{
	for (size_t i = 0; i < t->n; i++) {
		size_t item = t->item[i];
		struct top_count low, high;

		SIMD_CALL(top_count, &low, score, item, score[item]);
		SIMD_CALL(top_count, &high, score + item + 1, items - item - 1, score[item]);
		place[i] = (struct place){ low.above + high.above, low.equal + high.equal,
			low.equal, t->label[i] };
	}
	place_sort(place, t->n);
}

static size_t count_candidates(const struct trial *trial, const struct field *field, size_t user)
{
	const struct ranking_sets *seen = &field->seen;
	size_t n = 0;

	for (size_t i = 0; i < trial->items; i++)
		n += is_candidate(trial, i);
	for (size_t at = seen->at[user]; !trial->keep_seen && at < seen->at[user + 1]; at++)
		n -= is_candidate(trial, seen->item[at]);
	return n;
}

/* Over the candidates; count is compacted. */
static void spread_candidates(
	struct rank_spread *spread, const struct trial *trial, uint32_t *count)
{
	size_t candidates = 0;

	for (size_t i = 0; i < trial->items; i++)
		if (is_candidate(trial, i))
			count[candidates++] = count[i];
	rank_spread(spread, count, candidates);
}

/* All values of a user but novelty, which is of a list. */
static void measure_places(void *arg, size_t u, const float *score)
{
	const struct standing *s = arg;
	const struct trial *trial = s->trial;
	size_t candidates = count_candidates(trial, s->field, trial->user[u]);
	struct rank_truth t = truth_of(s->field, trial->user[u]);
	struct place *place = mem_new(t.n, sizeof *place);
	struct place_sample sample = { trial->negatives, trial->repeats, trial->ties };
	float *gains = mem_new(t.n, sizeof *gains);

	find_places(place, &t, score, trial->items);
	for (size_t c = 0; c < trial->cutoffs; c++) {
		struct rank_how how = { trial->as, trial->cutoff[c], s->field->discount, NULL,
			NULL };
		double *value = values_of(trial, s->entry, u, c);
		double novelty = value[RANK_NOVELTY], diversity = value[RANK_DIVERSITY];

		if (trial->negatives)
			place_expected(value, place, &t, &how, &sample, candidates);
		else
			place_values(value, place, &t, &how, trial->ties, candidates, gains);
		value[RANK_NOVELTY] = novelty;
		value[RANK_DIVERSITY] = diversity;
	}
	free(place);
	free(gains);
}

static void count_items(
	const struct trial *trial, uint32_t *count, const struct ranking_lists *lists, size_t users)
{
	for (size_t c = 0; c < trial->cutoffs; c++)
		for (size_t u = 0; u < users; u++)
			for (size_t r = 0; r < lists->n[u] && r < trial->cutoff[c]; r++)
				count[c * trial->items + lists->item[u * lists->k + r]]++;
}

/* What share of the places at cutoff c the items of each slice have. */
static void share_places(
	const struct trial *trial, struct trial_entry *e, size_t c, const uint32_t *count)
{
	double all = 0;

	for (size_t i = 0; i < trial->items && trial->slices; i++) {
		e->exposure[trial->slice[i] * trial->cutoffs + c] += (double)count[i];
		all += (double)count[i];
	}
	for (size_t s = 0; s < trial->slices; s++)
		e->exposure[s * trial->cutoffs + c] /= all;
}

static int rising(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Nanoseconds a list: the median over groups of users, each listed once more for it. */
static double time_lists(
	const struct trial *trial, struct ranking_lists *lists, struct model_items *model)
{
	double ns[TIMINGS];
	size_t n = trial->users / TIMINGS < TIMED ? trial->users / TIMINGS : TIMED;

	n = n ? n : 1;
	for (size_t t = 0; t < TIMINGS; t++) {
		size_t from = t * TIMED % (trial->users - n + 1);
		double start = nanoseconds();

		ranking_lists_make(lists, model, trial->user + from, n);
		ns[t] = (nanoseconds() - start) / (double)n;
	}
	qsort(ns, TIMINGS, sizeof *ns, rising);
	return ns[TIMINGS / 2];
}

/* Lists of a block of users at a time. */
static void run_lists(struct trial *trial, const struct field *field, struct trial_entry *e,
	struct ranking_lists *lists, struct model_items *model)
{
	uint32_t *count = mem_new(trial->cutoffs * trial->items, sizeof *count);

	ranking_lists_new(lists, trial->users < BLOCK ? trial->users : BLOCK);
	for (size_t from = 0; from < trial->users; from += BLOCK) {
		size_t left = trial->users - from, n = left < BLOCK ? left : BLOCK;

		ranking_lists_make(lists, model, trial->user + from, n);
#pragma omp parallel for schedule(static)
		for (size_t u = 0; u < n; u++)
			measure(trial, field, e, lists, from, u);
		count_items(trial, count, lists, n);
	}
	for (size_t c = 0; c < trial->cutoffs; c++) {
		share_places(trial, e, c, count + c * trial->items);
		spread_candidates(&e->spread[c], trial, count + c * trial->items);
	}
	if (trial->timed)
		e->ns_user = time_lists(trial, lists, model);
	ranking_lists_free(lists);
	free(count);
}

static void run_model(struct trial *trial, const struct field *field, struct trial_entry *e)
{
	struct ranking_lists lists = { .seen = trial->keep_seen ? NULL : &field->seen,
		.candidate = trial->candidate,
		.items = trial->items,
		.k = field->k < trial->items ? field->k : trial->items };
	struct model_items *model = model_items_new(e->model, trial->items);
	struct standing standing = { trial, field, e };

	e->value = mem_new(trial->users * trial->cutoffs, RANK_VALUES * sizeof *e->value);
	e->sliced = mem_new(
		trial->slices * trial->users * trial->cutoffs, RANK_VALUES * sizeof *e->sliced);
	e->exposure = mem_new(trial->slices * trial->cutoffs, sizeof *e->exposure);
	if (!trial->negatives)
		run_lists(trial, field, e, &lists, model);
	if (trial->negatives || trial->ties != PLACE_ID) {
		double start = nanoseconds();

		ranking_scores(&lists, model, trial->user, trial->users, measure_places, &standing);
		if (trial->negatives)
			e->ns_user = (nanoseconds() - start) / (double)trial->users;
	}
	model_items_free(model);
}

void trial_run(struct trial *trial, const struct tensors *set, const char *only)
{
	struct field field;
	const char **names;
	size_t n = model_choose(set, only, &names);

	open_field(trial, &field, set);
	trial->entry = mem_new(n, sizeof *trial->entry);
	trial->entries = n;
	for (size_t i = 0; i < n; i++)
		trial->entry[i].model = model_open(set, names[i]);
	for (size_t i = 0; i < n; i++)
		run_model(trial, &field, &trial->entry[i]);
	close_field(&field);
	free(names);
}

void trial_free(struct trial *trial)
{
	for (size_t i = 0; i < trial->entries; i++) {
		model_free(trial->entry[i].model);
		free(trial->entry[i].value);
		free(trial->entry[i].sliced);
		free(trial->entry[i].exposure);
	}
	free(trial->entry);
	free(trial->user);
}
