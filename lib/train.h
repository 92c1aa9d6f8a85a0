/* train -- training a network from a stream. Owns: what rs-teach and rs-distill share: options,
 * which rows train and which judge, epochs, early stopping, the best epoch. */
#ifndef TRAIN_H
#define TRAIN_H

#include <stdio.h>

#include "model.h"
#include "opt.h"
#include "stream.h"

struct train_options {
	const char *as, *arch, *features, *hidden, *loss, *adam, *trace, *init;
	long dim, crosses, epochs, batch, patience, seed;
	double rate, l2, dropout;
	bool replace;
};

#define TRAIN_DEFAULTS                                                                             \
	.loss = "auto", .adam = "auto", .dim = 16, .crosses = 3, .epochs = 30, .batch = 1024,      \
	.patience = 2, .seed = 1, .rate = 1e-3, .l2 = 1e-5

#define TRAIN_OPTIONS(o)                                                                           \
	OPT_TEXT(0, "as", &(o)->as, "NAME", "name of the model"),                                  \
		OPT_TEXT(0, "arch", &(o)->arch, "ARCH", "lr, fm, mlp, wide-deep, deepfm or dcn"),  \
		OPT_TEXT(0, "features", &(o)->features, "LIST",                                    \
			"features to use, separated by commas; default: all"),                     \
		OPT_INT('k', "dim", &(o)->dim, 1, 4096, "width of an embedding"),                  \
		OPT_TEXT(0, "hidden", &(o)->hidden, "LIST", "hidden layers of the MLP"),           \
		OPT_INT(0, "crosses", &(o)->crosses, 1, NET_CROSSES, "cross layers of dcn"),       \
		OPT_INT('e', "epochs", &(o)->epochs, 0, 1000000, "most passes over part 0"),       \
		OPT_INT('b', "batch", &(o)->batch, 1, 1 << 20, "rows a step"),                     \
		OPT_REAL('l', "rate", &(o)->rate, 1e-9, 10, "Adam's learning rate"),               \
		OPT_REAL(0, "l2", &(o)->l2, 0, 10, "L2 on embeddings and first-order weights"),    \
		OPT_REAL(0, "dropout", &(o)->dropout, 0, 0.95, "share of hidden units dropped"),   \
		OPT_TEXT(0, "loss", &(o)->loss, "LOSS",                                            \
			"logistic, squared, or auto: logistic when labels are 0 and 1"),           \
		OPT_TEXT(0, "adam", &(o)->adam, "KIND",                                            \
			"dense, lazy (only embeddings that a batch has), or auto: lazy beyond "    \
			"100000 embeddings"),                                                      \
		OPT_INT(0, "patience", &(o)->patience, 0, 1000000,                                 \
			"stop after N epochs that do not better part 1; 0: never"),                \
		{ 0, "trace", OPT_KIND_FILE, &(o)->trace, 0, 0, "FILE",                            \
			"write the learning curve to FILE, one line an epoch", true },             \
		OPT_TEXT(0, "init", &(o)->init, "NAME",                                            \
			"start from that model's weights, as far as names and shapes agree"),      \
		OPT_SEED(&(o)->seed),                                                              \
		OPT_FLAG(0, "replace", &(o)->replace, "replace a model of that name")

struct train {
	const struct train_options *options;
	FILE *trace; /* or NULL */
	struct tensors set;
	struct features features;
	struct net_shape shape; /* as the options have it; features come with the stream */
	struct net *net;
	uint32_t *row[2]; /* rows of part 0, and of part 1 */
	size_t n[2];
	float *judged[3]; /* scores, labels and weights of part 1 */
	const float *label, *weight, *teacher; /* NULL where there is none */
	bool logistic, lazy;
	size_t epoch, best_epoch;
	double best; /* quality of the best epoch on part 1: AUC, or minus the RMSE */
	float *best_weights;
	struct text spec;
};

/* Reads the stream: features, labels, parts and, if `teacher` is not NULL, the column
 * soft.<*teacher> (*teacher NULL: the only one there is). Everything but rows is forwarded. Starts
 * the network. */
void train_open(struct train *t, const struct train_options *options, struct stream *in,
	struct stream *out, const char **teacher);

/* Up to `epochs` epochs on that mixture of soft and hard loss, then the best epoch so far is put
 * back (judged on part 1; without a part 1 the last one stays). */
void train_run(struct train *t, float alpha, float temperature, size_t epochs);

/* Writes the model ahead of the rows, and frees everything. */
void train_close(struct train *t, struct stream *out);

#endif
