/* stream_later -- columns of which only some rows are needed. Owns: unpacking those rows, once it is
 * known which they are.
 *
 * stream_load leaves a column that is wanted with STREAM_LATER packed, where it waits to be passed
 * on; its tensor in the set has its shape, but no data until it is unpacked. */
#ifndef STREAM_LATER_H
#define STREAM_LATER_H

#include "stream_rows.h"

#define STREAM_NOWHERE UINT32_MAX

/* Row r of a column becomes row place[r] of its tensor, which has n rows; rows of STREAM_NOWHERE
 * are checked and thrown away. place NULL: every row, as it is. */
struct stream_places {
	const uint32_t *place; /* (rows) */
	uint64_t rows, n;
};

/* Unpacks the column t, which waits in `out`. Dies when it is damaged or has another number of
 * rows. Beside its n rows a few MiB are needed. */
void stream_unpack(struct stream *in, struct stream *out, struct tensor *t,
	const struct stream_places *places);

#endif
