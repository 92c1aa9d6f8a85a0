/* settings -- the options of training. Owns: what rs-teach and rs-distill can be asked for. */
#ifndef SETTINGS_H
#define SETTINGS_H

#include <string.h>

#include "feature.h"
#include "fit.h"
#include "opt.h"
#include "text.h"

struct train_options {
	const char *as, *arch, *features, *drop, *hidden, *loss, *optimizer, *trace, *init;
	const char *schedule, *class_weights, *activation, *norm, *bags, *freeze, *rate_of, *sampling;
	struct opt_each cross;
	long dim, crosses, cross_bits, epochs, batch, patience, seed, ensemble, negatives;
	double rate, l2, l2_layers, dropout, unknown_rate, momentum, clip, clip_norm, warmup;
	bool replace, resume, resumable;
	long before; /* epochs of a run ahead of this one, which a schedule of the rate spans, too */
};

#define TRAIN_DEFAULTS                                                                             \
	.loss = "auto", .optimizer = "auto", .schedule = "constant", .activation = "relu",         \
	.norm = "none", .bags = "mean", .sampling = "uniform", .ensemble = 1,                      \
	.cross_bits = 16, .momentum = 0.9, .dim = 16, .crosses = 3, .epochs = 30, .batch = 1024,   \
	.patience = 2, .seed = 1, .rate = 1e-3, .l2 = 1e-5

/* losses: what --loss may be */
#define TRAIN_OPTIONS(o, losses)                                                                   \
	OPT_TEXT(0, "as", &(o)->as, "NAME", "name of the model"),                                  \
		OPT_TEXT(0, "arch", &(o)->arch, "ARCH",                                            \
			"what to train; `--arch list` has a line on each"),                        \
		OPT_TEXT(0, "features", &(o)->features, "LIST",                                    \
			"features to use, separated by commas; default: all"),                     \
		OPT_INT('k', "dim", &(o)->dim, 1, 4096, "width of an embedding"),                  \
		OPT_TEXT(0, "hidden", &(o)->hidden, "LIST", "hidden layers of the MLP"),           \
		OPT_INT(0, "crosses", &(o)->crosses, 1, NET_CROSSES, "cross layers of dcn"),       \
		OPT_EACH(0, "cross", &(o)->cross, "A*B",                                           \
			"a cross of features for the first order: A*B or A*B*C; repeatable"),      \
		OPT_INT(0, "cross-bits", &(o)->cross_bits, 1, NET_WIDE_BITS,                       \
			"each cross is hashed to 2^N weights"),                                    \
		OPT_TEXT(0, "activation", &(o)->activation, "KIND",                                \
			"of hidden layers: relu, tanh, sigmoid or linear"),                        \
		OPT_TEXT(0, "norm", &(o)->norm, "KIND",                                            \
			"before the activation: none, layer or batch"),                            \
		OPT_TEXT(0, "bags", &(o)->bags, "KIND",                                            \
			"multi-valued features are the mean or the sum of their embeddings"),      \
		OPT_REAL(0, "unknown-rate", &(o)->unknown_rate, 0, 0.95,                           \
			"share of ids taken for unknown in training, to learn what stands for "    \
			"new ones"),                                                               \
		OPT_INT('e', "epochs", &(o)->epochs, 0, 1000000, "most passes over part 0"),       \
		OPT_INT('b', "batch", &(o)->batch, 1, 1 << 20, "rows a step"),                     \
		OPT_REAL('l', "rate", &(o)->rate, 1e-9, 10, "learning rate"),                      \
		OPT_TEXT(0, "rate-schedule", &(o)->schedule, "HOW",                                \
			"constant, step:EPOCHS:FACTOR, cosine or cosine:EPOCHS"),                  \
		OPT_REAL(0, "warmup", &(o)->warmup, 0, 1e6,                                        \
			"epochs over which the rate rises from 0"),                                \
		OPT_REAL(0, "l2", &(o)->l2, 0, 10, "L2 on embeddings and first-order weights"),    \
		OPT_REAL(0, "l2-layers", &(o)->l2_layers, 0, 10, "L2 on weights of layers"),       \
		OPT_REAL(0, "clip", &(o)->clip, 0, 1e9, "clip each gradient to -X .. X; 0: not"),  \
		OPT_REAL(0, "clip-norm", &(o)->clip_norm, 0, 1e9,                                  \
			"scale the gradients down to a norm of X, all together; 0: not"),          \
		OPT_REAL(0, "dropout", &(o)->dropout, 0, 0.95, "share of hidden units dropped"),   \
		OPT_TEXT(0, "loss", &(o)->loss, "LOSS", losses),                                   \
		OPT_INT(0, "negatives", &(o)->negatives, 0, 1000,                                  \
			"bpr, softmax: of each positive; 0: 1 and 4"),                             \
		OPT_TEXT(0, "negative-sampling", &(o)->sampling, "HOW",                            \
			"bpr, softmax: uniform, or popularity: as often as they are positives"),   \
		OPT_TEXT(0, "class-weights", &(o)->class_weights, "HOW",                           \
			"weights of labels 0 and 1, such as 1,5, or balanced"),                    \
		OPT_TEXT(0, "optimizer", &(o)->optimizer, "KIND",                                  \
			"adam, lazy (Adam only for embeddings that a batch has), rowwise (AdaGrad " \
			"for those, with one moment each), adamw, adagrad, sgd, or auto: rowwise " \
			"beyond 100000 embeddings, else adam"),                                    \
		OPT_REAL(0, "momentum", &(o)->momentum, 0, 0.999, "of sgd"),                       \
		OPT_INT(0, "patience", &(o)->patience, 0, 1000000,                                 \
			"stop after N epochs that do not better part 1; 0: never"),                \
		{ 0, "trace", OPT_KIND_FILE, &(o)->trace, 0, 0, "FILE",                            \
			"write the learning curve to FILE, one line an epoch", true },             \
		OPT_TEXT(0, "init", &(o)->init, "NAME",                                            \
			"start from that model's weights, as far as names and shapes agree"),      \
		OPT_TEXT(0, "freeze", &(o)->freeze, "LIST",                                        \
			"weights that stay as they are, such as 'mlp.*,embedding.user'"),          \
		OPT_TEXT(0, "rate-of", &(o)->rate_of, "LIST",                                      \
			"rates of weights in multiples of --rate, such as 'mlp.*=0.1'"),           \
		OPT_INT(0, "ensemble", &(o)->ensemble, 1, 64,                                      \
			"N models NAME-1 to NAME-N, with seeds one after the other"),              \
		OPT_FLAG(0, "resumable", &(o)->resumable, "add what --resume needs"),              \
		OPT_FLAG(0, "resume", &(o)->resume,                                                \
			"go on training the model of that name, to --epochs in all"),              \
		OPT_SEED(&(o)->seed),                                                              \
		OPT_FLAG(0, "replace", &(o)->replace, "replace a model of that name")

static inline bool settings_pairs(const struct train_options *o)
{
	return strcmp(o->loss, "bpr") == 0 || strcmp(o->loss, "softmax") == 0;
}

/* If --arch list was asked for: prints a line an architecture, ends the program. */
void settings_list(const struct train_options *o);

/* What the options alone say, so that wrong use is told before the stream is read: shape without
 * its features and task, fit without its data and loss. Dies by usage. */
void settings_check(const struct train_options *o, struct net_shape *shape, struct fit *fit);

/* Dies by usage when an option is given that only networks have: the student is a factor model. */
void settings_factors(const struct train_options *o);

/* Crosses of those features into the shape; dies by usage. */
void settings_crosses(
	const struct train_options *o, const struct features *features, struct net_shape *shape);

/* Negatives of each positive. */
static inline size_t settings_negatives(const struct train_options *o)
{
	if (o->negatives)
		return (size_t)o->negatives;
	return strcmp(o->loss, "softmax") == 0 ? 4 : 1;
}

/* Completes fit->optim for a network with so many embeddings: auto is rowwise beyond 100,000. */
void settings_optimizer(const struct train_options *o, uint64_t embeddings, struct fit *fit);

/* All that an equal result needs but the number of epochs, into a model's spec. taught: with a
 * curriculum, of which the pairs are but the base. */
void settings_note(const struct train_options *o, const struct fit *fit, bool pairs, bool taught,
	struct text *spec);

#endif
