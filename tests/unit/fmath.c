/* Against the C library, which is the oracle here and nowhere else. */
#include "fmath.h"

#include "tap.h"

int main(void)
{
	double worst_exp = 0, worst_log = 0, worst_gamma = 0, worst_cos = 0;

	for (int i = -70000; i <= 70000; i++) {
		double x = i * 0.0101, want = exp(x), got = fmath_exp(x), y = fabs(x) * 3 + 1e-9;

		if (want > 1e-300 && want < 1e300)
			worst_exp = fmax(worst_exp, fabs(got / want - 1));
		worst_log = fmax(worst_log, fabs(fmath_log(y) - log(y)) / (1 + fabs(log(y))));
	}
	for (int i = 0; i <= 1000; i++)
		worst_cos =
			fmax(worst_cos, fabs(fmath_cos_pi(i / 1000.) - cos(i / 1000. * acos(-1))));
	near(worst_cos, 0, 4e-16, "cos(pi x) within 4e-16 of the C library's");
	near(worst_exp, 0, 4e-16, "exp within 4e-16 of the C library's, relative");
	near(worst_log, 0, 4e-16, "log within 4e-16 of the C library's");
	near(fmath_exp(-1000), 0, 0, "exp far below is 0");
	ok(isinf(fmath_exp(1000)), "exp far above is infinite");
	ok(isnan(fmath_exp(NAN)) && isnan(fmath_log(-1)),
		"NaN stays NaN, log of a negative is NaN");
	near(fmath_sigmoid(0), 0.5, 0, "sigmoid(0) = 1/2");
	near(fmath_sigmoid(-800) + fmath_sigmoid(800), 1, 0, "sigmoid never overflows");
	near(fmath_softplus(0), 0.69314718055994531, 1e-16, "softplus(0) = ln 2");
	near(fmath_softplus(800), 800, 0, "softplus never overflows");
	for (double x = 0.5; x < 1e6; x *= 1.07)
		worst_gamma = fmax(
			worst_gamma, fabs(fmath_log_gamma(x) - lgamma(x)) / (1 + fabs(lgamma(x))));
	near(worst_gamma, 0, 1e-13, "ln Gamma within 1e-13 of the C library's");
	return done();
}
