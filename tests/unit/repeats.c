#include "repeats.h"

#include <stdlib.h>

#include "mem.h"
#include "rng.h"
#include "tap.h"

static void by_hand(size_t pieces)
{
	static const uint8_t part[] = { 0, 0, 0, 1, 1, 2, 2, 2, 2, SPLIT_OUT, 0, SPLIT_OUT };
	static const uint32_t user[] = { 0, 1, 1, 0, 2, 0, 3, 3, 2, 5, UINT32_MAX, 1 };
	static const uint32_t item[] = { 0, 0, 1, 0, 2, 0, 1, 3, 2, 4, UINT32_MAX, 1 };
	struct repeats r = { 0 };
	enum { N = sizeof part };

	for (size_t at = 0; at < N; at += pieces)
		repeats_add(&r, user + at, item + at, part + at, at + pieces < N ? pieces : N - at);
	/* (0, 0) is in train, valid and test: one pair; (2, 2) in valid and test */
	ok(repeats_count(&r) == 2, "pairs in more than one part");
	repeats_free(&r);
}

/* The same by definition, with a mark for each of users * items pairs. */
static void made(const char *name, size_t rows, uint32_t users, uint32_t items)
{
	enum { PIECE = 4096 };
	static uint32_t user[PIECE], item[PIECE];
	static uint8_t part[PIECE];
	uint8_t *mark = mem_new((size_t)users * items, 1);
	struct repeats r = { 0 };
	size_t want = 0;

	for (size_t at = 0; at < rows; at += PIECE) {
		for (size_t i = 0; i < PIECE; i++) {
			uint64_t p = rng_below(11, 3, RNG_MAKE, at + i);

			user[i] = (uint32_t)rng_below(users, 1, RNG_MAKE, at + i);
			item[i] = (uint32_t)rng_below(items, 2, RNG_MAKE, at + i);
			part[i] = p == 0 ? SPLIT_OUT : p < 9 ? SPLIT_TRAIN : (uint8_t)(p - 8);
			if (part[i] != SPLIT_OUT)
				mark[(size_t)user[i] * items + item[i]] |= (uint8_t)(1u << part[i]);
		}
		repeats_add(&r, user, item, part, PIECE);
	}
	for (size_t k = 0; k < (size_t)users * items; k++)
		want += mark[k] && (mark[k] & (mark[k] - 1));
	ok(r.runs == (rows * 8 / 11 + REPEATS_RUN - 1) / REPEATS_RUN - 1, "runs so far");
	ok(repeats_count(&r) == want && want > 0, name);
	repeats_free(&r);
	free(mark);
}

int main(void)
{
	struct repeats none = { 0 };

	by_hand(12);
	by_hand(1);
	by_hand(5);
	ok(repeats_count(&none) == 0, "none of none");
	repeats_free(&none);
	made("all in memory", 100 * 4096, 3000, 700);
	made("many times the same", 400 * 4096, 40, 50);
	made("more than a run", 600 * 4096, 9000, 900);
	return done();
}
