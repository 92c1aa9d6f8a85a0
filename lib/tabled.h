/* tabled -- fields with few values, in training. Owns: which they are, the table of what the first
 * layer makes of their embeddings.
 *
 * The first layer's sums are W x = sum_f W_f e_f over the fields, W_f (units, dim). Where a batch
 * has many more rows than a field has values, W_f e is worked out once for each value and rows add
 * up what they have of it:
 *
 *   t_i = W_f e_i      (W x)[r] = sum_f sum_{i in row r} share[r, i] t_i + W_rest x_rest
 *
 * And so on the way back, with d[r] the loss's gradient by (W x)[r]:
 *
 *   D_i = sum_r share[r, i] d[r]      dL/de_i = W_f^T D_i      dL/dW_f = sum_i D_i e_i^T
 *
 * the last of which is gradient.h's.
 *
 * Instead of three products of W_f with every row there are three with every value. */
#ifndef TABLED_H
#define TABLED_H

#include "gemm.h"
#include "ids.h"
#include "net.h"

struct tabled {
	bool *on; /* whether a field is */
	size_t *field, fields; /* which are */
	size_t *first; /* where a field's rows begin in the table */
	size_t rows, width; /* of the table; the width is that of the layer's sums */
	struct gemm_run *run; /* the inputs of the first layer that are not */
	size_t runs;
};

/* For batches of that many rows. No fields where nothing is to be gained. */
struct tabled tabled_new(const struct net *net, size_t batch);
void tabled_free(struct tabled *t);

/* run <- the first layer's inputs but for fields that are on, here or (NULL: none) there; returns how
 * many runs, of which there are at most one for each field and one more. */
size_t tabled_runs(
	struct gemm_run *run, const struct net *net, const bool *here, const bool *there);

/* table (rows, width): t_i with the weights as they are. */
void tabled_fill(const struct tabled *t, const struct net *net, float *table);

/* sum (n, width): the first sum above for rows first .. first + n of a batch; ids are those of
 * every field. */
void tabled_sum(const struct tabled *t, const struct net *net, const float *table,
	const struct ids *ids, size_t first, size_t n, float *sum);

#endif
