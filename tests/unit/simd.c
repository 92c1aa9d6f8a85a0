#include "simd.h"

#include "tap.h"

int main(void)
{
	enum simd level = simd_level();

	ok(level <= SIMD_V4, "one of the three");
#if defined(__x86_64__)
	ok((level >= SIMD_V3) <= !!__builtin_cpu_supports("avx2"), "never beyond the machine");
	ok((level >= SIMD_V4) <= !!__builtin_cpu_supports("avx512f"), "nor AVX-512 without it");
#endif
	return done();
}
