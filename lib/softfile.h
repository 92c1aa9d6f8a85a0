/* softfile -- a teacher that is not ours: its answers from a CSV file. Owns: which columns such a
 * file has, how they become the tensors that rs-softlabel makes.
 *
 * A file without users and items has one number a row of the data, in its order: soft.NAME. One
 * with users and items has lists: top.NAME.item and top.NAME.score, as wide as the longest list,
 * ordered by rank, or without ranks by score, best first, of equal ones the lower id. */
#ifndef SOFTFILE_H
#define SOFTFILE_H

#include "opt.h"
#include "stream.h"
#include "table.h"
#include "tensor.h"

struct softfile_how {
	const struct opt_each *files; /* NAME=FILE */
	const struct table_format *format;
	bool strict; /* a user or item that the data lacks is an error, else left out and counted */
};

/* Adds what the files say to data (user, item, their vocabularies, a column of rows). */
void softfile_add(const struct softfile_how *how, struct tensors *data, struct stream *out);

/* The same for the stream on stdin, which goes to stdout: lists ahead of its rows, soft labels with
 * them. */
void softfile_onto(const struct softfile_how *how, const struct stream_options *options);

/* The history entry names the file with its digest. */
void softfile_consumed(struct stream *out, const struct table *t);

#endif
