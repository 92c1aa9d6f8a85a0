#include "heir.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "fmath.h"
#include "mem.h"
#include "members.h"
#include "rank.h"
#include "verdict.h"

/* What all models are measured by. */
struct field {
	struct ranking_rows rows;
	struct ranking_sets seen, truth;
	uint32_t *train; /* (items) rows of train */
	uint8_t *popular; /* (items) */
	double *discount, *surprise;
	float relevant;
	uint32_t *user;
};

/* ---- popular items ---- */

struct item_count {
	uint32_t item, rows;
};

static int more_rows(const void *a, const void *b)
{
	const struct item_count *x = a, *y = b;

	if (x->rows != y->rows)
		return x->rows > y->rows ? -1 : 1;
	return (x->item > y->item) - (x->item < y->item);
}

static void find_popular(struct field *f)
{
	size_t items = f->rows.items, all = 0, sum = 0;
	struct item_count *order = mem_new(items, sizeof *order);

	f->train = mem_new(items, sizeof *f->train);
	f->popular = mem_new(items, 1);
	for (size_t r = 0; r < f->rows.n; r++)
		if (!f->rows.part || f->rows.part[r] == 0) {
			f->train[f->rows.item[r]]++;
			all++;
		}
	for (size_t i = 0; i < items; i++)
		order[i] = (struct item_count){ (uint32_t)i, f->train[i] };
	qsort(order, items, sizeof *order, more_rows);
	for (size_t i = 0; i < items && 2 * sum < all; i++) {
		f->popular[order[i].item] = 1;
		sum += order[i].rows;
	}
	free(order);
}

/* ---- rows ---- */

/* The columns that the board needs, of all rows, which it may spoil. */
static void fill_board(struct heirs *h, const struct tensors *set, const char *only)
{
	struct board *b = &h->board;
	struct tensors columns = { 0 };
	bool items = tensors_find(set, "item") != NULL;

	b->part = h->part;
	b->timed = h->timed;
	b->threshold = 0.5;
	b->top = 0.1;
	b->extra[BOARD_ITEM] = items ? "item" : NULL;
	b->extra[BOARD_USER] = tensors_find(set, "user") ? "user" : NULL;
	board_open(b, set, only);
	for (size_t i = 0; i < set->n; i++) {
		const struct tensor *t = set->at[i];
		struct tensor *copy;

		if (!tensor_is_row(t->name) || !board_needs(b, t->name))
			continue;
		copy = tensor_new(t->name, t->dtype, tensor_rows(t), t->ndim == 2 ? tensor_cols(t) : 0);
		memcpy(copy->data, t->data, tensor_bytes(t));
		tensors_add(&columns, copy);
	}
	board_rows(b, &columns, 0, members_rows(set));
	board_rows_end(b);
	tensors_free(&columns);
	if (!b->rows)
		die("stdin: no row is in part %d; rs-split makes parts, --part chooses one", h->part);
	h->row_user = b->kept[BOARD_USER];
}

/* Quality of the rows with that kind of item; NaN when there is none. */
static double quality_of(const struct heirs *h, const struct field *f, size_t i, bool popular)
{
	const struct board *b = &h->board;
	struct metrics_rows all = board_view(b, i, false), some = { 0 };
	struct metrics_how how = { board_scale(b, i), 0.5, 0.1 };
	struct metrics_binary binary;
	struct metrics_rating rating;
	float *kept = mem_new(3 * all.n, sizeof *kept);

	for (size_t r = 0; r < all.n; r++) {
		if (f->popular[b->kept[BOARD_ITEM][r]] != popular)
			continue;
		kept[some.n] = all.score[r];
		kept[all.n + some.n] = all.label[r];
		kept[2 * all.n + some.n++] = all.weight ? all.weight[r] : 1;
	}
	some.score = kept;
	some.label = kept + all.n;
	some.weight = all.weight ? kept + 2 * all.n : NULL;
	if (some.n && b->binary)
		metrics_binary(&binary, &some, &how);
	else if (some.n)
		metrics_rating(&rating, &some);
	free(kept);
	return !some.n ? NAN : b->binary ? binary.auc : rating.rmse;
}

static void measure_rows(struct heirs *h, const struct field *f, size_t i)
{
	const struct board *b = &h->board;
	const struct board_entry *e = &b->entry[i];
	bool logit = b->binary && board_scale(b, i) == METRICS_LOGIT;
	struct heir *heir = &h->heir[i];

	heir->quality = b->binary ? e->binary.auc : e->rating.rmse;
	heir->other = b->binary ? e->binary.logloss : e->rating.mae;
	heir->calibration = b->binary ? e->binary.calibration : NAN;
	heir->ece = b->binary ? e->binary.ece : NAN;
	heir->popular = heir->unpopular = NAN;
	if (f->popular) {
		heir->popular = quality_of(h, f, i, true);
		heir->unpopular = quality_of(h, f, i, false);
	}
	heir->loss = mem_new(b->rows, sizeof *heir->loss);
	for (size_t r = 0; r < b->rows; r++) {
		double z = (double)e->score[r], y = (double)b->label[r];

		heir->loss[r] = logit ? fmath_softplus(z) - y * z : (z - y) * (z - y);
	}
}

static bool labels_differ(const struct board *b)
{
	for (size_t r = 1; r < b->rows; r++)
		if (b->label[r] != b->label[0])
			return true;
	return false;
}

/* ---- lists ---- */

static bool can_list(const struct heirs *h, const struct field *f)
{
	for (size_t i = 0; i < h->n; i++) {
		const char *features = model_spec(h->board.entry[i].model, "features");

		if (features && (strncmp(features, "row.", 4) == 0 || strstr(features, ",row.")))
			return false;
	}
	return f->rows.n && f->rows.part;
}

/* What users have in train, and what is relevant to them in the part. */
static void open_sets(struct heirs *h, struct field *f)
{
	const struct ranking_rows *rows = &f->rows;
	uint8_t *keep = mem_new(rows->n, 1);

	for (size_t r = 0; r < rows->n; r++)
		keep[r] = rows->part[r] == 0;
	ranking_sets_new(&f->seen, rows, keep);
	for (size_t r = 0; r < rows->n; r++)
		keep[r] = rows->part[r] == h->part && (!rows->label || rows->label[r] >= f->relevant) &&
			  !ranking_sets_have(&f->seen, rows->user[r], rows->item[r]);
	ranking_sets_new(&f->truth, rows, keep);
	free(keep);
}

static void choose_users(struct heirs *h, struct field *f)
{
	size_t all = 0, most = HEIR_USERS;

	for (size_t i = 0; i < h->n; i++)
		if (model_spec(h->board.entry[i].model, "features"))
			most = HEIR_FEW;
	f->user = mem_new(f->rows.users, sizeof *f->user);
	for (size_t u = 0; u < f->rows.users; u++)
		if (f->truth.at[u] < f->truth.at[u + 1])
			f->user[all++] = (uint32_t)u;
	h->users = all < most ? all : most;
	for (size_t u = 0; u < h->users; u++)
		f->user[u] = f->user[u * all / h->users];
}

static void open_lists(struct heirs *h, struct field *f)
{
	open_sets(h, f);
	choose_users(h, f);
	h->k = h->cutoff[h->cutoffs - 1];
	h->k = h->k < f->rows.items ? h->k : f->rows.items;
	f->discount = mem_new(h->k, sizeof *f->discount);
	rank_discounts(f->discount, h->k);
	f->surprise = mem_new(f->rows.items, sizeof *f->surprise);
	rank_surprise(f->surprise, f->train, f->rows.items, f->rows.users);
}

/* NDCG of every user; recall of popular and unpopular items over all of them. */
static void measure_lists(
	struct heirs *h, const struct field *f, struct heir *heir, const size_t *n)
{
	size_t hits[2] = { 0 }, relevant[2] = { 0 };
	double value[RANK_VALUES];

	heir->user_ndcg = mem_new(h->users, sizeof *heir->user_ndcg);
	for (size_t u = 0; u < h->users; u++) {
		size_t at = f->truth.at[f->user[u]], end = f->truth.at[f->user[u] + 1];
		struct rank_truth t = { f->truth.item + at, f->truth.label + at, end - at,
			f->relevant };
		struct rank_how how = { .as = RANK_OWN,
			.k = h->k,
			.discount = f->discount,
			.surprise = f->surprise };
		float *gains = mem_new(t.n, sizeof *gains);

		rank_user(value, heir->list + u * h->k, n[u], &t, &how, gains);
		heir->user_ndcg[u] = value[RANK_NDCG];
		heir->ndcg += value[RANK_NDCG] / (double)h->users;
		for (size_t i = 0; i < t.n; i++)
			relevant[f->popular[t.item[i]]]++;
		for (size_t r = 0; r < n[u]; r++) {
			uint32_t item = heir->list[u * h->k + r];

			hits[f->popular[item]] += ranking_sets_have(&f->truth, f->user[u], item);
		}
		free(gains);
	}
	heir->recall_unpopular = relevant[0] ? (double)hits[0] / (double)relevant[0] : NAN;
	heir->recall_popular = relevant[1] ? (double)hits[1] / (double)relevant[1] : NAN;
}

static void make_lists(struct heirs *h, const struct field *f, size_t i)
{
	struct model_items *model = model_items_new(h->board.entry[i].model, f->rows.items);
	struct ranking_lists lists = { .seen = &f->seen, .items = f->rows.items, .k = h->k };

	ranking_lists_new(&lists, h->users);
	ranking_lists_make(&lists, model, f->user, h->users);
	for (size_t u = 0; u < h->users; u++)
		ranking_pad(lists.item + u * h->k, lists.score + u * h->k, lists.n[u], h->k);
	h->heir[i].list = lists.item;
	measure_lists(h, f, &h->heir[i], lists.n);
	free(lists.score);
	free(lists.n);
	model_items_free(model);
}

/* ---- all ---- */

static void close_field(struct field *f)
{
	ranking_sets_free(&f->seen);
	ranking_sets_free(&f->truth);
	free(f->train);
	free(f->popular);
	free(f->discount);
	free(f->surprise);
	free(f->user);
}

void heirs_run(struct heirs *h, const struct tensors *set, const char *only)
{
	struct field f = { .relevant = isnan(h->relevant) ? nextafterf(0, 1) : (float)h->relevant };

	fill_board(h, set, only);
	h->n = h->board.entries;
	h->heir = mem_new(h->n, sizeof *h->heir);
	if (tensors_find(set, "user") && tensors_find(set, "item")) {
		ranking_open(&f.rows, set);
		find_popular(&f);
	}
	h->has_rows = labels_differ(&h->board);
	if (h->has_rows)
		verdict_compute(&h->board);
	for (size_t i = 0; i < h->n && h->has_rows; i++)
		measure_rows(h, &f, i);
	if (can_list(h, &f))
		open_lists(h, &f);
	h->has_lists = h->users > 0;
	for (size_t i = 0; i < h->n && h->has_lists; i++)
		make_lists(h, &f, i);
	close_field(&f);
}

void heirs_free(struct heirs *h)
{
	for (size_t i = 0; i < h->n; i++) {
		free(h->heir[i].loss);
		free(h->heir[i].user_ndcg);
		free(h->heir[i].list);
	}
	free(h->heir);
	board_free(&h->board);
}
