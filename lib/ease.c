#include "ease.h"

#include <stdlib.h>
#include <string.h>

#include "dense.h"
#include "mem.h"

void ease_predict(
	float *score, const struct ease *ease, const uint32_t *user, const uint32_t *item, size_t n)
{
#pragma omp parallel for schedule(static)
	for (size_t r = 0; r < n; r++) {
		const float *weight = ease->weight + (size_t)item[r] * ease->items;
		float sum = 0;

		if (user[r] < ease->users && item[r] < ease->items)
			for (uint64_t e = ease->at[user[r]]; e < ease->at[user[r] + 1]; e++)
				sum += weight[ease->id[e]];
		score[r] = sum;
	}
}

static size_t padded(size_t items)
{
	return (items + DENSE_BLOCK - 1) / DENSE_BLOCK * DENSE_BLOCK;
}

uint64_t ease_memory(const struct mf_rows *rows)
{
	uint64_t side = padded(rows->items), ids = (uint64_t)rows->users + rows->items;

	return side * side * 4 + (uint64_t)rows->items * rows->items * 4 + DENSE_BLOCK * side * 4 +
	       (uint64_t)rows->n * 13 + ids * 16;
}

struct csr ease_positives(const struct mf_rows *rows)
{
	uint8_t *keep = mem_new(rows->n, 1);
	struct csr positives;

	for (size_t r = 0; r < rows->n; r++)
		keep[r] = rows->label[r] > 0 && (!rows->part || rows->part[r] == 0);
	positives = csr_new(rows->user, rows->item, NULL, keep, rows->n, rows->users);
	free(keep);
	return positives;
}

/* Row i of X^T X. Sums of ones: exact up to 2^24. */
static void gram_row(float *to, size_t i, const struct csr *by_item, const struct csr *by_user)
{
	for (uint64_t e = by_item->at[i]; e < by_item->at[i + 1]; e++) {
		size_t u = by_item->id[e];

		for (uint64_t f = by_user->at[u]; f < by_user->at[u + 1]; f++)
			to[by_user->id[f]] += 1;
	}
}

float *ease_fit(const struct csr *positives, size_t items, double reg)
{
	size_t side = padded(items);
	struct csr by_item = csr_transpose(positives, items);
	float *p = mem_new(side * side, sizeof *p), *weight;

#pragma omp parallel for schedule(dynamic, 16)
	for (size_t i = 0; i < side; i++) {
		if (i < items)
			gram_row(p + i * side, i, &by_item, positives);
		p[i * side + i] += (float)reg;
	}
	csr_free(&by_item);
	dense_inverse(p, side);
	weight = mem_new(items * items, sizeof *weight);
#pragma omp parallel for schedule(static)
	for (size_t i = 0; i < items; i++) {
		for (size_t j = 0; j < items; j++)
			weight[i * items + j] = -p[i * side + j] / p[i * side + i];
		weight[i * items + i] = 0;
	}
	free(p);
	return weight;
}
