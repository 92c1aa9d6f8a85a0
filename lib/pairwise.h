/* pairwise -- rs-mf's algorithms that learn from pairs. Owns: bpr's options and defaults. */
#ifndef PAIRWISE_H
#define PAIRWISE_H

#include "solve.h"

#define PAIRWISE_OPTIONS(call)                                                                     \
	OPT_TEXT(0, "optimizer", &(call)->optimizer, "KIND",                                       \
		"bpr: adam, lazy (Adam for the rows of the batch only) or sgd"),                   \
		OPT_INT('b', "batch", &(call)->drill.batch, 1, 1 << 20, "bpr: positives a step"),  \
		OPT_INT(0, "negatives", &(call)->drill.negatives, 1, 1000,                         \
			"bpr: of each positive; their mean counts"),                               \
		OPT_TEXT(0, "negative-sampling", &(call)->drill.sampling, "HOW",                   \
			"bpr: uniform, or popularity: as often as they are positives"),            \
		OPT_FLAG(0, "item-bias", &(call)->drill.bias, "bpr: items have a bias"),           \
		DRILL_OPTIONS(&(call)->drill),                                                     \
	{                                                                                          \
		0, "trace", OPT_KIND_FILE, &(call)->drill.trace, 0, 0, "FILE",                     \
			"bpr: write the learning curve to FILE, a line for each epoch judged",     \
			true                                                                       \
	}

/* Dies by usage unless the options make sense; before anything is read. */
void pairwise_check(const struct solve *call);
void pairwise_bpr(struct solve *call);

#endif
