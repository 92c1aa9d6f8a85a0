#include "layer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "rng.h"

enum { LANES = LAYER_LANES };

size_t layer_round_up(size_t n)
{
	return (n + LANES - 1) / LANES * LANES;
}

void layer_new(struct layer *l, size_t in, size_t out, uint64_t seed)
{
	double bound = 1 / sqrt((double)in);

	l->in = in;
	l->out = out;
	l->panels = layer_round_up(out) / LANES;
	l->size = l->panels * (in + 1) * LANES;
	l->w = mem_new(l->size, sizeof *l->w);
	l->m = mem_new(l->size, sizeof *l->m);
	l->v = mem_new(l->size, sizeof *l->v);
	l->g = mem_new(l->size, sizeof *l->g);
	l->back = mem_new(layer_round_up(in) * out, sizeof *l->back);
	for (size_t n = 0; n < out; n++)
		for (size_t k = 0; k <= in; k++)
			l->w[(n / LANES * (in + 1) + k) * LANES + n % LANES] =
				(float)(bound *
					(2 * rng_unit(seed, RNG_INIT, n * (in + 1) + k) - 1));
}

void layer_free(struct layer *l)
{
	free(l->w);
	free(l->m);
	free(l->v);
	free(l->g);
	free(l->back);
}

void layer_turn(struct layer *l)
{
	for (size_t p = 0; p < l->panels; p++)
		for (size_t k = 0; k < l->in; k++) {
			const float *from = l->w + (p * (l->in + 1) + k) * LANES;
			float *to = l->back + (k / LANES * l->out + p * LANES) * LANES + k % LANES;
			size_t n = l->out - p * LANES < LANES ? l->out - p * LANES : LANES;

			for (size_t j = 0; j < n; j++)
				to[j * LANES] = from[j];
		}
}

void layer_forward(
	const struct layer *l, float *to, const float *from, size_t ld, size_t n, enum gemm_end end)
{
	SIMD_CALL(gemm_forward, to, l->panels * LANES,
		&(struct gemm){ .a = from,
			.w = l->w,
			.lda = ld,
			.k = l->in,
			.panels = l->panels,
			.end = end },
		n);
}

void layer_backward(
	const struct layer *l, float *to, const float *slope, const float *mask, size_t n)
{
	size_t width = layer_round_up(l->in);

	SIMD_CALL(gemm_forward, to, width,
		&(struct gemm){ .a = slope,
			.w = l->back,
			.mask = mask,
			.lda = l->panels * LANES,
			.ldmask = width,
			.k = l->out,
			.panels = width / LANES,
			.scale = 1,
			.end = mask ? GEMM_MASKED : GEMM_PLAIN },
		n);
}

void layer_collect(const struct layer *l, const float *from, size_t ld, const float *slope,
	size_t n, float *spare)
{
	for (size_t p = 0; p < l->panels; p++) {
		float *g = l->g + p * (l->in + 1) * LANES;

		SIMD_CALL(gemm_gradient, spare, l->in, from, ld, slope + p * LANES,
			l->panels * LANES, n, LANES, NULL);
		SIMD_CALL(gemm_column_sums, spare + l->in * LANES, NULL, slope + p * LANES,
			l->panels * LANES, n, LANES);
		for (size_t i = 0; i < (l->in + 1) * LANES; i++)
			g[i] += spare[i];
	}
}

void layer_step(struct layer *l, const struct optim_step *step)
{
	SIMD_CALL(optim_step, l->w, l->m, l->v, l->g, l->size, step);
	memset(l->g, 0, l->size * sizeof *l->g);
}
