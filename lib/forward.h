/* forward -- from a row's features to its logit. Owns: gathering, the forward pass, dropout. */
#ifndef FORWARD_H
#define FORWARD_H

#include "net.h"

enum { FORWARD_CHUNK = 48 }; /* rows that go through all layers together; a multiple of 12 */

/* score[i], i < n: logits (or ratings) of rows row[i], or of rows 0 .. n-1 when row is NULL. In
 * parallel over chunks of rows. */
void forward_scores(const struct net *net, const struct net_field *field, const uint32_t *row,
	size_t n, float *score);

/* The same scores, and hidden[i * width], width = the last hidden layer's units: its activations.
 * The network has a hidden layer. */
void forward_hidden(const struct net *net, const struct net_field *field, const uint32_t *row,
	size_t n, float *score, float *hidden);

/* ---- for fit.c ---- */

/* Buffers for some rows; in training they are windows of the batch's. */
struct forward_rows {
	float *x, *h[NET_LAYERS], *s, *z;
	float *u[NET_CROSSES], *c[NET_CROSSES]; /* cross layers: W x + b, and the output */
};
struct forward_rows forward_new(const struct net *net, size_t n);
void forward_free(const struct net *net, struct forward_rows *b);
/* The same buffers from row `first` on. */
struct forward_rows forward_window(
	const struct net *net, const struct forward_rows *b, size_t first);

struct forward_dropout {
	uint64_t seed; /* of this epoch */
	double share;
	size_t first; /* position in the epoch of the first row */
};

/* Fills b for n <= FORWARD_CHUNK rows row[0 .. n), or first .. first + n - 1 when row is NULL. how
 * NULL: no dropout. */
void forward_pass(const struct net *net, const struct net_field *field, const uint32_t *row,
	size_t first, size_t n, struct forward_rows *b, const struct forward_dropout *how);

/* The entry of a column that a row reads, or UINT64_MAX for an unknown user or item. */
static inline uint64_t forward_entry(const struct net_field *f, uint64_t row)
{
	uint64_t e = f->key ? f->key[row] : row;

	return f->key && e >= f->entries ? UINT64_MAX : e;
}

/* Rows of the embedding table for a categorical field of n rows: row[i], or first + i. */
void forward_ids(const struct net *net, size_t field, const struct net_field *f,
	const uint32_t *row, uint64_t first, size_t n, uint32_t *id);

#endif
