#include "gradient.h"

#include <stdlib.h>
#include <string.h>

#include "fm.h"
#include "gemm.h"
#include "mem.h"
#include "norm.h"
#include "par.h"
#include "thin.h"
#include "touched.h"

enum {
	TILE = 48, /* inputs whose weights are one piece, but for thin.h */
	LINE = 16, /* floats of a cache line */
	NUMBERS = 64, /* numbers whose first-order weights or vectors are one piece */
};

/* ---- steps ---- */

/* Inputs [from, to) of a panel of units into t, panels over the inputs from `zero` on. */
static void transpose_into(
	float *t, const struct net_layer *y, size_t panel, size_t from, size_t to, size_t zero)
{
	const float *w = y->weights.w + panel * (y->in + 1) * GEMM_PANEL;
	size_t first = panel * GEMM_PANEL, n = gemm_cols(y->out, panel);

	for (size_t k = from - zero, end; k < to - zero; k = end) {
		size_t next = (k / GEMM_PANEL + 1) * GEMM_PANEL;

		end = next < to - zero ? next : to - zero;
		SIMD_CALL(gemm_transpose,
			t + (k / GEMM_PANEL * y->out + first) * GEMM_PANEL + k % GEMM_PANEL,
			w + (zero + k) * GEMM_PANEL, end - k, n);
	}
}

static void transpose(struct net_layer *y, size_t panel, size_t from, size_t to)
{
	to = to < y->back ? to : y->back;
	if (from < to)
		transpose_into(y->transposed, y, panel, from, to, 0);
}

void gradient_transpose(struct net *net)
{
	for (size_t l = 0; l < net->layers; l++)
		for (size_t p = 0; p < net->layer[l].panels; p++)
			transpose(net->layer + l, p, 0, net->layer[l].in);
	for (size_t l = 0; l < net->shape.crosses; l++)
		for (size_t p = 0; p < net->cross[l].panels; p++)
			transpose(net->cross + l, p, 0, net->cross[l].in);
}

static void step(struct net_param *p, float pace, size_t at, const float *g, size_t n,
	const struct optim_step *how)
{
	struct optim_step paced = optim_paced(how, pace);

	SIMD_CALL(optim_step, p->w + at, p->m + at, p->v + at, g, n, &paced);
}

/* part <- the gradient of `rows` rows of a panel, which begin at w[at]; then their step. */
static void step_panel(struct net_layer *y, size_t at, size_t rows, const float *h, size_t ldh,
	const float *d, size_t n, size_t cols, const struct optim_step *how, float *part)
{
	struct net_param *p = &y->weights;
	const float *const next[GEMM_NEXT] = { p->w + at, p->m + at, p->v + at };

	if (!SIMD_CALL(thin_gradient, part, rows, h, ldh, d, y->width, n, cols))
		SIMD_CALL(gemm_gradient, part, rows, h, ldh, d, y->width, n, cols, next);
	step(p, p->pace, at, part, rows * GEMM_PANEL, how);
}

/* Weights [from, to) x 32 of a layer; the piece that ends at `in` takes the bias too. */
static void step_tile(struct net *net, const struct gradient_piece *k,
	const struct gradient_batch *b, float *part)
{
	bool cross = k->kind == GRADIENT_CROSS;
	bool first = k->which % (cross ? NET_CROSSES : net->shape.layers) == 0;
	struct net_layer *y = (cross ? net->cross : net->layer) + k->which;
	float *const *below = cross ? b->forward->c : b->forward->h;
	const float *h = first ? b->forward->x + y->from : below[k->which - 1];
	size_t ldh = first ? net->ldx : y[-1].width;
	const float *d =
		(cross ? b->backward->du : b->backward->delta)[k->which] + k->panel * GEMM_PANEL;
	size_t rows = k->to - k->from, at = k->panel * (y->in + 1) + k->from;
	size_t cols = gemm_cols(y->out, k->panel);

	if (rows && y->weights.pace > 0) {
		step_panel(y, at * GEMM_PANEL, rows, h + k->from, ldh, d, b->n, cols,
			&b->how.layers, part);
		transpose(y, k->panel, k->from, k->to);
	}
	if (k->to == y->in && y->bias_pace > 0) {
		SIMD_CALL(gemm_column_sums, part, NULL, d, y->width, b->n, GEMM_PANEL);
		step(&y->weights, y->bias_pace, (at + rows) * GEMM_PANEL, part, GEMM_PANEL,
			&b->how.biases);
	}
}

static void step_norm(struct net *net, const struct gradient_piece *k,
	const struct gradient_batch *b, float *part)
{
	struct net_layer *y = net->layer + k->which;
	const float *gain = part, *shift = part + GEMM_PANEL;
	size_t at = k->panel * GEMM_PANEL, n = gemm_cols(y->out, k->panel);

	if (y->norm == NET_BATCH_NORM) { /* the way back has made the sums */
		gain = b->moments[k->which].gain + at;
		shift = b->moments[k->which].shift + at;
	} else {
		SIMD_CALL(norm_sums, part, part + GEMM_PANEL, b->backward->dy[k->which] + at,
			b->forward->xhat[k->which] + at, y->width, b->n, n);
	}
	if (y->gain.pace > 0)
		step(&y->gain, y->gain.pace, at, gain, n, &b->how.biases);
	if (y->shift.pace > 0)
		step(&y->shift, y->shift.pace, at, shift, n, &b->how.biases);
}

/* p[from .. to) with gradients sum_r slope[r] in[r][j]; in NULL: sum_r slope[r]. */
static void step_columns(struct net_param *p, float pace, const float *in, size_t ld, size_t from,
	size_t to, const struct gradient_batch *b, const struct optim_step *how, float *part)
{
	SIMD_CALL(gemm_column_sums, part, in ? b->slope : NULL, in ? in + from : b->slope,
		in ? ld : 1, b->n, to - from);
	step(p, pace, from, part, to - from, how);
}

static void step_output(struct net *net, const struct gradient_batch *b, float *part)
{
	size_t last = net->layers - 1;

	if (net->bias.pace > 0)
		step_columns(&net->bias, net->bias.pace, NULL, 1, 0, 1, b, &b->how.biases, part);
	if (net->output.n && net->output.pace > 0)
		step_columns(&net->output, net->output.pace, b->forward->h[last],
			net->layer[last].width, 0, net->layer[last].out, b, &b->how.layers, part);
	if (net->shape.crosses && net->cross_output.pace > 0)
		step_columns(&net->cross_output, net->cross_output.pace,
			b->forward->c[net->shape.crosses - 1], net->cross[0].width, 0, net->inputs,
			b, &b->how.layers, part);
}

static void step_vectors(struct net *net, const struct gradient_piece *k,
	const struct gradient_batch *b, float *part)
{
	size_t dim = net->table.dim, size = (k->to - k->from) * dim;

	SIMD_CALL(fm_numbers, part, net->number_vector.w + k->from * dim, k->to - k->from,
		b->forward->x + net->slots * dim + k->from, net->ldx, b->forward->s, b->slope, b->n,
		dim);
	step(&net->number_vector, net->embedding_pace[k->which], k->from * dim, part, size,
		&b->how.numbers);
}

/* The parts of the table at their own paces: vectors, first-order weights. */
static void step_rows(struct embed_table table, const struct touched_piece *p, float vectors,
	float linear, const struct optim_step *how, float *part)
{
	struct embed_table first = table;
	struct optim_step paced = optim_paced(how, vectors > 0 ? vectors : linear);

	if (!(vectors > 0))
		table.dim = 0;
	if (vectors > 0 && linear != vectors)
		table.linear = NULL;
	SIMD_CALL(touched_step, &table, p, &paced, part);
	if (!(vectors > 0 && linear > 0 && linear != vectors))
		return;
	first.dim = 0;
	paced = optim_paced(how, linear);
	SIMD_CALL(touched_step, &first, p, &paced, part);
}

/* Share number `panel` of a field's sorted ids, cut between ids; a cross has first-order weights
 * only. */
static void step_ids(struct net *net, const struct gradient_piece *k,
	const struct gradient_batch *b, float *part)
{
	bool wide = k->kind == GRADIENT_WIDE;
	size_t f = k->which, cut[2];
	const struct ids *s = b->ids + f + (wide ? net->shape.fields : 0);
	size_t base = wide ? net_wide_base(net, f) : net->base[f];
	uint32_t end = (uint32_t)(base + (wide ? (size_t)1 << net->shape.wide_bits : net->rows[f]));
	struct touched_piece p = { .first = (uint32_t)base,
		.last = end,
		.lazy = b->lazy,
		.batch = b->n,
		.dx = b->backward->dx + (wide ? 0 : net->at[f]),
		.lddx = net->lddx,
		.slope = b->slope };

	for (size_t i = 0; i < 2; i++) {
		cut[i] = (k->panel + i) * s->n / b->shares;
		while (cut[i] > 0 && cut[i] < s->n && s->id[cut[i]] == s->id[cut[i] - 1])
			cut[i]++;
	}
	if (k->panel > 0)
		p.first = cut[0] < s->n ? s->id[cut[0]] : end;
	if (k->panel + 1 < b->shares)
		p.last = cut[1] < s->n ? s->id[cut[1]] : end;
	p.id = s->id + cut[0];
	p.row = s->row + cut[0];
	p.weight = s->weight ? s->weight + cut[0] : NULL;
	p.n = cut[1] - cut[0];
	step_rows(net->table, &p, wide || !net->table.dim ? 0 : net->embedding_pace[f],
		wide ? net->wide_pace[f] : net->linear_pace[f], &b->how.embeddings, part);
}

/* ---- tabled fields (tabled.h) ---- */

/* Work space for a field's values. */
struct values {
	size_t rows, dim, width, padded; /* dim to a multiple of a panel */
	float *sums; /* D (rows, width) */
	float *product,
		*turned; /* D W (rows, padded), of W_f^T as panels over dim, (out, 32) each */
	float *gradient; /* (rows, dim) of the embeddings */
	float *linear; /* (rows) */
	float *spare;
};

static size_t values_place(struct values *v, const struct net *net, size_t f, float *at)
{
	size_t most, used = 0;
	float **const block[] = { &v->sums, &v->product, &v->turned, &v->gradient, &v->linear,
		&v->spare };

	v->rows = net->rows[f];
	v->dim = net->table.dim;
	v->width = net->layer[0].width;
	v->padded = net_round(v->dim, GEMM_PANEL);
	most = PAR_SHARDS * (v->width > v->dim ? v->width : v->dim);
	most = v->dim * GEMM_PANEL > most ? v->dim * GEMM_PANEL : most;
	for (size_t i = 0; i < sizeof block / sizeof *block; i++) {
		const size_t size[] = { v->rows * v->width, v->rows * v->padded,
			v->padded * net->layer[0].out, v->rows * v->dim, v->rows, most };

		if (at)
			*block[i] = at + used;
		used += net_round(size[i], 16);
	}
	return used;
}

/* The gradients of the embeddings: through the first layer, and through FM, which is in dx. */
static void values_gradient(
	struct values *v, const struct net *net, size_t f, const struct touched_piece *p)
{
	const struct net_layer *y = net->layer;
	struct gemm product = { .a = v->sums,
		.lda = v->width,
		.k = y->out,
		.w = v->turned,
		.panels = v->padded / GEMM_PANEL,
		.cols = v->dim,
		.end = GEMM_PLAIN };

	for (size_t panel = 0; panel < y->panels; panel++)
		transpose_into(v->turned, y, panel, net->at[f], net->at[f] + v->dim, net->at[f]);
	SIMD_CALL(gemm_forward, v->product, v->padded, &product, v->rows);
	memset(v->gradient, 0, v->rows * v->dim * sizeof *v->gradient);
	if (p)
		SIMD_CALL(touched_sums, v->gradient, NULL, p, v->dim);
	for (size_t i = 0; i < v->rows; i++)
		for (size_t k = 0; k < v->dim; k++)
			v->gradient[i * v->dim + k] += v->product[i * v->padded + k];
}

static void values_step_weights(
	struct values *v, struct net *net, size_t f, const struct gradient_batch *b)
{
	struct net_layer *y = net->layer;
	size_t at = net->at[f];

	for (size_t p = 0; p < y->panels && y->weights.pace > 0; p++) {
		step_panel(y, (p * (y->in + 1) + at) * GEMM_PANEL, v->dim,
			net->table.w + net->base[f] * v->dim, v->dim, v->sums + p * GEMM_PANEL,
			v->rows, gemm_cols(y->out, p), &b->how.layers, v->spare);
		transpose(y, p, at, at + v->dim);
	}
}

/* Values from .. to - 1. */
static void values_step(const struct values *v, struct net *net, size_t f, size_t from, size_t to,
	const struct gradient_batch *b)
{
	uint32_t id[TOUCHED_TOGETHER];

	for (size_t n; from < to; from += n) {
		n = to - from < TOUCHED_TOGETHER ? to - from : TOUCHED_TOGETHER;
		for (size_t i = 0; i < n; i++)
			id[i] = net->base[f] + (uint32_t)(from + i);
		ids_step(net, f, id, n, v->gradient + from * v->dim, v->linear + from,
			&b->how.embeddings);
	}
}

static void step_table(struct net *net, const struct gradient_piece *k,
	const struct gradient_batch *b, float *part)
{
	size_t f = k->which;
	const struct ids *s = b->ids + f;
	bool by_row = net->has->fm || b->backward->hint_embedded;
	struct values v;
	struct touched_piece p = { .id = s->id,
		.row = s->row,
		.weight = s->weight,
		.n = s->n,
		.first = net->base[f],
		.batch = b->n,
		.dx = b->backward->delta[0],
		.lddx = net->layer[0].width,
		.slope = b->slope };

	values_place(&v, net, f, part);
	memset(v.sums, 0, v.rows * v.width * sizeof *v.sums);
	memset(v.linear, 0, v.rows * sizeof *v.linear);
	SIMD_CALL(touched_sums, v.sums, v.linear, &p, v.width);
	p.dx = b->backward->dx + net->at[f];
	p.lddx = net->lddx;
	values_gradient(&v, net, f, by_row ? &p : NULL);
	values_step_weights(&v, net, f, b);
	if (!b->lazy)
		values_step(&v, net, f, 0, v.rows, b);
	for (size_t i = 0; i < s->n && b->lazy; i++)
		if (i == 0 || s->id[i] != s->id[i - 1])
			values_step(&v, net, f, s->id[i] - p.first, s->id[i] - p.first + 1, b);
}

/* ---- fields with common ids (common.h) ---- */

/* The weights of all their ids, in one panel. */
static void step_common(struct net *net, const struct gradient_piece *k,
	const struct gradient_batch *b, float *part)
{
	const struct common *c = b->common;
	struct net_layer *y = net->layer;
	size_t dim = net->table.dim;
	float *d = part + dim * GEMM_PANEL, *spare = d + b->n * GEMM_PANEL;
	const float *delta = b->backward->delta[0] + k->panel * GEMM_PANEL;

	for (size_t r = 0; r < b->n; r++)
		memcpy(d + r * GEMM_PANEL, delta + r * y->width, GEMM_PANEL * sizeof *d);
	for (size_t i = 0; i < c->fields; i++) {
		size_t at = net->at[c->field[i]];

		common_panel(c, net, b->ids, i, k->panel, d, part, spare);
		if (!(y->weights.pace > 0))
			continue;
		step(&y->weights, y->weights.pace, (k->panel * (y->in + 1) + at) * GEMM_PANEL, part,
			dim * GEMM_PANEL, &b->how.layers);
		transpose(y, k->panel, at, at + dim);
	}
}

void gradient_step(struct net *net, const struct gradient_piece *k, const struct gradient_batch *b,
	float *part)
{
	switch (k->kind) {
	case GRADIENT_TILE:
	case GRADIENT_CROSS:
		step_tile(net, k, b, part);
		break;
	case GRADIENT_NORM:
		step_norm(net, k, b, part);
		break;
	case GRADIENT_OUTPUT:
		step_output(net, b, part);
		break;
	case GRADIENT_LINEAR:
		step_columns(&net->number_linear, net->linear_pace[k->which],
			b->forward->x + net->slots * net->table.dim, net->ldx, k->from, k->to, b,
			&b->how.numbers, part);
		break;
	case GRADIENT_VECTOR:
		step_vectors(net, k, b, part);
		break;
	case GRADIENT_EMBED:
	case GRADIENT_WIDE:
		step_ids(net, k, b, part);
		break;
	case GRADIENT_TABLE:
		step_table(net, k, b, part);
		break;
	case GRADIENT_COMMON:
		step_common(net, k, b, part);
		break;
	}
}

/* ---- the plan ---- */

struct list {
	struct gradient_piece *at;
	size_t n, room, threads;
	bool wide; /* layers that ReLU ends have tiles for thin.h */
};

static void add(struct list *list, enum gradient_kind kind, size_t which, size_t panel, size_t from,
	size_t to)
{
	if (list->n == list->room) {
		list->room = list->room ? 2 * list->room : 64;
		list->at = mem_grow(list->at, list->room, sizeof *list->at);
	}
	list->at[list->n++] = (struct gradient_piece){ kind, which, panel, from, to };
}

/* What thin.h does not have, the rest of a cache line, is apart. */
static void add_tile(struct list *list, enum gradient_kind kind, size_t which, size_t panel,
	size_t from, size_t to)
{
	size_t whole = from + (to - from) / LINE * LINE;

	if (to - from > TILE && whole < to) {
		add(list, kind, which, panel, from, whole);
		from = whole;
	}
	add(list, kind, which, panel, from, to);
}

/* Tiles of the inputs [from, to). Panels within inputs: the inputs of a batch are more than a cache
 * holds, a tile's are not. Every `threads`-th tile is one thread's: whole panels where they go
 * round, else a run of the inputs, as memory is read ahead by itself along those. */
static void add_tiles(struct list *list, enum gradient_kind kind, size_t which,
	const struct net_layer *y, size_t from, size_t to)
{
	bool wide = list->wide && kind == GRADIENT_TILE && net_fused(y);
	size_t runs = y->panels % list->threads ? list->threads : 1;
	size_t most = wide ? THIN_INPUTS : TILE, unit = wide ? LINE : TILE;
	size_t run = net_round((to - from + runs - 1) / runs, unit);
	size_t tiles = (run + most - 1) / most;
	size_t tile = tiles ? net_round((run + tiles - 1) / tiles, unit) : 0;

	for (size_t i = 0; i < run; i += tile)
		for (size_t p = 0; p < y->panels; p++)
			for (size_t k = from + i; k < to; k += run) {
				size_t end = i + tile < run ? k + tile : k - i + run;

				add_tile(list, kind, which, p, k, end < to ? end : to);
			}
}

/* run: the inputs, but for tabled fields. The piece that ends with the last input takes the bias.
 */
static void add_layer(struct list *list, enum gradient_kind kind, size_t which,
	const struct net_layer *y, const struct gemm_run *run, size_t runs)
{
	bool trained = y->weights.pace > 0 || y->bias_pace > 0;

	for (size_t i = 0; trained && i < runs; i++)
		add_tiles(list, kind, which, y, run[i].from, run[i].from + run[i].n);
	if (trained && (!runs || run[runs - 1].from + run[runs - 1].n < y->in || !y->in))
		for (size_t p = 0; p < y->panels; p++)
			add(list, kind, which, p, y->in, y->in);
	for (size_t p = 0; p < y->panels && y->norm; p++)
		add(list, GRADIENT_NORM, which, p, 0, 0);
}

static void add_field(struct list *list, const struct net *net, size_t f, size_t shares)
{
	bool linear = net->has->linear && net->linear_pace[f] > 0;
	bool vector = net->table.dim && net->embedding_pace[f] > 0;
	size_t from = net->place[f], end = from + net->shape.field[f].values;

	if (net->shape.field[f].kind != NET_NUM) {
		for (size_t p = 0; p < shares && (linear || vector); p++)
			add(list, GRADIENT_EMBED, f, p, 0, 0);
		return;
	}
	for (size_t j = from; j < end; j += NUMBERS) {
		size_t to = j + NUMBERS < end ? j + NUMBERS : end;

		if (vector && net->has->fm)
			add(list, GRADIENT_VECTOR, f, 0, j, to);
		if (linear)
			add(list, GRADIENT_LINEAR, f, 0, j, to);
	}
}

size_t gradient_plan(const struct net *net, const struct tabled *tabled,
	const struct common *common, size_t split, size_t batch, size_t shares, size_t threads,
	struct gradient_piece **pieces)
{
	struct list list = { .threads = split ? 1 : threads, .wide = batch >= THIN_ROWS && !split };

	for (size_t l = 0; l < net->layers; l++) {
		size_t in = net->layer[l].in, cut = l == 0 && split ? split : in;
		const struct gemm_run run[] = { { 0, cut }, { cut, in - cut } };
		bool rest = l == 0 && common->run;

		add_layer(&list, GRADIENT_TILE, l, net->layer + l, rest ? common->run : run,
			rest	   ? common->runs
			: cut < in ? 2
				   : 1);
	}
	for (size_t l = 0; l < net->shape.crosses; l++) {
		const struct gemm_run all = { 0, net->cross[l].in };

		add_layer(&list, GRADIENT_CROSS, l, net->cross + l, &all, 1);
	}
	for (size_t p = 0; p < net->layer[0].panels && common->fields; p++)
		add(&list, GRADIENT_COMMON, 0, p, 0, 0);
	for (size_t i = 0; i < tabled->fields; i++)
		add(&list, GRADIENT_TABLE, tabled->field[i], 0, 0, 0);
	for (size_t f = 0; f < net->shape.fields; f++)
		if (!tabled->on[f] && !common->on[f])
			add_field(&list, net, f, shares);
	for (size_t w = 0; w < net->shape.wides; w++)
		for (size_t p = 0; p < shares && net->wide_pace[w] > 0; p++)
			add(&list, GRADIENT_WIDE, w, p, 0, 0);
	add(&list, GRADIENT_OUTPUT, 0, 0, 0, 0);
	*pieces = list.at;
	return list.n;
}

size_t gradient_scratch(
	const struct net *net, const struct tabled *tabled, const struct common *common)
{
	size_t most = THIN_INPUTS * GEMM_PANEL, dim = net->table.dim;
	size_t rows = (size_t)NUMBERS > TOUCHED_TOGETHER ? NUMBERS : TOUCHED_TOGETHER;
	struct values v;

	most = rows * dim > most ? rows * dim : most;
	most = net->cross_output.n > most ? net->cross_output.n : most;
	for (size_t i = 0; i < tabled->fields; i++) {
		size_t table = values_place(&v, net, tabled->field[i], NULL);

		most = table > most ? table : most;
	}
	if (common->fields) {
		size_t panel = (dim + common->batch) * GEMM_PANEL + common_scratch(common, net);

		most = panel > most ? panel : most;
	}
	return net->output.n > most ? net->output.n : most;
}
