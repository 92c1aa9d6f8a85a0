/* dataset -- what is made of, or asked about, all rows at once. Owns: columns that no file has, how
 * often a user and an item meet. */
#ifndef DATASET_H
#define DATASET_H

#include <stddef.h>
#include <stdint.h>

#include "tensor.h"

/* A column of rows equal values; the least and the greatest of an f32 column (0, 0 if empty); the
 * size of a vocabulary that is there. */
void dataset_fill(struct tensors *set, const char *name, uint64_t rows, float value);
void dataset_range(const struct tensors *set, const char *name, float *low, float *high);
size_t dataset_ids(const struct tensors *set, const char *name);

/* The column `part` of the rows of n files, of which file i ends before row end[i]; two are train
 * and test, three train, valid and test. */
void dataset_parts(struct tensors *set, const uint64_t *end, size_t n);

/* How many rows have the user and item of an earlier row. */
uint64_t dataset_repeats(const struct tensors *set);

#endif
