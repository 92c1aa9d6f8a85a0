/* solve -- what rs-mf is asked for and what it answers. Owns: the call that every algorithm gets,
 * epochs with early stopping, warm starts, defaults of options that nobody gave. */
#ifndef SOLVE_H
#define SOLVE_H

#include <math.h>
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

#define SOLVE_DEFAULTS                                                                             \
	.name = "mf", .algo = "sgd", .optimizer = "adam", .dim = 32, .patience = 4, .seed = 1,     \
	.drill = { DRILL_DEFAULTS, .batch = 1024 }, .rate = NAN, .decay = NAN, .l2 = NAN,          \
	.alpha = NAN, .reg = NAN, .nu = NAN

#define SOLVE_OPTIONS(call)                                                                        \
	OPT_TEXT(0, "as", &(call)->name, "NAME", "the model's name"),                              \
		OPT_FLAG(0, "replace", &(call)->replace, "replace a model of that name"),          \
		OPT_TEXT(0, "init", &(call)->init, "NAME", "start from that model's factors"),     \
		OPT_TEXT(0, "fold-in", &(call)->fold_in, "NAME",                                   \
			"train nothing: add users whom that model does not know"),                 \
		OPT_FLAG(0, "resumable", &(call)->resumable, "add what --resume needs"),           \
		OPT_FLAG(0, "resume", &(call)->resume,                                             \
			"go on with the model of that name, up to --epochs in all"),               \
		OPT_TEXT('a', "algo", &(call)->algo, "ALGO",                                       \
			"sgd, svdpp, als, ials, bpr, ease, bias, mean or popularity"),             \
		OPT_INT('k', "dim", &(call)->dim, 1, MF_DIM, "factors of a user or item"),         \
		OPT_INT('e', "epochs", &(call)->epochs, 0, 1e6,                                    \
			"passes over the training rows; 0: 30 of sgd, svdpp, 16 of als, ials, "    \
			"100 "                                                                     \
			"of bpr, 10 of bias"),                                                     \
		OPT_REAL('l', "rate", &(call)->rate, 1e-9, 1e3,                                    \
			"learning rate at first; 0.05, of bpr 0.001"),                             \
		OPT_REAL(0, "decay", &(call)->decay, 1e-3, 1,                                      \
			"the rate's factor an epoch; 0.9, bpr: 1"),                                \
		OPT_REAL(0, "l2", &(call)->l2, 0, 1e3,                                             \
			"penalty on biases and factors; 0.05 of sgd, 0.06 of svdpp, 0.001 of "     \
			"bpr"),                                                                    \
		OPT_INT(0, "patience", &(call)->patience, 0, 1e6,                                  \
			"stop after N epochs (bpr: judged) without a better part 1; 0: never"),    \
		OPT_REAL(0, "alpha", &(call)->alpha, 1e-9, 1e3,                                    \
			"ials: weight of all other pairs; 0.3"),                                   \
		OPT_REAL(0, "reg", &(call)->reg, 1e-12, 1e9,                                       \
			"penalty; 1 of svdpp's y, 0.08 of als, 0.007 of ials, 300 of ease, 5 of "  \
			"bias"),                                                                   \
		OPT_REAL(0, "nu", &(call)->nu, 0, 1,                                               \
			"ials: how the penalty grows with frequency; 1"),                          \
		OPT_TEXT(0, "solver", &(call)->solver, "SOLVER",                                   \
			"cg or cholesky; cholesky of als, cg of ials")

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
