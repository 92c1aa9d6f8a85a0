#include "sgd.h"

#include <stdbool.h>

typedef double double_four __attribute__((vector_size(32)));

/* The four numbers p . q[j]; those of j >= n are 0. */
SIMD_INLINE vf_four dots(const vf *p, float *const *q, size_t n, size_t steps)
{
	vf sum[SGD_GROUP][VF_PER];

	SIMD_UNROLL
	for (size_t j = 0; j < SGD_GROUP; j++)
		SIMD_UNROLL
	for (size_t h = 0; h < VF_PER; h++)
		sum[j][h] = vf_set(0);
	SIMD_UNROLL
	for (size_t v = 0; v < steps; v++)
		SIMD_UNROLL
	for (size_t j = 0; j < n; j++)
		SIMD_UNROLL
	for (size_t h = 0; h < VF_PER; h++) {
		vf x = vf_load(q[j] + v * SGD_LANES + h * VW);

		sum[j][h] = vf_fma(p[v * VF_PER + h], x, sum[j][h]);
	}
	return vf_sum_four(sum);
}

/* The factors' step for n ratings of one row, with g[j] = rate w e; z is NULL or the row's pull. */
SIMD_INLINE void move(vf *p, const float *z, float *const *q, vf_four g, size_t n, size_t steps,
	struct sgd_step step)
{
	vf own = vf_set(step.shrink[n]), each = vf_set(step.shrink[1]), gain[SGD_GROUP];
	vf rest = vf_set(1 - step.shrink[n]);

	SIMD_UNROLL
	for (size_t j = 0; j < n; j++)
		gain[j] = vf_set(g[j]);
	SIMD_UNROLL
	for (size_t v = 0; v < steps * VF_PER; v++) {
		vf old = p[v], new = old *own;

		if (z)
			new = vf_fma(rest, vf_load(z + v * VW), new);
		SIMD_UNROLL
		for (size_t j = 0; j < n; j++) {
			vf x = vf_load(q[j] + v * VW);

			new = vf_fma(gain[j], x, new);
			vf_store(q[j] + v * VW, vf_fma(gain[j], old, x * each));
		}
		p[v] = new;
	}
}

/* n <= SGD_GROUP ratings, from number `at` of the block, of the row with factors p. */
SIMD_INLINE void group(vf *p, const float *z, float *bias, double_four *error,
	struct sgd_block block, size_t at, size_t n, size_t steps, struct sgd_side col,
	struct sgd_step step)
{
	const uint16_t *y = block.col + at;
	vf_four label = { 0 }, w = { 0 }, c = { 0 }, e, g;
	float *q[SGD_GROUP];

	SIMD_UNROLL
	for (size_t j = 0; j < n; j++) {
		q[j] = col.factors + (size_t)y[j] * steps * SGD_LANES;
		label[j] = block.label[at + j];
		c[j] = col.bias[y[j]];
		w[j] = block.weight ? block.weight[at + j] : 1;
	}
	e = ((label - c) - *bias) - dots(p, q, n, steps);
	g = e * (w * step.rate);
	c = c * step.shrink[1] + g;
	SIMD_UNROLL
	for (size_t j = 0; j < n; j++)
		col.bias[y[j]] = c[j];
	*error += __builtin_convertvector(e * e * w, double_four);
	*bias = *bias * step.shrink[n] + ((g[0] + g[1]) + (g[2] + g[3]));
	move(p, z, q, g, n, steps, step);
}

/* x +- vector v of z, where there is a z. */
SIMD_INLINE vf plus(vf x, const float *z, size_t v)
{
	if (z)
		x += vf_load(z + v * VW);
	return x;
}

SIMD_INLINE vf less(vf x, const float *z, size_t v)
{
	if (z)
		x -= vf_load(z + v * VW);
	return x;
}

SIMD_INLINE double runs(vf *p, struct sgd_block block, size_t steps, struct sgd_side row,
	struct sgd_side col, struct sgd_step step, bool pulled)
{
	double_four error = { 0 };
	size_t at = 0, x = 0;

	for (size_t r = 0; r < block.runs; r++) {
		size_t end = at + block.run[r].n;
		float *home, bias;
		const float *z;

		x += block.run[r].skip;
		if (end == at)
			continue;
		home = row.factors + x * steps * SGD_LANES;
		bias = row.bias[x];
		z = pulled ? row.pull + x * steps * SGD_LANES : NULL;
		SIMD_UNROLL
		for (size_t v = 0; v < steps * VF_PER; v++)
			p[v] = plus(vf_load(home + v * VW), z, v);
		for (; at + SGD_GROUP <= end; at += SGD_GROUP)
			group(p, z, &bias, &error, block, at, SGD_GROUP, steps, col, step);
		if (end - at == 1)
			group(p, z, &bias, &error, block, at, 1, steps, col, step);
		else if (end - at == 2)
			group(p, z, &bias, &error, block, at, 2, steps, col, step);
		else if (end - at == 3)
			group(p, z, &bias, &error, block, at, 3, steps, col, step);
		at = end;
		row.bias[x] = bias;
		SIMD_UNROLL
		for (size_t v = 0; v < steps * VF_PER; v++)
			vf_store(home + v * VW, less(p[v], z, v));
	}
	return (error[0] + error[1]) + (error[2] + error[3]);
}

#define WIDTH(name, n, room, pulled)                                                               \
	static double name(const struct sgd_block *block, struct sgd_side row,                     \
		struct sgd_side col, const struct sgd_step *step)                                  \
	{                                                                                          \
		vf p[(room)*VF_PER];                                                               \
                                                                                                   \
		return runs(p, *block, n, row, col, *step, pulled);                                \
	}
#if SIMD_NARROW
WIDTH(runs_1, 1, 1, false)
WIDTH(runs_2, 2, 2, false)
WIDTH(runs_4, 4, 4, false)
WIDTH(runs_8, 8, 8, false)
WIDTH(pulled_2, 2, 2, true)
WIDTH(pulled_4, 4, 4, true)
#endif
WIDTH(runs_any, step->width / SGD_LANES, SGD_WIDTH / SGD_LANES, false)
WIDTH(pulled_any, step->width / SGD_LANES, SGD_WIDTH / SGD_LANES, true)

double SIMD_NAME(sgd_block)(const struct sgd_block *block, struct sgd_side row, struct sgd_side col,
	const struct sgd_step *step)
{
	bool pulled = row.pull != NULL;

	switch (step->width / SGD_LANES) {
#if SIMD_NARROW
	case 1:
		return (pulled ? pulled_any : runs_1)(block, row, col, step);
	case 2:
		return (pulled ? pulled_2 : runs_2)(block, row, col, step);
	case 4:
		return (pulled ? pulled_4 : runs_4)(block, row, col, step);
	case 8:
		return (pulled ? pulled_any : runs_8)(block, row, col, step);
#endif
	default:
		return (pulled ? pulled_any : runs_any)(block, row, col, step);
	}
}

/* ---- SVD++ ---- */

static void add(float *to, const float *x, size_t width)
{
	for (size_t v = 0; v < width; v += VW)
		vf_store(to + v, vf_load(to + v) + vf_load(x + v));
}

void SIMD_NAME(sgd_gather)(float *to, const struct sgd_block *block, const float *d, size_t width)
{
	size_t x = 0;

	for (size_t r = 0, at = 0; r < block->runs; at += block->run[r++].n) {
		x += block->run[r].skip;
		for (size_t j = 0; j < block->run[r].n; j++)
			add(to + x * width, d + block->col[at + j] * width, width);
	}
}

void SIMD_NAME(sgd_scatter)(float *to, const struct sgd_block *block, const float *d, size_t width)
{
	size_t x = 0;

	for (size_t r = 0, at = 0; r < block->runs; at += block->run[r++].n) {
		x += block->run[r].skip;
		for (size_t j = 0; j < block->run[r].n; j++)
			add(to + block->col[at + j] * width, d + x * width, width);
	}
}

/* For n <= SGD_GROUP ratings of the row with vector x: to += w q (target - x . q), or w q (x . q)
 * when there are no targets. */
SIMD_INLINE void project(float *to, const vf *x, const struct sgd_block *block, size_t at, size_t n,
	size_t steps, struct sgd_side col, const float *bias)
{
	const uint16_t *y = block->col + at;
	vf_four e = { 0 }, w = { 0 };
	float *q[SGD_GROUP] = { 0 };

	for (size_t j = 0; j < n; j++) {
		q[j] = col.factors + (size_t)y[j] * steps * SGD_LANES;
		w[j] = block->weight ? block->weight[at + j] : 1;
		e[j] = bias ? (block->label[at + j] - col.bias[y[j]]) - *bias : 0;
	}
	e = bias ? e - dots(x, q, n, steps) : dots(x, q, n, steps);
	e *= w;
	for (size_t v = 0; v < steps * VF_PER; v++) {
		vf sum = vf_load(to + v * VW);

		for (size_t j = 0; j < n; j++)
			sum = vf_fma(vf_set(e[j]), vf_load(q[j] + v * VW), sum);
		vf_store(to + v * VW, sum);
	}
}

SIMD_INLINE void project_run(float *to, const vf *x, const struct sgd_block *block, size_t at,
	size_t n, size_t steps, struct sgd_side col, const float *bias)
{
	for (; n >= SGD_GROUP; at += SGD_GROUP, n -= SGD_GROUP)
		project(to, x, block, at, SGD_GROUP, steps, col, bias);
	if (n)
		project(to, x, block, at, n, steps, col, bias);
}

void SIMD_NAME(sgd_curve)(
	float *to, const struct sgd_block *block, const float *d, struct sgd_side col, size_t width)
{
	vf x[SGD_WIDTH / VW];
	size_t home = 0;

	for (size_t r = 0, at = 0; r < block->runs; at += block->run[r++].n) {
		home += block->run[r].skip * width;
		for (size_t v = 0; v < width; v += VW)
			x[v / VW] = vf_load(d + home + v);
		project_run(to + home, x, block, at, block->run[r].n, width / SGD_LANES, col, NULL);
	}
}

void SIMD_NAME(sgd_descent)(float *to, const struct sgd_block *block, struct sgd_side row,
	struct sgd_side col, size_t width)
{
	vf x[SGD_WIDTH / VW];
	size_t home = 0;

	for (size_t r = 0, at = 0; r < block->runs; at += block->run[r++].n) {
		home += block->run[r].skip * width;
		for (size_t v = 0; v < width; v += VW)
			x[v / VW] = vf_load(row.factors + home + v) + vf_load(row.pull + home + v);
		project_run(to + home, x, block, at, block->run[r].n, width / SGD_LANES, col,
			row.bias + home / width);
	}
}

float SIMD_NAME(sgd_dot)(const float *a, const float *b, size_t n)
{
	float lane[SGD_LANES], rest[2][SGD_LANES] = { { 0 } };
	size_t whole = n / SGD_LANES * SGD_LANES;
	vf sum[VF_PER];

	for (size_t h = 0; h < VF_PER; h++)
		sum[h] = vf_set(0);
	for (size_t i = 0; i < whole; i += VW)
		sum[i / VW % VF_PER] = vf_fma(vf_load(a + i), vf_load(b + i), sum[i / VW % VF_PER]);
	for (size_t i = whole; i < n; i++) {
		rest[0][i - whole] = a[i];
		rest[1][i - whole] = b[i];
	}
	for (size_t h = 0; h < VF_PER; h++) {
		sum[h] = vf_fma(vf_load(rest[0] + h * VW), vf_load(rest[1] + h * VW), sum[h]);
		vf_store(lane + h * VW, sum[h]);
	}
	return vf_sum16(lane);
}
