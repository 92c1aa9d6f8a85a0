#include "judge.h"

#include <math.h>
#include <stdlib.h>

#include "mem.h"
#include "rank.h"
#include "ranking.h"

enum { BLOCK = 4096, USERS = 2048, CUTOFF = 20 };

struct judge {
	bool positives;
	size_t n, users, items;
	/* ratings */
	uint32_t *user, *item; /* user: those judged by, where positives are ranked */
	float *label, *score;
	/* positives */
	struct ranking_sets seen, truth;
	struct ranking_lists lists;
	double discount[CUTOFF], *surprise;
	float *gains;
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

/* Users that have a positive in part 1, at even distances where there are more than USERS. */
static void choose_users(struct judge *j, const struct mf_rows *rows, uint8_t *chosen)
{
	size_t all = 0, at = 0;

	for (size_t r = 0; r < rows->n; r++)
		if (rows->part[r] == 1 && rows->label[r] > 0)
			chosen[rows->user[r]] = 1;
	for (size_t u = 0; u < rows->users; u++)
		all += chosen[u];
	j->n = all < USERS ? all : USERS;
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

static void keep_sets(struct judge *j, const struct mf_rows *rows)
{
	struct ranking_rows all = { rows->user, rows->item, rows->label, rows->part, rows->n,
		rows->users, rows->items };
	uint8_t *chosen = mem_new(rows->users, 1), *keep = mem_new(rows->n, 1);

	choose_users(j, rows, chosen);
	for (size_t r = 0; r < rows->n; r++)
		keep[r] = rows->part[r] == 0 && chosen[rows->user[r]];
	ranking_sets_new(&j->seen, &all, keep);
	for (size_t r = 0; r < rows->n; r++)
		keep[r] = rows->part[r] == 1 && rows->label[r] > 0 && chosen[rows->user[r]] &&
			  !ranking_sets_have(&j->seen, rows->user[r], rows->item[r]);
	ranking_sets_new(&j->truth, &all, keep);
	free(chosen);
	free(keep);
	j->lists.seen = &j->seen;
	j->lists.items = rows->items;
	j->lists.k = CUTOFF;
	ranking_lists_new(&j->lists, j->n);
	rank_discounts(j->discount, CUTOFF);
	j->surprise = mem_new(rows->items, sizeof *j->surprise);
	j->gains = mem_new(rows->items, sizeof *j->gains);
}

double judge_model(struct judge *j, struct model *model)
{
	struct rank_how how = { RANK_OWN, CUTOFF, j->discount, j->surprise, NULL };
	struct model_items *ready = model_items_new(model, j->items);
	double sum = 0, counted = 0, value[RANK_VALUES];

	ranking_lists_make(&j->lists, ready, j->user, j->n);
	for (size_t v = 0; v < j->n; v++) {
		size_t at = j->truth.at[j->user[v]], end = j->truth.at[j->user[v] + 1];
		struct rank_truth truth = { j->truth.item + at, j->truth.label + at, end - at, 0 };

		if (at == end)
			continue;
		rank_user(value, j->lists.item + v * CUTOFF, j->lists.n[v], &truth, &how, j->gains);
		sum += value[RANK_NDCG];
		counted++;
	}
	model_items_free(ready);
	return counted > 0 ? sum / counted : 0;
}

static double ndcg(struct judge *j, const struct mf *mf)
{
	struct model *model = model_around(mf, "mf");
	double value = judge_model(j, model);

	model_free(model);
	return value;
}

/* ---- both ---- */

struct judge *judge_new(const struct mf_rows *rows, bool positives)
{
	struct judge *j = mem_new(1, sizeof *j);

	j->positives = positives;
	j->users = rows->users;
	j->items = rows->items;
	for (size_t r = 0; rows->part && r < rows->n; r++)
		j->n += rows->part[r] == 1 && (!positives || rows->label[r] > 0);
	if (!j->n) {
		free(j);
		return NULL;
	}
	if (positives)
		keep_sets(j, rows);
	else
		keep_rows(j, rows);
	return j;
}

double judge_of(struct judge *j, const struct mf *mf)
{
	return j->positives ? ndcg(j, mf) : rmse(j, mf);
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
		ranking_sets_free(&j->seen);
		ranking_sets_free(&j->truth);
		ranking_lists_free(&j->lists);
	}
	free(j->user);
	free(j->item);
	free(j->label);
	free(j->score);
	free(j->surprise);
	free(j->gains);
	free(j);
}
