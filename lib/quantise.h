/* quantise -- weights in fewer bits. Owns: f32 <-> IEEE half precision, f32 <-> 8-bit integers with
 * a scale a row.
 *
 *   s_r = max_j |x_rj| / 127,  q_rj = round(x_rj / s_r), ties to even,  x'_rj = q_rj s_r
 * so |x' - x| <= s_r / 2 (and what rounding to f32 adds); a row of zeros has s = 0. Symmetric, zero
 * stays zero: Jacob et al. 2018, "Quantization and training of neural networks for efficient
 * integer-arithmetic-only inference", eq. 1 with Z = 0, a scale for each row. */
#ifndef QUANTISE_H
#define QUANTISE_H

#include <stddef.h>
#include <stdint.h>

/* The nearest number of half precision, ties to even: relative error <= 2^-11 from 6.1e-5 on,
 * absolute 3e-8 below; infinity from 65520 on. */
uint16_t quantise_half(float x);
float quantise_single(uint16_t half); /* exact */

void quantise_rows(int8_t *q, float *scale, const float *x, size_t rows, size_t cols);
void quantise_restore(float *x, const int8_t *q, const float *scale, size_t rows, size_t cols);

#endif
