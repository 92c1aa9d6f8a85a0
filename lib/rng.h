/* rng -- all randomness. Owns: (seed, purpose, index) -> bits; there is no state to carry.
 *
 * A number is asked for by what it is for and by its position, so it is the same whoever asks,
 * whenever, on any thread. */
#ifndef RNG_H
#define RNG_H

#include <stddef.h>
#include <stdint.h>

/* What a number is for; numbers of different purposes are independent. Append only. */
enum rng_purpose {
	RNG_INIT = 1, /* initial weights */
	RNG_SHUFFLE, /* order of the rows of an epoch */
	RNG_DROPOUT, /* which units are dropped */
	RNG_SPLIT, /* which part a row is in */
	RNG_SAMPLE, /* which rows or users are kept */
	RNG_NEGATIVE, /* sampled negatives */
	RNG_MAKE, /* made data */
	RNG_UNKNOWN, /* which ids training takes for unknown */
};

uint64_t rng_bits(uint64_t seed, enum rng_purpose purpose, uint64_t index);

double rng_unit(uint64_t seed, enum rng_purpose purpose, uint64_t index); /* [0, 1), 53 bits */

/* Standard normal, by Acklam's rational approximation of the inverse distribution function
 * (relative error < 1.2e-9), with this project's own log, so that libm's version never shows. */
double rng_normal(uint64_t seed, enum rng_purpose purpose, uint64_t index);

/* Uniform in 0 .. n-1, n >= 1, by multiply and shift (bias < n / 2^64). */
uint64_t rng_below(uint64_t n, uint64_t seed, enum rng_purpose purpose, uint64_t index);

/* The i < n with sum[i] <= x < sum[i + 1]: with x = rng_unit sum[n], one of n things drawn by the
 * weights whose sums sum[0] = 0 .. sum[n] are. */
size_t rng_place(const double *sum, size_t n, double x);

/* order[0 .. n) becomes a permutation of 0 .. n-1 (Fisher-Yates). */
void rng_permute(uint32_t *order, size_t n, uint64_t seed, enum rng_purpose purpose);

/* A seed of its own for part number `index` of a larger whole (an epoch, a layer, a fold). */
uint64_t rng_derive(uint64_t seed, uint64_t index);

#endif
