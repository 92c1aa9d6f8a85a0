/* curriculum -- the losses that a student is taught by beside its own. Owns: which there are, what
 * each needs of the stream and of the student, how they are joined and weighted.
 *
 *   L = base weight own loss + sum over the losses asked for of taught weight lambda loss
 *
 * Losses of ranking are objectives over pairs and join a base of pairs (bpr.h, softmax.h). Losses
 * of representations are on vectors: of a base of pairs on those of users and items, of another
 * base also on those of its rows. */
#ifndef CURRICULUM_H
#define CURRICULUM_H

#include "experts.h"
#include "imitate.h"
#include "opt.h"
#include "regard.h"
#include "relaxed.h"
#include "tensor.h"
#include "text.h"

enum { CURRICULUM_LOSSES = 4 };

struct curriculum {
	/* Options, set by the caller. */
	const char *teacher; /* NULL: the only one */
	const char *loss, *lambda; /* lists; loss may also name what the student learns alone */
	const char *sample, *guide;
	long draws, others, groups, look, warm, experts, anneal;
	double spread, temperature, shift, mu, scale, gamma;
	/* as checked */
	char base[16]; /* "bpr", "softmax", "logistic", "squared", "auto", or "": not said */
	bool pairs; /* the base is one of pairs */
	size_t losses, owns;
	struct {
		const struct curriculum_loss *kind;
		double lambda;
		double *weight; /* in the objective that has it */
	} use[CURRICULUM_LOSSES];
	/* as found: vectors are of users and items, else of rows */
	bool sides;
	/* Of the student, set by the caller ahead of curriculum_open. */
	const struct tensors *set;
	const struct mf_rows *rows;
	const uint32_t *place; /* of each row its vector's among `placed`; NULL: every row has one */
	size_t placed;
	struct regard regard;
	size_t dim; /* of its vectors */
	double rate, l2; /* of what is trained beside it */
	uint64_t seed;
	/* the work */
	struct vectors_loss own[CURRICULUM_LOSSES]; /* `owns` of them */
	double *base_weight; /* NULL: the base is no objective */
};

#define CURRICULUM_DEFAULTS                                                                        \
	.lambda = "", .sample = "exp", .guide = "teacher", .draws = 40, .others = 40, .groups = 4, \
	.look = 5, .warm = 5, .experts = 10, .anneal = 100, .gamma = 0.5, .spread = 10, .mu = 0.1, \
	.scale = 10

#define CURRICULUM_OPTIONS(c)                                                                      \
	OPT_TEXT(0, "lambda", &(c)->lambda, "LIST",                                                \
		"weight of each taught loss; default: the published one"),                         \
		OPT_TEXT(0, "sample", &(c)->sample, "HOW",                                         \
			"exp draws from a list by place, none takes its first"),                   \
		OPT_REAL(0, "spread", &(c)->spread, 1e-3, 1e9,                                     \
			"place r is drawn in proportion to e^(-r / X)"),                           \
		OPT_INT(0, "draws", &(c)->draws, 1, RELAXED_MOST,                                  \
			"items (unkd: pairs) of a list for each user of a batch"),                 \
		OPT_INT(0, "others", &(c)->others, 1, 1 << 20, "and items below them"),            \
		OPT_TEXT(                                                                          \
			0, "guide", &(c)->guide, "WHO", "cd: whose list, teacher's or student's"), \
		OPT_REAL(0, "shift", &(c)->shift, -1e9, 1e9, "cd: added to the teacher's score"),  \
		OPT_INT(0, "groups", &(c)->groups, 1, 1000, "unkd: groups of popularity"),         \
		OPT_REAL(0, "mu", &(c)->mu, 0, 1e9, "rd: how fast being ranked too low counts"),   \
		OPT_INT(0, "warm", &(c)->warm, 0, 1000000, "rd: epochs before it does"),           \
		OPT_REAL(                                                                          \
			0, "scale", &(c)->scale, 1e-9, 1e9, "dcd: places too far off that count"), \
		OPT_INT(0, "experts", &(c)->experts, 1, EXPERTS_MOST,                              \
			"de, htd: experts of users, and of items (or of rows)"),                   \
		OPT_INT(0, "anneal", &(c)->anneal, 1, 1000000,                                     \
			"de, htd: epochs in which their choice becomes sharp"),                    \
		OPT_REAL(0, "gamma", &(c)->gamma, 0, 1, "htd: share of the topology"),             \
		OPT_INT(0, "look", &(c)->look, 1, 1000000,                                         \
			"rd, cd, dcd: epochs from one look at the student's ranking to the next")

/* Whether a list of losses is more than one that a student learns alone. */
bool curriculum_asked(const char *loss);

/* Dies by usage when one of these options is given although none of the losses is taught. */
void curriculum_none(const struct curriculum *c, const char *losses);

/* Dies by usage unless the options make sense for that architecture; before anything is read. */
void curriculum_check(struct curriculum *c, const char *arch);

bool curriculum_want(const struct curriculum *c, const char *tensor); /* whether it may be needed */

/* Finds the teacher, and what vectors are of. */
void curriculum_find(struct curriculum *c, const struct tensors *set);

/* The teacher's vectors of rows, when it is those that are learned from; NULL: of users and items.
 * Caller's to unpack ahead of curriculum_open. */
struct tensor *curriculum_hint(const struct curriculum *c);
bool curriculum_vectors(const struct curriculum *c); /* whether a loss is on vectors */

/* Joins the losses to the base, which it takes and which is {0} unless it is one of pairs; fills
 * own. What comes back ends the losses of pairs, curriculum_close those on vectors. */
struct objective curriculum_open(struct curriculum *c, struct objective base);
void curriculum_close(struct curriculum *c);

/* From the next epoch on. */
void curriculum_weigh(struct curriculum *c, double base, double taught);

void curriculum_note(const struct curriculum *c, struct text *spec);

#endif
