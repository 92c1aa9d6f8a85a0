/* split -- which part a row is in. Owns: the schemes, the names of the parts.
 *
 * part[r] becomes SPLIT_TRAIN, SPLIT_VALID or SPLIT_TEST. valid and test are fractions, >= 0,
 * their sum < 1. Every draw is a function of (seed, row), so a split is the same on any number of
 * threads and however the rows arrive. */
#ifndef SPLIT_H
#define SPLIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "group.h"
#include "when.h"

enum { SPLIT_TRAIN, SPLIT_VALID, SPLIT_TEST, SPLIT_PARTS };
enum { SPLIT_OUT = 255 }; /* in no part; --scheme given and --thin make it */

/* ---- a row at a time ---- */

/* How row, user or item number k is drawn, u its draw in [0, 1).
 * folds 0: test if u < test, else valid if u < test + valid. So sizes are binomial: n test on
 * average, within 3 sqrt(n test (1 - test)) of it 99.7 times in 100.
 * folds F >= 2: test if it is in fold `fold` (from 0) of F: each run of F numbers has one in each
 * fold, in an order that is drawn for the run. Else valid if u < valid / (1 - 1/F). */
struct split_draw {
	uint64_t seed;
	double valid, test;
	size_t fold, folds;
};

/* The fold of `number`, as above. */
size_t split_fold_of(uint64_t seed, uint64_t number, size_t folds);

/* Rows start .. start + n; part[0] belongs to row start. */
void split_random(uint8_t *part, size_t start, size_t n, const struct split_draw *draw);

/* All rows of an id go where the id is drawn. Users and items are drawn apart. */
enum split_axis { SPLIT_BY_USER = 1, SPLIT_BY_ITEM };
void split_cold(uint8_t *part, const uint32_t *id, size_t n, enum split_axis axis,
	const struct split_draw *draw);

/* Of the rows in train those stay whose own draw in [0, 1) is below share; the others are in no
 * part. With the same seed a smaller share is a part of a larger one. */
void split_thin(uint8_t *part, size_t start, size_t n, double share, uint64_t seed);

/* Test from test_from on, else valid from valid_from on. */
void split_dates(
	uint8_t *part, const int64_t *time, size_t n, int64_t valid_from, int64_t test_from);

/* ---- with all rows ---- */

/* A user's rows in order: by time (ties: the later row comes later), or, time NULL, at random. They
 * come to lie in that order in users->row, so that it takes no memory.
 * The last floor(m test + 1/2) of m rows are test, the floor(m valid + 1/2) before them valid;
 * what would leave no train row is taken back, from valid first. */
void split_user(uint8_t *part, struct group *users, const struct when *time, uint64_t seed,
	double valid, double test);

/* The same order: the last row of a user is test, the one before it valid; with test or valid 0
 * that part is not made. A user without a row more than the parts made is all train. */
void split_leave_one_out(uint8_t *part, struct group *users, const struct when *time, uint64_t seed,
	double valid, double test);

/* By time over all rows. With t(k) the k-th smallest time (from 1), a = n - floor(n test + 1/2)
 * and b = a - floor(n valid + 1/2), b at least 1: test is time > t(a), valid is
 * t(b) < time <= t(a). Rows of equal time are always in one part, the earlier one, so test
 * and valid may be smaller than asked for, never larger. */
void split_time(uint8_t *part, const struct when *time, double valid, double test);

enum split_scheme {
	SPLIT_RANDOM,
	SPLIT_USER,
	SPLIT_LEAVE_ONE_OUT,
	SPLIT_TIME,
	SPLIT_COLD_USERS,
	SPLIT_COLD_ITEMS,
	SPLIT_GIVEN
};
bool split_scheme_parse(enum split_scheme *scheme, const char *text); /* "leave-one-out" */

/* "2/5" -> fold 1 of 5; false unless 1 <= i <= k and 2 <= k <= 10000. */
bool split_fold_parse(size_t *fold, size_t *folds, const char *text);

/* "train", "valid", "validation", "test", "out"; or 0, 1, 2, 255. False: none of these. */
bool split_part_parse(uint8_t *part, const char *text, size_t n);

#endif
