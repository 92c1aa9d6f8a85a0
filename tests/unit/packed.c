/* Numbers of every width come back, neighbours stay; places are found and shuffled as csr and rng
 * do it. */
#include "packed.h"

#include <stdio.h>
#include <stdlib.h>

#include "csr.h"
#include "mem.h"
#include "tap.h"

enum { N = 1000 };

static uint32_t number(size_t i, uint32_t most)
{
	return (uint32_t)rng_below((uint64_t)most + 1, 1, RNG_MAKE, i);
}

static void test_width(unsigned bits)
{
	uint32_t most = (uint32_t)((1ull << bits) - 1);
	struct packed p = packed_new(N, most);
	char what[60];
	int good = 1;

	for (size_t i = 0; i < N; i++) /* in no order, each twice */
		packed_set(&p, i * 7 % N, most);
	for (size_t i = 0; i < N; i++)
		packed_set(&p, i * 7 % N, number(i * 7 % N, most));
	for (size_t i = 0; i < N; i++)
		good &= packed_get(&p, i) == number(i, most);
	snprintf(what, sizeof what, "%u bits a number", bits);
	ok(good && p.bits == bits, what);
	packed_free(&p);
}

int main(void)
{
	struct packed p = packed_new(N, N - 1), none = packed_new(0, 0);
	uint32_t *x = mem_new(N, sizeof *x);
	int same = 1, found = 1;

	for (unsigned bits = 1; bits <= 32; bits++)
		test_width(bits);
	packed_permute(&p, N, 5, RNG_SHUFFLE);
	rng_permute(x, N, 5, RNG_SHUFFLE);
	for (size_t i = 0; i < N; i++)
		same &= packed_get(&p, i) == x[i];
	ok(same, "a permutation is rng's");
	for (size_t i = 0; i < N; i++) {
		x[i] = (uint32_t)(i / 3 * 2);
		packed_set(&p, i, x[i]);
	}
	for (uint32_t least = 0; least < N; least++)
		found &= packed_find(&p, 10, N - 5, least) == csr_find(x, 10, N - 5, least);
	ok(found, "a place is csr's");
	packed_free(&p);
	packed_free(&none);
	free(x);
	return done();
}
