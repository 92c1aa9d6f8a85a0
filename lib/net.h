/* net -- networks over features. Owns: what a network is, where each of its weights lies.
 *
 * A categorical field is one embedding row; a multi-valued one the mean or the sum of its rows; a
 * block of numbers enters the first order and the MLP as it is, and FM as x_j v_j. */
#ifndef NET_H
#define NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "active.h"
#include "arch.h"
#include "embed.h"
#include "optim.h"

enum net_kind { NET_CAT, NET_BAG, NET_NUM };
enum net_norm { NET_PLAIN, NET_LAYER_NORM, NET_BATCH_NORM };
enum {
	NET_LAYERS = 8,
	NET_TOWERS = 2,
	NET_CROSSES = 8,
	NET_WIDES = 16,
	NET_WIDE_PARTS = 4,
	NET_WIDE_BITS = 24
};

/* One input, bound to a block of rows. Row r reads entry e = key ? key[r] : r of its column;
 * a key beyond `entries` is an unknown user or item: the field is empty (embedding 0, or that of
 * the unknown; numbers 0). */
struct net_field {
	enum net_kind kind;
	uint32_t values; /* CAT, BAG: ids are below this, others are unknown; NUM: width */
	const uint32_t *key; /* NULL: the column has one entry a row */
	uint64_t entries;
	const uint32_t *cat; /* CAT: cat[e]; NULL: the id is e itself (user, item) */
	const uint64_t *at; /* BAG: id[at[e]] .. id[at[e + 1]] */
	const uint32_t *id;
	const float *num; /* NUM: num[e * width] */
	bool item; /* it is the item's: for towers and pairs; else the user's */
	const float *weight; /* BAG: of each id; NULL: all are 1 */
	bool placed; /* the key is where a row's own entry is, not a user's or an item's */
};

/* A declared cross of the wide part: every combination of the parts' ids has a weight, that of its
 * hash (wide.h). */
struct net_wide {
	size_t parts;
	uint32_t field[NET_WIDE_PARTS];
};

struct net_shape {
	enum net_arch arch;
	bool logistic; /* logit of a click, else a rating */
	uint32_t dim; /* width of an embedding */
	size_t layers; /* hidden layers */
	uint32_t hidden[NET_LAYERS];
	size_t crosses; /* cross layers; NET_DCN only */
	enum active active; /* activation of hidden layers */
	enum net_norm norm; /* of their sums, before the activation */
	bool sum; /* multi-valued fields: the sum, else the mean */
	bool unknown; /* fields have an embedding for ids that they do not know, after the others */
	size_t wides; /* crosses of the wide part; only where there is a first order */
	struct net_wide wide[NET_WIDES];
	unsigned wide_bits; /* 2^bits weights for each */
	bool rowwise; /* embeddings and first-order weights are trained by optim.h's rowwise */
	size_t fields;
	const struct net_field *field; /* kind and values are used */
};

/* A weight as the stream holds it: row-major, unpadded. */
struct net_tensor {
	const char *part; /* "bias", "linear", "embedding", "wide", "mean", "scale", "output",
			     "cross.output"; of a layer "weight", "bias", "gain", "shift", "mean",
			     "variance" */
	int field; /* the field that it belongs to, or -1 */
	const char *stack; /* whose layer it is: "mlp", "cross", "user", "item"; else NULL */
	int layer; /* which one; or which "wide"; or -1 */
	uint64_t rows, cols; /* cols 0: one axis */
};

/* ---- for the modules that train and score; everybody else goes through the functions below ---- */

static inline size_t net_round(size_t n, size_t to)
{
	return (n + to - 1) / to * to;
}

/* A trained weight and Adam's moments of it. */
struct net_param {
	float *w, *m, *v;
	size_t n;
	float pace; /* its steps are at so many times the rate; 0: it stays as it is */
};

struct net_layer {
	size_t in, out, panels;
	size_t width; /* floats between rows of its outputs */
	size_t back; /* inputs that want a gradient */
	size_t from; /* where its inputs begin in x; first layers only */
	struct net_param weights; /* panels of in + 1 rows, the last one is the bias */
	float bias_pace;
	float *transposed; /* panels over the inputs, (out, 32) each */
	enum active active;
	enum net_norm norm;
	struct net_param gain, shift; /* of a normalisation */
	struct net_param mean, variance; /* running ones of batch normalisation, not trained */
};

/* Whether a layer is what the fused kernels do: ReLU of W x + b. */
static inline bool net_fused(const struct net_layer *y)
{
	return y->active == ACTIVE_RELU && y->norm == NET_PLAIN;
}

struct net {
	struct net_shape shape;
	const struct arch *has;
	size_t slots; /* fields with embeddings */
	size_t numbers; /* all numeric fields together */
	size_t inputs, ldx, lddx;
	size_t towers,
		layers; /* 1 or 2; hidden layers of all towers: tower t's from t * depth on */
	uint32_t *base; /* field -> first row of its embeddings */
	uint32_t *rows; /* field -> how many it has, with that of the unknown */
	size_t *place; /* field -> its slot, or its first number */
	size_t *at; /* field -> where it begins in x */
	float *embedding_pace, *linear_pace; /* of fields */
	float wide_pace[NET_WIDES];
	float *mean, *scale; /* of numbers */
	float *block; /* all w, then all m, then all v */
	size_t size[3]; /* floats of each of the three */
	struct embed_table table;
	struct net_param bias, output, number_linear, number_vector;
	struct net_param cross_output;
	struct net_layer layer[NET_TOWERS * NET_LAYERS], cross[NET_CROSSES];
	struct optim_clock clock;
};

const struct net_shape *net_shape(const struct net *net);

/* How many trained weights that will have, before any memory is asked for. */
double net_weights(const struct net_shape *shape);

/* All weights zero. */
struct net *net_new(const struct net_shape *shape);
void net_free(struct net *net);

size_t net_tensors(const struct net *net); /* how many weights there are */
struct net_tensor net_tensor(const struct net *net, size_t i);
/* False for statistics of the data: "mean", "scale", "variance". */
bool net_trained(struct net_tensor t);
/* epoch_run trains that tensor at so many times its rate, 1 at first; 0: leaves it as it is. */
void net_pace(struct net *net, size_t i, float pace);

/* Weights, moments, paces and statistics of numbers; its transposed copies are not made yet. */
struct net *net_copy(const struct net *net);

/* The weight itself, or Adam's two moments of it: of what is trained; of a table that is trained by
 * rowwise a second one for each row only. */
enum net_state { NET_WEIGHT, NET_FIRST_MOMENT, NET_SECOND_MOMENT };
uint64_t net_state_size(const struct net *net, size_t i, enum net_state state); /* floats */
void net_get(const struct net *net, size_t i, enum net_state state, float *out);
void net_set(struct net *net, size_t i, enum net_state state, const float *in);
/* The same without a copy, where it lies as net_get gives it; else NULL. */
const float *net_view(const struct net *net, size_t i, enum net_state state);

/* The first weight of a cross of the wide part in table.linear. */
static inline size_t net_wide_base(const struct net *net, size_t wide)
{
	return net->table.rows + 1 + (wide << net->shape.wide_bits);
}

/* Whether embeddings are too many for the cache. */
static inline bool net_far(const struct net *net)
{
	return net->table.rows * net->table.dim > 1 << 18;
}

/* The row of the table that stands for an id that field f does not know. */
static inline uint32_t net_unknown(const struct net *net, size_t f)
{
	return net->shape.unknown ? net->base[f] + net->shape.field[f].values
				  : (uint32_t)net->table.rows;
}

uint64_t net_parameters(const struct net *net);
uint64_t net_multiply_adds(const struct net *net); /* for one row, a bag counted as one id */

/* All weights but those of statistics of numbers in one block, for keeping the best epoch: net_size
 * floats. */
size_t net_size(const struct net *net);
void net_save(const struct net *net, float *block);
void net_swap(struct net *net, float *block); /* what was saved for what is there */

#endif
