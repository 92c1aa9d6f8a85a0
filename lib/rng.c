#include "rng.h"

#include <assert.h>
#include <math.h>

#include "fmath.h"

/* Finaliser of SplitMix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number
 * generators"), variant 13 of Stafford. */
static uint64_t mix(uint64_t x)
{
	x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
	x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
	return x ^ (x >> 31);
}

uint64_t rng_derive(uint64_t seed, uint64_t index)
{
	return mix(mix(seed + 0x9E3779B97F4A7C15u) + 0x9E3779B97F4A7C15u * (index + 1));
}

uint64_t rng_bits(uint64_t seed, enum rng_purpose purpose, uint64_t index)
{
	return mix(rng_derive(seed, (uint64_t)purpose << 56) + 0x9E3779B97F4A7C15u * (index + 1));
}

double rng_unit(uint64_t seed, enum rng_purpose purpose, uint64_t index)
{
	return (double)(rng_bits(seed, purpose, index) >> 11) * 0x1p-53;
}

uint64_t rng_below(uint64_t n, uint64_t seed, enum rng_purpose purpose, uint64_t index)
{
	assert(n > 0);
	return (uint64_t)(((unsigned __int128)rng_bits(seed, purpose, index) * n) >> 64);
}

size_t rng_place(const double *sum, size_t n, double x)
{
	size_t low = 0, high = n;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (sum[middle] <= x)
			low = middle;
		else
			high = middle;
	}
	return low;
}

void rng_permute(uint32_t *order, size_t n, uint64_t seed, enum rng_purpose purpose)
{
	for (size_t i = 0; i < n; i++)
		order[i] = (uint32_t)i;
	for (size_t i = n; i > 1; i--) {
		size_t j = rng_below(i, seed, purpose, i);
		uint32_t t = order[i - 1];

		order[i - 1] = order[j];
		order[j] = t;
	}
}

/* A sum of twelve uniforms would cut the tails; Box-Muller would need libm's log and cos. */
double rng_normal(uint64_t seed, enum rng_purpose purpose, uint64_t index)
{
	static const double a[] = { -3.969683028665376e+01, 2.209460984245205e+02,
		-2.759285104469687e+02, 1.383577518672690e+02, -3.066479806614716e+01,
		2.506628277459239e+00 };
	static const double b[] = { -5.447609879822406e+01, 1.615858368580409e+02,
		-1.556989798598866e+02, 6.680131188771972e+01, -1.328068155288572e+01 };
	static const double c[] = { -7.784894002430293e-03, -3.223964580411365e-01,
		-2.400758277161838e+00, -2.549732539343734e+00, 4.374664141464968e+00,
		2.938163982698783e+00 };
	static const double d[] = { 7.784695709041462e-03, 3.224671290700398e-01,
		2.445134137142996e+00, 3.754408661907416e+00 };
	double p = rng_unit(seed, purpose, index) + 0x1p-54, tail = p < 0.5 ? p : 1 - p, q, r, x;

	if (tail >= 0.02425) {
		q = p - 0.5;
		r = q * q;
		return (((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r + a[4]) * r + a[5]) * q /
		       (((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r + b[4]) * r + 1);
	}
	q = sqrt(-2 * fmath_log(tail));
	x = (((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5]) /
	    ((((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1);
	return p < 0.5 ? x : -x;
}
