/* planes -- bytes of elements put together by their place. Owns: shuffle and zigzag delta
 * (FORMAT.md section 5). */
#ifndef PLANES_H
#define PLANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "simd.h"

/* n elements of w = 2, 4 or 8 bytes -> w planes of n bytes, byte j of element i at out[j * n + i];
 * with delta of the zigzag of each element less the one before, mod 2^(8 w), the first less 0. */
SIMD_DECLARE(
	void, planes_split, (uint8_t * out, const uint8_t *in, size_t n, size_t w, bool delta));
SIMD_DECLARE(void, planes_join, (uint8_t * out, const uint8_t *in, size_t n, size_t w, bool delta));

#endif
