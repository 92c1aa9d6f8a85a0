#include "regard.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "top.h"

enum { BLOCK = 64, AT_ONCE = 8 };

static void look_at(struct taught *t, const struct regard *regard, float *score, size_t from,
	size_t n, regard_look *look)
{
	uint32_t row[BLOCK];

	for (size_t u = 0; u < n; u++)
		row[u] = (uint32_t)(from + u);
	regard->scores(regard->student, t->reverse, score, row, n);
#pragma omp parallel for schedule(dynamic)
	for (size_t u = 0; u < n; u++) {
		for (uint64_t e = t->have.at[from + u]; e < t->have.at[from + u + 1]; e++)
			score[u * t->ids + t->have.id[e]] = -INFINITY;
		look(t, from + u, score + u * t->ids);
	}
}

void regard_at(const struct regard *regard, struct taught *t, uint64_t epoch, regard_look *look)
{
	float *score;

	if (epoch % regard->every)
		return;
	score = mem_new(BLOCK * t->ids, sizeof *score);
	for (size_t from = 0; from < t->rows; from += BLOCK)
		look_at(t, regard, score, from, t->rows - from < BLOCK ? t->rows - from : BLOCK,
			look);
	free(score);
}

struct place {
	float score;
	uint32_t item, which;
};

static bool before(float score, uint32_t item, const struct place *p)
{
	return score > p->score || (score == p->score && item < p->item);
}

static int best_first(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return before(x->score, x->item, y) ? -1 : before(y->score, y->item, x);
}

/* low[q]: how many of n descending keys are above score[q]. Without branches, which would be guessed
 * wrong, and several at once, since each step waits for the one before. */
static void above(uint32_t low[AT_ONCE], const float *key, size_t n, const float score[AT_ONCE])
{
	memset(low, 0, AT_ONCE * sizeof *low);
	while (n > 1) {
		size_t half = n / 2;

		for (size_t q = 0; q < AT_ONCE; q++)
			low[q] += (uint32_t)half & -(uint32_t)(key[low[q] + half - 1] > score[q]);
		n -= half;
	}
	for (size_t q = 0; q < AT_ONCE; q++)
		low[q] += key[low[q]] > score[q];
}

/* All items are counted where they would stand. */
void regard_ranks(uint32_t *rank, const float *score, size_t items, const uint32_t *item, size_t n)
{
	struct place *place;
	uint32_t *better; /* items that stand right ahead of a place */
	float *key;

	if (!n)
		return;
	place = mem_new(n, sizeof *place);
	better = mem_new(n + 1, sizeof *better);
	key = mem_new(n, sizeof *key);
	for (size_t i = 0; i < n; i++)
		place[i] = (struct place){ score[item[i]], item[i], (uint32_t)i };
	qsort(place, n, sizeof *place, best_first);
	for (size_t i = 0; i < n; i++)
		key[i] = place[i].score;
	for (size_t j = 0; j < items; j += AT_ONCE) {
		size_t m = items - j < AT_ONCE ? items - j : AT_ONCE;
		float some[AT_ONCE] = { 0 };
		uint32_t low[AT_ONCE];

		memcpy(some, score + j, m * sizeof *some);
		above(low, key, n, some);
		for (size_t q = 0; q < m; q++) {
			while (low[q] < n && !before(some[q], (uint32_t)(j + q), &place[low[q]]))
				low[q]++;
			better[low[q]]++;
		}
	}
	for (size_t i = 0, sum = 0; i < n; i++) {
		sum += better[i];
		rank[place[i].which] = (uint32_t)sum + 1;
	}
	free(place);
	free(better);
	free(key);
}

size_t regard_top(uint32_t *item, size_t k, const float *score, size_t items)
{
	struct top top = { mem_new(k, sizeof(float)), item, k, 0 };

	SIMD_CALL(top_offer, &top, score, 0, items);
	SIMD_CALL(top_sort, &top);
	free(top.score);
	return top.n;
}
