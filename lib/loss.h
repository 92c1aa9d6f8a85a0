/* loss -- what training minimises, with gradients. Owns: each loss and its derivative.
 *
 * z is the model's output (a logit, or a rating), y the label, t the teacher's output for the row.
 * Labels 0 and 1, z and t logits ("logistic"):
 *   hard(z) = softplus(z) - y z                           derivative sigma(z) - y
 *   soft(z) = T^2 (softplus(z / T) - sigma(t / T) z / T)  derivative T (sigma(z / T) - sigma(t /
 * T)) Hinton, Vinyals, Dean 2015, "Distilling the knowledge in a neural network", section 2, for
 * two classes; T^2 keeps the gradient's size when T changes or, with mse, soft as below: squared
 * error of logits, Ba, Caruana 2014, "Do deep nets really need to be deep?", eq. 1.
 *
 * Ratings, z and t ratings:
 *   hard(z) = (z - y)^2 / 2                               derivative z - y
 *   soft(z) = (z - t)^2 / 2                               derivative z - t
 *
 *   loss = a soft + (1 - a) hard                          a = alpha trust
 *
 * alpha is 0 without a teacher; trust, 0 .. 1, is how far this row's soft label is trusted, 1 if
 * there is none. */
#ifndef LOSS_H
#define LOSS_H

#include <stdbool.h>
#include <stddef.h>

#include "simd.h"

struct loss {
	bool logistic;
	float alpha; /* share of the soft loss, 0 .. 1 */
	float temperature; /* T > 0; logistic only */
	bool mse; /* squared error of logits is the soft loss */
};

/* value[i] and slope[i] of n rows. `teacher` may be NULL when alpha is 0; `label` when alpha is 1
 * and trust NULL.
 * value is within 5e-7 (1 + |z| + value) of the exact one, slope within 3e-7 (1 + |z|) (single
 * precision polynomials of our own, so the bits are those of every machine). */
SIMD_DECLARE(void, loss_rows,
	(float *value, float *slope, const float *z, const float *label, const float *teacher,
		const float *trust, size_t n, const struct loss *loss));

#endif
