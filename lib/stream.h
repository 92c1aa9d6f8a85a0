/* stream -- frames in from a pipe or file (FORMAT.md); stream_out.h is the way out, stream_rows.h
 * what most filters read with. Owns: the order of frames and sections that are read, tensors in the
 * making, what ends well.
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

#endif
