/* net -- networks over features. Owns: what a network computes, its weights, its training loop.
 *
 *   logit(x) = bias + [first order] + [FM second order] + [MLP]
 *
 *   lr         first order                 w . x
 *   fm         + second order              Rendle 2010, "Factorization machines", eq. 1 and
 * lemma 3.1 mlp        MLP over the embeddings of all fields, concatenated, and the numbers
 *   wide-deep  first order + MLP           Cheng et al. 2016, "Wide & deep learning"
 *   deepfm     first order + FM + MLP, one set of embeddings
 *                                          Guo et al. 2017, "DeepFM", eq. 1 to 4
 *
 * A categorical field is one embedding row; a multi-valued one the mean of its rows; a block of
 * numbers enters the first order and the MLP as it is, and FM as x_j v_j. */
#ifndef NET_H
#define NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum net_arch { NET_LR, NET_FM, NET_MLP, NET_WIDE_DEEP, NET_DEEPFM, NET_ARCHS };
enum net_kind { NET_CAT, NET_BAG, NET_NUM };
enum { NET_LAYERS = 8 };

/* One input, bound to a block of rows. Row r reads entry e = key ? key[r] : r of its column;
 * a key beyond `entries` is an unknown user or item: the field is empty (embedding 0, numbers 0).
 */
struct net_field {
	enum net_kind kind;
	uint32_t values; /* CAT, BAG: ids are below this, others are unknown; NUM: width */
	const uint32_t *key; /* NULL: the column has one entry a row */
	uint64_t entries;
	const uint32_t *cat; /* CAT: cat[e]; NULL: the id is e itself (user, item) */
	const uint64_t *at; /* BAG: id[at[e]] .. id[at[e + 1]] */
	const uint32_t *id;
	const float *num; /* NUM: num[e * width] */
};

struct net_shape {
	enum net_arch arch;
	bool logistic; /* logit of a click, else a rating */
	uint32_t dim; /* width of an embedding */
	size_t layers; /* hidden layers */
	uint32_t hidden[NET_LAYERS];
	size_t fields;
	const struct net_field *field; /* kind and values are used */
};

/* A weight as the stream holds it: row-major, unpadded. */
struct net_tensor {
	char name[32]; /* "bias", "linear.3", "embedding.3", "mlp.0.weight", "num.mean.3" ... */
	int field; /* the field that it belongs to, -1 for none */
	uint64_t rows, cols; /* cols 0: one axis */
};

struct net;

/* All weights zero. */
struct net *net_new(const struct net_shape *shape);
void net_free(struct net *net);
const struct net_shape *net_shape(const struct net *net);

size_t net_tensors(const struct net *net); /* how many weights there are */
struct net_tensor net_tensor(const struct net *net, size_t i);
void net_get(const struct net *net, size_t i, float *out);
void net_set(struct net *net, size_t i, const float *in);

uint64_t net_parameters(const struct net *net);
uint64_t net_multiply_adds(const struct net *net); /* for one row, embeddings of bags as one */

/* score[r], r < n: logits (or ratings). In parallel over chunks of rows. */
void net_predict(const struct net *net, const struct net_field *field, size_t n, float *score);

struct net_training {
	uint64_t seed;
	size_t batch;
	double rate; /* Adam's learning rate */
	double l2; /* added to embedding gradients: l2 * w (Adam with coupled decay) */
	double dropout; /* share of hidden units dropped */
	bool lazy; /* Adam steps only for the embedding rows of a batch */
};

/* Random weights: embeddings uniform with deviation 0.05, layers He-uniform, rest 0; numbers'
 * mean and deviation from the rows of `order`. */
void net_start(struct net *net, const struct net_training *how, const struct net_field *field,
	const uint32_t *order, size_t n);

/* One pass over the rows order[0 .. n), shuffled by (seed, epoch), with targets target[row] and
 * optional weights weight[row]. Returns the mean training loss (before each step), NaN when it
 * is not finite: *bad then holds the batch. */
double net_epoch(struct net *net, const struct net_training *how, const struct net_field *field,
	const float *target, const float *weight, const uint32_t *order, size_t n, uint64_t epoch,
	size_t *bad);

#endif
