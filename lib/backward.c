#include "backward.h"

#include <stdlib.h>
#include <string.h>

#include "cross.h"
#include "gemm.h"
#include "mem.h"

struct backward_rows backward_new(const struct net *net, size_t n)
{
	struct backward_rows b = { .dx = mem_new(n * net->lddx, sizeof(float)) };
	size_t width = net->cross[0].width;

	for (size_t l = 0; l < net->shape.layers; l++)
		b.delta[l] = mem_new(n * net->layer[l].width, sizeof(float));
	for (size_t l = 0; l < net->shape.crosses; l++)
		b.du[l] = mem_new(n * width, sizeof(float));
	b.g = mem_new(n * width, sizeof(float));
	b.g0 = mem_new(n * width, sizeof(float));
	b.back = mem_new(n * width, sizeof(float));
	return b;
}

void backward_free(const struct net *net, struct backward_rows *b)
{
	for (size_t l = 0; l < net->shape.layers; l++)
		free(b->delta[l]);
	for (size_t l = 0; l < net->shape.crosses; l++)
		free(b->du[l]);
	free(b->g);
	free(b->g0);
	free(b->back);
	free(b->dx);
}

struct backward_rows backward_window(
	const struct net *net, const struct backward_rows *b, size_t first)
{
	struct backward_rows w = { .dx = b->dx + first * net->lddx };
	size_t width = net->cross[0].width;

	for (size_t l = 0; l < net->shape.layers; l++)
		w.delta[l] = b->delta[l] + first * net->layer[l].width;
	for (size_t l = 0; l < net->shape.crosses; l++)
		w.du[l] = b->du[l] + first * width;
	w.g = b->g + first * width;
	w.g0 = b->g0 + first * width;
	w.back = b->back + first * width;
	return w;
}

/* Deltas of the cross layers, and their share of dx. */
static void pass_cross(const struct net *net, const float *slope, size_t n,
	const struct forward_rows *f, struct backward_rows *b)
{
	size_t inputs = net->inputs, width = net->cross[0].width;
	size_t embedded = net->lddx < inputs ? net->lddx : inputs;

	if (!net->shape.crosses)
		return;
	memset(b->g0, 0, n * width * sizeof *b->g0);
	for (size_t r = 0; r < n; r++)
		for (size_t j = 0; j < width; j++)
			b->g[r * width + j] = slope[r] * net->cross_output.w[j];
	for (size_t l = net->shape.crosses; l-- > 0;) {
		const struct net_layer *y = net->cross + l;
		struct gemm product = { .a = b->du[l],
			.lda = width,
			.w = y->transposed,
			.k = inputs,
			.panels = y->panels,
			.end = GEMM_PLAIN };

		for (size_t r = 0; r < n; r++)
			SIMD_CALL(cross_backward, b->du[l] + r * width, b->g0 + r * width,
				b->g + r * width, f->x + r * net->ldx, f->u[l] + r * width, inputs);
		SIMD_CALL(gemm_forward, b->back, width, &product, n);
		SIMD_CALL(cross_add, b->g, b->back, n * width);
	}
	for (size_t r = 0; r < n; r++) {
		SIMD_CALL(cross_add, b->dx + r * net->lddx, b->g + r * width, embedded);
		SIMD_CALL(cross_add, b->dx + r * net->lddx, b->g0 + r * width, embedded);
	}
}

static void pass_layer(const struct net *net, const float *slope, size_t n, size_t l,
	const struct forward_rows *f, double dropout, struct backward_rows *b)
{
	const struct net_layer *y = net->layer + l;
	struct gemm g = { .mask = f->h[l],
		.ldmask = y->width,
		.scale = (float)(1 / (1 - dropout)),
		.end = GEMM_MASKED,
		.panels = y->panels };

	if (l + 1 < net->shape.layers) {
		g.a = b->delta[l + 1];
		g.lda = y[1].width;
		g.k = y[1].out;
		g.w = y[1].transposed;
	} else { /* the output layer has one column: delta = slope x weight */
		g.a = slope;
		g.lda = 1;
		g.k = 1;
		g.w = net->output.w; /* `panels` panels of one row each */
	}
	SIMD_CALL(gemm_forward, b->delta[l], y->width, &g, n);
}

void backward_pass(const struct net *net, const float *slope, size_t n,
	const struct forward_rows *f, double dropout, struct backward_rows *b)
{
	size_t dim = net->table.dim, layers = net->shape.layers;

	for (size_t l = layers; l-- > 0;)
		pass_layer(net, slope, n, l, f, dropout, b);
	if (!net->lddx)
		return;
	if (layers) {
		const struct net_layer *y = net->layer;
		struct gemm g = { .a = b->delta[0],
			.lda = y->width,
			.k = y->out,
			.w = y->transposed,
			.panels = net->lddx / GEMM_PANEL,
			.end = GEMM_PLAIN };

		SIMD_CALL(gemm_forward, b->dx, net->lddx, &g, n);
	} else {
		memset(b->dx, 0, n * net->lddx * sizeof *b->dx);
	}
	pass_cross(net, slope, n, f, b);
	if (net->has->fm)
		for (size_t r = 0; r < n; r++)
			SIMD_CALL(embed_fm_backward, b->dx + r * net->lddx, f->x + r * net->ldx,
				f->s + r * dim, slope[r], net->slots, dim);
}
