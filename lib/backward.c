#include "backward.h"

#include <stdlib.h>
#include <string.h>

#include "cross.h"
#include "fm.h"
#include "gemm.h"
#include "mem.h"
#include "norm.h"

struct backward_rows backward_new(const struct net *net, size_t n)
{
	struct backward_rows b = { .dx = mem_rows(n, net->lddx, net->lddx) };
	size_t width = net->cross[0].width;

	for (size_t l = 0; l < net->layers; l++) {
		b.delta[l] = mem_rows(n, net->layer[l].out, net->layer[l].width);
		if (net->layer[l].norm)
			b.dy[l] = mem_new(n * net->layer[l].width, sizeof(float));
	}
	for (size_t l = 0; l < net->shape.crosses; l++)
		b.du[l] = mem_new(n * width, sizeof(float));
	b.g = mem_new(n * width, sizeof(float));
	b.g0 = mem_new(n * width, sizeof(float));
	b.back = mem_new(n * width, sizeof(float));
	return b;
}

void backward_free(const struct net *net, struct backward_rows *b)
{
	for (size_t l = 0; l < net->layers; l++) {
		free(b->delta[l]);
		free(b->dy[l]);
	}
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

	for (size_t l = 0; l < net->layers; l++) {
		w.delta[l] = b->delta[l] + first * net->layer[l].width;
		w.dy[l] = b->dy[l] ? b->dy[l] + first * net->layer[l].width : NULL;
	}
	for (size_t l = 0; l < net->shape.crosses; l++)
		w.du[l] = b->du[l] + first * width;
	w.g = b->g + first * width;
	w.g0 = b->g0 + first * width;
	w.back = b->back + first * width;
	w.hint_width = b->hint_width;
	w.hint_embedded = b->hint_embedded;
	for (int side = 0; side < NET_TOWERS; side++) {
		w.hint_at[side] = b->hint_at[side];
		w.hint[side] = b->hint[side] ? b->hint[side] + first * b->hint_width : NULL;
	}
	return w;
}

/* to[r][0 .. dim) += a side's hint times scale, where mask[r][j] (NULL: everywhere) is above 0. */
static void add_hint(const struct backward_rows *b, int side, size_t n, size_t dim, float *to,
	size_t ld, const float *mask, float scale)
{
	const float *hint = b->hint[side];

	for (size_t r = 0; hint && r < n && r < b->hinted; r++)
		for (size_t j = 0; j < dim; j++)
			if (!mask || mask[r * ld + j] > 0)
				to[r * ld + j] += scale * hint[r * b->hint_width + j];
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

/* The gradient by the outputs of layer l, times the mask of ReLU and dropout where that is fused.
 */
static void from_above(const struct net *net, size_t l, const float *slope, size_t n,
	const struct forward_rows *f, const struct backward_rows *b, float *to, double dropout)
{
	const struct net_layer *y = net->layer + l;
	struct gemm g = { .mask = f->h[l],
		.ldmask = y->width,
		.scale = (float)(1 / (1 - dropout)),
		.end = net_fused(y) ? GEMM_MASKED : GEMM_PLAIN,
		.panels = y->panels,
		.cols = y->out };

	if ((l + 1) % net->shape.layers) {
		g.a = b->delta[l + 1];
		g.zeros = net_fused(y + 1);
		g.lda = y[1].width;
		g.k = y[1].out;
		g.w = y[1].transposed;
	} else { /* the output layer has one column: delta = slope x weight */
		g.a = slope;
		g.lda = 1;
		g.k = 1;
		g.w = net->output.w; /* `panels` panels of one row each */
	}
	SIMD_CALL(gemm_forward, to, y->width, &g, n);
}

/* The last layer of a tower: slope times the other tower's vector. */
static void from_other(const struct net *net, size_t l, const float *slope, size_t n,
	const struct forward_rows *f, float *to)
{
	const struct net_layer *y = net->layer + l;
	const float *other = f->h[(l + net->shape.layers) % net->layers];

	for (size_t r = 0; r < n; r++)
		for (size_t j = 0; j < y->width; j++)
			to[r * y->width + j] = slope[r] * other[r * y->width + j];
}

void backward_layer(const struct net *net, size_t l, const float *slope, size_t n,
	const struct forward_rows *f, struct backward_rows *b, const struct forward_training *how)
{
	const struct net_layer *y = net->layer + l;
	float *to = y->norm ? b->dy[l] : b->delta[l];
	bool last = (l + 1) % net->shape.layers == 0, fused = net_fused(y);
	int tower = (int)(l / net->shape.layers);

	if (net->towers > 1 && last)
		from_other(net, l, slope, n, f, to);
	else
		from_above(net, l, slope, n, f, b, to, how->dropout);
	if (last && !b->hint_embedded)
		add_hint(b, tower, n, y->out, to, y->width,
			net->towers == 1 && fused ? f->h[l] : NULL,
			net->towers == 1 && fused ? (float)(1 / (1 - how->dropout)) : 1);
	if (fused || (net->towers > 1 && last))
		return;
	forward_drop(net, l, n, to, how);
	SIMD_CALL(active_backward, to, f->a[l], y->width, n, y->out, y->active);
}

void backward_norm(const struct net *net, size_t l, size_t n, size_t batch,
	const struct forward_rows *f, struct backward_rows *b, const struct forward_training *how)
{
	const struct net_layer *y = net->layer + l;
	const struct forward_moments *m = how->moments + l;

	memcpy(b->delta[l], b->dy[l], n * y->width * sizeof(float));
	if (y->norm == NET_LAYER_NORM)
		SIMD_CALL(norm_rows_backward, b->delta[l], f->xhat[l], f->inverse[l], y->gain.w,
			y->width, n, y->out);
	else
		SIMD_CALL(norm_columns_backward, b->delta[l], f->xhat[l], m->inverse, y->gain.w,
			m->gain, m->shift, batch, y->width, n, y->out);
}

/* Whether a panel of the inputs has some that want a gradient by row. */
static bool wanted(
	const struct net *net, const struct net_layer *y, size_t panel, const struct common *common)
{
	size_t from = panel * GEMM_PANEL,
	       to = from + GEMM_PANEL < y->back ? from + GEMM_PANEL : y->back;
	bool any = !common->run;

	for (size_t i = 0; i < common->runs && net->towers == 1; i++)
		any |= common->run[i].from < to && from < common->run[i].from + common->run[i].n;
	return any;
}

/* The first layer of every tower, into its part of dx; what a product writes beyond it is written
 * over by the next one, or padding. */
static void pass_first(const struct net *net, size_t n, const struct forward_rows *f,
	struct backward_rows *b, const struct common *common)
{
	for (size_t l = 0; l < net->layers; l += net->shape.layers) {
		const struct net_layer *y = net->layer + l;

		for (size_t p = 0; p * GEMM_PANEL < y->back; p++) {
			struct gemm g = { .a = b->delta[l],
				.lda = y->width,
				.k = y->out,
				.w = y->transposed + p * y->out * GEMM_PANEL,
				.panels = 1,
				.cols = gemm_cols(y->back, p),
				.end = GEMM_PLAIN,
				.ahead = f->fetch ? &f->fetch->back : NULL };

			if (wanted(net, y, p, common))
				SIMD_CALL(gemm_forward, b->dx + y->from + p * GEMM_PANEL, net->lddx,
					&g, n);
		}
	}
}

/* The share of FM in dx, but for fields with common ids. */
static void pass_fm(const struct net *net, const float *slope, size_t n,
	const struct forward_rows *f, struct backward_rows *b, const struct common *common)
{
	size_t dim = net->table.dim;

	if (!common->fields) {
		SIMD_CALL(fm_backward, b->dx, net->lddx, f->x, net->ldx, f->s, slope, n, net->slots,
			dim);
		return;
	}
	for (size_t i = 0; i < net->shape.fields; i++)
		if (net->shape.field[i].kind != NET_NUM && !common->on[i])
			SIMD_CALL(fm_backward, b->dx + net->at[i], net->lddx, f->x + net->at[i],
				net->ldx, f->s, slope, n, 1, dim);
}

void backward_input(const struct net *net, const float *slope, size_t n,
	const struct forward_rows *f, struct backward_rows *b, const struct forward_training *how)
{
	const struct tabled *tabled = how->tabled;
	size_t dim = net->table.dim;

	if (!net->lddx)
		return;
	if (net->layers)
		pass_first(net, n, f, b, how->common);
	else
		memset(b->dx, 0, n * net->lddx * sizeof *b->dx);
	pass_cross(net, slope, n, f, b);
	for (size_t r = 0; r < n && (net->has->fm || b->hint_embedded); r++)
		for (size_t i = 0; i < tabled->fields; i++)
			memset(b->dx + r * net->lddx + net->at[tabled->field[i]], 0,
				dim * sizeof *b->dx);
	if (net->has->fm)
		pass_fm(net, slope, n, f, b, how->common);
	for (int side = 0; b->hint_embedded && side < NET_TOWERS; side++)
		add_hint(b, side, n, dim, b->dx + b->hint_at[side], net->lddx, NULL, 1);
}
