/* derive -- columns and rows made from those that a data set has. Owns: popularity groups, buckets
 * and negatives as tensors.
 *
 * All that is learned is learned from part 0, or from all rows when there is no column part. New
 * tensors are added at the end of the set. Faults of the data die; what was made is told by
 * warn(). */
#ifndef DERIVE_H
#define DERIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tensor.h"

/* Whether a tensor may be needed for popularity or buckets. */
bool derive_needs(const char *name);

/* item.cat.popularity, u32 (I), with its vocabulary "1" .. "GROUPS": quantile_groups of the rows
 * that an item has. Needs item. */
void derive_popularity(struct tensors *set, size_t groups);

/* "NAME:N", 2 <= N <= 65535 -> the length of NAME and N; false when text is nothing like that. */
bool derive_buckets_parse(size_t *length, size_t *buckets, const char *text);

/* row.cat.NAME from row.num.NAME (user.*, item.* likewise; one of the three must be there): which
 * of the buckets that quantile_cuts makes. A user or item counts once, if it has a row. Where
 * *.num.NAME_missing is 1 there is no number: the bucket after the others. The vocabulary says
 * "<=3.5" for each bucket, ">9" for the last and "" for what is missing. */
void derive_buckets(struct tensors *set, const char *text);

/* After each row of label > 0 that is not left out (part 255), `per` rows like it with label 0
 * and items drawn by negative_draw; popular: by the rows of label > 0 that an item has. */
void derive_negatives(struct tensors *set, size_t per, bool popular, uint64_t seed);

#endif
