/* screen -- which items can be among the best, before any score is worked out. Owns: factors as
 * bytes, how far such a product can be off, exact scores of the few that are left.
 *
 * A factor model scores item i for user u by s = base + c_i + sum_k p_k q_ik. With p and q rounded
 * to bytes, p' = a P, q' = b_i Q_i, |P|, |Q| <= 127, the sum of products of bytes is exact, and
 *
 *   |p q - p' q'| = |p (q - q') + (p - p') q'| <= |p| |q - q'| + |p - p'| |q'|
 *
 * by Cauchy and Schwarz. So an item whose a b_i P Q_i + c_i + base is below the score to be beaten
 * by more than that, and by the rounding of both sums, cannot beat it. The others, one in a few
 * hundred, get their exact score: the same bits as lib/gemm.h gives. Nothing is approximated in
 * what comes out. */
#ifndef SCREEN_H
#define SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mf.h"
#include "sieve.h"

struct screen;

/* Whether this machine multiplies bytes (AVX-512 VNNI); RS_SIMD below v4 turns it off. */
bool screen_works(void);

/* Items 0 .. items - 1; those that the model does not know have zeros. A byte a factor, and 8 an
 * item. mf must outlive it. */
struct screen *screen_new(const struct mf *mf, size_t items);
void screen_free(struct screen *screen);

/* Up to SIEVE_USERS users made ready; those that the model does not know have zeros. */
struct screen_seats;
struct screen_seats *screen_seat(const struct screen *screen, const uint32_t *user, size_t n);
void screen_leave(struct screen_seats *seats);

/* Of the items first .. first + count, first a multiple of 32, count <= SCREEN_ITEMS: those whose
 * score for user u of the seats is above least[u]. Items of a user ascend. */
enum { SCREEN_ITEMS = 1024 };
struct screen_found {
	struct sieve_pair pair[SIEVE_USERS * SCREEN_ITEMS]; /* users of the seats, items */
	float score[SIEVE_USERS * SCREEN_ITEMS]; /* exact */
	size_t n;
};
void screen_above(struct screen_found *found, struct screen_seats *seats, const float *least,
	size_t first, size_t count);

#endif
