/* stream -- frames in and out of a pipe or file (FORMAT.md). Owns: section order, duplicates, the
 * end frame, history and digests, when held rows go out, stdin and stdout.
 *
 * Every fault of the input dies with one line that names source, frame and byte (section 12). */
#ifndef STREAM_H
#define STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame.h"
#include "tensor.h"

struct stream;

/* Common to every filter that writes a stream; OPT_STREAM (opt.h) makes its options. */
struct stream_options {
	const char
		*output; /* -o FILE: written beside and renamed after a good close; NULL: stdout */
	long level; /* 0, 1, 6 or 9; default 1 */
	uint64_t memory; /* ceiling for kept tensors, bytes; 0: 3/4 of RAM. Held frames do not
			  * count: they go to a file (spool.h) */
	bool sha256;
};

#define STREAM_OPTIONS                                                                             \
	{                                                                                          \
		.level = 1                                                                         \
	}

struct provenance; /* what of a call goes into the history entry: lineage.h */

/* ---- input ---- */

/* Standard input; dies when it is a terminal. options may be NULL. */
struct stream *stream_in(const struct stream_options *options);
struct stream *stream_file(const char *path, const struct stream_options *options);

/* The next frame that is not an end frame or history (those are kept for the output's history),
 * or NULL when the input ended well. Header and order are checked; the body is not inflated.
 * Valid until the next call. */
const struct frame *stream_next(struct stream *in);

/* Decodes f's rows into the tensor of that name in set (made when its first frame comes; complete
 * after its LAST). The work is queued and done in parallel: data may be used after stream_settle,
 * or after stream_next has returned NULL. */
void stream_keep(struct stream *in, const struct frame *f, struct tensors *set);
void stream_settle(struct stream *in);

/* Decodes f's body in the same way and throws it away, for its CRCs. False when its filter is not
 * known here. */
bool stream_check(struct stream *in, const struct frame *f);

/* Digest of everything read so far, for rs-show: CRC of the lines of section 7. */
uint32_t stream_digest(const struct stream *in);

/* History entries read so far, in order, as text; and the CRC of each. */
size_t stream_history(const struct stream *in, const char *const **entries);

void stream_free(struct stream *in); /* closes an input */

/* ---- output ---- */

/* Standard output or options->output; dies when stdout is a terminal. in is the input whose
 * history is carried on, NULL for a source. */
struct stream *stream_out(
	struct stream *in, const struct stream_options *options, const struct provenance *made_by);

void stream_forward(struct stream *out, const struct frame *f); /* the same bytes, now */

/* The same bytes, later: frames are copied and wait for stream_release. So a model that needs all
 * rows to be made can still travel ahead of them. */
void stream_hold(struct stream *out, const struct frame *f);
void stream_release(struct stream *out);

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

/* A column of the group of rows that stream_rows has just given. */
struct stream_rows;
void stream_put_rows(struct stream *out, const struct stream_rows *group, const char *name,
	enum dtype dtype, const void *data);

/* Carries an input tensor's absence on: what is dropped is not an output name any more, so that
 * it may be written anew (--replace). */
void stream_drop(struct stream *out, const char *name);

/* Names a file that was read besides streams, for the history entry: its base name, bytes <= 0x20,
 * 0x7F and % as %HH. sha256 (32 bytes) may be NULL. */
void stream_consumed(
	struct stream *out, const char *name, uint64_t bytes, uint32_t crc, const uint8_t *sha256);

/* The same for another stream, which has been read to its end. */
void stream_beside(struct stream *out, struct stream *beside);

/* History, end frame, everything flushed, FILE renamed. Frees it. */
void stream_close(struct stream *out);

/* ---- the two ways filters read ---- */

/* What to do with a tensor when its first frame comes. */
enum stream_want {
	STREAM_PASS = 0, /* forward only */
	STREAM_KEEP = 1, /* decode into the set (and forward) */
	STREAM_DROP = 2, /* do not forward; may be combined with KEEP */
};
typedef int stream_choice(const char *name, const struct frame *first, void *arg);

/* Whole: reads to the end. Kept tensors come back in *set; tables and models are forwarded at
 * once, rows (tensor_is_row) are held for stream_release, which stream_close calls if need be.
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
	bool hold; /* set by the caller: rows are not forwarded but wait for stream_release */
	struct tensors columns;
};
bool stream_rows(struct stream *in, struct stream *out, stream_choice *want, void *arg,
	struct tensors *tables, struct stream_rows *rows);

/* After rows with `hold` were read to their end, and before a column is written: stream_rows(in,
 * NULL, ...) gives them once more, from the first. want is asked anew; what was wanted the first
 * time must be wanted again. */
void stream_again(struct stream *in, struct stream *out);

#endif
