/* fmath -- exp, log and what is made of them. Owns: the transcendental functions, so that the
 * C library's version never shows in a result.
 *
 * Plain IEEE double arithmetic, no contraction: the same bits on every machine. */
#ifndef FMATH_H
#define FMATH_H

/* e^x; relative error < 4e-16; 0 below -745, infinity above 709.78. */
double fmath_exp(double x);

/* ln x for x > 0; absolute error < 4e-16 (1 + |ln x|); -infinity at 0, NaN below. */
double fmath_log(double x);

/* 1 / (1 + e^-z), never overflows. */
double fmath_sigmoid(double z);

/* cos(pi x), 0 <= x <= 1; absolute error < 4e-16. */
double fmath_cos_pi(double x);

/* ln(1 + e^z), never overflows; the logistic loss of logit z and label y is softplus(z) - y z. */
double fmath_softplus(double z);

/* ln Gamma(x), x >= 1/2; relative error < 1e-13 away from the zeros at 1 and 2, where the absolute
 * one is < 1e-14. */
double fmath_log_gamma(double x);

#endif
