/* dense -- square matrices too large for registers. Owns: the inverse of a positive definite one.
 */
#ifndef DENSE_H
#define DENSE_H

#include <stddef.h>

enum { DENSE_BLOCK = 64 };

/* a (n, n) row-major, symmetric and positive definite, becomes its inverse; n a multiple of
 * DENSE_BLOCK. Gauss-Jordan elimination by blocks without pivoting, n^3 multiply-adds. Every
 * element sees the same chain of operations on any number of threads and any instruction set. */
void dense_inverse(float *a, size_t n);

#endif
