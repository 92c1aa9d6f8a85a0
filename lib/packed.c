#include "packed.h"

#include <stdlib.h>

#include "mem.h"

unsigned packed_bits(uint32_t most)
{
	unsigned bits = 1;

	while (bits < 32 && most >> bits)
		bits++;
	return bits;
}

struct packed packed_new(size_t n, uint32_t most)
{
	struct packed p = { .bits = packed_bits(most) };

	p.mask = (1ull << p.bits) - 1;
	p.word = mem_new((uint64_t)n * p.bits / 64 + 2, sizeof *p.word);
	return p;
}

void packed_free(struct packed *p)
{
	free(p->word);
	*p = (struct packed){ 0 };
}

/* Without branches, which would be guessed wrong every other time. */
size_t packed_find(const struct packed *p, size_t low, size_t high, uint32_t least)
{
	size_t left = high - low;

	while (left > 0) {
		size_t half = (left + 1) / 2;
		size_t below = packed_get(p, low + half - 1) < least;

		low += half & -below;
		left -= half;
	}
	return low;
}

void packed_permute(struct packed *p, size_t n, uint64_t seed, enum rng_purpose purpose)
{
	for (size_t i = 0; i < n; i++)
		packed_set(p, i, (uint32_t)i);
	for (size_t i = n; i > 1; i--) {
		size_t j = rng_below(i, seed, purpose, i);
		uint32_t x = packed_get(p, i - 1);

		packed_set(p, i - 1, packed_get(p, j));
		packed_set(p, j, x);
	}
}
