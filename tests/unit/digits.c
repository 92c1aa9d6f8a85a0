/* digits: short numbers against strtof and strtoll, and what is none. */
#include "digits.h"

#include <stdlib.h>

#include "rng.h"
#include "tap.h"

static bool is_float(const char *text, float *x)
{
	char padded[32] = "";

	memcpy(padded, text, strlen(text));
	memset(padded + strlen(text), '5', 8); /* the text goes on */
	return digits_float(x, padded, strlen(text));
}

static bool is_integer(const char *text, int64_t *x)
{
	char padded[40] = "";

	memcpy(padded, text, strlen(text));
	memset(padded + strlen(text), '5', 8);
	return digits_integer(x, padded, strlen(text));
}

static bool floats_are_strtof(void)
{
	char text[32];
	bool good = true;
	float x, want;

	for (uint64_t i = 0; i < 200000; i++) {
		uint32_t digits = (uint32_t)rng_below(1 << 24, 1, RNG_MAKE, 2 * i);
		size_t n = (size_t)sprintf(text, "%s%u", i % 3 ? "" : "-", digits >> i % 24);
		size_t at = rng_below(n - !(i % 3) + 1, 1, RNG_MAKE, 2 * i + 1) + !(i % 3);

		if (i % 2) {
			memmove(text + at + 1, text + at, n + 1 - at);
			text[at] = '.';
		}
		want = strtof(text, NULL);
		if (strlen(text) - !(i % 3) <= 8)
			good = good && is_float(text, &x) && memcmp(&x, &want, sizeof x) == 0;
	}
	return good;
}

int main(void)
{
	static const char *const none[] = { "", "-", ".", "-.", "1.2.3", "1-", "+1", "1e3", "1 ",
		"16777216", "123456789", "12345.6789", ":", "/", "1,5", "\xB1" };
	bool refused = true, whole = true;
	char text[32];
	int64_t n;
	float x;

	ok(floats_are_strtof(), "two hundred thousand numbers are what strtof reads");
	ok(is_float("-0", &x) && x == 0 && 1 / x < 0, "-0 keeps its sign");
	ok(is_float("00000001", &x) && x == 1 && is_float("-1234.567", &x) &&
			memcmp(&x, &(float){ -1234.567F }, sizeof x) == 0,
		"eight bytes, nine with a sign");
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		refused = refused && !is_float(none[i], &x);
	ok(refused, "other text is left to others");
	for (uint64_t i = 0; i < 100000; i++) {
		long long want =
			(long long)(rng_bits(3, RNG_MAKE, i) % 10000000000000000u >> i % 53);

		sprintf(text, "%lld", want);
		whole = whole && is_integer(text, &n) && n == want;
	}
	ok(whole && is_integer("0009", &n) && n == 9, "integers of 1 to 16 digits");
	ok(!is_integer("", &n) && !is_integer("-1", &n) && !is_integer("12345678x", &n) &&
			!is_integer("x2345678901", &n) && !is_integer("12345678901234567", &n),
		"no others");
	ok(digits_canonical(digits_load("407zzzzz"), 3) == 407 &&
			digits_canonical(digits_load("0zzzzzzz"), 1) == 0 &&
			digits_canonical(digits_load("99999999"), 8) == 99999999,
		"numbers as printf writes them");
	ok(digits_canonical(digits_load("007zzzzz"), 3) == DIGITS_NONE &&
			digits_canonical(digits_load("4x7zzzzz"), 3) == DIGITS_NONE &&
			digits_canonical(0, 0) == DIGITS_NONE &&
			digits_canonical(digits_load("12345678"), 9) == DIGITS_NONE,
		"and what is none");
	return done();
}
