/* The whole test framework of the C tests: TAP on stdout. */
#ifndef TAP_H
#define TAP_H

#include <math.h>
#include <stdio.h>
#include <string.h>

static int tap_count, tap_failed;

static inline int ok(int good, const char *what)
{
	printf("%sok %d - %s\n", good ? "" : "not ", ++tap_count, what);
	tap_failed += !good;
	return good;
}

static inline int near(double got, double want, double within, const char *what)
{
	if (ok(fabs(got - want) <= within || got == want, what))
		return 1;
	printf("# got %.17g, want %.17g +- %g\n", got, want, within);
	return 0;
}

static inline int same(const char *got, const char *want, const char *what)
{
	if (ok(got && strcmp(got, want) == 0, what))
		return 1;
	printf("# got  '%s'\n# want '%s'\n", got ? got : "(null)", want);
	return 0;
}

static inline int done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed != 0;
}

#endif
