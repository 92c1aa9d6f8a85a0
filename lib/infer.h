/* infer -- a network in use. Owns: scores, hidden vectors and vectors of towers for many rows, the
 * tables of what users and items bring to the first layer.
 *
 * The first layer's sums are W x + b = (b + sum_user) + sum_item + sum_rest: the inputs of fields
 * that a row looks up by its user, by its item, and the others. Where more rows than users are to
 * be scored, sum_user is worked out once for each user, and so with items; the bits are the same.
 */
#ifndef INFER_H
#define INFER_H

#include "net.h"

/* score[i], i < n: logits (or ratings) of rows row[i], or of rows 0 .. n-1 when row is NULL. In
 * parallel over chunks of rows. */
void infer_scores(const struct net *net, const struct net_field *field, const uint32_t *row,
	size_t n, float *score);

/* The same scores, and hidden[i * width], width = the last hidden layer's units: its activations
 * (of two towers the user's). The network has a hidden layer. */
void infer_hidden(const struct net *net, const struct net_field *field, const uint32_t *row,
	size_t n, float *score, float *hidden);

/* vector[i * width], i < n: what the tower of users (0) or items (1) makes of row i; width = the
 * last hidden layer's units. In parallel. */
void infer_tower(const struct net *net, size_t tower, const struct net_field *field, size_t n,
	float *vector);

#endif
