/* packed -- whole numbers in as few bits as the largest of them needs. Owns: where the bits of each
 * lie. */
#ifndef PACKED_H
#define PACKED_H

#include <stddef.h>
#include <stdint.h>

#include "rng.h"

struct packed {
	uint64_t *word; /* with one to spare */
	uint64_t mask;
	unsigned bits; /* of a number, 1 .. 32 */
};

unsigned packed_bits(uint32_t most); /* of a number up to that */

/* n zeros, with room for numbers up to most. */
struct packed packed_new(size_t n, uint32_t most);
void packed_free(struct packed *p);

static inline uint32_t packed_get(const struct packed *p, size_t i)
{
	uint64_t at = (uint64_t)i * p->bits;
	const uint64_t *word = p->word + at / 64;

	return (uint32_t)((word[0] >> at % 64 | word[1] << 1 << (63 - at % 64)) & p->mask);
}

static inline void packed_set(struct packed *p, size_t i, uint32_t x)
{
	uint64_t at = (uint64_t)i * p->bits, *word = p->word + at / 64, to = at % 64;

	word[0] = (word[0] & ~(p->mask << to)) | (uint64_t)x << to;
	if (to + p->bits > 64)
		word[1] = (word[1] & ~(p->mask >> (64 - to))) | (uint64_t)x >> (64 - to);
}

/* As csr_find (csr.h): the first place from low up to high with a number of at least that. */
size_t packed_find(const struct packed *p, size_t low, size_t high, uint32_t least);

/* As rng_permute: the first n become a permutation of 0 .. n-1. */
void packed_permute(struct packed *p, size_t n, uint64_t seed, enum rng_purpose purpose);

#endif
