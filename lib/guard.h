/* guard -- how much of the source the target takes. Owns: the weight of a second model for each
 * group of users, the refusal.
 *
 *   s_ui = (1 - w_g) a_ui + w_g c b_ui    g the group of u, by its rows in part 0
 *
 * a is a model of the target alone, b one that took from the source. c is 1 for
 * ratings and logits; for rankings, which have no unit, it makes scores of both spread alike: the
 * root of the mean variance of a's scores over a user's candidates by that of b's; 1 when the
 * items' factors are equal. Transfer hurts where the domains are unlike or the target has data
 * enough (Rosenstein, Marx, Kaelbling, Dietterich 2005, "To transfer or not to transfer"), so rows
 * that neither was trained on, those of part 1, choose w_g from a grid of 0 to 1: the value of most
 * mean quality. 0, a refusal, stays unless the gain of the other is above its standard error over
 * users. A group with fewer than GUARD_LEAST judged users takes the weight of all.
 *
 * Two factor models make one (mixture.h), the weights are 0, .1 .. 1. Of other models one is taken
 * whole. */
#ifndef GUARD_H
#define GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model.h"
#include "ranking.h"

enum { GUARD_STEPS = 11, GUARD_GROUPS = 16, GUARD_LEAST = 30 };

/* What part 1 is judged by, a user's value: NDCG at the cutoff of its full ranking (rank.h), minus
 * its mean squared error, or minus its mean log loss (scores are logits). */
enum guard_metric { GUARD_NDCG, GUARD_RMSE, GUARD_LOGLOSS };
bool guard_metric_parse(enum guard_metric *metric, const char *text); /* "ndcg", ... */

struct guard_group {
	size_t from; /* users with at least so many rows of part 0, and fewer than the next's */
	size_t users, judged;
	double base, mixed; /* mean value with weight 0 and with its weight */
	double weight;
	bool follows; /* too few are judged: takes the weight of all */
};

struct guard {
	/* set by the caller */
	const struct tensors *set; /* the rows, and tables that the models need */
	struct model *base, *other;
	enum guard_metric metric;
	size_t cutoff;
	/* made; group[groups] is all users */
	struct guard_group group[GUARD_GROUPS + 1];
	size_t groups;
	float *weight; /* (users) */
	float scale; /* c */
	size_t users;
};

/* "0,1,3,10" -> the groups; false unless they rise from 0. */
bool guard_groups_parse(struct guard *guard, const char *text);

/* Finds the weights. Dies without rows of part 1 that can be judged. */
void guard_run(struct guard *guard);

/* What was chosen, and how much better it is: lines by warn(), or of a spec. */
void guard_say(const struct guard *guard);
void guard_note(const struct guard *guard, struct text *spec);

/* The mixture of two factor models; NULL when one of them is none, then the one that is taken. */
struct mf *guard_mf(const struct guard *guard);
const struct model *guard_taken(const struct guard *guard);
void guard_free(struct guard *guard);

#endif
