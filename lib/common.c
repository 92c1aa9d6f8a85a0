#include "common.h"

#include <stdlib.h>
#include <string.h>

#include "chosen.h"
#include "fm.h"
#include "mem.h"

enum {
	LEAST = 1 << 10, /* rows of a batch from which on it pays */
	MOST = 1 << 16, /* and up to which tables for it are small beside the batch */
};

static const double share = 0.5; /* of rows with common ids, from which on it pays */

/* ---- where ---- */

/* What is not used of these takes no memory. */
static void make_room(struct common *c, const struct net *net, size_t n)
{
	size_t dim = net->table.dim, commons = c->fields * (n / 2); /* at most */

	c->batch = n;
	c->e = mem_rows(commons, dim, dim);
	c->gradient = mem_rows(net->layer[0].panels * commons, dim, dim);
	c->rare = mem_rows(c->fields * n, dim, dim);
}

struct common common_new(const struct net *net, const struct tabled *tabled, struct ids *ids,
	struct ids *next, size_t n)
{
	const struct net_shape *s = &net->shape;
	struct common c = { .on = mem_new(s->fields, sizeof *c.on),
		.field = mem_new(s->fields, sizeof *c.field) };
	bool apt = ids && s->layers && net->towers == 1 && !s->crosses && net_far(net) &&
		   net->table.dim % 16 == 0 && n >= LEAST && n <= MOST;

	for (size_t f = 0; f < s->fields && apt; f++) {
		if (s->field[f].kind != NET_CAT || tabled->on[f] || ids_common(ids + f, n) < share)
			continue;
		ids_part(ids + f, n, n);
		ids_part(next + f, 0, n);
		c.on[f] = true;
		c.field[c.fields++] = f;
	}
	if (c.fields || tabled->fields) {
		c.run = mem_new(s->fields + 1, sizeof *c.run);
		c.runs = tabled_runs(c.run, net, tabled->on, c.on);
	}
	if (c.fields)
		make_room(&c, net, n);
	return c;
}

void common_free(struct common *c)
{
	free(c->on);
	free(c->field);
	free(c->e);
	free(c->gradient);
	free(c->rare);
	free(c->run);
}

size_t common_scratch(const struct common *c, const struct net *net)
{
	size_t dim = net->table.dim, commons = c->batch / 2, rare = IDS_CHUNK * dim;
	size_t panel = commons * GEMM_PANEL, step = commons * (dim + 1);

	if (!c->fields)
		return 0;
	panel = rare > panel ? rare : panel;
	return step > panel ? step : panel;
}

/* Where field c->field[i] begins: how many common ids, and rows with a rare one, fields before it
 * have. */
struct place {
	size_t common, rare;
};

static struct place place_of(const struct common *c, const struct ids *ids, size_t i)
{
	struct place place = { 0, 0 };

	for (size_t k = 0; k < i; k++) {
		place.common += ids[c->field[k]].commons;
		place.rare += ids[c->field[k]].n;
	}
	return place;
}

static float *gradient_of(const struct common *c, const struct net *net, const struct ids *ids,
	size_t panel, size_t i)
{
	return c->gradient +
	       (place_of(c, ids, i).common * net->layer[0].panels + panel) * net->table.dim;
}

/* Rows of the transposed weights that make the gradients by 16 inputs from `at` on. */
static const float *back_to(const struct net_layer *y, size_t at)
{
	return y->transposed + at / GEMM_PANEL * y->out * GEMM_PANEL + at % GEMM_PANEL;
}

/* ---- rare ids ---- */

/* How many rows below `limit` have one. */
static size_t rare_below(const struct ids *s, size_t limit)
{
	size_t from = 0, to = s->n;

	while (from < to) {
		size_t middle = (from + to) / 2;

		if (s->rare[middle] < limit)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

struct common_rows common_rare(const struct ids *ids, size_t first, size_t n)
{
	size_t from = rare_below(ids, first);

	return (struct common_rows){ ids->rare + from, rare_below(ids, first + n) - from };
}

/* g (n, dim) <- the gradients by the embeddings of field f in some rows. */
static void rare_gradient(const struct net *net, size_t f, const uint32_t *row, size_t n,
	const struct common_batch *b, float *g)
{
	const struct net_layer *y = net->layer;
	size_t dim = net->table.dim;

	for (size_t k = 0; k < dim; k += 16) {
		struct gemm product = { .a = b->delta,
			.lda = y->width,
			.w = back_to(y, net->at[f] + k),
			.k = y->out,
			.height = y->out,
			.cols = 16,
			.ahead = b->ahead };

		SIMD_CALL(chosen_product, g + k, dim, &product, row, n);
	}
	if (net->has->fm)
		SIMD_CALL(fm_backward_rows, g, b->x + net->at[f], net->ldx, b->s, b->slope, row, n,
			dim);
}

void common_step_rare(const struct common *c, struct net *net, const struct common_batch *b,
	size_t first, size_t n, float *scratch)
{
	size_t dim = net->table.dim;
	uint32_t id[IDS_CHUNK], row[IDS_CHUNK];
	float slope[IDS_CHUNK];

	for (size_t i = 0; i < c->fields; i++) {
		size_t f = c->field[i];
		const struct ids *s = b->ids + f;
		struct common_rows rare = common_rare(s, first, n);
		size_t at = place_of(c, b->ids, i).rare + (size_t)(rare.row - s->rare);

		for (size_t k = 0; k < rare.n; k++) {
			id[k] = s->of[rare.row[k]];
			row[k] = rare.row[k] - (uint32_t)first;
			slope[k] = b->slope[row[k]];
		}
		SIMD_CALL(chosen_copy, c->rare + at * dim, b->x + net->at[f], net->ldx, dim, row,
			rare.n);
		rare_gradient(net, f, row, rare.n, b, scratch);
		ids_step(net, f, id, rare.n, scratch, slope, b->how);
	}
}

/* ---- common ids ---- */

static struct embed_entries entries_of(const struct ids *s)
{
	return (struct embed_entries){ s->common_at, s->common_row, s->commons };
}

void common_fill(const struct common *c, const struct net *net, const struct ids *ids, size_t i)
{
	struct embed_table vectors = { .dim = net->table.dim, .w = net->table.w };
	const struct ids *s = ids + c->field[i];

	SIMD_CALL(embed_gather, c->e + place_of(c, ids, i).common * vectors.dim, vectors.dim, NULL,
		&vectors, s->common, s->commons);
}

void common_panel(const struct common *c, const struct net *net, const struct ids *ids, size_t i,
	size_t panel, const float *d, float *g, float *scratch)
{
	const struct net_layer *y = net->layer;
	size_t f = c->field[i], dim = net->table.dim, cols = gemm_cols(y->out, panel);
	const struct ids *s = ids + f;
	struct embed_entries entries = entries_of(s);
	struct place place = place_of(c, ids, i);
	const float *e = c->e + place.common * dim, *rare = c->rare + place.rare * dim;

	SIMD_CALL(embed_collect, scratch, GEMM_PANEL, d, GEMM_PANEL, NULL, &entries);
	for (size_t k = 0; k < dim; k += 16) {
		struct gemm back = { .a = scratch,
			.lda = GEMM_PANEL,
			.w = back_to(y, net->at[f] + k) + panel * GEMM_PANEL * GEMM_PANEL,
			.k = cols,
			.panels = 1,
			.cols = 16,
			.end = GEMM_PLAIN };

		SIMD_CALL(gemm_forward, gradient_of(c, net, ids, panel, i) + k, y->panels * dim,
			&back, s->commons);
	}
	memset(g, 0, dim * GEMM_PANEL * sizeof *g);
	SIMD_CALL(chosen_gradient, g, dim, e, scratch, GEMM_PANEL, NULL, s->commons, cols);
	SIMD_CALL(chosen_gradient, g, dim, rare, d, GEMM_PANEL, s->rare, s->n, cols);
}

/* The sum of slopes of n rows. */
static float sum_slopes(const float *slope, const uint32_t *row, size_t n)
{
	float sum[4] = { 0 };

	for (size_t i = 0; i < n; i++)
		sum[i % 4] += slope[row[i]];
	return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/* g (n, dim) <- the gradients through FM, sum_r slope[r] (s[r] - e). */
static void fm_gradient(float *g, size_t dim, const struct ids *ids, const float *e,
	const float *linear, const struct common_batch *b)
{
	struct embed_entries entries = entries_of(ids);

	SIMD_CALL(embed_collect, g, dim, b->s, dim, b->slope, &entries);
	for (size_t k = 0; k < ids->commons; k++)
		for (size_t j = k * dim; j < (k + 1) * dim; j++)
			g[j] -= linear[k] * e[j];
}

/* g (n, dim) += part (n, panels, dim), the panels of each in order. */
static void add_panels(float *g, size_t n, size_t panels, size_t dim, const float *part)
{
	for (size_t k = 0; k < n; k++, g += dim)
		for (size_t p = 0; p < panels; p++, part += dim)
			for (size_t j = 0; j < dim; j++)
				g[j] += part[j];
}

void common_step(const struct common *c, struct net *net, const struct common_batch *b, size_t i,
	float *scratch)
{
	size_t f = c->field[i], dim = net->table.dim;
	const struct ids *s = b->ids + f;
	float *g = scratch, *linear = g + s->commons * dim;

	for (size_t k = 0; k < s->commons; k++) {
		embed_ask(&net->table, s->common[k]);
		linear[k] = sum_slopes(b->slope, s->common_row + s->common_at[k],
			s->common_at[k + 1] - s->common_at[k]);
	}
	if (net->has->fm)
		fm_gradient(g, dim, s, c->e + place_of(c, b->ids, i).common * dim, linear, b);
	else
		memset(g, 0, s->commons * dim * sizeof *g);
	add_panels(g, s->commons, net->layer[0].panels, dim, gradient_of(c, net, b->ids, 0, i));
	ids_step(net, f, s->common, s->commons, g, linear, b->how);
}
