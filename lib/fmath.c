#include "fmath.h"

#include <math.h>

/* x = n ln 2 + r, |r| <= ln 2 / 2, then the Taylor series to r^13 / 13! (remainder < 1e-17). */
double fmath_exp(double x)
{
	double n, r, sum = 1;

	if (x != x)
		return x;
	if (x > 709.78)
		return INFINITY;
	if (x < -745)
		return 0;
	n = floor(x * 0x1.71547652b82fep+0 + 0.5);
	r = (x - n * 0x1.62e42feep-1) - n * 0x1.a39ef35793c76p-33;
	for (int k = 13; k > 0; k--)
		sum = 1 + sum * r / k;
	return ldexp(sum, (int)n);
}

/* x = m 2^e, m in [sqrt(1/2), sqrt(2)); ln m = 2 atanh((m - 1) / (m + 1)), series to s^21. */
double fmath_log(double x)
{
	double m, s, sum = 0;
	int e;

	if (x < 0 || x != x)
		return NAN;
	if (x == 0)
		return -INFINITY;
	if (x > 0x1.fffffffffffffp+1023)
		return x;
	m = frexp(x, &e);
	if (m < 0x1.6a09e667f3bcdp-1) {
		m *= 2;
		e--;
	}
	s = (m - 1) / (m + 1);
	for (int k = 21; k > 0; k -= 2)
		sum = sum * s * s + 1.0 / k;
	return e * 0x1.62e42feep-1 + (2 * s * sum + e * 0x1.a39ef35793c76p-33);
}

double fmath_sigmoid(double z)
{
	double e = fmath_exp(z < 0 ? z : -z);

	return (z < 0 ? e : 1) / (1 + e);
}

double fmath_softplus(double z)
{
	return (z > 0 ? z : 0) + fmath_log(1 + fmath_exp(z < 0 ? z : -z));
}

/* Stirling's series after shifting x to 10 or more. */
double fmath_log_gamma(double x)
{
	double shift = 1, y;

	for (; x < 10; x += 1)
		shift *= x;
	y = 1 / (x * x);
	return (x - 0.5) * fmath_log(x) - x + 0.91893853320467274178 - fmath_log(shift) +
	       (1.0 / 12 - y * (1.0 / 360 - y * (1.0 / 1260 - y * (1.0 / 1680 - y / 1188)))) / x;
}

/* sin(pi (1/2 - x)), Taylor series to the 23rd power (remainder < 1e-19). */
double fmath_cos_pi(double x)
{
	double t = 0x1.921fb54442d18p+1 * (0.5 - x), sum = 1;

	for (int k = 22; k > 0; k -= 2)
		sum = 1 - sum * t * t / (k * (k + 1));
	return t * sum;
}
