/* Every instruction set's copy of a kernel that this machine can run, lowest first. */
#ifndef LEVELS_H
#define LEVELS_H

#include "simd.h"

#if defined(__x86_64__)
#define LEVELS(f)                                                                                  \
	{                                                                                          \
		f##_base, f##_v3, f##_v4                                                           \
	}
#else
#define LEVELS(f)                                                                                  \
	{                                                                                          \
		f##_base                                                                           \
	}
#endif

static inline int levels(void)
{
	return (int)simd_level() + 1;
}

#endif
