/* train -- training a network from a stream. Owns: what rs-teach and rs-distill share: which rows
 * train and which judge, epochs, early stopping, the best epoch. */
#ifndef TRAIN_H
#define TRAIN_H

#include <stdio.h>

#include "fit.h"
#include "model.h"
#include "settings.h"
#include "stream.h"

struct train {
	const struct train_options *options;
	FILE *trace; /* or NULL */
	struct tensors set;
	struct features features;
	struct net_shape shape; /* as the options have it; features come with the stream */
	struct fit fit; /* likewise */
	struct net *net;
	uint32_t *row[2]; /* rows of part 0, and of part 1 */
	size_t n[2];
	float *judged[3]; /* scores, labels and weights of part 1 */
	const float *label, *weight, *teacher; /* NULL where there is none */
	float *class_weight; /* weight with --class-weights, of every row; or NULL */
	bool logistic;
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
