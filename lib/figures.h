/* figures -- many fields of digits at once. Owns: columns of plain text -> ids and numbers, in
 * vectors.
 *
 * Field i < n of the text begins after stop[i * columns] and ends before stop[i * columns + 1]; 8
 * bytes can be read from where it begins. Results are those of digits.h. */
#ifndef FIGURES_H
#define FIGURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "simd.h"

struct figures {
	const char *text;
	const uint32_t *stop;
	size_t columns, n;
};

/* id[i] = number[x] - 1, where the field writes x as printf("%u") would and x < numbers; else
 * number[numbers] - 1. */
SIMD_DECLARE(void, figures_ids,
	(uint32_t * id, const struct figures *f, const uint32_t *number, size_t numbers));

/* x[i] by digits_float, digits_integer, but for some fields whose i go to bad, which has room for
 * n; returns how many. They may be any field but a number of 1 to 7 bytes and a sign, or an integer
 * of 1 to 16 digits. */
SIMD_DECLARE(size_t, figures_floats, (float *x, const struct figures *f, uint32_t *bad));
SIMD_DECLARE(size_t, figures_integers, (int64_t * x, const struct figures *f, uint32_t *bad));

#endif
