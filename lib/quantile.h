/* quantile -- cuts of equal mass. Owns: buckets of numbers, groups of popular and rare ids. */
#ifndef QUANTILE_H
#define QUANTILE_H

#include <stddef.h>
#include <stdint.h>

/* Cuts of x[0 .. n), finite, into at most `buckets` buckets (>= 1): with x sorted, which it
 * becomes, cut k is x[ceil(k n / buckets) - 1], 0 < k < buckets; of equal cuts one stays, and none
 * that is the greatest x. cut has room for buckets - 1. Returns how many there are, ascending. */
size_t quantile_cuts(float *cut, float *x, size_t n, size_t buckets);

/* How many cuts are below x: 0 .. cuts. */
uint32_t quantile_bucket(const float *cut, size_t cuts, float x);

/* group[id]: ids in falling order of count, of equal ones the lower id first; with m counts before
 * an id and M in all, its group is floor(groups m / M), and the last for a count of 0. So group 0
 * is the few popular ones, and each group has about M / groups. groups times M is below 2^64. */
void quantile_groups(uint32_t *group, const uint64_t *count, size_t ids, size_t groups);

#endif
