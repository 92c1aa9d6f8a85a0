/* trial -- models that rank, side by side. Owns: which users count, what is relevant to them, the
 * values of every user.
 *
 * The users who count have a relevant item in the part. Candidates are all items, or those of
 * `candidate`, but those that the user has a row with in an earlier part (train; valid too when
 * test is scored), whatever its label. Memory: 36 bytes a row, 8 a user and value, and what one
 * block of lists needs; sampled negatives and rules for ties other than by id look at all scores of
 * a user, 100 bytes an item and thread. Nothing is listed for sampled negatives: there is no
 * spread. */
#ifndef TRIAL_H
#define TRIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model.h"
#include "place.h"
#include "rank.h"
#include "ranking.h"

enum { TRIAL_CUTOFFS = 8 };

struct trial_entry {
	struct model *model;
	double *value; /* (users, cutoffs, RANK_VALUES) */
	/* The same for (slices) the relevant items of one slice, NaN where a user has none; and
	 * (slices, cutoffs) the share that items of the slice have of the places in all lists. */
	double *sliced, *exposure;
	struct rank_spread spread[TRIAL_CUTOFFS];
	double ns_user; /* elapsed nanoseconds a list, measured: a median, if timed */
};

struct trial {
	/* Set by the caller; the rest zeroed. */
	uint8_t part;
	size_t cutoff[TRIAL_CUTOFFS]; /* ascending */
	size_t cutoffs;
	double relevant; /* relevant are labels of at least this; NaN: labels above 0 */
	bool keep_seen;
	bool timed; /* measure ns_user */
	enum rank_as as;
	enum place_ties ties;
	size_t negatives; /* sampled ones, whose exact expectation is wanted; 0: full ranking */
	bool repeats; /* they are drawn with replacement */
	const uint8_t *candidate; /* (items) whether an item may be listed; NULL: all */
	const struct rank_traits *traits; /* of all items, for diversity; or NULL */
	/* The slice of each item, if values are wanted of the relevant items of each slice, too;
	 * not with sampled negatives or rules for ties. */
	const uint32_t *slice;
	size_t slices;

	struct trial_entry *entry;
	size_t entries;
	uint32_t *user; /* who counts, ascending */
	size_t users, items, rows; /* rows: of the part */
	size_t idle; /* users with rows in the part, but nothing relevant */
	size_t seen_relevant; /* relevant, but seen before: no candidates, do not count */
	bool graded; /* labels of the part are not all 0 or 1: ndcg_graded differs from ndcg */
};

/* Lets the models of set, or those of `only` (names between commas), rank for the users of set.
 * Dies without `part`, labels that are finite, a user who counts, or a model. */
void trial_run(struct trial *trial, const struct tensors *set, const char *only);
void trial_free(struct trial *trial);

#endif
