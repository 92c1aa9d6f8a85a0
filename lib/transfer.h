/* transfer -- what rs-transfer is asked for and what it answers. Owns: its methods, what each needs
 * of the two streams. */
#ifndef TRANSFER_H
#define TRANSFER_H

#include "guard.h"
#include "stream.h"
#include "warm.h"

struct transfer {
	/* as given */
	const char *method, *source, *model, *base, *as, *share, *fresh, *map, *groups, *metric;
	bool replace;
	long least, epochs, cutoff, seed;
	double weight, l2, rate;
	/* as understood */
	const struct transfer_method *how;
	struct warm warm;
	struct guard guard;
	/* the work: tensors of the source and of the target, and those to be written */
	struct tensors from, set, made;
	size_t left_out; /* columns that a join cannot take along */
};

#define TRANSFER_DEFAULTS                                                                          \
	.method = "warm", .share = "user,item,features", .fresh = "random", .map = "linear",       \
	.groups = "0,1,3,10,30", .metric = "ndcg", .least = 1, .epochs = 50, .cutoff = 100,        \
	.seed = 1, .weight = 1, .l2 = 1, .rate = 0.01

/* Understands the options, or dies by usage. */
void transfer_check(struct transfer *t);

/* What to keep of the source and of the target, for stream_load. */
int transfer_want_source(const char *name, const struct frame *first, void *transfer);
int transfer_want(const char *name, const struct frame *first, void *transfer);

/* Fills `made`. */
void transfer_run(struct transfer *t);

#endif
