#include "late.h"

#include <stdlib.h>

#include "mem.h"
#include "rng.h"
#include "tap.h"

static void by_hand(size_t pieces)
{
	static const uint8_t part[] = { 0, 0, 0, 1, 1, 2, 2, 2, 2, SPLIT_OUT };
	static const int64_t time[] = { 5, 9, 4, 9, 9, 8, 4, 5, 6, 1 };
	struct late l = LATE_NEW;
	enum { N = sizeof part };

	for (size_t at = 0; at < N; at += pieces)
		late_add(&l, time + at, part + at, at + pieces < N ? pieces : N - at);
	ok(late_count(&l) == 2 && late_count(&l) == 2, "two rows of train are later than 4");
	late_free(&l);
}

/* The same by definition: test begins at row `from`. */
static void made(const char *name, int order, size_t from, int spooled, int known)
{
	enum { ROWS = 1200000 };
	int64_t *time = mem_new(ROWS, sizeof *time), first = INT64_MAX;
	uint8_t *part = mem_new(ROWS, 1);
	struct late l = LATE_NEW;
	size_t want = 0;

	for (size_t i = 0; i < ROWS; i++) {
		time[i] = order > 0   ? (int64_t)i
			  : order < 0 ? -(int64_t)i
				      : (int64_t)rng_below(9999999, 1, RNG_MAKE, i);
		part[i] =
			i >= from && rng_below(10, 2, RNG_MAKE, i) == 0 ? SPLIT_TEST : SPLIT_TRAIN;
		if (part[i] == SPLIT_TEST && time[i] < first)
			first = time[i];
	}
	for (size_t i = 0; i < ROWS; i++)
		want += part[i] == SPLIT_TRAIN && time[i] > first;
	if (known)
		late_know(&l, first);
	for (size_t at = 0; at < ROWS; at += 1000)
		late_add(&l, time + at, part + at, 1000);
	ok(l.spool.size / sizeof *time < (known || !spooled ? 1 : ROWS), "times that are kept");
	ok(!spooled || l.spool.filed, "many of them in a file");
	ok(late_count(&l) == want && (want > 0 || order > 0), name);
	late_free(&l);
	free(time);
	free(part);
}

int main(void)
{
	by_hand(10);
	by_hand(1);
	by_hand(3);
	made("times at random", 0, 200, 0, 0);
	made("times rising", 1, 200, 0, 0);
	made("times falling", -1, 200, 0, 0);
	made("test comes last, times rising", 1, 1199950, 1, 0);
	made("test comes last, times at random", 0, 1199000, 1, 0);
	made("test comes last, its first time known", 0, 1199000, 0, 1);
	return done();
}
