#include "simd.h"

#include <stdlib.h>

static enum simd level;

enum simd simd_level(void)
{
	return level;
}

__attribute__((constructor)) static void choose(void)
{
#if defined(__x86_64__)
	const char *wish = getenv("RS_SIMD");

	__builtin_cpu_init();
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
		__builtin_cpu_supports("bmi2"))
		level = SIMD_V3;
	if (level == SIMD_V3 && __builtin_cpu_supports("avx512f") &&
		__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd") &&
		__builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
		level = SIMD_V4;
	if (wish && strcmp(wish, "base") == 0)
		level = SIMD_BASE;
	if (wish && strcmp(wish, "v3") == 0 && level > SIMD_V3)
		level = SIMD_V3;
#endif
}
