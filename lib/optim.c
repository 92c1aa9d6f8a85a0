#include "optim.h"

static inline void vector_step(float *w, float *m, float *v, vf g, const struct optim_adam *a)
{
	vf x = vf_load(w), first, second, root;

	g = vf_fma(vf_set(a->l2), x, g);
	first = vf_fma(vf_set(0.9f), vf_load(m), vf_set(0.1f) * g);
	second = vf_fma(vf_set(0.999f), vf_load(v), vf_set(0.001f) * (g * g));
	root = vf_fma(vf_sqrt(second), vf_set(a->scale), vf_set(1e-8f));
	vf_store(m, first);
	vf_store(v, second);
	vf_store(w, x - vf_set(a->step) * first / root);
}

static inline void scalar_step(float *w, float *m, float *v, float g, const struct optim_adam *a)
{
	g = fmaf(a->l2, *w, g);
	*m = fmaf(0.9f, *m, 0.1f * g);
	*v = fmaf(0.999f, *v, 0.001f * (g * g));
	*w = *w - a->step * *m / fmaf(sqrtf(*v), a->scale, 1e-8f);
}

void SIMD_NAME(optim_adam_step)(
	float *w, float *m, float *v, const float *g, size_t n, const struct optim_adam *a)
{
	size_t i = 0;

	for (; i + VW <= n; i += VW)
		vector_step(w + i, m + i, v + i, g ? vf_load(g + i) : vf_set(0), a);
	for (; i < n; i++)
		scalar_step(w + i, m + i, v + i, g ? g[i] : 0, a);
}
