#include "numeral.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "digits.h"

struct decimal {
	uint64_t digits; /* value = digits x 10^exponent, if exact */
	long exponent;
	bool negative, exact;
};

/* [+-]? (digits [. digits*] | . digits) ([eE] [+-]? digits)?, the whole text. */
static bool read_decimal(struct decimal *d, const char *text, size_t n)
{
	const char *s = text, *end = text + n;
	size_t seen = 0, kept = 0;
	bool point = false;

	*d = (struct decimal){ .exact = true };
	d->negative = s < end && *s == '-';
	s += s < end && (*s == '-' || *s == '+');
	for (; s < end && ((*s >= '0' && *s <= '9') || (*s == '.' && !point)); s++) {
		if (*s == '.') {
			point = true;
			continue;
		}
		seen++;
		d->exponent -= point;
		d->exact = kept < 19;
		kept += kept || *s != '0';
		if (d->exact)
			d->digits = 10 * d->digits + (uint64_t)(*s - '0');
	}
	if (s < end && seen && (*s == 'e' || *s == 'E')) {
		long sign = s + 1 < end && s[1] == '-' ? -1 : 1, power = 0;

		s += 1 + (s + 1 < end && (s[1] == '-' || s[1] == '+'));
		if (s == end)
			return false;
		for (; s < end && *s >= '0' && *s <= '9'; s++)
			power = power < 100000 ? 10 * power + (*s - '0') : power;
		d->exponent += sign * power;
	}
	return seen && s == end;
}

/* The decimal point of strtod() is '.', because no program of ours calls setlocale(). */
static bool real_value(double *x, const char *text, size_t n)
{
	static const double power[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10,
		1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
	struct decimal d;

	if (!read_decimal(&d, text, n))
		return false;
	/* Both numbers are exact doubles, so one division or product rounds once. */
	if (d.exact && d.digits >> 53 == 0 && d.exponent >= -22 && d.exponent <= 22) {
		*x = d.exponent < 0 ? (double)d.digits / power[-d.exponent]
				    : (double)d.digits * power[d.exponent];
		*x = d.negative ? -*x : *x;
	} else {
		*x = strtod(text, NULL);
	}
	return true;
}

const char *numeral_real(double *x, const char *text, size_t n)
{
	if (!real_value(x, text, n))
		return "expected a decimal number";
	return isfinite(*x) ? NULL : "expected a number of at most 1.7e308";
}

const char *numeral_float(float *x, const char *text, size_t n)
{
	const char *why;
	char few[16] = "";
	double wide;
	uint64_t bits;

	if (n < sizeof few && digits_float(x, memcpy(few, text, n), n))
		return NULL;
	why = numeral_real(&wide, text, n);
	if (why)
		return why;
	memcpy(&bits, &wide, sizeof bits);
	/* A double that lies half-way between two floats may be there by rounding: do not round
	 * twice. Below FLT_MIN half-way is elsewhere. */
	if ((bits & 0x1FFFFFFF) == 0x10000000 || (wide != 0 && fabs(wide) < (double)FLT_MIN))
		*x = strtof(text, NULL);
	else
		*x = (float)wide;
	return isfinite(*x) ? NULL : "expected a number of at most 3.4e38";
}

const char *numeral_integer(int64_t *x, const char *text, size_t n)
{
	bool negative = n && *text == '-';
	size_t i = negative || (n && *text == '+');
	int64_t value = 0;

	if (i == n)
		return "expected an integer";
	for (; i < n; i++) {
		int digit = text[i] - '0';

		if (digit < 0 || digit > 9)
			return "expected an integer";
		if (__builtin_mul_overflow(value, 10, &value) ||
			__builtin_add_overflow(value, negative ? -digit : digit, &value))
			return "expected an integer of 64 bits";
	}
	*x = value;
	return NULL;
}

/* Reads as many digits as the picture has; other bytes of it must be there as they are, but ' '
 * stands for ' ' or 'T'. */
static const char *read_picture(const char *text, const char *picture, int64_t *number)
{
	for (; *picture; picture++, text++) {
		if (*picture >= '0' && *picture <= '9') {
			if (*text < '0' || *text > '9')
				return NULL;
			number[*picture - '0'] = 10 * number[*picture - '0'] + (*text - '0');
		} else if (*text != *picture && !(*picture == ' ' && *text == 'T')) {
			return NULL;
		}
	}
	return text;
}

/* Days since 1970-01-01 of the Gregorian calendar, counting years from March (Hinnant 2013,
 * "chrono-Compatible Low-Level Date Algorithms"). */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
	int64_t y = year - (month <= 2), of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;

	return 365 * y + y / 4 - y / 100 + y / 400 + of_year - 719468;
}

const char *numeral_time(int64_t *x, const char *text, size_t n)
{
	static const int8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int64_t t[6] = { 0 };
	const char *rest = read_picture(text, "0000-11-22", t), *more;
	bool leap = (t[0] % 4 == 0 && t[0] % 100 != 0) || t[0] % 400 == 0;

	if (numeral_integer(x, text, n) == NULL)
		return NULL;
	if (rest && *rest) {
		rest = read_picture(rest, " 33:44", t);
		if (rest && (more = read_picture(rest, ":55", t)))
			rest = more;
		if (rest && *rest == 'Z')
			rest++;
	}
	if (!rest || rest != text + n || t[0] < 1 || t[1] < 1 || t[1] > 12 || t[2] < 1 ||
		t[2] > days[t[1] - 1] + (t[1] == 2 && leap) || t[3] > 23 || t[4] > 59 || t[5] > 59)
		return "expected an integer or a date YYYY-MM-DD[ HH:MM[:SS]]";
	*x = 86400 * days_of(t[0], t[1], t[2]) + 3600 * t[3] + 60 * t[4] + t[5];
	return NULL;
}

int64_t numeral_month(int64_t day)
{
	int64_t of_era = ((day + 719468) % 146097 + 146097) % 146097; /* from a 1st of March */
	int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t month = (5 * (of_era - (365 * year + year / 4 - year / 100)) + 2) / 153;

	return month < 10 ? month + 3 : month - 9;
}
