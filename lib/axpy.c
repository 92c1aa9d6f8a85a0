#include "axpy.h"

void SIMD_NAME(axpy)(float *y, float a, const float *x, size_t n)
{
	vf factor = vf_set(a);

	for (size_t i = 0; i < n; i += VW)
		vf_store(y + i, vf_fma(factor, vf_load(x + i), vf_load(y + i)));
}
