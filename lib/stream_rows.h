/* stream_rows -- the two ways filters read: whole, and by rows in bounded memory. Owns: what a
 * filter wants of a stream, groups of rows, columns that were not written side by side. */
#ifndef STREAM_ROWS_H
#define STREAM_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame.h"
#include "stream.h"
#include "tensor.h"

/* What to do with a tensor when its first frame comes. */
enum stream_want {
	STREAM_PASS = 0, /* forward only */
	STREAM_KEEP = 1, /* decode into the set (and forward) */
	STREAM_DROP = 2, /* do not forward; may be combined with KEEP */
	STREAM_LATER = 4, /* by stream_load: its shape only, no data; of a column, with an output,
			   * stream_later.h has the way to that */
};
typedef int stream_choice(const char *name, const struct frame *first, void *arg);

/* Whole: reads to the end. Kept tensors come back in *set; tables and models are forwarded at
 * once, rows (tensor_is_row) wait in out for stream_close.
 * out may be NULL: nothing is forwarded. */
void stream_load(
	struct stream *in, struct stream *out, stream_choice *want, void *arg, struct tensors *set);

/* By rows, in bounded memory: the first call reads tables and models into *tables (as want says),
 * forwarding them, until the first group of rows is complete; each call then gives one group:
 * the wanted row columns of rows [start, start + count) in *rows (its tensors have count rows and
 * are reused by the next call). False at the end, after which the input is known to be whole.
 * Wanted tables that come after rows have begun are an error that says how to order the input.
 * While no row column is wanted, tables only are read. */
struct stream_rows {
	uint64_t start, count;
	bool last; /* no row comes after these (count may be 0 then) */
	bool hold; /* set by the caller: rows are not forwarded but wait for stream_close */
	struct tensors columns;
};
bool stream_rows(struct stream *in, struct stream *out, stream_choice *want, void *arg,
	struct tensors *tables, struct stream_rows *rows);

/* After rows with `hold` were read to their end, and before a column is written: stream_rows(in,
 * NULL, ...) gives them once more, from the first. want is asked anew; what was wanted the first
 * time must be wanted again. */
void stream_again(struct stream *in, struct stream *out);

/* A column of the group of rows that stream_rows has just given. */
void stream_put_rows(struct stream *out, const struct stream_rows *group, const char *name,
	enum dtype dtype, const void *data);

#endif
