#include "forward.h"

#include <stdlib.h>
#include <string.h>

#include "cross.h"
#include "fm.h"
#include "gemm.h"
#include "mem.h"
#include "norm.h"
#include "rng.h"
#include "wide.h"

/* ---- buffers ---- */

struct forward_rows forward_new(const struct net *net, size_t n)
{
	/* what is between two towers is nobody's */
	struct forward_rows b = { .x = mem_rows(n, net->towers > 1 ? 0 : net->inputs, net->ldx) };

	for (size_t l = 0; l < net->layers; l++) {
		const struct net_layer *y = net->layer + l;

		b.h[l] = mem_rows(n, y->out, y->width);
		if (net_fused(y))
			continue;
		b.a[l] = mem_new(n * y->width, sizeof(float));
		if (y->norm) {
			b.xhat[l] = mem_new(n * y->width, sizeof(float));
			b.inverse[l] = mem_new(n > y->width ? n : y->width, sizeof(float));
		}
	}
	for (size_t l = 0; l < net->shape.crosses; l++) {
		b.u[l] = mem_new(n * net->cross[l].width, sizeof(float));
		b.c[l] = mem_new(n * net->cross[l].width, sizeof(float));
	}
	b.s = mem_new(n * net->table.dim, sizeof(float));
	b.z = mem_new(n, sizeof(float));
	return b;
}

void forward_free(const struct net *net, struct forward_rows *b)
{
	free(b->x);
	for (size_t l = 0; l < net->layers; l++) {
		free(b->h[l]);
		free(b->a[l]);
		free(b->xhat[l]);
		free(b->inverse[l]);
	}
	for (size_t l = 0; l < net->shape.crosses; l++) {
		free(b->u[l]);
		free(b->c[l]);
	}
	free(b->s);
	free(b->z);
}

struct forward_rows forward_window(
	const struct net *net, const struct forward_rows *b, size_t first)
{
	struct forward_rows w = { .x = b->x + first * net->ldx };

	for (size_t l = 0; l < net->layers; l++) {
		const struct net_layer *y = net->layer + l;

		w.h[l] = b->h[l] + first * y->width;
		if (net_fused(y))
			continue;
		w.a[l] = b->a[l] + first * y->width;
		if (y->norm) {
			w.xhat[l] = b->xhat[l] + first * y->width;
			w.inverse[l] = b->inverse[l] + (y->norm == NET_LAYER_NORM ? first : 0);
		}
	}
	for (size_t l = 0; l < net->shape.crosses; l++) {
		w.u[l] = b->u[l] + first * net->cross[l].width;
		w.c[l] = b->c[l] + first * net->cross[l].width;
	}
	w.s = b->s + first * net->table.dim;
	w.z = b->z + first;
	return w;
}

/* ---- input ---- */

static void gather_numbers(const struct net *net, size_t field, const struct net_field *f,
	const uint32_t *row, size_t first, size_t n, float *x)
{
	uint64_t width = net->shape.field[field].values;
	const float *mean = net->mean + net->place[field], *scale = net->scale + net->place[field];

	for (size_t r = 0; r < n; r++, x += net->ldx) {
		uint64_t e = ids_entry(f, row ? row[r] : first + r);

		if (e == UINT64_MAX)
			memset(x, 0, width * sizeof *x);
		else
			SIMD_CALL(ahead_numbers, x, f->num + e * width, mean, scale, width);
	}
}

/* The ids of a bag, or that of the unknown where it is empty and there is one. */
static void gather_bag(const struct net *net, size_t field, const struct net_field *f, uint64_t row,
	float *x, float *z)
{
	uint64_t e = ids_entry(f, row), from = 0, to = 0;
	uint32_t values = net->shape.field[field].values;
	struct embed_bag bag = { .base = net->base[field],
		.values = values,
		.unknown = net_unknown(net, field),
		.sum = net->shape.sum };

	if (e != UINT64_MAX) {
		from = f->at[e];
		to = f->at[e + 1];
	}
	bag.id = f->id + from;
	bag.weight = f->weight ? f->weight + from : NULL;
	bag.n = to - from;
	if (from == to && net->shape.unknown) {
		bag.id = &values;
		bag.weight = NULL;
		bag.n = 1;
	}
	SIMD_CALL(embed_bag, x, z, &net->table, &bag);
}

/* A field that has been looked up for the whole batch. */
static void gather_listed(const struct net *net, const struct ids *ids, size_t at, size_t n,
	float *x, size_t ldx, float *z)
{
	const struct embed_table *t = &net->table;

	if (!ids->at) {
		SIMD_CALL(embed_gather, x, ldx, z, t, ids->of + at, n);
		return;
	}
	for (size_t r = 0; r < n; r++) {
		size_t from = ids->at[at + r], to = ids->at[at + r + 1];
		float sum = 0;

		SIMD_CALL(embed_sum, x + r * ldx, t->w, t->dim, ids->of + from, ids->share + from,
			to - from, false);
		for (size_t i = from; i < to && t->linear; i++)
			sum = fmaf(ids->share[i], t->linear[ids->of[i]], sum);
		z[r] += sum;
	}
}

void forward_field(const struct net *net, size_t f, const struct net_field *in, const uint32_t *row,
	size_t first, size_t n, struct forward_rows *b, const struct forward_training *how)
{
	uint32_t id[FORWARD_CHUNK];
	float *x = b->x + net->at[f];

	if (how && net->shape.field[f].kind != NET_NUM) {
		gather_listed(net, how->ids + f, how->at, n, x, net->ldx, b->z);
		return;
	}
	if (net->shape.field[f].kind == NET_CAT) {
		ids_of(net, f, in, row, first, n, id, NULL);
		SIMD_CALL(embed_gather, x, net->ldx, b->z, &net->table, id, n);
		return;
	}
	if (net->shape.field[f].kind == NET_NUM) {
		gather_numbers(net, f, in, row, first, n, x);
		return;
	}
	for (size_t r = 0; r < n; r++)
		gather_bag(net, f, in, row ? row[r] : first + r, x + r * net->ldx, b->z + r);
}

/* The wide part: numbers, then crosses. */
static void gather_wide(const struct net *net, const struct net_field *field, const uint32_t *row,
	size_t first, size_t n, struct forward_rows *b)
{
	uint32_t bucket[WIDE_MOST];

	for (size_t r = 0; r < n && net->numbers; r++)
		b->z[r] += SIMD_CALL(gemm_dot, b->x + r * net->ldx + net->slots * net->table.dim,
			net->number_linear.w, net->numbers);
	for (size_t w = 0; w < net->shape.wides; w++) {
		const float *weight = net->table.linear + net_wide_base(net, w);

		for (size_t r = 0; r < n; r++) {
			size_t m = wide_buckets(net, w, field, row ? row[r] : first + r, bucket);
			float sum = 0;

			for (size_t i = 0; i < m; i++)
				sum += weight[bucket[i]];
			b->z[r] += m && !net->shape.sum ? sum / (float)m : sum;
		}
	}
}

static void pass_cross(const struct net *net, size_t n, struct forward_rows *b)
{
	const float *in = b->x;
	size_t ld = net->ldx;

	for (size_t l = 0; l < net->shape.crosses; l++) {
		const struct net_layer *y = net->cross + l;
		const struct gemm g = { .a = in,
			.lda = ld,
			.w = y->weights.w,
			.k = y->in,
			.panels = y->panels,
			.end = GEMM_BIAS };

		SIMD_CALL(gemm_forward, b->u[l], y->width, &g, n);
		for (size_t r = 0; r < n; r++)
			SIMD_CALL(cross_forward, b->c[l] + r * y->width, b->x + r * net->ldx,
				b->u[l] + r * y->width, in + r * ld, y->in);
		in = b->c[l];
		ld = y->width;
	}
	for (size_t r = 0; r < n && net->shape.crosses; r++)
		b->z[r] += SIMD_CALL(gemm_dot, in + r * ld, net->cross_output.w, net->inputs);
}

void forward_input(const struct net *net, const struct net_field *field, const uint32_t *row,
	size_t first, size_t n, struct forward_rows *b, const struct forward_training *how)
{
	size_t dim = net->table.dim;
	bool made = fetch_done(b->fetch, b->x);

	for (size_t r = 0; r < n; r++)
		b->z[r] = *net->bias.w;
	for (size_t f = 0; f < net->shape.fields; f++)
		if (!(b->unread && b->unread[f]) && !(made && fetch_makes(net, f)))
			forward_field(net, f, field + f, row, first, n, b, how);
	if (net->has->linear)
		gather_wide(net, field, row, first, n, b);
	if (net->has->fm)
		SIMD_CALL(fm_terms, b->z, b->s, b->x, net->ldx, n, net->slots, dim,
			net->number_vector.w, net->numbers);
	pass_cross(net, n, b);
}

/* ---- hidden layers ---- */

void forward_drop(
	const struct net *net, size_t layer, size_t n, float *h, const struct forward_training *how)
{
	const struct net_layer *y = net->layer + layer;
	uint64_t seed, words = (y->out + 3) / 4, limit;
	float scale;

	if (!how || !(how->dropout > 0))
		return;
	seed = rng_derive(how->draw.seed, layer);
	limit = (uint64_t)(how->dropout * 65536); /* 16 bits a unit: shares are met to 1/65536 */
	scale = (float)(1 / (1 - how->dropout));
	for (size_t r = 0; r < n; r++)
		for (size_t j = 0; j < y->out; j += 4) {
			uint64_t bits =
				rng_bits(seed, RNG_DROPOUT, (how->draw.first + r) * words + j / 4);

			for (size_t i = j; i < j + 4 && i < y->out; i++, bits >>= 16)
				h[r * y->width + i] =
					(bits & 65535) < limit ? 0 : h[r * y->width + i] * scale;
		}
}

float *forward_target(const struct net *net, size_t l, const struct forward_rows *b)
{
	const struct net_layer *y = net->layer + l;

	return net_fused(y) ? b->h[l] : y->norm ? b->xhat[l] : b->a[l];
}

void forward_sums(const struct net *net, size_t l, size_t n, struct forward_rows *b,
	const struct forward_training *how)
{
	const struct net_layer *y = net->layer + l;
	bool first = l % net->shape.layers == 0;
	struct gemm g = { .a = first ? b->x + y->from : b->h[l - 1],
		.lda = first ? net->ldx : y[-1].width,
		.w = y->weights.w,
		.k = y->in,
		.panels = y->panels,
		.cols = y->out,
		.zeros = !first && y[-1].active == ACTIVE_RELU,
		.end = net_fused(y) ? GEMM_RELU : GEMM_BIAS,
		.ahead = first && b->fetch ? &b->fetch->forward : NULL };
	float *to = forward_target(net, l, b);

	if (first && how && how->tabled->fields) {
		tabled_sum(how->tabled, net, how->table, how->ids, how->at, n, to);
		g.onto = true;
		g.run = how->tabled->run;
		g.runs = how->tabled->runs;
	}
	SIMD_CALL(gemm_forward, to, y->width, &g, n);
}

void forward_panel(const struct net *net, size_t l, size_t panel, size_t n, struct forward_rows *b)
{
	const struct net_layer *y = net->layer + l;
	size_t at = panel * GEMM_PANEL;
	const struct gemm g = { .a = b->x + y->from,
		.lda = net->ldx,
		.w = y->weights.w + at * (y->in + 1),
		.k = y->in,
		.panels = 1,
		.cols = gemm_cols(y->out, panel),
		.end = net_fused(y) ? GEMM_RELU : GEMM_BIAS };

	SIMD_CALL(gemm_forward, forward_target(net, l, b) + at, y->width, &g, n);
}

void forward_half(const struct net *net, size_t split, size_t half, size_t n, const float *x,
	float *sums, struct ahead *ahead)
{
	const struct net_layer *y = net->layer;
	size_t from = half ? split : 0;
	const struct gemm g = { .a = x + from,
		.lda = net->ldx,
		.w = y->weights.w + from * GEMM_PANEL,
		.k = half ? y->in - split : split,
		.panels = y->panels,
		.height = y->in + 1,
		.cols = y->out,
		.end = half ? GEMM_BIAS : GEMM_PLAIN,
		.ahead = ahead };

	SIMD_CALL(gemm_forward, sums, y->width, &g, n);
}

void forward_join(
	const struct net *net, size_t n, const float *const half[2], struct forward_rows *b)
{
	const struct net_layer *y = net->layer;

	for (size_t r = 0; r < n; r++)
		b->z[r] = *net->bias.w;
	SIMD_CALL(active_sum, forward_target(net, 0, b), half[0], half[1], n * y->width,
		net_fused(y) ? ACTIVE_RELU : ACTIVE_LINEAR);
}

static void normalise(const struct net *net, size_t l, size_t n, struct forward_rows *b,
	const struct forward_training *how)
{
	const struct net_layer *y = net->layer + l;
	const float *mean = y->mean.w, *inverse = b->inverse[l];

	if (y->norm == NET_LAYER_NORM) {
		SIMD_CALL(norm_rows, b->xhat[l], b->inverse[l], y->width, n, y->out);
	} else {
		if (how) {
			mean = how->moments[l].mean;
			inverse = how->moments[l].inverse;
		} else {
			for (size_t i = 0; i < y->out; i++)
				b->inverse[l][i] = 1 / sqrtf(y->variance.w[i] + NORM_EPSILON);
		}
		SIMD_CALL(norm_columns, b->xhat[l], mean, inverse, y->width, n, y->out);
	}
	SIMD_CALL(norm_scale, b->a[l], b->xhat[l], y->gain.w, y->shift.w, y->width, n, y->out);
}

void forward_end(const struct net *net, size_t l, size_t n, struct forward_rows *b,
	const struct forward_training *how)
{
	const struct net_layer *y = net->layer + l;

	if (!net_fused(y)) {
		if (y->norm)
			normalise(net, l, n, b, how);
		SIMD_CALL(active_apply, b->a[l], y->width, n, y->out, y->active);
		memcpy(b->h[l], b->a[l], n * y->width * sizeof(float));
	}
	if (net->towers == 1 || (l + 1) % net->shape.layers)
		forward_drop(net, l, n, b->h[l], how);
}

void forward_output(const struct net *net, size_t n, struct forward_rows *b)
{
	size_t last = net->layers - 1;
	const struct net_layer *y = net->layer + last;

	if (net->layers && net->towers == 1)
		SIMD_CALL(gemm_dots, b->z, b->h[last], y->width, net->output.w, y->out, n);
	for (size_t r = 0; r < n && net->towers > 1; r++)
		b->z[r] += SIMD_CALL(gemm_dot, b->h[last] + r * y->width,
			b->h[net->shape.layers - 1] + r * y->width, y->out);
}
