/* numeral: decimal numbers against strtod, integers and dates by hand and by date(1). */
#include "numeral.h"

#include <inttypes.h>
#include <stdlib.h>

#include "rng.h"
#include "tap.h"

static void refuse(const char *t)
{
	char what[80];
	double x;

	snprintf(what, sizeof what, "'%s' is no number", t);
	ok(numeral_real(&x, t, strlen(t)) != NULL, what);
}

static void numbers(void)
{
	static const char *const bad[] = { "nan", "inf", "-inf", "infinity", "0x1p3", "0x10",
		"1e400", "-1e309", "4,5", "4.5x", "", " 4.5", "4.5 ", "1_000", "+", "-", ".", "e5",
		"1e", "1e+", "--1", "1.2.3", "1 2", "NA" };
	static const char *const good[] = { "0", "-0", "1", "+1", "4.5", ".5", "5.", "1e3", "1E-3",
		"9007199254740993", "0.1", "123456789012345678901234567890", "1e-400",
		"1.7976931348623157e308", "2.2250738585072011e-308", "4.9e-324", "8.5e22", "1e23",
		"00000000000000000000001.5", "0.00000000000000000000000000000012345678901234567890",
		"1844674407370955161500", "1e22" };
	char t[64], same_bits = 1;
	double x;
	float f;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		refuse(bad[i]);
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		ok(numeral_real(&x, good[i], strlen(good[i])) == NULL && x == strtod(good[i], NULL),
			good[i]);
		if (strtod(good[i], NULL) < 3e38)
			ok(numeral_float(&f, good[i], strlen(good[i])) == NULL &&
					f == strtof(good[i], NULL),
				good[i]);
	}
	for (uint64_t i = 0; i < 200000; i++) {
		uint64_t digits = rng_bits(1, RNG_MAKE, 2 * i) >> rng_below(60, 1, RNG_SPLIT, i);

		snprintf(t, sizeof t, "%" PRIu64 "e%d", digits,
			(int)rng_below(70, 2, RNG_MAKE, i) - 45);
		same_bits &= numeral_real(&x, t, strlen(t)) == NULL && x == strtod(t, NULL);
		same_bits &= numeral_float(&f, t, strlen(t)) != NULL ? strtof(t, NULL) > 3e38f
								 : f == strtof(t, NULL);
	}
	ok(same_bits, "200,000 made numbers are rounded as strtod and strtof do");
	/* 1 + 2^-24 is half-way between two floats; the digits say a little more. As a double it is
	 * half-way, and rounding that to even would lose the little. */
	numeral_float(&f, "1.0000000596046447753906251", 27);
	near((double)f, 1 + 0x1p-23, 0, "no double rounding");
	ok(numeral_float(&f, "3.5e38", 6) != NULL, "too large for a float");
}

static int64_t integer(const char *t)
{
	int64_t x = 0;

	return numeral_integer(&x, t, strlen(t)) ? -12345 : x;
}

static int64_t moment(const char *t)
{
	int64_t x = 0;

	return numeral_time(&x, t, strlen(t)) ? -12345 : x;
}

static void integers(void)
{
	ok(integer("0") == 0 && integer("-7") == -7 && integer("+7") == 7, "small integers");
	ok(integer("2147483648") == 2147483648 && integer("4294967296") == 4294967296,
		"beyond int");
	ok(integer("9223372036854775807") == INT64_MAX, "the largest");
	ok(integer("-9223372036854775808") == INT64_MIN, "the smallest");
	ok(integer("9223372036854775808") == -12345, "one more");
	ok(integer("-9223372036854775809") == -12345, "one less");
	ok(integer("") == -12345 && integer("-") == -12345 && integer("1.0") == -12345 &&
			integer("1e3") == -12345 && integer(" 1") == -12345 &&
			integer("0x1") == -12345,
		"what is no integer");
	/* date -u -d '2017-01-28 14:06:53' +%s and so on */
	ok(moment("2017-01-28 14:06:53") == 1485612413, "a date and time");
	ok(moment("2017-01-28T14:06Z") == 1485612360, "without seconds, with T and Z");
	ok(moment("1970-01-01") == 0 && moment("2000-02-29") == 951782400, "dates");
	ok(moment("1969-12-31 23:59:59") == -1 && moment("1600-03-01") == -11670912000,
		"before 1970");
	ok(moment("881250949") == 881250949 && moment("-5") == -5, "integers are times");
	ok(moment("2017-02-29") == -12345 && moment("2017-13-01") == -12345 &&
			moment("2017-00-01") == -12345 && moment("2017-01-32") == -12345 &&
			moment("2017-01-01 24:00") == -12345 &&
			moment("2017-01-01 1:00") == -12345 && moment("01/02/2017") == -12345 &&
			moment("2017-01-01x") == -12345 &&
			moment("2017-01-01 10:00:00.5") == -12345 && moment("") == -12345,
		"what is no time");
}

static void months(void)
{
	/* date -u -d @$((86400 * day)) +%m */
	ok(numeral_month(0) == 1 && numeral_month(30) == 1 && numeral_month(31) == 2, "1970");
	ok(numeral_month(11016) == 2 && numeral_month(11017) == 3, "29 February and 1 March 2000");
	ok(numeral_month(-1) == 12 && numeral_month(-135080) == 3 && numeral_month(-135081) == 2,
		"31 December 1969, and around 1 March 1600");
}

int main(void)
{
	numbers();
	integers();
	months();
	return done();
}
