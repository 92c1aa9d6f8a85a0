/* wide -- declared crosses of the wide part. Owns: which weights a row's combinations of ids have.
 *
 * A cross of features has one weight for every combination of their ids, that of the combination's
 * hash in 2^bits buckets; a row has the mean of (with net_shape.sum: the sum of) its combinations'
 * weights. Combinations of an id that a feature does not know are left out. Cheng et al. 2016,
 * "Wide & deep learning", eq. 1: the cross-product transformation of binary features. */
#ifndef WIDE_H
#define WIDE_H

#include "net.h"

/* At most so many combinations of a row count, the first ones. */
enum { WIDE_MOST = 256 };

/* bucket[0 .. n), n <= WIDE_MOST, of one row; the number of combinations. */
size_t wide_buckets(const struct net *net, size_t wide, const struct net_field *field, uint64_t row,
	uint32_t bucket[WIDE_MOST]);

#endif
