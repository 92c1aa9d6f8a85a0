/* fresh -- rows of a table carried to other ids. Owns: what an id starts with that has no row. */
#ifndef FRESH_H
#define FRESH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum fresh {
	FRESH_RANDOM, /* as training starts: normal */
	FRESH_UNKNOWN, /* as a model sees an id that it does not know: 0, or its row for those */
	FRESH_MEAN, /* the mean of all rows */
};
bool fresh_parse(enum fresh *fresh, const char *text); /* "random", "unknown", "mean" */
const char *fresh_name(enum fresh fresh);

/* to (n, cols): row i is row of[i] of from (rows, cols), or fresh where of[i] is not below rows.
 * deviation, seed: for FRESH_RANDOM; 0 gives zeros. unknown (cols): for FRESH_UNKNOWN; NULL: zeros.
 */
void fresh_rows(float *to, size_t n, const float *from, size_t rows, size_t cols,
	const uint32_t *of, enum fresh fresh, double deviation, uint64_t seed,
	const float *unknown);

#endif
