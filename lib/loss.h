/* loss -- what training minimises, with gradients. Owns: each loss and its derivative.
 *
 * z is the model's output (a logit, or a rating), y the label, t the teacher's output for the row.
 *
 *   logistic  hard(z)  = softplus(z) - y z                           derivative sigma(z) - y
 *             soft(z)  = T^2 (softplus(z / T) - sigma(t / T) z / T)  derivative T (sigma(z / T) -
 * sigma(t / T)) Hinton, Vinyals, Dean 2015, "Distilling the knowledge in a neural network", section
 * 2, for two classes; T^2 keeps the gradient's size when T changes squared   hard(z)  = (z - y)^2 /
 * 2                               derivative z - y soft(z)  = (z - t)^2 / 2 derivative z - t
 *
 *   loss = alpha soft + (1 - alpha) hard                             alpha 0 without a teacher */
#ifndef LOSS_H
#define LOSS_H

#include <stdbool.h>
#include <stddef.h>

#include "simd.h"

struct loss {
	bool logistic;
	float alpha; /* share of the soft loss, 0 .. 1 */
	float temperature; /* T > 0; logistic only */
};

/* value[i] and slope[i] of n rows. `teacher` may be NULL when alpha is 0; `label` when alpha is 1.
 * value is within 5e-7 (1 + |z| + value) of the exact one, slope within 3e-7 (1 + |z|) (single
 * precision polynomials of our own, so the bits are those of every machine). */
SIMD_DECLARE(void, loss_rows,
	(float *value, float *slope, const float *z, const float *label, const float *teacher,
		size_t n, const struct loss *loss));

#endif
