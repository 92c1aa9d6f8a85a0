#include "judge.h"

#include <math.h>
#include <stdlib.h>

#include "mem.h"
#include "ranking.h"

enum { BLOCK = 4096, USERS = 2048, CUTOFF = 20 };

struct judge {
	bool positives;
	size_t n, users, items;
	/* ratings */
	uint32_t *user, *item; /* user: those judged by, where positives are ranked */
	float *label, *score;
	/* positives */
	struct judge_goal goal;
	struct ranking_sets had, truth; /* had: but for what goal.liked has */
	struct ranking_lists lists; /* of a block of users */
	struct ranking_sets seen; /* of it, where goal.liked must be added to had */
	double *discount, *surprise, *value;
};

/* ---- ratings ---- */

static void keep_rows(struct judge *j, const struct mf_rows *rows)
{
	size_t n = 0;

	j->user = mem_new(j->n, sizeof *j->user);
	j->item = mem_new(j->n, sizeof *j->item);
	j->label = mem_new(j->n, sizeof *j->label);
	j->score = mem_new(j->n, sizeof *j->score);
	for (size_t r = 0; r < rows->n; r++) {
		if (rows->part[r] != 1)
			continue;
		j->user[n] = rows->user[r];
		j->item[n] = rows->item[r];
		j->label[n++] = rows->label[r];
	}
}

static double rmse(struct judge *j, const struct mf *mf)
{
	double sum = 0;

	mf_predict(j->score, mf, j->user, j->item, j->n);
	for (size_t from = 0; from < j->n; from += BLOCK) {
		double part = 0;

		for (size_t r = from; r < j->n && r < from + BLOCK; r++) {
			double e = (double)j->label[r] - (double)j->score[r];

			part += e * e;
		}
		sum += part;
	}
	return sqrt(sum / (double)j->n);
}

/* ---- positives ---- */

static bool relevant(const struct judge *j, const struct mf_rows *rows, size_t r)
{
	return rows->part[r] == j->goal.part && rows->label[r] > 0;
}

/* Users that have a positive in the part, at even distances where there are too many. */
static void choose_users(struct judge *j, const struct mf_rows *rows, uint8_t *chosen)
{
	size_t all = 0, at = 0;

	for (size_t r = 0; r < rows->n; r++)
		if (relevant(j, rows, r))
			chosen[rows->user[r]] = 1;
	for (size_t u = 0; u < rows->users; u++)
		all += chosen[u];
	j->n = all < j->goal.users ? all : j->goal.users;
	j->user = mem_new(j->n, sizeof *j->user);
	for (size_t u = 0, n = 0; u < rows->users; u++) {
		if (!chosen[u])
			continue;
		chosen[u] = n * j->n / all == at;
		if (chosen[u])
			j->user[at++] = (uint32_t)u;
		n++;
	}
}

static struct ranking_rows all_rows(const struct mf_rows *rows)
{
	return (struct ranking_rows){ rows->user, rows->item, rows->label, rows->part, rows->n,
		rows->users, rows->items };
}

/* What the chosen users had in earlier parts; what goal.liked has is left there. */
static void keep_had(struct judge *j, const struct mf_rows *rows, const uint8_t *chosen)
{
	const struct ranking_rows all = all_rows(rows);
	uint8_t *keep = mem_new(rows->n, 1);

	for (size_t r = 0; r < rows->n; r++) {
		bool liked = j->goal.liked && rows->part[r] == 0 && rows->label[r] > 0;

		keep[r] = rows->part[r] < j->goal.part && chosen[rows->user[r]] && !liked;
	}
	ranking_sets_new(&j->had, &all, keep);
	free(j->had.label);
	j->had.label = NULL;
	free(keep);
}

static bool had(const struct judge *j, uint32_t user, uint32_t item)
{
	return ranking_sets_have(&j->had, user, item) ||
	       (j->goal.liked && liked_has(j->goal.liked, user, item));
}

static void keep_truth(struct judge *j, const struct mf_rows *rows, const uint8_t *chosen)
{
	const struct ranking_rows all = all_rows(rows);
	uint8_t *keep = mem_new(rows->n, 1);

	for (size_t r = 0; r < rows->n; r++)
		keep[r] = relevant(j, rows, r) && chosen[rows->user[r]] &&
			  !had(j, rows->user[r], rows->item[r]);
	ranking_sets_new(&j->truth, &all, keep);
	free(keep);
}

static void keep_sets(struct judge *j, const struct mf_rows *rows)
{
	uint8_t *chosen = mem_new(rows->users, 1);
	size_t k = j->goal.k < j->items ? j->goal.k : j->items;

	choose_users(j, rows, chosen);
	keep_had(j, rows, chosen);
	keep_truth(j, rows, chosen);
	free(chosen);
	if (j->goal.liked)
		j->seen.at = mem_new(j->users + 1, sizeof *j->seen.at);
	j->lists = (struct ranking_lists){
		.seen = j->goal.liked ? &j->seen : &j->had, .items = j->items, .k = k
	};
	ranking_lists_new(&j->lists, j->n < BLOCK ? j->n : BLOCK);
	j->discount = mem_new(j->goal.k, sizeof *j->discount);
	rank_discounts(j->discount, j->goal.k);
	j->surprise = mem_new(j->items, sizeof *j->surprise);
	j->value = mem_new(BLOCK, sizeof *j->value);
}

/* What both know of a user, ascending, to item[0 ..]; how many. */
static size_t merge(uint32_t *item, const struct judge *j, uint32_t user)
{
	const struct tight *l = &j->goal.liked->have;
	uint64_t a = l->at[user], end = l->at[user + 1];
	size_t b = j->had.at[user], n = 0;

	while (a < end || b < j->had.at[user + 1]) {
		uint32_t x = a < end ? packed_get(&l->id, a) : UINT32_MAX;
		uint32_t y = b < j->had.at[user + 1] ? j->had.item[b] : UINT32_MAX;

		item[n++] = x < y ? x : y;
		a += x <= y;
		b += y <= x;
	}
	return n;
}

/* Seen items of a block of users. */
static void open_seen(struct judge *j, const uint32_t *user, size_t n)
{
	const struct tight *l = &j->goal.liked->have;
	size_t room = 0, all = 0;

	for (size_t v = 0; v < n; v++)
		room += l->at[user[v] + 1] - l->at[user[v]] + j->had.at[user[v] + 1] -
			j->had.at[user[v]];
	j->seen.item = mem_new(room, sizeof *j->seen.item);
	for (size_t v = 0; v < n; v++) {
		j->seen.at[user[v]] = all;
		all += merge(j->seen.item + all, j, user[v]);
		j->seen.at[user[v] + 1] = all;
	}
}

static void close_seen(struct judge *j)
{
	free(j->seen.item);
	j->seen.item = NULL;
}

/* Of the user of list v. */
static double value_of(const struct judge *j, uint32_t user, size_t v)
{
	const struct rank_how how = { RANK_OWN, j->goal.k, j->discount, j->surprise, NULL };
	size_t at = j->truth.at[user], n = j->truth.at[user + 1] - at;
	struct rank_truth truth = { j->truth.item + at, j->truth.label + at, n, 0 };
	float *gains = mem_new(n, sizeof *gains);
	double value[RANK_VALUES];

	rank_user(value, j->lists.item + v * j->lists.k, j->lists.n[v], &truth, &how, gains);
	free(gains);
	return value[j->goal.value];
}

double judge_model(struct judge *j, struct model *model)
{
	struct model_items *ready = model_items_new(model, j->items);
	double sum = 0, counted = 0;

	for (size_t from = 0; from < j->n; from += BLOCK) {
		const uint32_t *user = j->user + from;
		size_t n = j->n - from < BLOCK ? j->n - from : BLOCK;

		if (j->goal.liked)
			open_seen(j, user, n);
		ranking_lists_make(&j->lists, ready, user, n);
		close_seen(j);
#pragma omp parallel for schedule(static)
		for (size_t v = 0; v < n; v++)
			if (j->truth.at[user[v]] < j->truth.at[user[v] + 1])
				j->value[v] = value_of(j, user[v], v);
		for (size_t v = 0; v < n; v++)
			if (j->truth.at[user[v]] < j->truth.at[user[v] + 1]) {
				sum += j->value[v];
				counted++;
			}
	}
	model_items_free(ready);
	return sum / counted;
}

static double ranked(struct judge *j, const struct mf *mf)
{
	struct model *model = model_around(mf, "mf");
	double value = judge_model(j, model);

	model_free(model);
	return value;
}

/* ---- both ---- */

static struct judge *judge_ratings(const struct mf_rows *rows)
{
	struct judge *j;
	size_t n = 0;

	for (size_t r = 0; rows->part && r < rows->n; r++)
		n += rows->part[r] == 1;
	if (!n)
		return NULL;
	j = mem_new(1, sizeof *j);
	j->n = n;
	keep_rows(j, rows);
	return j;
}

struct judge *judge_rankings(const struct mf_rows *rows, const struct judge_goal *goal)
{
	struct judge *j = mem_new(1, sizeof *j);

	j->positives = true;
	j->users = rows->users;
	j->items = rows->items;
	j->goal = *goal;
	if (rows->part)
		keep_sets(j, rows);
	if (!rows->part || !j->truth.at[j->users]) {
		judge_free(j);
		return NULL;
	}
	return j;
}

struct judge *judge_new(const struct mf_rows *rows, bool positives)
{
	const struct judge_goal goal = { 1, RANK_NDCG, CUTOFF, USERS, NULL };

	return positives ? judge_rankings(rows, &goal) : judge_ratings(rows);
}

double judge_of(struct judge *j, const struct mf *mf)
{
	return j->positives ? ranked(j, mf) : rmse(j, mf);
}

bool judge_better(const struct judge *j, double a, double b)
{
	return j->positives ? a > b : a < b;
}

const char *judge_measure(const struct judge *j)
{
	return j->positives ? "NDCG@20" : "RMSE";
}

void judge_free(struct judge *j)
{
	if (!j)
		return;
	if (j->positives) {
		ranking_sets_free(&j->had);
		ranking_sets_free(&j->seen);
		ranking_sets_free(&j->truth);
		ranking_lists_free(&j->lists);
	}
	free(j->user);
	free(j->item);
	free(j->label);
	free(j->score);
	free(j->discount);
	free(j->surprise);
	free(j->value);
	free(j);
}
