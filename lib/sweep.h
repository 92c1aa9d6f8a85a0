/* sweep -- rows from the lowest score to the highest. Owns: the order of scores, groups of equal
 * ones. */
#ifndef SWEEP_H
#define SWEEP_H

#include <stddef.h>
#include <stdint.h>

/* Rows by ascending score, ties in their own order, -0 equal to 0: the row is the low half of an
 * entry, equal scores have equal high halves. n < 2^32; the block is the caller's. */
uint64_t *sweep_order(const float *score, size_t n);

/* Rows of equal score: weight of those labelled 1 and 0, and of those that lie below them. Starts
 * zeroed. */
struct sweep {
	double positive, negative, below_positive, below_negative;
};

/* The group of rows order[i ..]; returns where the next one begins. weight may be NULL: all 1. */
size_t sweep_next(struct sweep *group, const uint64_t *order, size_t n, size_t i,
	const float *label, const float *weight);

#endif
