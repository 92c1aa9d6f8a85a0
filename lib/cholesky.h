/* cholesky -- A = L L^T in double. Owns: the factor of a small symmetric matrix and its use.
 *
 * L is lower triangular and lies in the lower half of (d, d), row-major; the upper half is not
 * looked at. Benoit 1924, "Note sur une methode de resolution des equations normales". */
#ifndef CHOLESKY_H
#define CHOLESKY_H

#include <stdbool.h>
#include <stddef.h>

/* a becomes L; false when a is not safely positive definite. */
bool cholesky_factor(double *a, size_t d);

/* b (d, n) <- L^-1 b; and L^-T b. Both, one after the other, are A^-1 b. */
void cholesky_forward(double *b, const double *l, size_t d, size_t n);
void cholesky_back(double *b, const double *l, size_t d, size_t n);

#endif
