/* figures: columns of made fields are what digits.h says of each field, on every instruction set.
 */
#include "figures.h"

#include <stdlib.h>

#include "digits.h"
#include "levels.h"
#include "rng.h"
#include "tap.h"

enum { ROWS = 5000, NUMBERS = 1000, ROOM = ROWS * 64 };

static char text[ROOM];
static uint32_t stop[2 * ROWS + 1];
static size_t columns;

/* Fields of all kinds in the first of two columns. */
static void make_text(void)
{
	static const char *const odd[] = { "", "-", ".", "x", "00", "007", "1e3", "-5.5", ".5",
		"7.", "1.2.3", "16777216", "99999999", "123456789", "1234567890123456",
		"12345678901234567", "-1234567", "-12345678", "1 2", "\xFF" };
	size_t n = 0;

	columns = 2;
	stop[0] = UINT32_MAX;
	for (size_t r = 0; r < ROWS; r++) {
		uint64_t kind = rng_below(4, 5, RNG_MAKE, 2 * r),
			 x = rng_bits(5, RNG_MAKE, 2 * r + 1);

		if (kind == 0)
			n += (size_t)sprintf(text + n, "%s", odd[x % (sizeof odd / sizeof *odd)]);
		else if (kind == 1)
			n += (size_t)sprintf(text + n, "%d.%d", (int)(x % 90), (int)(x % 700));
		else
			n += (size_t)sprintf(
				text + n, "%d", (int)(x % (kind == 2 ? 1500 : 2000000000)));
		stop[2 * r + 1] = (uint32_t)n;
		n += (size_t)sprintf(text + n, ",5\n") - 1;
		stop[2 * r + 2] = (uint32_t)n++;
	}
}

static bool good(int l)
{
	void (*ids[])(uint32_t *, const struct figures *, const uint32_t *, size_t) =
		LEVELS(figures_ids);
	size_t (*floats_of[])(float *, const struct figures *, uint32_t *) = LEVELS(figures_floats);
	size_t (*integers_of[])(int64_t *, const struct figures *, uint32_t *) =
		LEVELS(figures_integers);
	static uint32_t number[NUMBERS + 1], id[ROWS], bad[ROWS];
	static float x[ROWS];
	static int64_t t[ROWS];
	struct figures f = { text, stop, columns, ROWS };
	bool same = true;
	size_t floats, integers, i = 0, k = 0;

	for (size_t w = 0; w < NUMBERS; w++)
		number[w] = w % 3 ? (uint32_t)(7 * w + 1) : 0;
	number[NUMBERS] = 0;
	ids[l](id, &f, number, NUMBERS);
	for (size_t r = 0; r < ROWS; r++) {
		const char *from = text + (uint32_t)(stop[2 * r] + 1);
		uint64_t w = digits_canonical(
			digits_load(from), (size_t)(text + stop[2 * r + 1] - from));

		same = same && id[r] == (w < NUMBERS ? number[w] : 0) - 1;
	}
	floats = floats_of[l](x, &f, bad);
	for (size_t r = 0; r < ROWS; r++) {
		const char *from = text + (uint32_t)(stop[2 * r] + 1);
		size_t n = (size_t)(text + stop[2 * r + 1] - from);
		float want;
		bool is = digits_float(&want, from, n);

		if (i < floats && bad[i] == r) /* a sign before eight bytes is left over too */
			same = same && (!is || n == 9), i++;
		else
			same = same && is && memcmp(&want, x + r, sizeof want) == 0;
	}
	integers = integers_of[l](t, &f, bad);
	for (size_t r = 0; r < ROWS; r++) {
		const char *from = text + (uint32_t)(stop[2 * r] + 1);
		int64_t want;
		bool is = digits_integer(&want, from, (size_t)(text + stop[2 * r + 1] - from));

		if (k < integers && bad[k] == r)
			same = same && !is, k++;
		else
			same = same && is && t[r] == want;
	}
	return same && i == floats && k == integers && floats > 100 && integers > 100;
}

int main(void)
{
	make_text();
	for (int l = 0; l < levels(); l++)
		ok(good(l), "ids, floats and integers of mixed fields");
	return done();
}
