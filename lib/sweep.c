#include "sweep.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

enum { DIGIT = 11, DIGITS = 1 << DIGIT, FEW = 64 };

/* A score's bits, so turned that unsigned order is the order of scores; -0 equals +0. */
static uint32_t sort_key(float score)
{
	uint32_t bits;

	score += 0.0F;
	memcpy(&bits, &score, sizeof bits);
	return bits >> 31 ? ~bits : bits | 0x80000000U;
}

static void insert(uint64_t *x, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		uint64_t moved = x[i];
		size_t at = i;

		for (; at > 0 && x[at - 1] > moved; at--)
			x[at] = x[at - 1];
		x[at] = moved;
	}
}

/* Radix sort, so the order is the same whoever compiled this; few are inserted. */
uint64_t *sweep_order(const float *score, size_t n)
{
	uint64_t *from = mem_new(n, sizeof *from), *to, *swap;

	for (size_t r = 0; r < n; r++)
		from[r] = (uint64_t)sort_key(score[r]) << 32 | r;
	if (n <= FEW) {
		insert(from, n);
		return from;
	}
	to = mem_new(n, sizeof *to);
	for (unsigned shift = 32; shift < 64; shift += DIGIT) {
		size_t first[DIGITS + 1] = { 0 };

		for (size_t r = 0; r < n; r++)
			first[(from[r] >> shift) % DIGITS + 1]++;
		for (size_t d = 0; d < DIGITS; d++)
			first[d + 1] += first[d];
		for (size_t r = 0; r < n; r++)
			to[first[(from[r] >> shift) % DIGITS]++] = from[r];
		swap = from;
		from = to;
		to = swap;
	}
	free(to);
	return from;
}

size_t sweep_next(struct sweep *g, const uint64_t *order, size_t n, size_t i, const float *label,
	const float *weight)
{
	size_t end = i;

	g->below_positive += g->positive;
	g->below_negative += g->negative;
	g->positive = g->negative = 0;
	for (; end < n && order[end] >> 32 == order[i] >> 32; end++) {
		size_t r = (uint32_t)order[end];

		*(label[r] > 0 ? &g->positive : &g->negative) += weight ? (double)weight[r] : 1;
	}
	return end;
}
