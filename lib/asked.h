/* asked -- how rs-score was called. Owns: its options, and what their texts mean. */
#ifndef ASKED_H
#define ASKED_H

#include "board.h"
#include "contest.h"
#include "heir.h"
#include "opt.h"
#include "report.h"
#include "score.h"
#include "trial.h"

enum asked_task {
	ASKED_ROWS,
	ASKED_UPLIFT,
	ASKED_SAMPLED,
	ASKED_RANKING,
	ASKED_DISTILLATION,
	ASKED_TASKS
};

/* The options as they are given, starts as ASKED_DEFAULTS. */
struct asked {
	const char *task, *part, *models; /* of all tasks */
	struct report_forms forms;
	bool cost, no_cost, seeds;
	const char *threshold, *curve, *conversion, *treatment, *control; /* of rows */
	bool by_user;
	double top;
	long of; /* of sampled */
	double gamma;
	const char *k; /* of both */
	const char *relevant, *as, *ties, *against, *by, *per_user, *diversity; /* of rankings */
	struct opt_each where;
	const char *teacher; /* of distillation */
	bool keep_seen, repeats;
	long sampled, bootstrap, seed, groups;
};

#define ASKED_DEFAULTS                                                                             \
	{                                                                                          \
		.task = "rows", .part = "test", .threshold = "0.5", .top = 0.1, .k = "5,10,20",    \
		.as = "own", .ties = "id", .seed = 1, .groups = 4, .gamma = 0.1                    \
	}

#define ASKED_OPTIONS(c)                                                                           \
	OPT_TEXT(0, "task", &(c)->task, "TASK",                                                    \
		"rows: predicted labels; uplift: of a treatment; ranking: best items; "            \
		"sampled: ranks among the rows of each user; "                                     \
		"distillation: students over seeds, against teacher and alone"),                                     \
		OPT_TEXT('p', "part", &(c)->part, "PART",                                          \
			"rows that count: train, valid, test or 0, 1, 2"),                         \
		OPT_TEXT('m', "models", &(c)->models, "NAME,...",                                  \
			"only these models, in this order"),                                       \
		OPT_TEXT(0, "threshold", &(c)->threshold, "X",                                     \
			"probability from which on a row is called positive, or best-f1 or "       \
			"best-accuracy: the best of part 1"),                                      \
		OPT_FLAG(0, "by-user", &(c)->by_user,                                              \
			"GAUC, and the rate among every user's best rows"),                        \
		OPT_TEXT(0, "curve", &(c)->curve, "CURVE",                                         \
			"points for rs-plot: pr or calibration"),                                  \
		OPT_TEXT(0, "conversion", &(c)->conversion, "COLUMN",                              \
			"labels are clicks, row.num.X says which were conversions"),               \
		OPT_TEXT(0, "treatment", &(c)->treatment, "COLUMN",                                \
			"who was treated: row.num.X or row.cat.X=VALUE"),                          \
		OPT_TEXT(                                                                          \
			0, "control", &(c)->control, "VALUE", "who was not; default: all others"), \
		OPT_REAL(0, "top", &(c)->top, 1e-9, 1, "share of the rows that is top-scored"),    \
		OPT_INT(0, "of", &(c)->of, 0, 200000,                                              \
			"items of the full ranking to estimate; 0: as many as there are"),         \
		OPT_REAL(0, "gamma", &(c)->gamma, 1e-6, 1,                                         \
			"how much variance counts beside bias in that"),                           \
		OPT_TEXT('k', "k", &(c)->k, "N,...", "cutoffs of ranked lists"),                   \
		OPT_TEXT(0, "relevant", &(c)->relevant, "X",                                       \
			"label from which on an item is relevant; default: above 0"),              \
		OPT_EACH(0, "items-where", &(c)->where, "COLUMN=VALUE",                            \
			"rank only items with that value of item.cat.* or item.bag.*; all of "     \
			"several"),                                                                \
		OPT_FLAG(0, "keep-seen", &(c)->keep_seen, "rank what the user had before, too"),   \
		OPT_TEXT(0, "as", &(c)->as, "TOOL",                                                \
			"definitions of recbole, trec_eval, ranx, lenskit, sklearn"),              \
		OPT_TEXT(0, "ties", &(c)->ties, "RULE",                                            \
			"order of equal scores: id, optimistic, pessimistic, mean of all"),        \
		OPT_INT(0, "sampled", &(c)->sampled, 0, 1e9,                                       \
			"expect what N sampled negatives would give; 0: full ranking"),            \
		OPT_FLAG(0, "repeats", &(c)->repeats, "they are drawn with replacement"),          \
		OPT_INT(0, "bootstrap", &(c)->bootstrap, 0, 100000,                                \
			"intervals and tests from N samples of the users; 0: none"),               \
		OPT_TEXT(0, "against", &(c)->against, "NAME",                                      \
			"test against NAME; default: the first"),                                  \
		OPT_TEXT(0, "teacher", &(c)->teacher, "NAME",                                      \
			"whose lead students recover; default: whom their specs name"),            \
		OPT_TEXT(0, "by", &(c)->by, "COLUMN",                                              \
			"a line for each value of a user.cat.X, item.cat.X or row.cat.X, or "      \
			"group of "                                                                \
			"user.activity or item.popularity, too"),                                  \
		OPT_INT(0, "groups", &(c)->groups, 2, 100, "how many of these groups"),            \
		OPT_TEXT(0, "diversity", &(c)->diversity, "COLUMN",                                \
			"how different items of a list are by item.cat.X or item.bag.X"),          \
		OPT_FILE(0, "per-user", &(c)->per_user, "write the values of every user to FILE"), \
		OPT_FLAG(0, "seeds", &(c)->seeds,                                                  \
			"models NAME_s1, NAME_s2, ... in one line: mean and deviation"),           \
		OPT_SEED(&(c)->seed), OPT_REPORT(&(c)->forms),                                     \
		OPT_FLAG(                                                                          \
			0, "cost", &(c)->cost, "measure nanoseconds (the default on a terminal)"), \
		OPT_FLAG(                                                                          \
			0, "no-cost", &(c)->no_cost, "do not measure: the same bytes every time"), \
		OPT_QUIET

/* Each dies by usage when an option has no meaning, or none for the task. */
enum asked_task asked_task(const struct asked *asked);
void asked_board(struct board *board, const struct asked *asked);
bool asked_curve(enum score_curve *curve, const struct asked *asked); /* whether one is */
void asked_trial(struct trial *trial, const struct asked *asked);
void asked_heirs(struct heirs *heirs, const struct asked *asked);
void asked_how(struct contest_how *how, const struct asked *asked);

#endif
