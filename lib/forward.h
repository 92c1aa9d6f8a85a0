/* forward -- from a row's features to its logit. Owns: gathering, the forward pass, dropout. */
#ifndef FORWARD_H
#define FORWARD_H

#include "common.h"
#include "fetch.h"
#include "ids.h"
#include "net.h"
#include "tabled.h"

enum { FORWARD_CHUNK = IDS_CHUNK }; /* most rows that go through all layers together */

/* How many do: few enough that they and the next ones stay in the cache; a multiple of 12. */
static inline size_t forward_chunk(const struct net *net)
{
	size_t rows = 62400 / (net->ldx + 1) / 12 * 12;

	return rows > FORWARD_CHUNK ? FORWARD_CHUNK : rows < 48 ? 48 : rows;
}

/* Buffers for some rows; in training they are windows of the batch's. */
struct forward_rows {
	float *x, *s, *z;
	float *h[NET_TOWERS * NET_LAYERS]; /* outputs of hidden layers */
	/* Of layers that are not fused: activations before dropout, and with a normalisation xhat,
	 * and 1 / deviation: of each row (layer norm), of each unit (batch norm, in use). */
	float *a[NET_TOWERS * NET_LAYERS], *xhat[NET_TOWERS * NET_LAYERS];
	float *inverse[NET_TOWERS * NET_LAYERS];
	float *u[NET_CROSSES], *c[NET_CROSSES]; /* cross layers: W x + b, and the output */
	/* Worked off while the first layer is summed, and while gradients go back to it; NULL: none. */
	struct fetch *fetch;
	const bool *unread; /* fields whose place in x nobody reads; NULL: none */
};
struct forward_rows forward_new(const struct net *net, size_t n);
void forward_free(const struct net *net, struct forward_rows *b);
/* The same buffers from row `first` on. */
struct forward_rows forward_window(
	const struct net *net, const struct forward_rows *b, size_t first);

/* Of a unit, over the batch. */
struct forward_moments {
	float *mean, *inverse; /* 1 / deviation */
	float *gain, *shift; /* sums of gradients, for the way back */
};

/* What is different while a network is trained. */
struct forward_training {
	struct ids_draw draw; /* what is hidden; its seed and first row are dropout's too */
	double dropout; /* share of hidden units dropped */
	const struct forward_moments *moments; /* of each hidden layer with batch normalisation */
	const struct ids *ids; /* of each field in the batch, */
	size_t at; /* in which these rows begin here */
	const struct tabled *tabled; /* fields of the first layer, and their table */
	const float *table;
	const struct common *common; /* and fields of which some ids are */
};

/* The pass in steps, on n <= FORWARD_CHUNK rows row[0 .. n), or first .. first + n - 1 when row is
 * NULL; how NULL: in use. First the input (but what the fetch has made of it) with all that is no
 * hidden layer, then each hidden layer's sums, which are at its target, and their end
 * (normalisation, activation, dropout), at last the output z. */
void forward_input(const struct net *net, const struct net_field *field, const uint32_t *row,
	size_t first, size_t n, struct forward_rows *b, const struct forward_training *how);
void forward_field(const struct net *net, size_t field, const struct net_field *in,
	const uint32_t *row, size_t first, size_t n, struct forward_rows *b,
	const struct forward_training *how); /* one field into x, its first order onto z */
float *forward_target(const struct net *net, size_t layer, const struct forward_rows *b);
void forward_sums(const struct net *net, size_t layer, size_t n, struct forward_rows *b,
	const struct forward_training *how);
/* The sums of 32 units of a first layer without tabled fields, for any number of rows. */
void forward_panel(
	const struct net *net, size_t layer, size_t panel, size_t n, struct forward_rows *b);
/* Of a network of layers over numbers alone, in place of both: sums (n, width) over the inputs x of
 * one half, 0 below `split` or 1 from there on, which has the bias; `ahead` is worked off beside. Then
 * the sum of the two halves. */
void forward_half(const struct net *net, size_t split, size_t half, size_t n, const float *x,
	float *sums, struct ahead *ahead);
void forward_join(
	const struct net *net, size_t n, const float *const half[2], struct forward_rows *b);
void forward_end(const struct net *net, size_t layer, size_t n, struct forward_rows *b,
	const struct forward_training *how);
void forward_output(const struct net *net, size_t n, struct forward_rows *b);

/* h[r][j] *= 1 / (1 - dropout), or 0: of n rows of a layer's outputs, or of their gradients. */
void forward_drop(const struct net *net, size_t layer, size_t n, float *h,
	const struct forward_training *how);

#endif
