/* top -- against a sort of everything, with ties, in any pieces, on every instruction set. */
#include "top.h"

#include <stdlib.h>

#include "levels.h"
#include "rng.h"
#include "tap.h"

enum { N = 3001, MOST = 3200 };

static float score[N];

static int better(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	if (score[x] != score[y])
		return score[x] > score[y] ? -1 : 1;
	return (x > y) - (x < y);
}

/* The first k of everything that is above -infinity. */
static size_t sorted(uint32_t *order, size_t k)
{
	size_t n = 0;

	for (uint32_t i = 0; i < N; i++)
		if (score[i] > -INFINITY)
			order[n++] = i;
	qsort(order, n, sizeof *order, better);
	return n < k ? n : k;
}

/* Values: how many different scores there are. */
static void fill(uint64_t values, uint64_t seed)
{
	for (size_t i = 0; i < N; i++)
		score[i] = (float)rng_below(values, seed, RNG_MAKE, i) - (float)values / 2;
	for (size_t i = 0; i < N; i += 13)
		score[i] = -INFINITY;
}

static int agrees(int level, size_t k, size_t piece)
{
	void (*const offer[])(struct top *, const float *, uint32_t, size_t) = LEVELS(top_offer);
	void (*const sort[])(struct top *) = LEVELS(top_sort);
	static float kept[MOST];
	static uint32_t item[MOST], order[N];
	struct top top = { kept, item, k, 0 };
	size_t n = sorted(order, k), same = 0;

	for (size_t i = 0; i < N; i += piece)
		offer[level](&top, score + i, (uint32_t)i, i + piece < N ? piece : N - i);
	sort[level](&top);
	for (size_t i = 0; i < n && i < top.n; i++)
		same += item[i] == order[i] && kept[i] == score[order[i]];
	return top.n == n && same == n;
}

static int counts(int level, float x)
{
	void (*const count[])(struct top_count *, const float *, size_t, float) = LEVELS(top_count);
	struct top_count got, want = { 0, 0 };

	for (size_t i = 0; i < N; i++) {
		want.above += score[i] > x;
		want.equal += score[i] == x;
	}
	count[level](&got, score, N, x);
	return got.above == want.above && got.equal == want.equal;
}

int main(void)
{
	static const size_t ks[] = { 1, 2, 20, 100, N, MOST }, pieces[] = { 1, 63, 64, 1024, N };
	static const uint64_t values[] = { 1, 3, 50, 1000000 };

	for (int level = 0; level < levels(); level++)
		for (size_t v = 0; v < 4; v++) {
			int good = 1;

			fill(values[v], v);
			for (size_t k = 0; k < 6; k++)
				for (size_t p = 0; p < 5; p++)
					good &= agrees(level, ks[k], pieces[p]);
			ok(good, "the first k of a sort by score, then item");
			ok(counts(level, 0) && counts(level, score[7]),
				"how many are above and equal");
		}
	for (size_t i = 0; i < N; i++)
		score[i] = -INFINITY;
	ok(agrees(0, 5, 64), "no candidate, no list");
	for (size_t i = 0; i < N; i++)
		score[i] = i % 2 ? -0.0F : 0.0F;
	ok(agrees(0, 5, 64), "-0 is equal to 0");
	return done();
}
