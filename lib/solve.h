/* solve -- what rs-mf is asked for and what it answers. Owns: the call that every algorithm gets,
 * epochs with early stopping, warm starts, defaults of options that nobody gave. */
#ifndef SOLVE_H
#define SOLVE_H

#include <stdbool.h>
#include <stdint.h>

#include "drill.h"
#include "model.h"

struct solve {
	const char *name; /* of the model */
	const char *algo, *solver, *optimizer;
	const char *init; /* the model to start from; or NULL */
	const char *fold_in; /* the model that new users are folded into; or NULL */
	bool replace, resume, resumable;
	long dim, patience, seed;
	long epochs; /* 0: not given */
	double rate, decay, l2, alpha, reg, nu; /* NAN: not given */
	struct drill drill; /* of bpr */
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

/* The factors of a model of the stream, which `option` asks for; dies without. Free *model when
 * they are no longer needed. */
const struct mf *solve_factors(
	const struct solve *call, struct model **model, const char *name, const char *option);

/* A training that goes by epochs, as the functions of its `fit` do it. */
struct solve_fit {
	void *fit;
	size_t rows; /* that train */
	bool positives; /* judged by its ranking of them, not by the error of ratings */
	const char *met; /* what *train is: "RMSE" */
	/* one pass; false when it diverges. *train: quality met on the way, untouched without */
	bool (*epoch)(void *fit, double *train);
	struct mf *(*model)(const void *fit); /* a copy of it as it is now */
	void (*start)(void *fit, const struct mf *from);
	size_t (*state)(void *fit, struct mf_state list[MF_STATES]);
	void (*skip)(void *fit, size_t epochs); /* so many lie behind it; NULL: no matter */
	const char *advice; /* when it diverges: "try a --rate lower than 0.05" */
};

/* The epochs, from the start or from where a model of the stream had got to, until part 1 has not
 * been better for --patience epochs; the best one's model becomes the answer (the last one's
 * without part 1). All that an equal result needs but --epochs is in call->spec by then. The
 * caller frees fit. */
void solve_run(struct solve *call, const struct solve_fit *fit);

/* The model becomes the answer. Frees mf. */
void solve_answer(struct solve *call, struct mf *mf);

#endif
