/* slab -- a slab of rows less a product. Owns: the inner loop of dense elimination. */
#ifndef SLAB_H
#define SLAB_H

#include <stddef.h>

#include "simd.h"

enum { SLAB_DEPTH = 64, SLAB_ROWS = 4, SLAB_COLS = 32 };

/* c[i][j] -= sum_k f[i][k] r[k][j] for k < SLAB_DEPTH in order, i < rows, j < n; rows a multiple
 * of SLAB_ROWS, n of SLAB_COLS; f (rows, SLAB_DEPTH); rows of c and of r lie n apart. */
SIMD_DECLARE(void, slab_update, (float *c, const float *f, const float *r, size_t rows, size_t n));

#endif
