/* stream_out -- frames out to a pipe or file (FORMAT.md). Owns: what goes out when: frames that
 * pass, that wait, and that are made here; cuts, the history entry, the end frame. */
#ifndef STREAM_OUT_H
#define STREAM_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame.h"
#include "lineage.h"
#include "stream.h"
#include "tensor.h"

/* Standard output or options->output; dies when stdout is a terminal. in is the input whose
 * history is carried on, NULL for a source. */
struct stream *stream_out(
	struct stream *in, const struct stream_options *options, const struct provenance *made_by);

void stream_forward(struct stream *out, const struct frame *f); /* the same bytes, now */

/* The same bytes, later: frames are copied and wait for stream_close. So a model that needs all
 * rows to be made can still travel ahead of them. */
void stream_hold(struct stream *out, const struct frame *f);

/* All of a tensor, cut, filtered and deflated in parallel. Dies when the name is already in the
 * stream ("'model.a.spec' is already in the stream; --as another name, or --replace"). */
void stream_write(struct stream *out, const struct tensor *t);

/* Columns of one table with the same number of rows, group by group, so that a reader sees whole
 * rows in bounded memory. */
void stream_write_rows(struct stream *out, struct tensor *const *columns, size_t n);

/* The tensors of set from number `first` on: tables and models, then columns side by side. */
void stream_write_set(struct stream *out, const struct tensors *set, size_t first);

/* Rows [start, start + count) of a tensor, for writers that do not hold the whole. `shape` gives
 * name, type and dims; data points at the rows. Every piece becomes one frame and must respect
 * the cut (stream_cut) or the cut of the columns that it travels with. Pieces of one call are
 * deflated in parallel and written in order; nothing is referred to after the return. */
struct stream_piece {
	const struct tensor *shape; /* its data and shape[0] are not used */
	uint64_t start, count, total; /* total: FRAME_UNKNOWN unless known */
	bool last;
	const void *data;
};
void stream_put(struct stream *out, const struct stream_piece *piece, size_t n);
uint64_t stream_cut(const struct tensor *shape); /* rows a frame: section 4, "Cut" */

/* Names a file that was read besides streams, for the history entry: its base name, bytes <= 0x20,
 * 0x7F and % as %HH. sha256 (32 bytes) may be NULL. */
void stream_consumed(
	struct stream *out, const char *name, uint64_t bytes, uint32_t crc, const uint8_t *sha256);

/* The same for another stream, which has been read to its end. */
void stream_beside(struct stream *out, struct stream *beside);

/* History, end frame, everything flushed, FILE renamed. Frees it. */
void stream_close(struct stream *out);

#endif
