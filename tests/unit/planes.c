/* planes: every set's copy against the definition, both ways. */
#include "planes.h"

#include "levels.h"
#include "rng.h"
#include "tap.h"

enum { N = 3000 };

static uint8_t in[8 * N], out[8 * N], want[8 * N], back[8 * N];

/* The element at place i, as the definition has it. */
static uint64_t element(size_t i, size_t w, bool delta)
{
	uint64_t x = 0, left = 0, d;
	unsigned bits = (unsigned)(8 * w);

	memcpy(&x, in + i * w, w);
	if (!delta)
		return x;
	if (i)
		memcpy(&left, in + (i - 1) * w, w);
	d = (x - left) << (64 - bits);
	return (d << 1 ^ (0 - (d >> 63)) << (64 - bits)) >> (64 - bits);
}

static bool good(int l, size_t n, size_t w, bool delta)
{
	void (*split[])(uint8_t *, const uint8_t *, size_t, size_t, bool) = LEVELS(planes_split);
	void (*join[])(uint8_t *, const uint8_t *, size_t, size_t, bool) = LEVELS(planes_join);

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < w; j++)
			want[j * n + i] = (uint8_t)(element(i, w, delta) >> 8 * j);
	split[l](out, in, n, w, delta);
	join[l](back, out, n, w, delta);
	return memcmp(out, want, n * w) == 0 && memcmp(back, in, n * w) == 0;
}

int main(void)
{
	static const size_t size[] = { 1, 2, 31, 1023, 1024, 1025, N };

	for (size_t i = 0; i < sizeof in; i++) /* small steps and large ones */
		in[i] = (uint8_t)(i / 100 % 2 ? rng_bits(1, RNG_MAKE, i) : i % 8 == 0 ? i / 8 : 0);
	for (int l = 0; l < levels(); l++) {
		bool all = true;

		for (size_t k = 0; k < sizeof size / sizeof *size; k++)
			for (size_t w = 2; w <= 8; w *= 2)
				all = all && good(l, size[k], w, false) &&
				      good(l, size[k], w, true);
		ok(all, "shuffle and delta of 2, 4 and 8 bytes");
	}
	return done();
}
