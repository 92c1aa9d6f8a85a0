/* Against the definition, one fused multiply-add after the other; bit by bit, on every set. */
#include "slab.h"

#include <stdlib.h>

#include "levels.h"
#include "mem.h"
#include "rng.h"
#include "tap.h"

int main(void)
{
	void (*update[])(float *, const float *, const float *, size_t, size_t) =
		LEVELS(slab_update);
	enum { ROWS = 12, N = 96 };
	static float c[3][ROWS * N], f[ROWS * SLAB_DEPTH], r[SLAB_DEPTH * N], want[ROWS * N];

	for (size_t i = 0; i < ROWS * SLAB_DEPTH; i++)
		f[i] = (float)rng_normal(1, RNG_MAKE, i);
	for (size_t i = 0; i < SLAB_DEPTH * N; i++)
		r[i] = (float)rng_normal(2, RNG_MAKE, i);
	for (size_t i = 0; i < ROWS * N; i++) {
		want[i] = c[0][i] = c[1][i] = c[2][i] = (float)rng_normal(3, RNG_MAKE, i);
		for (size_t k = 0; k < SLAB_DEPTH; k++)
			want[i] = fmaf(-f[i / N * SLAB_DEPTH + k], r[k * N + i % N], want[i]);
	}
	for (int l = 0; l < levels(); l++) {
		update[l](c[l], f, r, ROWS, N);
		ok(memcmp(c[l], want, sizeof want) == 0, "in order, fused");
	}
	return done();
}
