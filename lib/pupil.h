/* pupil -- a factor model that is taught. Owns: the training of such a student from a stream, its
 * schedule.
 *
 *   L = bpr (bpr.h) + sum over the losses asked for of lambda loss      curriculum.h
 *
 * as the published experiments have it; the optimiser is that of factors.h. */
#ifndef PUPIL_H
#define PUPIL_H

#include "curriculum.h"
#include "drill.h"
#include "stream.h"

struct pupil {
	/* Options, set by the caller. */
	const char *name; /* of the model */
	bool replace;
	const char *schedule, *optimizer;
	struct drill drill;
	struct curriculum *curriculum; /* checked */
	long soft_epochs;
	uint64_t memory;
	/* the work */
	struct tensors set, model;
	struct mf_rows rows;
	struct liked liked;
	struct text spec;
	struct factors *factors;
};

/* Dies by usage unless the options make sense; before anything is read. */
void pupil_check(struct pupil *p);

/* Reads the stream, trains, writes the model ahead of the rows. */
void pupil_run(struct pupil *p, struct stream *in, struct stream *out);

#endif
