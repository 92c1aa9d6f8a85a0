/* train -- training a network from a stream. Owns: what rs-teach and rs-distill share before the
 * first epoch and after the last (course.h): what is read, how a network starts, what is written.
 */
#ifndef TRAIN_H
#define TRAIN_H

#include <stdio.h>

#include "feature.h"
#include "fit.h"
#include "judge.h"
#include "liked.h"
#include "material.h"
#include "resume.h"
#include "settings.h"
#include "stream.h"
#include "teachers.h"
#include "tutor.h"
#include "unseen.h"

/* What training minimises (loss.h): the share of the soft loss goes in even steps from alpha in the
 * first epoch to last in the last one. */
struct train_mix {
	double alpha, last, temperature;
	bool mse;
	/* With a curriculum: weight of a base of pairs, and of what is taught, in even steps too.
	 */
	double base, taught, taught_last;
};

struct train_lesson;

struct train {
	const struct train_options *options;
	const struct train_lesson *lesson;
	FILE *trace; /* or NULL */
	struct tensors set;
	struct features features;
	struct net_shape shape; /* as the options have it; features come with the stream */
	struct fit fit; /* likewise */
	struct net *net;
	size_t member; /* of an ensemble, from 0 */
	char name[TENSOR_NAME]; /* of the model at hand */
	struct liked liked; /* for losses over pairs, */
	struct objective objective; /* which this is; self NULL: none */
	struct tutor tutor; /* curriculum NULL: none */
	struct mf_rows rows; /* once losses over pairs or a tutor ask for them */
	struct judge *judge; /* of pairs; or NULL */
	const char *measure; /* what part 1 judges by: "auc", "rmse", "ndcg@20" */
	uint32_t digest; /* of the rows, for --resume */
	struct material material;
	const struct teachers *teachers; /* or NULL */
	size_t epoch, best_epoch;
	double best; /* quality of the best epoch on part 1: AUC, NDCG, or minus the RMSE */
	bool best_here; /* whether the network has the best epoch's weights; */
	float *best_weights; /* else they are kept here, or there is no best epoch */
	float *last_weights; /* after the last epoch, for --resumable; NULL: they are the best */
	struct unseen unseen;
	struct text spec;
};

/* Whom a student learns from; both checked, either NULL. */
struct train_lesson {
	struct teachers *teachers;
	struct curriculum *curriculum;
	const struct train_mix *mix; /* of the first run */
	void (*note)(const void *self, struct text *spec); /* what the spec says of it; or NULL */
	const void *self;
};

/* Reads the stream: features, labels, parts and what the lesson needs; soft labels are opened for
 * its mix. Everything but rows is forwarded. Starts the network. */
void train_open(struct train *t, const struct train_options *options, struct stream *in,
	struct stream *out, const struct train_lesson *lesson);

bool train_judged(const struct train *t); /* whether part 1 judges epochs, */
bool train_best(const struct train *t); /* and there is a best one */

/* Writes the model ahead of the rows. True when there is another one of the ensemble to train,
 * which has been started. */
bool train_next(struct train *t, struct stream *out);

void train_close(struct train *t); /* frees everything */

#endif
