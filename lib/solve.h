/* solve -- what rs-mf is asked for and what it answers. Owns: the call that every algorithm gets,
 * defaults of options that nobody gave, how a model gets into the stream. */
#ifndef SOLVE_H
#define SOLVE_H

#include <stdbool.h>
#include <stdint.h>

#include "model.h"

struct solve {
	const char *name; /* of the model */
	const char *algo, *solver;
	bool replace;
	long dim, patience, seed;
	long epochs; /* 0: not given */
	double rate, decay, l2, alpha, reg, nu; /* NAN: not given */
	uint64_t memory;
	/* the work: the columns, and rows that point into them until solve_taken */
	struct tensors set;
	struct mf_rows rows;
	/* the answer: lines of the spec, and the model's tensors */
	struct text spec;
	struct tensors model;
};

/* What was given, or else the algorithm's own default. */
double solve_real(double given, double usual);
long solve_count(long given, long usual);

/* Dies when training needs more memory than there is; `why` says what makes it so much, NULL:
 * --dim. */
void solve_memory(const struct solve *call, uint64_t need, const char *why);

/* The columns are no longer needed. */
void solve_taken(struct solve *call);

/* The model becomes the answer. Frees mf. */
void solve_answer(struct solve *call, struct mf *mf);

#endif
