#include "rng.h"

#include "tap.h"

int main(void)
{
	double sum = 0, square = 0, cube = 0;
	uint32_t order[1000];
	int seen[1000] = { 0 }, all = 1;
	enum { N = 200000 };

	for (int i = 0; i < N; i++) {
		double x = rng_normal(7, RNG_MAKE, (uint64_t)i);

		sum += x;
		square += x * x;
		cube += x * x * x;
	}
	near(sum / N, 0, 0.01, "normal: mean 0");
	near(square / N, 1, 0.02, "normal: variance 1");
	near(cube / N, 0, 0.05, "normal: no skew");
	{
		const double sums[] = { 0, 2, 2, 3, 7 };

		ok(rng_place(sums, 4, 0) == 0 && rng_place(sums, 4, 1.9) == 0 &&
				rng_place(sums, 4, 2) == 2 && rng_place(sums, 4, 3) == 3 &&
				rng_place(sums, 4, 6.99) == 3,
			"a place by sums of weights; of weight 0 none");
	}
	rng_permute(order, 1000, 3, RNG_SHUFFLE);
	for (int i = 0; i < 1000; i++)
		seen[order[i]]++;
	for (int i = 0; i < 1000; i++)
		all &= seen[i] == 1;
	ok(all, "a permutation holds every number once");
	ok(rng_bits(1, RNG_INIT, 5) == rng_bits(1, RNG_INIT, 5),
		"the same question, the same answer");
	ok(rng_bits(1, RNG_INIT, 5) != rng_bits(1, RNG_SPLIT, 5),
		"another purpose, another number");
	ok(rng_bits(1, RNG_INIT, 5) != rng_bits(2, RNG_INIT, 5), "another seed, another number");
	for (int i = 0; i < 1000; i++)
		all &= rng_below(7, 1, RNG_MAKE, (uint64_t)i) < 7;
	ok(all, "below(7) is below 7");
	return done();
}
