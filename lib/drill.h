/* drill -- factors trained on an objective and judged by how they rank. Owns: their options,
 * epochs, early stopping by a metric of ranking on part 1, the trace. */
#ifndef DRILL_H
#define DRILL_H

#include "bpr.h"
#include "factors.h"
#include "judge.h"
#include "opt.h"
#include "text.h"

struct drill {
	/* Options, set by the caller. */
	long dim, epochs, batch, negatives, patience, seed;
	double rate, decay, l2; /* the rate is multiplied by decay after each epoch */
	bool lazy, bias;
	const char *sampling, *metric, *trace;
	long every, trace_part;
	bool resumable; /* the last epoch is judged only when its turn has come, as if more followed
			 */
	struct judge *judge, *other; /* of part 1, of trace_part; or NULL */
};

#define DRILL_DEFAULTS                                                                             \
	.decay = 1, .negatives = 1, .sampling = "uniform", .metric = "recall@50", .every = 5

#define DRILL_OPTIONS(d)                                                                           \
	OPT_TEXT(0, "metric", &(d)->metric, "NAME@K",                                              \
		"bpr: what part 1 chooses the epoch by: recall, ndcg, hr, mrr, map, "              \
		"precision or f1"),                                                                \
		OPT_INT(0, "every", &(d)->every, 1, 1000000,                                       \
			"bpr: judge the first epoch, then every N-th, and the last"),              \
	{                                                                                          \
		0, "trace-part", OPT_KIND_INT, &(d)->trace_part, 0, 254, "N",                      \
			"bpr: the curve has this part too, which chooses nothing; 0: none", true   \
	}

/* Dies by usage when an option is given that a student of that architecture does not have. */
void drill_only(const struct drill *d, const char *arch);

/* Dies by usage unless the options make sense; before anything is read. */
void drill_check(const struct drill *d);
struct factors_training drill_training(const struct drill *d);
struct bpr_training drill_bpr(const struct drill *d);
uint64_t drill_memory(const struct drill *d, const struct mf_rows *rows);
struct liked drill_liked(const struct drill *d, const struct mf_rows *rows);

/* Keeps of the rows what judging needs beside their positives, which outlive the training. */
void drill_open(struct drill *d, const struct mf_rows *rows, const struct liked *liked);

/* What is known of a training between two epochs; zeroed at its start. */
struct drill_at {
	long epochs, best; /* how many were run; the one whose model is kept */
	double quality; /* of it, on part 1; 0 without */
	struct mf *model; /* the caller's */
};

/* Runs the epochs, once it was opened, and closes it: with `owns` losses on the factors beside the
 * objective; prepare (NULL: none) is called ahead of each, which counts from 0, and says whether
 * the loss is another one from there on. The model of the epoch that was best on part 1; without a
 * positive there that is new to its user, the last. Options and the number of the epoch are noted
 * in spec. Dies when training diverges.
 */
void drill_run(struct drill *d, struct drill_at *at, struct factors *f,
	const struct objective *objective, const struct vectors_loss *own, size_t owns,
	bool (*prepare)(void *, long epoch), void *arg, struct text *spec);

/* Of the options alone: the lines of the spec that a resumed training must agree with. */
void drill_note(const struct drill *d, struct text *spec);

#endif
