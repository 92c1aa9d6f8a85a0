/* Every copy adds the same. */
#include "axpy.h"

#include "tap.h"

int main(void)
{
	enum { N = 48 };
	float x[N], y[N], want[N];

	for (int i = 0; i < N; i++) {
		x[i] = 0.1F * (float)i - 1;
		y[i] = want[i] = 1 / (1 + (float)i);
		want[i] = fmaf(0.3F, x[i], want[i]);
	}
	SIMD_CALL(axpy, y, 0.3F, x, N);
	ok(memcmp(y, want, sizeof y) == 0, "one fused multiply-add an element");
	SIMD_CALL(axpy, y, 5, x, 0);
	ok(memcmp(y, want, sizeof y) == 0, "none of nothing");
	return done();
}
