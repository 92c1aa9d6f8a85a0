#include "regard.h"

#include <math.h>
#include <stdlib.h>

#include "mem.h"
#include "top.h"

enum { BLOCK = 64 };

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

/* Items that are better than the worst of them are counted where they would stand. */
void regard_ranks(uint32_t *rank, const float *score, size_t items, const uint32_t *item, size_t n)
{
	struct place *place;
	uint32_t *above;

	if (!n)
		return;
	place = mem_new(n, sizeof *place);
	above = mem_new(n + 1, sizeof *above);
	for (size_t i = 0; i < n; i++)
		place[i] = (struct place){ score[item[i]], item[i], (uint32_t)i };
	qsort(place, n, sizeof *place, best_first);
	for (size_t j = 0; j < items; j++) {
		size_t low = 0, high = n;

		if (!before(score[j], (uint32_t)j, &place[n - 1]))
			continue;
		while (low < high) {
			size_t middle = (low + high) / 2;

			if (before(score[j], (uint32_t)j, &place[middle]))
				high = middle;
			else
				low = middle + 1;
		}
		above[low]++;
	}
	for (size_t i = 0, sum = 0; i < n; i++) {
		sum += above[i];
		rank[place[i].which] = (uint32_t)sum + 1;
	}
	free(place);
	free(above);
}

size_t regard_top(uint32_t *item, size_t k, const float *score, size_t items)
{
	struct top top = { mem_new(k, sizeof(float)), item, k, 0 };

	SIMD_CALL(top_offer, &top, score, 0, items);
	SIMD_CALL(top_sort, &top);
	free(top.score);
	return top.n;
}
