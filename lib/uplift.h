/* uplift -- what a treatment changed, and whether scores find those whom it changes. Owns: the
 * difference of rates, the Qini curve.
 *
 * Rows have an outcome y (0 and 1, or any number), a weight w, and were treated or not, at random.
 * Sums over the rows with the share phi of all weight that have the highest scores; rows of equal
 * score come in together:
 *
 *   q(phi) = Yt - Yc Nt / Nc, Yt, Yc: sum of w y of the treated and of the others, Nt, Nc: their
 *            weight; Yt while Nc is 0. The outcomes that treating only these would have added.
 *   area   = integral of q(phi) - phi q(1) over 0 .. 1, by trapezoids at the ends of equal scores
 *   qini   = area / area of the order that knows the outcome: treated by y downwards, then others
 *            by y upwards. 0 is a random order. NaN when that is 0.
 *
 * Radcliffe 2007, "Using control groups to target on predicted lift"; divided as in scikit-uplift's
 * qini_auc_score. */
#ifndef UPLIFT_H
#define UPLIFT_H

#include <stddef.h>
#include <stdint.h>

struct uplift_rows {
	const float *score, *outcome, *weight; /* weight may be NULL */
	const uint8_t *treated;
	size_t n;
};

struct uplift {
	size_t treated, control; /* rows */
	double rate_treated, rate_control; /* mean outcome */
	double effect, low, high; /* their difference, with 1.96 standard errors to each side */
	double top; /* the same among the share `top` of highest score, equal scores in part */
	double qini;
};

/* NaN where one of the two arms has no rows. 0 < top <= 1. */
void uplift_measure(struct uplift *u, const struct uplift_rows *rows, double top);

#endif
