#include "ranking.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "csr.h"
#include "die.h"
#include "mem.h"
#include "members.h"
#include "top.h"

enum { WORTH = 8 }; /* the screen is worth it when fewer than an eighth pass */

void ranking_open(struct ranking_rows *rows, const struct tensors *set)
{
	*rows = (struct ranking_rows){
		.user = members_column(set, "user", U32, true),
		.item = members_column(set, "item", U32, true),
		.label = members_column(set, "label", F32, false),
		.part = members_column(set, "part", U8, false),
		.n = members_rows(set),
	};
	rows->users = members_ids(set, "user", rows->n);
	rows->items = members_ids(set, "item", rows->n);
	if (!rows->users || !rows->items)
		die("stdin: no rows; expected a data set ahead of or behind the models");
	if (rows->users > UINT32_MAX || rows->items >= UINT32_MAX)
		die("stdin: %zu users and %zu items; expected fewer than 2^32 of each", rows->users,
			rows->items);
}

/* The kept rows, ordered by item. */
static size_t *by_item(const struct ranking_rows *rows, const uint8_t *keep, size_t *n)
{
	size_t *at = mem_new(rows->items + 1, sizeof *at), *row;

	*n = 0;
	for (size_t r = 0; r < rows->n; r++)
		if (!keep || keep[r]) {
			at[rows->item[r] + 1]++;
			++*n;
		}
	for (size_t i = 0; i < rows->items; i++)
		at[i + 1] += at[i];
	row = mem_new(*n, sizeof *row);
	for (size_t r = 0; r < rows->n; r++)
		if (!keep || keep[r])
			row[at[rows->item[r]]++] = r;
	free(at);
	return row;
}

/* Repeats of an item, which are neighbours, become one entry. */
static void merge(struct ranking_sets *sets, size_t users)
{
	size_t n = 0;

	for (size_t u = 0, from = 0; u < users; u++) {
		size_t start = n, end = sets->at[u + 1];

		for (size_t i = from; i < end; i++) {
			if (n == start || sets->item[n - 1] != sets->item[i]) {
				sets->item[n] = sets->item[i];
				sets->label[n++] = sets->label[i];
			} else if (sets->label[i] > sets->label[n - 1]) {
				sets->label[n - 1] = sets->label[i];
			}
		}
		from = end;
		sets->at[u + 1] = n;
	}
}

/* Rows in the order of their items go to their users, so that each user's items ascend. */
void ranking_sets_new(
	struct ranking_sets *sets, const struct ranking_rows *rows, const uint8_t *keep)
{
	size_t n, *row = by_item(rows, keep, &n), *next = mem_new(rows->users + 2, sizeof *next);

	sets->item = mem_new(n, sizeof *sets->item);
	sets->label = mem_new(n, sizeof *sets->label);
	for (size_t i = 0; i < n; i++)
		next[rows->user[row[i]] + 2]++;
	for (size_t u = 0; u < rows->users; u++)
		next[u + 2] += next[u + 1];
	for (size_t i = 0; i < n; i++) {
		size_t to = next[rows->user[row[i]] + 1]++;

		sets->item[to] = rows->item[row[i]];
		sets->label[to] = rows->label ? rows->label[row[i]] : 1;
	}
	sets->at = next;
	merge(sets, rows->users);
	free(row);
}

void ranking_sets_free(struct ranking_sets *sets)
{
	free(sets->at);
	free(sets->item);
	free(sets->label);
}

size_t ranking_sets_from(const struct ranking_sets *sets, size_t user, uint32_t item)
{
	return csr_find(sets->item, sets->at[user], sets->at[user + 1], item);
}

bool ranking_sets_have(const struct ranking_sets *sets, size_t user, uint32_t item)
{
	size_t at = ranking_sets_from(sets, user, item);

	return at < sets->at[user + 1] && sets->item[at] == item;
}

/* ---- lists ---- */

void ranking_lists_new(struct ranking_lists *lists, size_t users)
{
	lists->item = mem_new(users * lists->k, sizeof *lists->item);
	lists->score = mem_new(users * lists->k, sizeof *lists->score);
	lists->n = mem_new(users, sizeof *lists->n);
}

void ranking_lists_free(struct ranking_lists *lists)
{
	free(lists->item);
	free(lists->score);
	free(lists->n);
}

/* Takes what is no candidate out of a tile's row; *seen is the next seen item of the user. */
static void mask(const struct ranking_lists *lists, float *score, size_t first, size_t count,
	size_t *seen, size_t end)
{
	while (*seen < end && lists->seen->item[*seen] < first)
		++*seen;
	for (; *seen < end && lists->seen->item[*seen] < first + count; ++*seen)
		score[lists->seen->item[*seen] - first] = -INFINITY;
	for (size_t i = 0; lists->candidate && i < count; i++)
		if (!lists->candidate[first + i])
			score[i] = -INFINITY;
}

/* A block of users on its way through the items. */
struct block {
	struct ranking_lists *lists;
	const struct ranking_scorer *scorer;
	const uint32_t *user;
	size_t n;
	float *tile; /* (MODEL_USERS, MODEL_TILE): scores */
	struct screen_found *found;
	struct screen_seats *seats; /* or NULL */
	struct top top[MODEL_USERS];
	size_t next[MODEL_USERS]; /* into seen items */
};

static void open_block(struct block *b, struct ranking_lists *lists,
	const struct ranking_scorer *scorer, const uint32_t *user, size_t from)
{
	const struct screen *screen = scorer->screen;

	b->lists = lists;
	b->scorer = scorer;
	b->user = user + from;
	b->tile = mem_new(MODEL_USERS * MODEL_TILE, sizeof *b->tile);
	b->found = screen ? mem_new(1, sizeof *b->found) : NULL;
	b->seats = screen ? screen_seat(screen, b->user, b->n) : NULL;
	for (size_t u = 0; u < b->n; u++) {
		size_t at = (from + u) * lists->k;

		b->top[u] = (struct top){ lists->score + at, lists->item + at, lists->k, 0 };
		b->next[u] = lists->seen ? lists->seen->at[b->user[u]] : 0;
	}
}

static void offer_all(struct block *b, size_t first, size_t count)
{
	const struct ranking_sets *seen = b->lists->seen;

	b->scorer->score(b->scorer->self, b->tile, b->user, b->n, first, count);
	for (size_t u = 0; u < b->n; u++) {
		float *row = b->tile + u * MODEL_TILE;

		mask(b->lists, row, first, count, &b->next[u], seen ? seen->at[b->user[u] + 1] : 0);
		SIMD_CALL(top_offer, &b->top[u], row, (uint32_t)first, count);
	}
}

/* Whether every list is full, so that there is a score to be beaten. */
static bool all_full(const struct block *b)
{
	for (size_t u = 0; u < b->n; u++)
		if (b->top[u].n < b->top[u].k)
			return false;
	return true;
}

/* Whether the user had the item; items of a user come in ascending order. */
static bool had(struct block *b, size_t u, uint32_t item)
{
	const struct ranking_sets *seen = b->lists->seen;
	size_t end = seen ? seen->at[b->user[u] + 1] : 0;

	while (b->next[u] < end && seen->item[b->next[u]] < item)
		b->next[u]++;
	return b->next[u] < end && seen->item[b->next[u]] == item;
}

/* Offers those that beat the worst of a full list. Returns how many there were. */
static size_t offer_screened(struct block *b, size_t first, size_t count)
{
	const uint8_t *candidate = b->lists->candidate;
	struct screen_found *found = b->found;
	float least[MODEL_USERS];

	for (size_t u = 0; u < b->n; u++)
		least[u] = b->top[u].score[0];
	screen_above(found, b->seats, least, first, count);
	for (size_t i = 0; i < found->n; i++) {
		struct sieve_pair p = found->pair[i];

		if (!had(b, p.user, p.item) && (!candidate || candidate[p.item]))
			SIMD_CALL(top_offer, &b->top[p.user], &found->score[i], p.item, 1);
	}
	return found->n;
}

/* Where too many pass the screen, it is of no use: then all scores are worked out. */
static void make_block(struct ranking_lists *lists, const struct ranking_scorer *scorer,
	const uint32_t *user, size_t from, size_t n)
{
	struct block b = { .n = n };
	bool useful = true;

	open_block(&b, lists, scorer, user, from);
	for (size_t first = 0; first < lists->items; first += MODEL_TILE) {
		size_t left = lists->items - first, count = left < MODEL_TILE ? left : MODEL_TILE;

		if (b.seats && useful && all_full(&b))
			useful = offer_screened(&b, first, count) <= n * count / WORTH;
		else
			offer_all(&b, first, count);
	}
	for (size_t u = 0; u < n; u++) {
		SIMD_CALL(top_sort, &b.top[u]);
		lists->n[from + u] = b.top[u].n;
	}
	if (b.seats)
		screen_leave(b.seats);
	free(b.tile);
	free(b.found);
}

void ranking_lists_ask(struct ranking_lists *lists, const struct ranking_scorer *scorer,
	const uint32_t *user, size_t users)
{
#pragma omp parallel for schedule(dynamic) if (scorer->apart)
	for (size_t from = 0; from < users; from += MODEL_USERS)
		make_block(lists, scorer, user, from,
			users - from < MODEL_USERS ? users - from : MODEL_USERS);
}

static void score_model(
	void *self, float *score, const uint32_t *user, size_t n, size_t first, size_t count)
{
	model_items_score(self, score, user, n, first, count);
}

void ranking_lists_make(
	struct ranking_lists *lists, struct model_items *model, const uint32_t *user, size_t users)
{
	const struct ranking_scorer scorer = { model, score_model, model_items_apart(model),
		model_items_screen(model) };

	ranking_lists_ask(lists, &scorer, user, users);
}

void ranking_pad(uint32_t *id, float *score, size_t n, size_t k)
{
	for (size_t i = n; i < k; i++) {
		id[i] = RANKING_NONE;
		score[i] = -INFINITY;
	}
}

/* ---- all scores ---- */

static void score_block(const struct ranking_lists *lists, struct model_items *model, float *score,
	size_t stride, const uint32_t *user, size_t n)
{
	const struct ranking_sets *seen = lists->seen;
	float *tile = mem_new(MODEL_USERS * MODEL_TILE, sizeof *tile);
	size_t next[MODEL_USERS];

	for (size_t u = 0; u < n; u++)
		next[u] = seen ? seen->at[user[u]] : 0;
	for (size_t first = 0; first < lists->items; first += MODEL_TILE) {
		size_t left = lists->items - first, count = left < MODEL_TILE ? left : MODEL_TILE;

		model_items_score(model, tile, user, n, first, count);
		for (size_t u = 0; u < n; u++) {
			float *row = tile + u * MODEL_TILE;

			mask(lists, row, first, count, &next[u], seen ? seen->at[user[u] + 1] : 0);
			memcpy(score + u * stride + first, row, count * sizeof *row);
		}
	}
	free(tile);
}

void ranking_scores(const struct ranking_lists *lists, struct model_items *model,
	const uint32_t *user, size_t users, ranking_visit *visit, void *arg)
{
	bool apart = model_items_apart(model);

#pragma omp parallel for schedule(dynamic) if (apart)
	for (size_t from = 0; from < users; from += MODEL_USERS) {
		size_t n = users - from < MODEL_USERS ? users - from : MODEL_USERS;
		float *score = mem_new(n * lists->items, sizeof *score);

		score_block(lists, model, score, lists->items, user + from, n);
		for (size_t u = 0; u < n; u++)
			visit(arg, from + u, score + u * lists->items);
		free(score);
	}
}
