/* prep -- which rows stay. Owns: duplicates, binary labels, sampling, the k-core.
 *
 * keep[r] is 1 while row r stays; every step clears some and returns how many it cleared. */
#ifndef PREP_H
#define PREP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The columns that the steps look at; NULL where a step does not need them. */
struct prep_rows {
	size_t n, users, items; /* ids are below users, items */
	const uint32_t *user, *item;
	float *label;
	const int64_t *time;
};

/* ---- labels ---- */

enum prep_compare { PREP_GE, PREP_GT, PREP_LE, PREP_LT, PREP_EQ };
struct prep_rule {
	enum prep_compare compare;
	float bound;
};

/* ">=4", "> 3.5", "<=2", "<0", "==1" -> rule; false when text is nothing like that. The bound is
 * rounded to f32, as labels are, so that ==0.1 finds 0.1. */
bool prep_rule_parse(struct prep_rule *rule, const char *text);

/* label[i] becomes 1 where it obeys the rule, else 0; returns how many are 1. */
size_t prep_binary(float *label, size_t n, const struct prep_rule *rule);

/* The first label that is NaN or infinite, n when there is none. */
size_t prep_fault(const float *label, size_t n);

/* ---- rows ---- */

/* Rows with the same user and item. FIRST, LAST: which row stays, by time when there is one (the
 * row with the least or the greatest; of equal ones the first or the last), else by order. SUM,
 * MEAN: the first stays and its label becomes that of all of them, added in double in row order.
 * ERROR clears nothing; returns how many it found. */
enum prep_duplicates { PREP_ANY, PREP_ERROR, PREP_FIRST, PREP_LAST, PREP_SUM, PREP_MEAN };
bool prep_duplicates_parse(enum prep_duplicates *how, const char *text); /* "error" .. "mean" */
size_t prep_duplicates(uint8_t *keep, const struct prep_rows *rows, enum prep_duplicates how);

/* The first row whose pair was there before, and that earlier row. False: there are none. */
bool prep_first_duplicate(const struct prep_rows *rows, size_t *earlier, size_t *later);

/* Each row by its own draw, each user by its own draw: stays if u(seed, row or user) < fraction. */
size_t prep_sample_rows(uint8_t *keep, size_t n, double fraction, uint64_t seed);
size_t prep_sample_users(
	uint8_t *keep, const struct prep_rows *rows, double fraction, uint64_t seed);

/* The largest set of kept rows in which every user has at least min_user rows and every item at
 * least min_item (Seidman 1983, "Network structure and minimum degree": unique, whatever the
 * order of removal). A minimum of 0 or 1 asks nothing. Time and memory n + users + items. */
size_t prep_core(uint8_t *keep, const struct prep_rows *rows, size_t min_user, size_t min_item);

/* Rows of users that have more than max_user of the kept rows, and of items that have more than
 * max_item, go, counted once, before any goes. 0 sets no limit. */
size_t prep_limit(uint8_t *keep, const struct prep_rows *rows, size_t max_user, size_t max_item);

/* ---- all steps ---- */

struct prep_task {
	enum prep_duplicates how;
	bool binary; /* label becomes 0 or 1 by rule */
	struct prep_rule rule;
	double sample_users, sample_rows; /* 1: all */
	size_t min_user, min_item, max_user, max_item; /* 0: no limit */
	bool where; /* rows have gone already, by what their items are */
	uint64_t seed;
};

bool prep_removes(const struct prep_task *task); /* whether rows may go */
bool prep_needs_pairs(const struct prep_task *task); /* user and item */
bool prep_needs_label(const struct prep_task *task);

enum prep_step { PREP_DUPLICATES, PREP_POSITIVE, PREP_USERS, PREP_ROWS, PREP_LIMIT, PREP_CORE };

/* The steps that the task asks for, always in the order of enum prep_step. After each, done is
 * told how many rows it cleared (PREP_POSITIVE: how many are 1) and how many are left. Returns
 * how many are left. */
typedef void prep_done(enum prep_step step, size_t count, size_t left);
size_t prep_run(
	uint8_t *keep, const struct prep_rows *rows, const struct prep_task *task, prep_done *done);

#endif
