/* split -- which part a row is in. Owns: the schemes, what a split leaks.
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

enum { SPLIT_TRAIN, SPLIT_VALID, SPLIT_TEST, SPLIT_PARTS };

/* Rows start .. start + n, each by its own draw u in [0, 1): test if u < test, else valid if
 * u < test + valid. So sizes are binomial: n test on average, within 3 sqrt(n test (1 - test))
 * of it 99.7 times in 100. part[0] belongs to row start. */
void split_random(uint8_t *part, size_t start, size_t n, uint64_t seed, double valid, double test);

/* A user's rows in order: by time (ties: the later row comes later), or, time NULL, at random.
 * The last floor(m test + 1/2) of m rows are test, the floor(m valid + 1/2) before them valid;
 * what would leave no train row is taken back, from valid first. */
void split_user(uint8_t *part, const struct group *users, const int64_t *time, uint64_t seed,
	double valid, double test);

/* The same order: the last row of a user is test, the one before it valid; with test or valid 0
 * that part is not made. A user without a row more than the parts made is all train. */
void split_leave_one_out(uint8_t *part, const struct group *users, const int64_t *time,
	uint64_t seed, double valid, double test);

/* By time over all rows. With t(k) the k-th smallest time (from 1), a = n - floor(n test + 1/2)
 * and b = a - floor(n valid + 1/2), b at least 1: test is time > t(a), valid is
 * t(b) < time <= t(a). Rows of equal time are always in one part, the earlier one, so test
 * and valid may be smaller than asked for, never larger. */
void split_time(uint8_t *part, const int64_t *time, size_t n, double valid, double test);

enum split_scheme { SPLIT_RANDOM, SPLIT_USER, SPLIT_LEAVE_ONE_OUT, SPLIT_TIME };
bool split_scheme_parse(enum split_scheme *scheme, const char *text); /* "leave-one-out" */

/* What a report says of one part. Columns that are NULL leave their counts 0. */
struct split_part {
	size_t rows, users, items, positives;
};

struct split_leaks {
	size_t pairs; /* (user, item) pairs with rows in more than one part */
	size_t cold_users, cold_user_rows; /* test users without a train row; their test rows */
	size_t cold_items, cold_item_rows;
	size_t late; /* train rows later than the first test row; 0 without time or test */
};

struct split_rows {
	size_t n, users, items; /* ids are below users, items */
	const uint8_t *part;
	const uint32_t *user, *item;
	const float *label;
	const int64_t *time;
};

void split_report(struct split_part part[SPLIT_PARTS], struct split_leaks *leaks,
	const struct split_rows *rows);

bool split_is_binary(const float *label, size_t n); /* whether all are 0 or 1 */

#endif
