#include "forward.h"

#include <stdlib.h>
#include <string.h>

#include "cross.h"
#include "gemm.h"
#include "mem.h"
#include "rng.h"

struct forward_rows forward_new(const struct net *net, size_t n)
{
	struct forward_rows b = { .x = mem_new(n * net->ldx, sizeof(float)) };

	for (size_t l = 0; l < net->shape.layers; l++)
		b.h[l] = mem_new(n * net->layer[l].width, sizeof(float));
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
	for (size_t l = 0; l < net->shape.layers; l++)
		free(b->h[l]);
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

	for (size_t l = 0; l < net->shape.layers; l++)
		w.h[l] = b->h[l] + first * net->layer[l].width;
	for (size_t l = 0; l < net->shape.crosses; l++) {
		w.u[l] = b->u[l] + first * net->cross[l].width;
		w.c[l] = b->c[l] + first * net->cross[l].width;
	}
	w.s = b->s + first * net->table.dim;
	w.z = b->z + first;
	return w;
}

/* Rows of the embedding table for a categorical field of n rows: row[i], or first + i. */
void forward_ids(const struct net *net, size_t field, const struct net_field *f,
	const uint32_t *row, uint64_t first, size_t n, uint32_t *id)
{
	uint32_t unknown = (uint32_t)net->table.rows, base = net->base[field];
	uint64_t values = net->shape.field[field].values;

	for (size_t i = 0; i < n; i++) {
		uint64_t at = row ? row[i] : first + i;

		if (f->key && (at = f->key[at]) >= f->entries) {
			id[i] = unknown;
			continue;
		}
		if (f->cat)
			at = f->cat[at];
		id[i] = at < values ? base + (uint32_t)at : unknown;
	}
}

static void gather_numbers(
	const struct net *net, size_t field, const struct net_field *f, uint64_t row, float *x)
{
	uint64_t e = forward_entry(f, row), width = net->shape.field[field].values;
	const float *mean = net->mean + net->place[field], *scale = net->scale + net->place[field];

	if (e == UINT64_MAX)
		memset(x, 0, width * sizeof *x);
	else
		SIMD_CALL(embed_numbers, x, f->num + e * width, mean, scale, width);
}

/* Fills x and starts z with bias and first order. row NULL: rows first, first + 1, ... */
static void gather(const struct net *net, const struct net_field *field, const uint32_t *row,
	size_t first, size_t n, struct forward_rows *b)
{
	size_t dim = net->table.dim;
	uint32_t id[FORWARD_CHUNK];

	for (size_t r = 0; r < n; r++)
		b->z[r] = *net->bias.w;
	for (size_t f = 0; f < net->shape.fields; f++) {
		const struct net_field *in = field + f;
		float *x = b->x + net->place[f] * dim;

		if (net->shape.field[f].kind == NET_CAT) {
			forward_ids(net, f, in, row, first, n, id);
			SIMD_CALL(embed_gather, x, net->ldx, b->z, &net->table, id, n);
			continue;
		}
		for (size_t r = 0; r < n; r++) {
			uint64_t at = row ? row[r] : first + r, e = forward_entry(in, at);
			uint64_t from = 0, to = 0;

			if (net->shape.field[f].kind == NET_NUM) {
				gather_numbers(net, f, in, at,
					b->x + r * net->ldx + net->slots * dim + net->place[f]);
				continue;
			}
			if (e != UINT64_MAX) {
				from = in->at[e];
				to = in->at[e + 1];
			}
			SIMD_CALL(embed_mean, x + r * net->ldx, b->z + r, &net->table, net->base[f],
				net->shape.field[f].values, in->id + from, to - from);
		}
	}
	if (net->has->linear && net->numbers)
		for (size_t r = 0; r < n; r++)
			b->z[r] += SIMD_CALL(gemm_dot, b->x + r * net->ldx + net->slots * dim,
				net->number_linear.w, net->numbers);
}

/* Sixteen bits a unit: shares are met to 1/65536. */
static void drop(float *h, size_t width, size_t out, size_t n, size_t layer,
	const struct forward_dropout *how)
{
	uint64_t seed = rng_derive(how->seed, layer), words = (out + 3) / 4;
	uint64_t limit = (uint64_t)(how->share * 65536);
	float scale = (float)(1 / (1 - how->share));

	for (size_t r = 0; r < n; r++)
		for (size_t j = 0; j < out; j += 4) {
			uint64_t bits =
				rng_bits(seed, RNG_DROPOUT, (how->first + r) * words + j / 4);

			for (size_t i = j; i < j + 4 && i < out; i++, bits >>= 16)
				h[r * width + i] =
					(bits & 65535) < limit ? 0 : h[r * width + i] * scale;
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

void forward_pass(const struct net *net, const struct net_field *field, const uint32_t *row,
	size_t first, size_t n, struct forward_rows *b, const struct forward_dropout *how)
{
	size_t dim = net->table.dim, last = net->shape.layers - 1;
	const float *in = b->x;
	size_t ld = net->ldx;

	gather(net, field, row, first, n, b);
	if (net->has->fm)
		for (size_t r = 0; r < n; r++) {
			const float *x = b->x + r * net->ldx;

			b->z[r] += SIMD_CALL(embed_fm, b->s + r * dim, x, net->slots, dim,
				x + net->slots * dim, net->numbers, net->number_vector.w);
		}
	pass_cross(net, n, b);
	for (size_t l = 0; l < net->shape.layers; l++) {
		const struct net_layer *y = net->layer + l;
		const struct gemm g = { .a = in,
			.lda = ld,
			.w = y->weights.w,
			.k = y->in,
			.panels = y->panels,
			.end = GEMM_RELU };

		SIMD_CALL(gemm_forward, b->h[l], y->width, &g, n);
		if (how && how->share > 0)
			drop(b->h[l], y->width, y->out, n, l, how);
		in = b->h[l];
		ld = y->width;
	}
	if (net->shape.layers)
		for (size_t r = 0; r < n; r++)
			b->z[r] += SIMD_CALL(
				gemm_dot, b->h[last] + r * ld, net->output.w, net->layer[last].out);
}

/* hidden NULL: scores only. */
static void pass_all(const struct net *net, const struct net_field *field, const uint32_t *row,
	size_t n, float *score, float *hidden)
{
	size_t chunks = (n + FORWARD_CHUNK - 1) / FORWARD_CHUNK, last = net->shape.layers - 1;

#pragma omp parallel if (chunks > 1)
	{
		struct forward_rows b = forward_new(net, FORWARD_CHUNK);

#pragma omp for schedule(dynamic, 16)
		for (size_t c = 0; c < chunks; c++) {
			size_t first = c * FORWARD_CHUNK,
			       m = n - first < FORWARD_CHUNK ? n - first : FORWARD_CHUNK;

			forward_pass(net, field, row ? row + first : NULL, first, m, &b, NULL);
			memcpy(score + first, b.z, m * sizeof *score);
			for (size_t r = 0, out; hidden && r < m; r++) {
				out = net->layer[last].out;
				memcpy(hidden + (first + r) * out,
					b.h[last] + r * net->layer[last].width,
					out * sizeof *hidden);
			}
		}
		forward_free(net, &b);
	}
}

void forward_scores(const struct net *net, const struct net_field *field, const uint32_t *row,
	size_t n, float *score)
{
	pass_all(net, field, row, n, score, NULL);
}

void forward_hidden(const struct net *net, const struct net_field *field, const uint32_t *row,
	size_t n, float *score, float *hidden)
{
	pass_all(net, field, row, n, score, hidden);
}
