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
SIMD_INLINE vf vector_clip(vf g, const struct optim_step *how, bool clipped)
{
	vf most = vf_set(-how->clip);

	/* a gradient that is not a number stays one */
	return clipped ? vf_max(most, -vf_max(most, vf_set(-how->shrink) * g)) : g;
}

SIMD_INLINE float scalar_clip(float g, const struct optim_step *how, bool clipped)
{
	g *= clipped ? how->shrink : 1;
	g = clipped && g > how->clip ? how->clip : g;
	return clipped && g < -how->clip ? -how->clip : g;
}

SIMD_INLINE void vector_step(float *w, float *m, float *v, vf g, const struct optim_step *how,
	enum optim_kind kind, bool clipped)
{
	vf x = vf_load(w);

	g = vector_clip(g, how, clipped);
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
	} else if (kind == OPTIM_ROWWISE) {
		vf second = vf_fma(vf_set(0.001f), g * g, vf_load(v));

		vf_store(v, second);
		vf_store(w, x - vf_set(how->rate) / (vf_sqrt(second) + vf_set(1e-8f)) * g);
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

	g = scalar_clip(g, how, clipped);
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
	} else if (kind == OPTIM_ROWWISE) {
		*v = fmaf(0.001f, g * g, *v);
		*w = x - how->rate / (sqrtf(*v) + 1e-8f) * g;
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
	bool first = kind != OPTIM_ADAGRAD && kind != OPTIM_ROWWISE;
	float w[16], m[16] = { 0 }, v[16];

	for (size_t i = 0; i < x->n; i += 16) {
		size_t n = x->n - i < 16 ? x->n - i : 16;

		for (size_t k = 0; k < n; k++) {
			w[k] = x->w[x->row[i + k]];
			if (first)
				m[k] = x->m[x->row[i + k]];
			v[k] = x->v[x->row[i + k]];
		}
		run(w, m, v, x->g + i, n, how, kind, clipped);
		for (size_t k = 0; k < n; k++) {
			x->w[x->row[i + k]] = w[k];
			if (first)
				x->m[x->row[i + k]] = m[k];
			x->v[x->row[i + k]] = v[k];
		}
	}
}

/* ---- rows of one v each ---- */

/* What a step takes for gradient d of a row. */
SIMD_INLINE vf row_vector(
	const struct weights *x, size_t i, size_t d, const struct optim_step *how, bool clipped)
{
	return vf_fma(vf_set(how->l2), vf_load(x->w + x->row[i] * x->width + d),
		vector_clip(vf_load(x->g + i * x->width + d), how, clipped));
}

SIMD_INLINE float row_scalar(
	const struct weights *x, size_t i, size_t d, const struct optim_step *how, bool clipped)
{
	return fmaf(how->l2, x->w[x->row[i] * x->width + d],
		scalar_clip(x->g[i * x->width + d], how, clipped));
}

/* The sum of a row's squares. */
SIMD_INLINE float row_square(
	const struct weights *x, size_t i, const struct optim_step *how, bool clipped)
{
	float lane[16] = { 0 };

	VF_EACH(
		d, x->width,
		{
			vf y = row_vector(x, i, d, how, clipped);

			vf_store(lane + d % 16, vf_fma(y, y, vf_load(lane + d % 16)));
		},
		{
			float y = row_scalar(x, i, d, how, clipped);

			lane[d % 16] = fmaf(y, y, lane[d % 16]);
		});
	return vf_sum16(lane);
}

SIMD_INLINE void run_rowwise(const struct weights *x, const struct optim_step *how, bool clipped)
{
	for (size_t i = 0; i < x->n; i++) {
		float *w = x->w + x->row[i] * x->width, *v = x->v + x->row[i], rate;

		*v = fmaf(0.001f / (float)x->width, row_square(x, i, how, clipped), *v);
		rate = how->rate / (sqrtf(*v) + 1e-8f);
		VF_EACH(d, x->width,
			vf_store(w + d,
				vf_load(w + d) - vf_set(rate) * row_vector(x, i, d, how, clipped)),
			w[d] -= rate * row_scalar(x, i, d, how, clipped));
	}
}

SIMD_INLINE void run_weights(
	const struct weights *x, const struct optim_step *how, enum optim_kind kind, bool clipped)
{
	if (!x->row)
		run(x->w, x->m, x->v, x->g, x->n, how, kind, clipped);
	else if (x->width == 1)
		run_ones(x, how, kind, clipped);
	else if (kind == OPTIM_ROWWISE)
		run_rowwise(x, how, clipped);
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
	else if (how->kind == OPTIM_ROWWISE && !clipped)
		run_weights(x, how, OPTIM_ROWWISE, false);
	else if (how->kind == OPTIM_ROWWISE)
		run_weights(x, how, OPTIM_ROWWISE, true);
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
