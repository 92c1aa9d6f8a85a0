/* A step has two phases with a barrier after each. In the first, threads take chunks of the batch's
 * rows (forward, loss, backward to every layer's deltas) and the sorting of each field's ids. In
 * the second they take pieces of the weights: a piece's gradient is summed over the whole batch by
 * one thread, which takes Adam's step at once. So no gradient is ever stored or reduced. */
#include "fit.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "cross.h"
#include "forward.h"
#include "gemm.h"
#include "mem.h"
#include "par.h"
#include "rng.h"

enum {
	TILE = 48, /* inputs whose weights are one task */
	NUMBERS_TASK = 64, /* numbers whose first-order weights or vectors are one task */
};

/* The ids of one field in a batch, sorted by id, then row. */
struct sorted {
	uint32_t *id, *row, *spare_id, *spare_row;
	float *weight, *spare_weight; /* bags only */
	size_t n, room;
};

enum task_kind { TASK_TILE, TASK_CROSS, TASK_OUTPUT, TASK_LINEAR, TASK_VECTOR, TASK_EMBED };

struct task {
	enum task_kind kind;
	size_t which; /* layer or field */
	size_t panel; /* or the number of the piece */
	size_t from, to;
};

struct trainer {
	struct net *net;
	const struct fit *how;
	const struct net_field *field;
	struct forward_dropout dropout;
	struct forward_rows batch;
	float *delta[NET_LAYERS], *dx, *value, *slope;
	float *du[NET_CROSSES], *g, *g0, *back; /* gradients of cross layers */
	struct sorted *sorted; /* a field */
	struct task *task;
	size_t tasks, room, pieces, chunk;
	/* the step at hand */
	const uint32_t *row; /* n of them */
	size_t n;
	struct optim_adam dense, sparse;
};

static void entry_add(struct sorted *s, uint32_t id, uint32_t row, float weight, bool weighted)
{
	if (s->n == s->room) {
		s->room = s->room ? 2 * s->room : 1024;
		s->id = mem_grow(s->id, s->room, sizeof *s->id);
		s->row = mem_grow(s->row, s->room, sizeof *s->row);
		s->spare_id = mem_grow(s->spare_id, s->room, sizeof *s->id);
		s->spare_row = mem_grow(s->spare_row, s->room, sizeof *s->row);
		if (weighted) {
			s->weight = mem_grow(s->weight, s->room, sizeof *s->weight);
			s->spare_weight = mem_grow(s->spare_weight, s->room, sizeof *s->weight);
		}
	}
	s->id[s->n] = id;
	s->row[s->n] = row;
	if (weighted)
		s->weight[s->n] = weight;
	s->n++;
}

/* One stable pass of a radix sort over `bits` bits at `shift`. */
static void radix_pass(struct sorted *s, unsigned shift, unsigned bits)
{
	uint32_t count[2049] = { 0 }, mask = (1u << bits) - 1;
	uint32_t *id = s->spare_id, *row = s->spare_row;
	float *weight = s->spare_weight;

	for (size_t i = 0; i < s->n; i++)
		count[(s->id[i] >> shift & mask) + 1]++;
	for (uint32_t i = 0; i < mask; i++)
		count[i + 1] += count[i];
	for (size_t i = 0; i < s->n; i++) {
		uint32_t to = count[s->id[i] >> shift & mask]++;

		id[to] = s->id[i];
		row[to] = s->row[i];
		if (weight)
			weight[to] = s->weight[i];
	}
	s->spare_id = s->id;
	s->spare_row = s->row;
	s->spare_weight = s->weight;
	s->id = id;
	s->row = row;
	s->weight = weight;
}

static void list_categories(struct trainer *t, size_t f)
{
	const struct net *net = t->net;
	uint32_t id[FORWARD_CHUNK], base = net->base[f];

	for (size_t first = 0; first < t->n; first += FORWARD_CHUNK) {
		size_t n = t->n - first < FORWARD_CHUNK ? t->n - first : FORWARD_CHUNK;

		forward_ids(net, f, t->field + f, t->row + first, 0, n, id);
		for (size_t i = 0; i < n; i++)
			if (id[i] != net->table.rows)
				entry_add(t->sorted + f, id[i] - base, (uint32_t)(first + i), 1,
					false);
	}
}

static void list_bags(struct trainer *t, size_t f)
{
	const struct net_field *in = t->field + f;
	uint32_t values = t->net->shape.field[f].values;

	for (size_t r = 0; r < t->n; r++) {
		uint64_t e = forward_entry(in, t->row[r]);

		if (e == UINT64_MAX)
			continue;
		for (uint64_t i = in->at[e]; i < in->at[e + 1]; i++)
			if (in->id[i] < values)
				entry_add(t->sorted + f, in->id[i], (uint32_t)r,
					1 / (float)(in->at[e + 1] - in->at[e]), true);
	}
}

/* Ids relative to the field's base while sorting, so that small fields take one pass. */
static void sort_field(struct trainer *t, size_t f)
{
	const struct net *net = t->net;
	struct sorted *s = t->sorted + f;
	uint32_t values = net->shape.field[f].values, base = net->base[f];
	unsigned bits = 1;

	s->n = 0;
	if (net->shape.field[f].kind == NET_CAT)
		list_categories(t, f);
	else
		list_bags(t, f);
	while (bits < 32 && values > 1u << bits)
		bits++;
	for (unsigned shift = 0; shift < bits; shift += 11)
		radix_pass(s, shift, bits - shift < 11 ? bits - shift : 11);
	for (size_t i = 0; i < s->n; i++)
		s->id[i] += base;
}

/* Deltas of the cross layers, and their share of dx. */
static void backward_cross(struct trainer *t, size_t first, size_t n, const struct forward_rows *b)
{
	const struct net *net = t->net;
	size_t inputs = net->inputs, width = net->cross[0].width, embedded = net->lddx;
	float *g = t->g + first * width, *g0 = t->g0 + first * width;
	float *back = t->back + first * width, *dx = t->dx + first * net->lddx;

	if (!net->shape.crosses)
		return;
	if (embedded > inputs)
		embedded = inputs;
	memset(g0, 0, n * width * sizeof *g0);
	for (size_t r = 0; r < n; r++)
		for (size_t j = 0; j < width; j++)
			g[r * width + j] = t->slope[first + r] * net->cross_output.w[j];
	for (size_t l = net->shape.crosses; l-- > 0;) {
		const struct net_layer *y = net->cross + l;
		float *du = t->du[l] + first * width;
		struct gemm product = { .a = du,
			.lda = width,
			.w = y->transposed,
			.k = inputs,
			.panels = y->panels,
			.end = GEMM_PLAIN };

		for (size_t r = 0; r < n; r++)
			SIMD_CALL(cross_backward, du + r * width, g0 + r * width, g + r * width,
				b->x + r * net->ldx, b->u[l] + r * width, inputs);
		SIMD_CALL(gemm_forward, back, width, &product, n);
		SIMD_CALL(cross_add, g, back, n * width);
	}
	for (size_t r = 0; r < n; r++) {
		SIMD_CALL(cross_add, dx + r * net->lddx, g + r * width, embedded);
		SIMD_CALL(cross_add, dx + r * net->lddx, g0 + r * width, embedded);
	}
}

/* The loss of a chunk, its slope by z, then deltas of every layer and dx. */
static void backward(struct trainer *t, size_t first, size_t n, const struct forward_rows *b)
{
	const struct net *net = t->net;
	const struct fit *how = t->how;
	size_t dim = net->table.dim, layers = net->shape.layers;
	float label[FORWARD_CHUNK], teacher[FORWARD_CHUNK], scale = 1 / (float)t->n;
	float *value = t->value + first, *slope = t->slope + first;
	float *dx = t->dx + first * net->lddx;
	float keep = (float)(1 / (1 - how->dropout));

	for (size_t r = 0; r < n; r++) {
		label[r] = how->label ? how->label[t->row[first + r]] : 0;
		teacher[r] = how->teacher ? how->teacher[t->row[first + r]] : 0;
	}
	SIMD_CALL(loss_rows, value, slope, b->z, label, teacher, n, &how->loss);
	for (size_t r = 0; r < n; r++) {
		float weight = how->weight ? how->weight[t->row[first + r]] : 1;

		value[r] *= weight;
		slope[r] *= weight * scale;
	}
	for (size_t l = layers; l-- > 0;) {
		const struct net_layer *y = net->layer + l;
		float *d = t->delta[l] + first * y->width;
		struct gemm g = { .mask = b->h[l],
			.ldmask = y->width,
			.scale = keep,
			.end = GEMM_MASKED,
			.panels = y->panels };

		if (l + 1 < layers) {
			g.a = t->delta[l + 1] + first * net->layer[l + 1].width;
			g.lda = net->layer[l + 1].width;
			g.k = net->layer[l + 1].out;
			g.w = net->layer[l + 1].transposed;
		} else { /* the output layer has one column: delta = slope x weight */
			g.a = slope;
			g.lda = 1;
			g.k = 1;
			g.w = net->output.w; /* `panels` panels of one row each */
		}
		SIMD_CALL(gemm_forward, d, y->width, &g, n);
	}
	if (!net->lddx)
		return;
	if (layers) {
		const struct net_layer *y = net->layer;
		struct gemm g = { .a = t->delta[0] + first * y->width,
			.lda = y->width,
			.k = y->out,
			.w = y->transposed,
			.panels = net->lddx / GEMM_PANEL,
			.end = GEMM_PLAIN };

		SIMD_CALL(gemm_forward, dx, net->lddx, &g, n);
	} else {
		memset(dx, 0, n * net->lddx * sizeof *dx);
	}
	backward_cross(t, first, n, b);
	if (net->has_fm)
		for (size_t r = 0; r < n; r++)
			SIMD_CALL(embed_fm_backward, dx + r * net->lddx, b->x + r * net->ldx,
				b->s + r * dim, slope[r], net->slots, dim);
}

static void run_chunk(struct trainer *t, size_t chunk)
{
	size_t first = chunk * t->chunk, n = t->n - first < t->chunk ? t->n - first : t->chunk;
	struct forward_rows b = forward_window(t->net, &t->batch, first);
	struct forward_dropout how = t->dropout;

	how.first += first;
	forward_pass(t->net, t->field, t->row + first, 0, n, &b, &how);
	backward(t, first, n, &b);
}

static void transpose(struct net_layer *y, size_t panel, size_t from, size_t to)
{
	const float *w = y->weights.w + panel * (y->in + 1) * GEMM_PANEL;
	size_t first = panel * GEMM_PANEL, n = y->out - first;

	if (n > GEMM_PANEL)
		n = GEMM_PANEL;
	for (size_t k = from; k < to && k < y->back; k++) {
		float *t = y->transposed + (k / GEMM_PANEL * y->out + first) * GEMM_PANEL +
			   k % GEMM_PANEL;

		for (size_t j = 0; j < n; j++)
			t[j * GEMM_PANEL] = w[k * GEMM_PANEL + j];
	}
}

/* Weights [from, to) x 32 of a layer; the task that ends at `in` takes the bias too. */
static void run_tile(struct trainer *t, const struct task *k, float *part)
{
	struct net *net = t->net;
	bool cross = k->kind == TASK_CROSS;
	struct net_layer *y = (cross ? net->cross : net->layer) + k->which;
	float *const *below = cross ? t->batch.c : t->batch.h;
	const float *h = k->which ? below[k->which - 1] : t->batch.x;
	size_t ldh = k->which ? y[-1].width : net->ldx;
	const float *d = (cross ? t->du : t->delta)[k->which] + k->panel * GEMM_PANEL;
	size_t rows = k->to - k->from, at = k->panel * (y->in + 1) + k->from;
	bool bias = k->to == y->in;
	size_t size = (rows + bias) * GEMM_PANEL;

	SIMD_CALL(gemm_gradient, part, rows, h + k->from, ldh, d, y->width, t->n);
	if (bias)
		SIMD_CALL(gemm_column_sums, part + rows * GEMM_PANEL, NULL, d, y->width, t->n,
			GEMM_PANEL);
	at *= GEMM_PANEL;
	SIMD_CALL(optim_adam_step, y->weights.w + at, y->weights.m + at, y->weights.v + at, part,
		size, &t->dense);
	transpose(y, k->panel, k->from, k->to);
}

/* p[from .. to) with gradients sum_r slope[r] in[r][j]; in NULL: sum_r slope[r]. */
static void run_columns(struct trainer *t, struct net_param *p, const float *in, size_t ld,
	size_t from, size_t to, const struct optim_adam *how, float *part)
{
	size_t size = to - from;

	SIMD_CALL(gemm_column_sums, part, in ? t->slope : NULL, in ? in + from : t->slope,
		in ? ld : 1, t->n, size);
	SIMD_CALL(optim_adam_step, p->w + from, p->m + from, p->v + from, part, size, how);
}

static void run_vectors(struct trainer *t, size_t from, size_t to, float *part)
{
	struct net *net = t->net;
	size_t dim = net->table.dim, size = (to - from) * dim;

	for (size_t j = from; j < to; j++)
		SIMD_CALL(embed_fm_number, part + (j - from) * dim, part + size,
			net->number_vector.w + j * dim, t->batch.x + net->slots * dim + j, net->ldx,
			t->batch.s, t->slope, t->n, dim);
	SIMD_CALL(optim_adam_step, net->number_vector.w + from * dim,
		net->number_vector.m + from * dim, net->number_vector.v + from * dim, part, size,
		&t->sparse);
}

/* Piece number `panel` of a field's sorted ids, cut between ids. */
static void run_embed(struct trainer *t, const struct task *k, float *part)
{
	struct net *net = t->net;
	const struct sorted *s = t->sorted + k->which;
	uint32_t base = net->base[k->which], end = base + net->shape.field[k->which].values;
	size_t cut[2];
	struct embed_piece p = { .first = base,
		.last = end,
		.lazy = t->how->lazy,
		.batch = t->n,
		.dx = t->dx + net->place[k->which] * net->table.dim,
		.lddx = net->lddx,
		.slope = t->slope };

	for (size_t i = 0; i < 2; i++) {
		cut[i] = (k->panel + i) * s->n / t->pieces;
		while (cut[i] > 0 && cut[i] < s->n && s->id[cut[i]] == s->id[cut[i] - 1])
			cut[i]++;
	}
	if (k->panel > 0)
		p.first = cut[0] < s->n ? s->id[cut[0]] : end;
	if (k->panel + 1 < t->pieces)
		p.last = cut[1] < s->n ? s->id[cut[1]] : end;
	p.id = s->id + cut[0];
	p.row = s->row + cut[0];
	p.weight = s->weight ? s->weight + cut[0] : NULL;
	p.n = cut[1] - cut[0];
	SIMD_CALL(embed_step, &net->table, &p, &t->sparse, part);
}

static void run_task(struct trainer *t, const struct task *k, float *part)
{
	struct net *net = t->net;
	size_t layers = net->shape.layers;

	switch (k->kind) {
	case TASK_TILE:
	case TASK_CROSS:
		run_tile(t, k, part);
		break;
	case TASK_OUTPUT:
		run_columns(t, &net->bias, NULL, 1, 0, 1, &t->dense, part);
		if (layers)
			run_columns(t, &net->output, t->batch.h[layers - 1],
				net->layer[layers - 1].width, 0, net->layer[layers - 1].out,
				&t->dense, part);
		if (net->shape.crosses)
			run_columns(t, &net->cross_output, t->batch.c[net->shape.crosses - 1],
				net->cross[0].width, 0, net->inputs, &t->dense, part);
		break;
	case TASK_LINEAR:
		run_columns(t, &net->number_linear, t->batch.x + net->slots * net->table.dim,
			net->ldx, k->from, k->to, &t->sparse, part);
		break;
	case TASK_VECTOR:
		run_vectors(t, k->from, k->to, part);
		break;
	case TASK_EMBED:
		run_embed(t, k, part);
		break;
	}
}

static void task_add(struct trainer *t, struct task task)
{
	if (t->tasks == t->room) {
		t->room = t->room ? 2 * t->room : 64;
		t->task = mem_grow(t->task, t->room, sizeof *t->task);
	}
	t->task[t->tasks++] = task;
}

static void plan_layer(
	struct trainer *t, enum task_kind kind, size_t which, const struct net_layer *y)
{
	for (size_t p = 0; p < y->panels; p++)
		for (size_t k = 0; k < y->in; k += TILE)
			task_add(t, (struct task){ kind, which, p, k,
					    k + TILE < y->in ? k + TILE : y->in });
}

/* The largest pieces first, so that the last ones level the threads out. */
static void plan(struct trainer *t)
{
	const struct net *net = t->net;

	for (size_t l = 0; l < net->shape.layers; l++)
		plan_layer(t, TASK_TILE, l, net->layer + l);
	for (size_t l = 0; l < net->shape.crosses; l++)
		plan_layer(t, TASK_CROSS, l, net->cross + l);
	for (size_t f = 0; f < net->shape.fields; f++)
		for (size_t p = 0; p < t->pieces && net->shape.field[f].kind != NET_NUM; p++)
			task_add(t, (struct task){ TASK_EMBED, f, p, 0, 0 });
	for (size_t j = 0; j < net->numbers; j += NUMBERS_TASK) {
		size_t to = j + NUMBERS_TASK < net->numbers ? j + NUMBERS_TASK : net->numbers;

		if (net->has_fm)
			task_add(t, (struct task){ TASK_VECTOR, 0, 0, j, to });
		if (net->has_linear)
			task_add(t, (struct task){ TASK_LINEAR, 0, 0, j, to });
	}
	task_add(t, (struct task){ TASK_OUTPUT, 0, 0, 0, 0 });
}

/* Floats of scratch that the largest task needs. */
static size_t scratch(const struct net *net)
{
	size_t most = (TILE + 1) * GEMM_PANEL;
	size_t vectors = (NUMBERS_TASK + PAR_SHARDS) * (net->table.dim + 1);
	size_t output = net->shape.layers ? net->layer[net->shape.layers - 1].width : 1;

	most = vectors > most ? vectors : most;
	most = net->shape.crosses && net->inputs > most ? net->inputs : most;
	return output > most ? output : most;
}

static void trainer_open(struct trainer *t, size_t batch)
{
	const struct net *net = t->net;
	size_t threads = (size_t)par_threads(), share;

	t->batch = forward_new(net, batch);
	for (size_t l = 0; l < net->shape.layers; l++)
		t->delta[l] = mem_new(batch * net->layer[l].width, sizeof(float));
	for (size_t l = 0; l < net->shape.crosses; l++)
		t->du[l] = mem_new(batch * net->cross[l].width, sizeof(float));
	t->g = mem_new(batch * net->cross[0].width, sizeof(float));
	t->g0 = mem_new(batch * net->cross[0].width, sizeof(float));
	t->back = mem_new(batch * net->cross[0].width, sizeof(float));
	t->dx = mem_new(batch * net->lddx, sizeof(float));
	t->value = mem_new(batch, sizeof(float));
	t->slope = mem_new(batch, sizeof(float));
	t->sorted = mem_new(net->shape.fields, sizeof *t->sorted);
	t->pieces = threads > 2 ? 2 * threads : 4;
	share = net_round((batch + 2 * threads - 1) / (2 * threads), 12);
	t->chunk = share < FORWARD_CHUNK ? share : FORWARD_CHUNK;
	plan(t);
	for (size_t l = 0; l < net->shape.layers; l++)
		for (size_t p = 0; p < net->layer[l].panels; p++)
			transpose(t->net->layer + l, p, 0, net->layer[l].in);
	for (size_t l = 0; l < net->shape.crosses; l++)
		for (size_t p = 0; p < net->cross[l].panels; p++)
			transpose(t->net->cross + l, p, 0, net->cross[l].in);
}

static void trainer_close(struct trainer *t)
{
	forward_free(t->net, &t->batch);
	for (size_t l = 0; l < t->net->shape.layers; l++)
		free(t->delta[l]);
	for (size_t l = 0; l < t->net->shape.crosses; l++)
		free(t->du[l]);
	free(t->g);
	free(t->g0);
	free(t->back);
	for (size_t f = 0; f < t->net->shape.fields; f++) {
		struct sorted *s = t->sorted + f;

		free(s->id);
		free(s->row);
		free(s->spare_id);
		free(s->spare_row);
		free(s->weight);
		free(s->spare_weight);
	}
	free(t->sorted);
	free(t->dx);
	free(t->value);
	free(t->slope);
	free(t->task);
}

/* What the threads of an epoch share: who does what next. */
struct share {
	_Alignas(128) size_t next[2];
	struct par_barrier barrier;
	double loss;
	size_t bad;
};

static void run_phase(struct trainer *t, struct share *share, int phase, float *part)
{
	size_t fields = t->net->shape.fields, chunks = (t->n + t->chunk - 1) / t->chunk;
	size_t all = phase ? t->tasks : fields + chunks, i;

	while ((i = __atomic_fetch_add(&share->next[phase], 1, __ATOMIC_RELAXED)) < all) {
		if (phase)
			run_task(t, t->task + i, part);
		else if (i >= fields)
			run_chunk(t, i - fields);
		else if (t->net->shape.field[i].kind != NET_NUM)
			sort_field(t, i);
	}
	par_wait(&share->barrier);
}

/* Thread 0 between barriers: the loss of the step, and the counter of the phase that is over. */
static void end_phase(const struct trainer *t, struct share *share, size_t step)
{
	double sum = 0;

	share->next[0] = 0;
	for (size_t r = 0; r < t->n; r++)
		sum += (double)t->value[r];
	share->loss += sum;
	if (!isfinite(sum) && !share->bad)
		share->bad = step + 1;
}

double fit_epoch(struct net *net, const struct fit *how, const struct net_field *field,
	const uint32_t *row, size_t n, uint64_t epoch, size_t *bad)
{
	size_t batch = how->batch < n ? how->batch : n, steps = (n + batch - 1) / batch;
	struct trainer all = { .net = net,
		.how = how,
		.field = field,
		.dropout = { rng_derive(how->seed, epoch), how->dropout, 0 } };
	struct share share = { .barrier = { .count = par_threads() } };
	uint32_t *order = mem_new(n, sizeof *order);

	rng_permute(order, n, rng_derive(how->seed, epoch), RNG_SHUFFLE);
	for (size_t i = 0; i < n; i++)
		order[i] = row[order[i]];
	trainer_open(&all, batch);
#pragma omp parallel num_threads(share.barrier.count)
	{
		struct trainer t = all;
		struct optim_clock clock = net->clock;
		float *part = mem_new(scratch(net), sizeof *part);

#pragma omp single
		share.barrier.count = omp_get_num_threads();
		for (size_t s = 0; s < steps && !share.bad; s++) {
			t.row = order + s * batch;
			t.n = n - s * batch < batch ? n - s * batch : batch;
			t.dropout.first = s * batch;
			t.dense = optim_tick(&clock, how->rate, 0);
			t.sparse = t.dense;
			t.sparse.l2 = (float)how->l2;
			run_phase(&t, &share, 0, part);
			if (omp_get_thread_num() == 0)
				end_phase(&t, &share, s);
			run_phase(&t, &share, 1, part);
			if (omp_get_thread_num() == 0)
				share.next[1] = 0;
		}
#pragma omp barrier
#pragma omp single
		net->clock = clock;
		free(part);
	}
	trainer_close(&all);
	free(order);
	*bad = share.bad;
	return share.bad ? NAN : share.loss / (double)n;
}

/* ---- starting ---- */

/* Mean and 1 / deviation of numbers; a constant number gets scale 0 and so is left out. */
static void standardise(
	struct net *net, const struct net_field *field, const uint32_t *row, size_t n)
{
#pragma omp parallel for schedule(dynamic, 1)
	for (size_t f = 0; f < net->shape.fields; f++) {
		size_t width = net->shape.field[f].values;
		double *sum, *square;

		if (net->shape.field[f].kind != NET_NUM)
			continue;
		sum = mem_new(2 * width, sizeof *sum);
		square = sum + width;
		for (int pass = 0; pass < 2; pass++)
			for (size_t i = 0; i < n; i++) {
				uint64_t e = forward_entry(field + f, row[i]);

				for (size_t j = 0; j < width && e != UINT64_MAX; j++) {
					double x = (double)field[f].num[e * width + j];

					if (pass)
						square[j] += (x - sum[j] / (double)n) *
							     (x - sum[j] / (double)n);
					else
						sum[j] += x;
				}
			}
		for (size_t j = 0; j < width; j++) {
			double mean = sum[j] / (double)n, deviation = sqrt(square[j] / (double)n);
			bool constant = !(deviation > 1e-6 * (1 + fabs(mean)));

			net->mean[net->place[f] + j] = (float)mean;
			net->scale[net->place[f] + j] = constant ? 0 : (float)(1 / deviation);
		}
		free(sum);
	}
}

static void fill(float *w, size_t n, double width, uint64_t seed, uint64_t part)
{
	seed = rng_derive(seed, part);
	for (size_t i = 0; i < n; i++)
		w[i] = (float)(width * (2 * rng_unit(seed, RNG_INIT, i) - 1));
}

static void fill_layer(struct net_layer *y, uint64_t seed, uint64_t part)
{
	float *w = mem_new((y->in + 1) * y->out, sizeof *w);

	fill(w, (y->in + 1) * y->out, 1 / sqrt((double)(y->in ? y->in : 1)), seed, part);
	for (size_t k = 0; k <= y->in; k++)
		for (size_t j = 0; j < y->out; j++)
			y->weights.w[(j / GEMM_PANEL * (y->in + 1) + k) * GEMM_PANEL +
				     j % GEMM_PANEL] = w[k * y->out + j];
	free(w);
}

void fit_start(struct net *net, uint64_t seed, const struct net_field *field, const uint32_t *row,
	size_t n, double bias)
{
	double spread = (net->shape.arch == NET_FM ? 0.01 : 0.05) * sqrt(3);
	size_t last = net->shape.layers - 1;

	memset(net->block, 0, 3 * net->size * sizeof *net->block);
	net->clock = (struct optim_clock){ 1, 1 };
	standardise(net, field, row, n);
	*net->bias.w = (float)bias;
	fill(net->table.w, net->table.rows * net->table.dim, spread, seed, 0);
	if (net->has_fm)
		fill(net->number_vector.w, net->number_vector.n, spread, seed, 1);
	for (size_t l = 0; l < net->shape.layers; l++)
		fill_layer(net->layer + l, seed, 2 + l);
	for (size_t l = 0; l < net->shape.crosses; l++)
		fill_layer(net->cross + l, seed, 3 + NET_LAYERS + l);
	if (net->shape.crosses)
		fill(net->cross_output.w, net->inputs, 1 / sqrt((double)net->inputs), seed,
			3 + NET_LAYERS + NET_CROSSES);
	if (net->shape.layers)
		fill(net->output.w, net->layer[last].out, 1 / sqrt((double)net->layer[last].out),
			seed, 2 + NET_LAYERS);
}
