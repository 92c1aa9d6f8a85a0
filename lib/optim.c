#include "optim.h"

SIMD_INLINE void adam(vf *w, vf *m, vf *v, vf g, const struct optim_step *how)
{
	vf root;

	*m = vf_fma(vf_set(0.9f), *m, vf_set(0.1f) * g);
	*v = vf_fma(vf_set(0.999f), *v, vf_set(0.001f) * (g * g));
	root = vf_fma(vf_sqrt(*v), vf_set(how->scale), vf_set(1e-8f));
	*w = *w - vf_set(how->rate) * *m / root;
}

/* Each formula twice, for a vector and for what is left over; the kind and whether gradients are
 * clipped (by norm, then by value) are constants where it is inlined. */
SIMD_INLINE void vector_step(float *w, float *m, float *v, vf g, const struct optim_step *how,
	enum optim_kind kind, bool clipped)
{
	vf x = vf_load(w);

	if (clipped) /* a gradient that is not a number stays one */
		g = vf_max(vf_set(-how->clip), -vf_max(vf_set(-how->clip), vf_set(-how->shrink) * g));
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
		vf first = vf_load(m), second = vf_load(v);

		adam(&x, &first, &second, g, how);
		vf_store(m, first);
		vf_store(v, second);
		vf_store(w, x);
	}
}

SIMD_INLINE void scalar_step(float *w, float *m, float *v, float g, const struct optim_step *how,
	enum optim_kind kind, bool clipped)
{
	float x = *w;

	if (clipped) {
		g *= how->shrink;
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

/* What takes a step: n weights in a row, or, with `row`, n rows of `width`. */
struct weights {
	float *w, *m, *v;
	const float *g;
	size_t n, width;
	const uint32_t *row;
};

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

/* Sixteen sums, the same for every width of vectors. */
static void measure(double *squares, const float *g, size_t n)
{
	double lane[16] = { 0 };
	size_t i = 0;

	for (; i + 16 <= n; i += 16)
		for (size_t l = 0; l < 16; l++)
			lane[l] += (double)g[i + l] * (double)g[i + l];
	for (size_t l = 0; i < n; i++, l++)
		lane[l] += (double)g[i] * (double)g[i];
	for (size_t l = 0; l < 16; l++)
		*squares += lane[l];
}

/* Rows of one weight, 16 together. */
SIMD_INLINE void run_ones(
	const struct weights *x, const struct optim_step *how, enum optim_kind kind, bool clipped)
{
	float w[16], m[16], v[16];

	for (size_t i = 0; i < x->n; i += 16) {
		size_t n = x->n - i < 16 ? x->n - i : 16;

		for (size_t k = 0; k < n; k++) {
			w[k] = x->w[x->row[i + k]];
			m[k] = x->m[x->row[i + k]];
			v[k] = x->v[x->row[i + k]];
		}
		run(w, m, v, x->g + i, n, how, kind, clipped);
		for (size_t k = 0; k < n; k++) {
			x->w[x->row[i + k]] = w[k];
			x->m[x->row[i + k]] = m[k];
			x->v[x->row[i + k]] = v[k];
		}
	}
}

SIMD_INLINE void run_weights(
	const struct weights *x, const struct optim_step *how, enum optim_kind kind, bool clipped)
{
	if (!x->row)
		run(x->w, x->m, x->v, x->g, x->n, how, kind, clipped);
	else if (x->width == 1)
		run_ones(x, how, kind, clipped);
	else
		for (size_t i = 0; i < x->n; i++) {
			size_t at = x->row[i] * x->width;

			run(x->w + at, x->m + at, x->v + at, x->g + i * x->width, x->width, how,
				kind, clipped);
		}
}

static void step(const struct weights *weights, const struct optim_step *at)
{
	/* own copies stay in registers */
	const struct optim_step own = *at, *how = &own;
	const struct weights mine = *weights, *x = &mine;
	bool clipped = how->clip < INFINITY || how->shrink != 1;

	if (how->kind == OPTIM_MEASURE)
		measure(how->squares, x->g, x->g ? x->n * x->width : 0);
	else if (how->kind == OPTIM_ADAM && !clipped)
		run_weights(x, how, OPTIM_ADAM, false);
	else if (how->kind == OPTIM_ADAM)
		run_weights(x, how, OPTIM_ADAM, true);
	else if (how->kind == OPTIM_ADAMW)
		run_weights(x, how, OPTIM_ADAMW, true);
	else if (how->kind == OPTIM_ADAGRAD)
		run_weights(x, how, OPTIM_ADAGRAD, true);
	else
		run_weights(x, how, OPTIM_SGD, true);
}

void SIMD_NAME(optim_step)(
	float *w, float *m, float *v, const float *g, size_t n, const struct optim_step *how)
{
	step(&(struct weights){ w, m, v, g, n, 1, NULL }, how);
}

void SIMD_NAME(optim_step_rows)(float *w, float *m, float *v, const uint32_t *row, size_t n,
	size_t width, const float *g, const struct optim_step *how)
{
	step(&(struct weights){ w, m, v, g, n, width, row }, how);
}

/* `vectors` of them stay in registers over all steps. */
SIMD_INLINE void rest(
	float *w, float *m, float *v, const struct optim_step *how, size_t steps, size_t vectors)
{
	vf x[4], first[4], second[4];

	SIMD_UNROLL
	for (size_t h = 0; h < vectors; h++) {
		x[h] = vf_load(w + h * VW);
		first[h] = vf_load(m + h * VW);
		second[h] = vf_load(v + h * VW);
	}
	for (size_t s = 0; s < steps; s++)
		SIMD_UNROLL
	for (size_t h = 0; h < vectors; h++)
		adam(x + h, first + h, second + h, vf_fma(vf_set(how[s].l2), x[h], vf_set(0)),
			how + s);
	SIMD_UNROLL
	for (size_t h = 0; h < vectors; h++) {
		vf_store(w + h * VW, x[h]);
		vf_store(m + h * VW, first[h]);
		vf_store(v + h * VW, second[h]);
	}
}

void SIMD_NAME(optim_adam_rest)(
	float *w, float *m, float *v, size_t n, const struct optim_step *how, size_t steps)
{
	size_t i = 0;

	for (; i + 4 * VW <= n; i += 4 * VW)
		rest(w + i, m + i, v + i, how, steps, 4);
	for (; i + 2 * VW <= n; i += 2 * VW)
		rest(w + i, m + i, v + i, how, steps, 2);
	for (; i + VW <= n; i += VW)
		rest(w + i, m + i, v + i, how, steps, 1);
}
