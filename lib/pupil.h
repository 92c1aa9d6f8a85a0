/* pupil -- a factor model that is taught by ranked lists and factors. Owns: which losses of
 * distillation there are, what each needs of the stream, how they are joined and scheduled.
 *
 *   L = bpr (bpr.h) + sum over the losses asked for of lambda loss
 *
 * as the published experiments have it; the optimiser is that of factors.h. */
#ifndef PUPIL_H
#define PUPIL_H

#include "drill.h"
#include "experts.h"
#include "relaxed.h"
#include "stream.h"

enum { PUPIL_LOSSES = 4 };

struct pupil {
	/* Options, set by the caller. */
	const char *name; /* of the model */
	bool replace;
	const char *teacher; /* NULL: the only one */
	const char *loss, *lambda; /* lists */
	const char *schedule, *sample, *guide, *optimizer;
	struct drill drill;
	long soft_epochs, draws, others, groups, look, warm;
	double spread, temperature, shift, mu, scale;
	uint64_t memory;
	long experts, anneal;
	double gamma;
	/* the work */
	struct factors_loss own[PUPIL_LOSSES]; /* those on the factors */
	size_t losses, owns;
	struct {
		const struct pupil_loss *kind;
		double lambda;
		double *weight; /* in the objective that has it */
	} use[PUPIL_LOSSES];
	double *base; /* weight of bpr */
	struct tensors set, model;
	struct mf_rows rows;
	struct text spec;
	struct factors *factors;
};

#define PUPIL_DEFAULTS                                                                             \
	.lambda = "", .sample = "exp", .guide = "teacher", .draws = 40, .others = 40, .groups = 4, \
	.look = 5, .warm = 5, .experts = 10, .anneal = 100, .gamma = 0.5, .spread = 10, .mu = 0.1, \
	.scale = 10, .drill = { DRILL_DEFAULTS }

#define PUPIL_OPTIONS(p)                                                                           \
	OPT_TEXT(0, "lambda", &(p)->lambda, "LIST",                                                \
		"mf: weight of each loss; default: the published one"),                            \
		OPT_TEXT(0, "sample", &(p)->sample, "HOW",                                         \
			"mf: exp draws from a list by place, none takes its first"),               \
		OPT_REAL(0, "spread", &(p)->spread, 1e-3, 1e9,                                     \
			"mf: place r is drawn in proportion to e^(-r / X)"),                       \
		OPT_INT(0, "draws", &(p)->draws, 1, RELAXED_MOST,                                  \
			"mf: items (unkd: pairs) of a list for each user of a batch"),             \
		OPT_INT(0, "others", &(p)->others, 1, 1 << 20, "mf: and items below them"),        \
		OPT_TEXT(                                                                          \
			0, "guide", &(p)->guide, "WHO", "cd: whose list, teacher's or student's"), \
		OPT_REAL(0, "shift", &(p)->shift, -1e9, 1e9, "cd: added to the teacher's score"),  \
		OPT_INT(0, "groups", &(p)->groups, 1, 1000, "unkd: groups of popularity"),         \
		OPT_REAL(0, "mu", &(p)->mu, 0, 1e9, "rd: how fast being ranked too low counts"),   \
		OPT_INT(0, "warm", &(p)->warm, 0, 1000000, "rd: epochs before it does"),           \
		OPT_REAL(                                                                          \
			0, "scale", &(p)->scale, 1e-9, 1e9, "dcd: places too far off that count"), \
		OPT_INT(0, "experts", &(p)->experts, 1, EXPERTS_MOST,                              \
			"de, htd: experts of users, and of items"),                                \
		OPT_INT(0, "anneal", &(p)->anneal, 1, 1000000,                                     \
			"de, htd: epochs in which their choice becomes sharp"),                    \
		OPT_REAL(0, "gamma", &(p)->gamma, 0, 1, "htd: share of the topology"),             \
		OPT_INT(0, "look", &(p)->look, 1, 1000000,                                         \
			"rd, cd, dcd: epochs from one look at the student's ranking to the next"), \
		DRILL_OPTIONS(&(p)->drill)

/* Dies by usage unless the options make sense; before anything is read. */
void pupil_check(struct pupil *p);

/* Reads the stream, trains, writes the model ahead of the rows. */
void pupil_run(struct pupil *p, struct stream *in, struct stream *out);

#endif
