/* numeral -- text -> number. Owns: what a decimal number, an integer and a date look like.
 *
 * A leaf: what was expected is returned as text, NULL when it is there. */
#ifndef NUMERAL_H
#define NUMERAL_H

#include <stddef.h>
#include <stdint.h>

/* Text of n bytes, followed by NUL. The whole of it is one decimal number (no hexadecimal, nan, inf,
 * separators), rounded to nearest and finite. */
const char *numeral_real(double *x, const char *text, size_t n);
const char *numeral_float(float *x, const char *text, size_t n);
const char *numeral_integer(int64_t *x, const char *text, size_t n);

/* An integer, or a date YYYY-MM-DD[(' '|T)HH:MM[:SS]][Z] as seconds since 1970, UTC. */
const char *numeral_time(int64_t *x, const char *text, size_t n);

int64_t numeral_month(int64_t day); /* 1 .. 12 of a day since 1970-01-01 */

#endif
