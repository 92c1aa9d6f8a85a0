#include "reverse.h"

#include <math.h>
#include <stdlib.h>

#include "mem.h"
#include "top.h"

static void mask(const struct ranking_sets *seen, float *score, size_t u, size_t first, size_t count)
{
	if (!seen)
		return;
	for (size_t s = ranking_sets_from(seen, u, (uint32_t)first);
		s < seen->at[u + 1] && seen->item[s] < first + count; s++)
		score[seen->item[s] - first] = -INFINITY;
}

/* The lists of `count` items from `first` on: users come in blocks, in order. */
static void make_tile(struct reverse_lists *lists, const struct ranking_scorer *scorer,
	size_t first, size_t count)
{
	float *tile = mem_new(MODEL_USERS * MODEL_TILE, sizeof *tile), column[MODEL_USERS];
	struct top *top = mem_new(count, sizeof *top);
	uint32_t user[MODEL_USERS];

	for (size_t i = 0; i < count; i++) {
		size_t at = (first + i) * lists->k;

		top[i] = (struct top){ lists->score + at, lists->user + at, lists->k, 0 };
	}
	for (size_t from = 0; from < lists->users; from += MODEL_USERS) {
		size_t left = lists->users - from, n = left < MODEL_USERS ? left : MODEL_USERS;

		for (size_t u = 0; u < n; u++)
			user[u] = (uint32_t)(from + u);
		scorer->score(scorer->self, tile, user, n, first, count);
		for (size_t u = 0; u < n; u++)
			mask(lists->seen, tile + u * MODEL_TILE, from + u, first, count);
		for (size_t i = 0; i < count; i++) {
			for (size_t u = 0; u < n; u++)
				column[u] = tile[u * MODEL_TILE + i];
			SIMD_CALL(top_offer, &top[i], column, (uint32_t)from, n);
		}
	}
	for (size_t i = 0; i < count; i++) {
		SIMD_CALL(top_sort, &top[i]);
		ranking_pad(top[i].item, top[i].score, top[i].n, lists->k);
	}
	free(tile);
	free(top);
}

void reverse_make(struct reverse_lists *lists, const struct ranking_scorer *scorer)
{
#pragma omp parallel for schedule(dynamic) if (scorer->apart)
	for (size_t first = 0; first < lists->items; first += MODEL_TILE)
		make_tile(lists, scorer, first,
			lists->items - first < MODEL_TILE ? lists->items - first : MODEL_TILE);
}
