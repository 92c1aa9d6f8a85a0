/* common -- ids that more than one row of a batch has, in training. Owns: the fields where they are
 * set apart from rare ones, the gradients of both through the first layer, their steps.
 *
 * Large vocabularies have a few ids that most rows share and many that one row has. With W_f the
 * first layer's weights for field f, d[r] the loss's gradient by the layer's sums in row r:
 *
 *   D_i = sum over the rows r with id i of d[r]      dL/de_i = W_f^T D_i
 *   dL/dW_f = sum over common ids of D_i e_i^T + sum over rare ids of d[r] e_i^T
 *
 * A common id's products are made once for all its rows. A rare one takes its step where its row is
 * worked on, since no other row reads it; so gradients of all rows by all embeddings lie nowhere. */
#ifndef COMMON_H
#define COMMON_H

#include "optim.h"
#include "tabled.h"

struct common {
	bool *on; /* whether a field's common ids are set apart */
	size_t *field, fields; /* whose are */
	size_t batch; /* rows, at most */
	float *e; /* (common ids of all fields, dim): their embeddings */
	float *gradient; /* (the same, panels, dim): what a panel of the layer adds to dL/de_i */
	float *rare; /* (fields batch, dim): rare embeddings, in the order of ids->rare */
	struct gemm_run *run; /* the first layer's inputs that are neither on nor tabled; NULL: */
	size_t runs; /* all are */
};

/* Sets common ids apart in the lists of a first batch of n rows, `ids`, and in `next`, which takes
 * turns with them, for the fields where that makes a step cheaper. ids NULL: nowhere. */
struct common common_new(const struct net *net, const struct tabled *tabled, struct ids *ids,
	struct ids *next, size_t n);
void common_free(struct common *c);

/* Floats of scratch that the functions below need. */
size_t common_scratch(const struct common *c, const struct net *net);

/* A batch's ids; arrays over all its rows, or over some. */
struct common_batch {
	const struct ids *ids; /* of each field */
	const float *x, *s; /* inputs (ldx between rows), FM's sums (dim) */
	const float *delta; /* d (width of the layer) */
	const float *slope; /* gradients by the outputs */
	const struct optim_step *how;
	struct ahead *ahead; /* is worked off beside the products; NULL: nothing */
};

/* Rows that have a rare id. */
struct common_rows {
	const uint32_t *row;
	size_t n;
};

/* Those of rows first .. first + n - 1. */
struct common_rows common_rare(const struct ids *ids, size_t first, size_t n);

/* c->e of field c->field[i]. */
void common_fill(const struct common *c, const struct net *net, const struct ids *ids, size_t i);

/* Keeps the embeddings of rare ids of rows first .. first + n - 1, n <= IDS_CHUNK, of every field,
 * and takes their steps; b's arrays begin with row `first`. */
void common_step_rare(const struct common *c, struct net *net, const struct common_batch *b,
	size_t first, size_t n, float *scratch);

/* After all rows, field c->field[i] in one panel of the layer, whose deltas are d (batch, 32): g
 * (dim, 32) <- the gradient of its weights, and its part of c->gradient with the weights as they
 * are. */
void common_panel(const struct common *c, const struct net *net, const struct ids *ids, size_t i,
	size_t panel, const float *d, float *g, float *scratch);

/* After all panels: the steps of the common ids of field c->field[i]. */
void common_step(const struct common *c, struct net *net, const struct common_batch *b, size_t i,
	float *scratch);

#endif
