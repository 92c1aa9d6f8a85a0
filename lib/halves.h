/* halves -- a first layer's inputs in two halves, for small batches of rows of many numbers. Owns: when
 * a half's numbers are made, its part of the layer's sums.
 *
 * Of two threads each has a half: its numbers and its weights stay in its own core's cache in every
 * step, and cores exchange sums. All that comes after the first layer is little: each of them does
 * it for all rows with weights of its own (trainer_second), which costs less than to wait for the other
 * one. One thread sums by halves too, so that the bits are the same. */
#ifndef HALVES_H
#define HALVES_H

#include "worker.h"

/* t->half of the step <- sums over half 0 or 1 of the inputs, without activation. */
void halves_sum(const struct trainer *t, struct worker *w, size_t half);

#endif
