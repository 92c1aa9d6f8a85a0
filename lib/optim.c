#include "optim.h"

/* Each formula twice, for a vector and for what is left over; the kind and whether gradients are
 * clipped are constants where it is inlined. */
SIMD_INLINE void vector_step(float *w, float *m, float *v, vf g, const struct optim_step *how,
	enum optim_kind kind, bool clipped)
{
	vf x = vf_load(w), root;

	if (clipped) /* a gradient that is not a number stays one */
		g = vf_max(vf_set(-how->clip), -vf_max(vf_set(-how->clip), -g));
	if (kind == OPTIM_ADAMW)
		x = vf_set(how->keep) * x;
	else
		g = vf_fma(vf_set(how->l2), x, g);
	if (kind == OPTIM_SGD) {
		vf first = vf_fma(vf_set(how->momentum), vf_load(m), g);

		vf_store(m, first);
		vf_store(w, x - vf_set(how->rate) * first);
	} else if (kind == OPTIM_ADAGRAD) {
		vf second = vf_fma(g, g, vf_load(v));

		vf_store(v, second);
		vf_store(w, x - vf_set(how->rate) * g / (vf_sqrt(second) + vf_set(1e-10f)));
	} else {
		vf first = vf_fma(vf_set(0.9f), vf_load(m), vf_set(0.1f) * g);
		vf second = vf_fma(vf_set(0.999f), vf_load(v), vf_set(0.001f) * (g * g));

		root = vf_fma(vf_sqrt(second), vf_set(how->scale), vf_set(1e-8f));
		vf_store(m, first);
		vf_store(v, second);
		vf_store(w, x - vf_set(how->rate) * first / root);
	}
}

SIMD_INLINE void scalar_step(float *w, float *m, float *v, float g, const struct optim_step *how,
	enum optim_kind kind, bool clipped)
{
	float x = *w;

	if (clipped) {
		g = g > how->clip ? how->clip : g;
		g = g < -how->clip ? -how->clip : g;
	}
	if (kind == OPTIM_ADAMW)
		x = how->keep * x;
	else
		g = fmaf(how->l2, x, g);
	if (kind == OPTIM_SGD) {
		*m = fmaf(how->momentum, *m, g);
		*w = x - how->rate * *m;
	} else if (kind == OPTIM_ADAGRAD) {
		*v = fmaf(g, g, *v);
		*w = x - how->rate * g / (sqrtf(*v) + 1e-10f);
	} else {
		*m = fmaf(0.9f, *m, 0.1f * g);
		*v = fmaf(0.999f, *v, 0.001f * (g * g));
		*w = x - how->rate * *m / fmaf(sqrtf(*v), how->scale, 1e-8f);
	}
}

SIMD_INLINE void run(float *w, float *m, float *v, const float *g, size_t n,
	const struct optim_step *how, enum optim_kind kind, bool clipped)
{
	size_t i = 0;

	for (; i + VW <= n; i += VW)
		vector_step(
			w + i, m + i, v + i, g ? vf_load(g + i) : vf_set(0), how, kind, clipped);
	for (; i < n; i++)
		scalar_step(w + i, m + i, v + i, g ? g[i] : 0, how, kind, clipped);
}

void SIMD_NAME(optim_step)(
	float *w, float *m, float *v, const float *g, size_t n, const struct optim_step *how)
{
	bool clipped = how->clip < INFINITY;

	if (how->kind == OPTIM_ADAM && !clipped)
		run(w, m, v, g, n, how, OPTIM_ADAM, false);
	else if (how->kind == OPTIM_ADAM)
		run(w, m, v, g, n, how, OPTIM_ADAM, true);
	else if (how->kind == OPTIM_ADAMW)
		run(w, m, v, g, n, how, OPTIM_ADAMW, true);
	else if (how->kind == OPTIM_ADAGRAD)
		run(w, m, v, g, n, how, OPTIM_ADAGRAD, true);
	else
		run(w, m, v, g, n, how, OPTIM_SGD, true);
}
