/* program -- what a step of training consists of. Owns: its operations on chunks of rows, and the
 * phases they are cut into. */
#ifndef PROGRAM_H
#define PROGRAM_H

#include "net.h"

/* On one chunk: those of forward.h, the loss, those of backward.h. */
enum op_kind {
	OP_INPUT,
	OP_JOIN,
	OP_SUMS,
	OP_END,
	OP_OUTPUT,
	OP_LOSS,
	OP_LAYER,
	OP_NORM,
	OP_EMBEDDED
};

struct op {
	enum op_kind kind;
	size_t layer;
};

/* Each needs all of the one before. */
enum phase_kind {
	PHASE_DRAW, /* pairs: the next batch */
	PHASE_IDS, /* of pairs */
	PHASE_COMMON, /* embeddings of common ids */
	PHASE_HALVES, /* half of the first layer's inputs, for all rows */
	PHASE_CHUNKS,
	PHASE_UNITS, /* some units of the first layer, for all rows */
	PHASE_MOMENTS, /* batch normalisation: mean and deviation of 32 units */
	PHASE_SLOPES, /* pairs: the loss */
	PHASE_MIMIC, /* losses of representations */
	PHASE_SUMS, /* batch normalisation: sums of gradients of 32 units */
	PHASE_SQUARES, /* clipping by norm: of each piece's gradients */
	PHASE_WEIGHTS, /* and the ids of the next batch */
	PHASE_VECTORS, /* of common ids: their steps */
};

struct phase {
	enum phase_kind kind;
	size_t from, to; /* operations */
	size_t layer;
};

/* At most. */
enum {
	PROGRAM_OPS = 4 * NET_TOWERS * NET_LAYERS + 4,
	PROGRAM_PHASES = 4 * NET_TOWERS * NET_LAYERS + 11
};

struct program {
	struct op op[PROGRAM_OPS];
	struct phase phase[PROGRAM_PHASES];
	size_t ops, phases;
};

/* What a step has beside the network's own passes. */
struct program_with {
	bool pairs; /* a loss over pairs instead of each row's */
	bool mimic; /* losses of representations */
	bool common; /* fields with common ids set apart */
	bool squares; /* gradients are measured before they are stepped */
	bool units; /* the first layer is summed by units, not by rows */
	bool halves; /* or by halves of its inputs, which are then joined */
};

struct program program_of(const struct net *net, struct program_with with);

#endif
