/* A step has two phases with a barrier after each. In the first, threads take chunks of the batch's
 * rows (forward, loss, backward to every layer's deltas) and the sorting of each field's ids. In
 * the second they take pieces of the weights: a piece's gradient is summed over the whole batch by
 * one thread, which takes the optimiser's step at once. So no gradient is ever stored or reduced.
 */
#include "fit.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "backward.h"
#include "gemm.h"
#include "ids.h"
#include "mem.h"
#include "par.h"
#include "rng.h"

enum {
	TILE = 48, /* inputs whose weights are one task */
	NUMBERS_TASK = 64, /* numbers whose first-order weights or vectors are one task */
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
	struct backward_rows back;
	float *value, *slope;
	struct ids *ids; /* of each field */
	struct task *task;
	size_t tasks, room, pieces, chunk;
	/* the step at hand */
	const uint32_t *row; /* n of them */
	size_t n;
	struct optim_step layers, biases, embeddings;
};

/* The loss of a chunk and its slope by the outputs z. */
static void chunk_loss(struct trainer *t, size_t first, size_t n, const float *z)
{
	const struct fit *how = t->how;
	float label[FORWARD_CHUNK], teacher[FORWARD_CHUNK], trust[FORWARD_CHUNK];
	float scale = 1 / (float)t->n;
	float *value = t->value + first, *slope = t->slope + first;

	for (size_t r = 0; r < n; r++) {
		label[r] = how->label ? how->label[t->row[first + r]] : 0;
		teacher[r] = how->teacher ? how->teacher[t->row[first + r]] : 0;
		trust[r] = how->trust ? how->trust[t->row[first + r]] : 1;
	}
	SIMD_CALL(loss_rows, value, slope, z, label, teacher, how->trust ? trust : NULL, n,
		&how->loss);
	for (size_t r = 0; r < n; r++) {
		float weight = how->weight ? how->weight[t->row[first + r]] : 1;

		value[r] *= weight;
		slope[r] *= weight * scale;
	}
}

static void run_chunk(struct trainer *t, size_t chunk)
{
	size_t first = chunk * t->chunk, n = t->n - first < t->chunk ? t->n - first : t->chunk;
	struct forward_rows b = forward_window(t->net, &t->batch, first);
	struct backward_rows back = backward_window(t->net, &t->back, first);
	struct forward_dropout how = t->dropout;

	how.first += first;
	forward_pass(t->net, t->field, t->row + first, 0, n, &b, &how);
	chunk_loss(t, first, n, b.z);
	backward_pass(t->net, t->slope + first, n, &b, how.share, &back);
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

static void step(
	struct net_param *p, size_t at, const float *g, size_t n, const struct optim_step *how)
{
	SIMD_CALL(optim_step, p->w + at, p->m + at, p->v + at, g, n, how);
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
	const float *d = (cross ? t->back.du : t->back.delta)[k->which] + k->panel * GEMM_PANEL;
	size_t rows = k->to - k->from, at = k->panel * (y->in + 1) + k->from;
	bool bias = k->to == y->in;

	SIMD_CALL(gemm_gradient, part, rows, h + k->from, ldh, d, y->width, t->n);
	if (bias)
		SIMD_CALL(gemm_column_sums, part + rows * GEMM_PANEL, NULL, d, y->width, t->n,
			GEMM_PANEL);
	step(&y->weights, at * GEMM_PANEL, part, rows * GEMM_PANEL, &t->layers);
	if (bias)
		step(&y->weights, (at + rows) * GEMM_PANEL, part + rows * GEMM_PANEL, GEMM_PANEL,
			&t->biases);
	transpose(y, k->panel, k->from, k->to);
}

/* p[from .. to) with gradients sum_r slope[r] in[r][j]; in NULL: sum_r slope[r]. */
static void run_columns(struct trainer *t, struct net_param *p, const float *in, size_t ld,
	size_t from, size_t to, const struct optim_step *how, float *part)
{
	size_t size = to - from;

	SIMD_CALL(gemm_column_sums, part, in ? t->slope : NULL, in ? in + from : t->slope,
		in ? ld : 1, t->n, size);
	step(p, from, part, size, how);
}

static void run_vectors(struct trainer *t, size_t from, size_t to, float *part)
{
	struct net *net = t->net;
	size_t dim = net->table.dim, size = (to - from) * dim;

	for (size_t j = from; j < to; j++)
		SIMD_CALL(embed_fm_number, part + (j - from) * dim, part + size,
			net->number_vector.w + j * dim, t->batch.x + net->slots * dim + j, net->ldx,
			t->batch.s, t->slope, t->n, dim);
	step(&net->number_vector, from * dim, part, size, &t->embeddings);
}

/* Piece number `panel` of a field's sorted ids, cut between ids. */
static void run_embed(struct trainer *t, const struct task *k, float *part)
{
	struct net *net = t->net;
	const struct ids *s = t->ids + k->which;
	uint32_t base = net->base[k->which], end = base + net->shape.field[k->which].values;
	size_t cut[2];
	struct embed_piece p = { .first = base,
		.last = end,
		.lazy = t->how->optim.lazy,
		.batch = t->n,
		.dx = t->back.dx + net->place[k->which] * net->table.dim,
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
	SIMD_CALL(embed_step, &net->table, &p, &t->embeddings, part);
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
		run_columns(t, &net->bias, NULL, 1, 0, 1, &t->biases, part);
		if (layers)
			run_columns(t, &net->output, t->batch.h[layers - 1],
				net->layer[layers - 1].width, 0, net->layer[layers - 1].out,
				&t->layers, part);
		if (net->shape.crosses)
			run_columns(t, &net->cross_output, t->batch.c[net->shape.crosses - 1],
				net->cross[0].width, 0, net->inputs, &t->layers, part);
		break;
	case TASK_LINEAR:
		run_columns(t, &net->number_linear, t->batch.x + net->slots * net->table.dim,
			net->ldx, k->from, k->to, &t->embeddings, part);
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

		if (net->has->fm)
			task_add(t, (struct task){ TASK_VECTOR, 0, 0, j, to });
		if (net->has->linear)
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
	t->back = backward_new(net, batch);
	t->value = mem_new(batch, sizeof(float));
	t->slope = mem_new(batch, sizeof(float));
	t->ids = mem_new(net->shape.fields, sizeof *t->ids);
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
	backward_free(t->net, &t->back);
	for (size_t f = 0; f < t->net->shape.fields; f++)
		ids_free(t->ids + f);
	free(t->ids);
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
			ids_list(t->ids + i, t->net, i, t->field + i, t->row, t->n);
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

/* The steps to take at time x, in epochs. */
static void set_rate(struct trainer *t, const struct optim_clock *clock, double x)
{
	const struct fit *how = t->how;
	double rate = how->rate * schedule_factor(&how->schedule, x);

	t->layers = optim_at(clock, &how->optim, rate, how->l2_layers);
	t->embeddings = optim_at(clock, &how->optim, rate, how->l2);
	t->biases = optim_at(clock, &how->optim, rate, 0);
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
			optim_tick(&clock);
			set_rate(&t, &clock, (double)epoch + (double)(s + 1) / (double)steps);
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
