/* stream_state -- what reading and writing a stream have in common. Owns: struct stream, what is
 * said of a damaged frame, how an input and its output part.
 *
 * For stream.c and stream_*.c alone. */
#ifndef STREAM_STATE_H
#define STREAM_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "codec.h"
#include "frame.h"
#include "held.h"
#include "ledger.h"
#include "lineage.h"
#include "pack.h"
#include "port.h"
#include "sha256.h"
#include "tensor.h"
#include "unpack.h"

/* Columns that were written one after the other are buffered, sorted, and replayed. */
struct rows_reader {
	struct held own;
	struct held *from; /* what is replayed: own, or what waits in an output; NULL: the input */
	size_t next;
	const struct frame *waiting; /* first of the next group */
	bool begun;
	char previous[TENSOR_NAME + 1]; /* name of the row frame before */
	bool open; /* a group is being gathered: */
	uint64_t start, count;
};

struct stream {
	struct stream *other; /* of an output its input, of an input its output */
	struct ledger ledger;
	uint64_t ceiling, memory; /* bytes that may be, and are, kept */
	bool sha256;
	struct lineage lineage;

	/* an input */
	struct port_in in;
	struct frame frame;
	uint64_t count;
	bool finished;
	struct unpack *unpack;
	struct codec *codec;
	struct sha256 digest;
	struct rows_reader *rows;

	/* an output */
	struct port_out out;
	int level;
	const struct provenance *made_by;
	struct pack *pack;
	struct held held;
	bool holding; /* what is written now goes between held rows */
};

struct stream *stream_start(uint64_t memory, bool sha256); /* memory: 0, 3/4 of RAM */

/* Dies of a fault in frame f, whose header has been understood or not (f->stored = 0). */
_Noreturn void stream_fault(const struct stream *in, const struct frame *f, const char *what);

void stream_need_readable(const struct stream *in, const struct frame *f); /* or dies */
_Noreturn void stream_beyond(const struct stream *in, const char *name); /* --memory: a tensor */
struct tensor *stream_tensor(const struct frame *f); /* a tensor like f's, without rows */

/* The input's part of the history entry, and the entries that are carried on, go to its output. */
void stream_part(struct stream *in, struct stream *out);

/* Names another stream, which has been read to its end, for the history entry. */
void stream_consumed_stream(struct stream *out, struct stream *in);

#endif
