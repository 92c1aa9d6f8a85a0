/* A step is a program: operations on chunks of the batch's rows, cut into phases by what needs the
 * whole batch. Threads take the tasks of a phase as they come and meet at a barrier after it. A
 * plain network has two phases: chunks run forward, loss and backward; then the pieces of the
 * weights take their steps, and beside them the ids of the next batch are looked up and sorted.
 * Batch normalisation and losses over pairs put phases of their own in between. */
#include "fit.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "gemm.h"
#include "gradient.h"
#include "mem.h"
#include "norm.h"
#include "par.h"
#include "rng.h"

enum op_kind { OP_INPUT, OP_SUMS, OP_END, OP_OUTPUT, OP_LOSS, OP_LAYER, OP_NORM, OP_EMBEDDED };

struct op {
	enum op_kind kind;
	size_t layer;
};

enum phase_kind {
	PHASE_DRAW, /* pairs: the next batch */
	PHASE_IDS, /* of the first batch, or of pairs */
	PHASE_CHUNKS,
	PHASE_MOMENTS, /* batch normalisation: mean and deviation of 32 units */
	PHASE_SLOPES, /* pairs: the loss */
	PHASE_MIMIC, /* losses of representations */
	PHASE_SUMS, /* batch normalisation: sums of gradients of 32 units */
	PHASE_SQUARES, /* clipping by norm: of each piece's gradients */
	PHASE_WEIGHTS, /* and the ids of the next batch */
};

struct phase {
	enum phase_kind kind;
	size_t from, to; /* operations */
	size_t layer;
};

enum {
	OPS = 8 * NET_TOWERS * NET_LAYERS,
	PHASES = 4 * NET_TOWERS * NET_LAYERS + 8,
	SHARES = 16 /* of a field's ids where squares are added up, whatever the threads */
};

struct trainer {
	struct net *net;
	const struct fit *how;
	const struct net_field *field;
	struct op op[OPS];
	struct phase phase[PHASES];
	size_t ops, phases;
	struct forward_training training;
	struct forward_moments moments[NET_TOWERS * NET_LAYERS];
	struct forward_rows forward;
	struct backward_rows backward;
	float *value, *slope;
	struct mimic_room *mimic; /* or NULL */
	struct ids *ids; /* of each field and cross; those of the next batch, then this one's, in
			    turn */
	size_t *list, lists; /* which are made while weights are stepped: of bags and crosses, */
	size_t long_lists; /* so many, which take long and so come first, then what is sorted */
	struct tabled tabled;
	struct gradient_piece *piece;
	double *squares; /* of each piece's gradients; NULL: not clipped by norm */
	size_t pieces, shares, chunk, room, threads;
	/* a thread's own */
	struct fetch fetch;
	size_t after; /* the chunk that comes next; beyond the last one: none */
	float *table, *scratch;
	struct ids_spare spare;
	/* the step at hand, and how many rows the next one has, which lie behind */
	size_t step;
	const uint32_t *row; /* n of them */
	size_t n, next;
	struct optim_step layers, biases, embeddings;
	/* pairs: keys of own_field are those of the pairs, own_row counts from 0 */
	struct pairs pairs;
	struct net_field *own_field;
	uint32_t *own_row;
};

/* What the threads of an epoch share: who does what next. */
struct share {
	_Alignas(128) size_t next[2];
	struct par_barrier barrier;
	struct trainer *trainer; /* pairs: what a thread's own copy is renewed from */
	double loss;
	size_t rows, batch, bad;
};

/* ---- the program ---- */

static void op_add(struct trainer *t, enum op_kind kind, size_t layer)
{
	t->op[t->ops++] = (struct op){ kind, layer };
}

/* Ends the chunks' phase, if it has operations, and adds another kind. */
static void phase_add(struct trainer *t, enum phase_kind kind, size_t layer)
{
	size_t from = 0;

	for (size_t p = 0; p < t->phases; p++)
		if (t->phase[p].kind == PHASE_CHUNKS)
			from = t->phase[p].to;
	if (t->ops > from)
		t->phase[t->phases++] = (struct phase){ PHASE_CHUNKS, from, t->ops, 0 };
	t->phase[t->phases++] = (struct phase){ kind, 0, 0, layer };
}

static void plan(struct trainer *t)
{
	const struct net *net = t->net;

	if (t->how->objective)
		phase_add(t, PHASE_DRAW, 0);
	phase_add(t, PHASE_IDS, 0);
	op_add(t, OP_INPUT, 0);
	for (size_t l = 0; l < net->layers; l++) {
		op_add(t, OP_SUMS, l);
		if (net->layer[l].norm == NET_BATCH_NORM)
			phase_add(t, PHASE_MOMENTS, l);
		op_add(t, OP_END, l);
	}
	op_add(t, OP_OUTPUT, 0);
	if (t->how->objective)
		phase_add(t, PHASE_SLOPES, 0);
	else
		op_add(t, OP_LOSS, 0);
	if (t->how->mimic.n)
		phase_add(t, PHASE_MIMIC, 0);
	for (size_t l = net->layers; l-- > 0;) {
		op_add(t, OP_LAYER, l);
		if (net->layer[l].norm == NET_BATCH_NORM)
			phase_add(t, PHASE_SUMS, l);
		if (net->layer[l].norm)
			op_add(t, OP_NORM, l);
	}
	op_add(t, OP_EMBEDDED, 0);
	if (t->squares)
		phase_add(t, PHASE_SQUARES, 0);
	phase_add(t, PHASE_WEIGHTS, 0);
}

/* ---- tasks ---- */

/* By how many the losses of a batch are divided. */
static size_t parts(const struct trainer *t)
{
	return t->how->objective && t->pairs.joined ? t->pairs.joined : t->n;
}

/* Fields whose place in x nobody reads. */
static const bool *unread(const struct trainer *t)
{
	return t->net->has->linear || t->net->has->fm ? NULL : t->tabled.on;
}

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

static size_t lists_of(const struct trainer *t)
{
	return t->net->shape.fields + t->net->shape.wides;
}

/* The lists of a step. */
static struct ids *ids_at(const struct trainer *t, size_t step)
{
	return t->ids + step % 2 * lists_of(t);
}

static size_t rows_of(const struct trainer *t, size_t chunk)
{
	size_t first = chunk * t->chunk;

	return first >= t->n ? 0 : t->n - first < t->chunk ? t->n - first : t->chunk;
}

/* Of the chunk's n rows from `first` on, how many the next batch has there too. */
static size_t next_rows(const struct trainer *t, size_t first, size_t n)
{
	size_t left = t->next > first ? t->next - first : 0;

	return left < n ? left : n;
}

static void look_up_next(const struct trainer *t, size_t first, size_t n)
{
	struct ids_draw draw = t->training.draw;

	draw.first += t->n;
	for (size_t i = 0; i < t->net->shape.fields && n; i++)
		if (t->net->shape.field[i].kind == NET_CAT)
			ids_look(ids_at(t, t->step + 1) + i, t->net, i, t->field + i, t->row + t->n,
				first, n, &draw);
}

/* What this thread's next chunk reads, and the lookup of the next batch's `later` rows. */
static void look_ahead(struct trainer *t, size_t first, size_t later)
{
	size_t after = t->after * t->chunk;
	struct fetch_next next = { .row = t->row,
		.first = after,
		.n = rows_of(t, t->after),
		.then = after + t->threads * t->chunk,
		.end = t->n + t->next,
		.ids = t->training.ids,
		.later = t->row + t->n + first,
		.laters = later,
		.unread = unread(t) };

	if (next.n)
		next.x = t->forward.x + after * t->net->ldx;
	fetch_list(&t->fetch, t->net, t->field, &next);
}

/* Rows that go through the operations of a phase together. */
struct chunk {
	size_t first, n;
	struct forward_rows f;
	struct backward_rows b;
	struct forward_training how;
};

static void run_op(struct trainer *t, struct op op, struct chunk *c)
{
	const struct net *net = t->net;
	const float *slope = t->slope + c->first;

	switch (op.kind) {
	case OP_INPUT:
		forward_input(net, t->field, t->row + c->first, 0, c->n, &c->f, &c->how);
		look_ahead(t, c->first, next_rows(t, c->first, c->n));
		break;
	case OP_SUMS:
		forward_sums(net, op.layer, c->n, &c->f, &c->how);
		break;
	case OP_END:
		forward_end(net, op.layer, c->n, &c->f, &c->how);
		break;
	case OP_OUTPUT:
		forward_output(net, c->n, &c->f);
		break;
	case OP_LOSS:
		chunk_loss(t, c->first, c->n, c->f.z);
		break;
	case OP_LAYER:
		backward_layer(net, op.layer, slope, c->n, &c->f, &c->b, &c->how);
		break;
	case OP_NORM:
		backward_norm(net, op.layer, c->n, t->n, &c->f, &c->b, &c->how);
		break;
	case OP_EMBEDDED:
		look_up_next(t, c->first, next_rows(t, c->first, c->n));
		backward_input(net, slope, c->n, &c->f, &c->b, &c->how);
		break;
	}
}

/* The phase's operations on one chunk. */
static void run_chunk(struct trainer *t, const struct phase *p, size_t chunk)
{
	size_t first = chunk * t->chunk;
	struct chunk c = { first, rows_of(t, chunk), forward_window(t->net, &t->forward, first),
		backward_window(t->net, &t->backward, first), t->training };

	c.f.fetch = &t->fetch;
	c.f.unread = unread(t);
	c.b.hinted = t->mimic && parts(t) > first ? parts(t) - first : 0;
	c.how.draw.first += first;
	c.how.at = first;
	for (size_t i = p->from; i < p->to; i++)
		run_op(t, t->op[i], &c);
}

/* List i of this step's rows, or of the next one's. */
static void run_ids(struct trainer *t, size_t i, bool next)
{
	const struct net *net = t->net;
	const uint32_t *row = t->row + (next ? t->n : 0);
	size_t fields = net->shape.fields, n = next ? t->next : t->n;
	struct ids *s = ids_at(t, t->step + next) + i;
	struct ids_draw draw = t->training.draw;

	draw.first += next ? t->n : 0;
	if (i >= fields)
		ids_list_wide(s, net, i - fields, t->field, row, n, &t->spare);
	else if (next && net->shape.field[i].kind == NET_CAT) /* the chunks have looked them up */
		ids_sort(s, net, i, n, &t->spare);
	else if (net->shape.field[i].kind != NET_NUM)
		ids_list(s, net, i, t->field + i, row, n, &draw, &t->spare);
}

/* Mean and deviation of 32 units over the batch; a tenth of them joins the running ones. */
static void run_moments(struct trainer *t, size_t l, size_t panel)
{
	struct net_layer *y = t->net->layer + l;
	const struct forward_moments *m = t->moments + l;
	size_t at = panel * GEMM_PANEL, n = y->out - at < GEMM_PANEL ? y->out - at : GEMM_PANEL;
	float fair = t->n > 1 ? (float)t->n / (float)(t->n - 1) : 1;

	SIMD_CALL(norm_moments, m->mean + at, m->inverse + at, t->forward.xhat[l] + at, y->width,
		t->n, n);
	for (size_t i = at; i < at + n; i++) {
		float variance = m->inverse[i];

		if (y->mean.pace > 0)
			y->mean.w[i] += 0.1f * (m->mean[i] - y->mean.w[i]);
		if (y->variance.pace > 0)
			y->variance.w[i] += 0.1f * (fair * variance - y->variance.w[i]);
		m->inverse[i] = 1 / sqrtf(variance + NORM_EPSILON);
	}
}

static void run_sums(struct trainer *t, size_t l, size_t panel)
{
	const struct net_layer *y = t->net->layer + l;
	const struct forward_moments *m = t->moments + l;
	size_t at = panel * GEMM_PANEL, n = y->out - at < GEMM_PANEL ? y->out - at : GEMM_PANEL;

	SIMD_CALL(norm_sums, m->gain + at, m->shift + at, t->backward.dy[l] + at,
		t->forward.xhat[l] + at, y->width, t->n, n);
}

/* ---- pairs ---- */

static void room_for(struct trainer *t, size_t n)
{
	if (n <= t->room)
		return;
	if (t->room) {
		forward_free(t->net, &t->forward);
		backward_free(t->net, &t->backward);
	}
	t->room = n;
	t->forward = forward_new(t->net, n);
	t->backward = backward_new(t->net, n);
	t->value = mem_grow(t->value, n, sizeof *t->value);
	t->slope = mem_grow(t->slope, n, sizeof *t->slope);
	if (t->mimic)
		mimic_grow(t->mimic, n, &t->backward);
	if (!t->how->objective)
		return;
	t->own_row = mem_grow(t->own_row, n, sizeof *t->own_row);
	for (size_t i = 0; i < n; i++)
		t->own_row[i] = (uint32_t)i;
}

static void run_draw(struct share *share)
{
	struct trainer *t = share->trainer;
	const struct objective *o = t->how->objective;

	t->training.draw.first += t->pairs.n;
	t->pairs.n = t->pairs.joined = 0;
	o->draw(o->self, share->batch++, &t->pairs);
	t->n = t->pairs.n;
	room_for(t, t->n);
	t->row = t->own_row;
	for (size_t f = 0; f < t->net->shape.fields; f++)
		t->own_field[f].key = t->field[f].item ? t->pairs.item : t->pairs.user;
}

static void run_slopes(struct trainer *t, struct share *share)
{
	const struct objective *o = t->how->objective;
	double loss = o->slope(o->self, &t->pairs, t->forward.z, t->slope);

	for (size_t r = 0; r < t->n; r++)
		t->slope[r] /= (float)parts(t);
	share->loss += loss;
	share->rows += parts(t);
	if (!isfinite(loss) && !share->bad)
		share->bad = share->batch;
}

/* ---- representations ---- */

static void run_mimic(struct trainer *t, struct share *share)
{
	const struct fit *how = t->how;
	bool pairs = how->objective != NULL;
	struct mimic_batch batch = { t->row,
		{ pairs ? t->pairs.user : how->mimic.key[0],
			pairs ? t->pairs.item : how->mimic.key[1] },
		parts(t), &t->forward, &t->training };
	double loss = mimic_slope(t->mimic, &batch, 1 / (double)parts(t));

	share->loss += loss;
	share->bad = !isfinite(loss) && !share->bad ? share->batch + !pairs : share->bad;
	if (!pairs)
		share->batch++;
}

/* ---- clipping by norm: gradients are made twice, measured and then stepped ---- */

static void run_squares(struct trainer *t, size_t i, const struct gradient_batch *batch)
{
	struct gradient_batch b = *batch;

	t->squares[i] = 0;
	b.layers = b.biases = b.embeddings = optim_measure(t->squares + i);
	gradient_step(t->net, t->piece + i, &b, t->scratch);
}

static void shrink(const struct trainer *t, struct gradient_batch *b)
{
	double sum = 0;

	for (size_t i = 0; i < t->pieces; i++)
		sum += t->squares[i];
	b->layers.shrink = b->biases.shrink = b->embeddings.shrink =
		optim_shrink(sum, t->how->clip_norm);
}

/* ---- an epoch ---- */

enum { FEW = 24 }; /* rows of a thread that are not cut in two */

/* Rows of a chunk: at most that many, and as many chunks for each thread. */
static size_t chunk_for(size_t most, size_t batch, size_t threads)
{
	size_t rounds = (batch + most * threads - 1) / (most * threads), rows;

	rounds = rounds < 2 && batch > FEW * threads ? 2 : rounds;
	rows = (batch + rounds * threads - 1) / (rounds * threads);
	return net_round(rows, rows < FEW ? 4 : 12);
}

static void list_ids(struct trainer *t)
{
	const struct net_shape *s = &t->net->shape;

	t->list = mem_new(lists_of(t), sizeof *t->list);
	for (size_t i = 0; i < lists_of(t); i++)
		if (i >= s->fields || s->field[i].kind == NET_BAG)
			t->list[t->lists++] = i;
	t->long_lists = t->lists;
	for (size_t i = 0; i < s->fields; i++)
		if (s->field[i].kind == NET_CAT)
			t->list[t->lists++] = i;
}

static void trainer_open(struct trainer *t, size_t batch)
{
	const struct net *net = t->net;
	size_t threads = (size_t)par_threads();

	if (t->how->mimic.n)
		t->mimic = mimic_open(&t->how->mimic, net);
	room_for(t, batch);
	t->ids = mem_new(2 * lists_of(t), sizeof *t->ids);
	for (size_t i = 0; i < net->shape.fields && !t->how->objective; i++)
		for (size_t step = 0; net->shape.field[i].kind == NET_CAT && step < 2; step++)
			ids_room(ids_at(t, step) + i, batch);
	list_ids(t);
	t->tabled = tabled_new(net, batch);
	t->training.tabled = &t->tabled;
	for (size_t l = 0; l < net->layers; l++) {
		struct forward_moments *m = t->moments + l;
		size_t width = net->layer[l].norm == NET_BATCH_NORM ? net->layer[l].width : 0;

		m->mean = mem_new(4 * width, sizeof *m->mean);
		m->inverse = m->mean + width;
		m->gain = m->mean + 2 * width;
		m->shift = m->mean + 3 * width;
	}
	t->threads = threads;
	t->shares = t->how->clip_norm > 0 ? SHARES : threads > 2 ? 2 * threads : 4;
	t->chunk = chunk_for(forward_chunk(net), batch, threads);
	t->pieces = gradient_plan(net, &t->tabled, t->shares, &t->piece);
	t->squares = t->how->clip_norm > 0 ? mem_new(t->pieces, sizeof *t->squares) : NULL;
	plan(t);
	gradient_transpose(t->net);
	if (!t->how->objective)
		return;
	t->own_field = mem_new(net->shape.fields, sizeof *t->own_field);
	memcpy(t->own_field, t->field, net->shape.fields * sizeof *t->own_field);
	t->field = t->own_field;
}

static void trainer_close(struct trainer *t)
{
	forward_free(t->net, &t->forward);
	backward_free(t->net, &t->backward);
	for (size_t i = 0; i < 2 * lists_of(t); i++)
		ids_free(t->ids + i);
	tabled_free(&t->tabled);
	for (size_t l = 0; l < t->net->layers; l++)
		free(t->moments[l].mean);
	free(t->ids);
	free(t->list);
	free(t->value);
	free(t->slope);
	free(t->piece);
	free(t->squares);
	mimic_close(t->mimic);
	pairs_free(&t->pairs);
	free(t->own_field);
	free(t->own_row);
}

static size_t tasks_of(const struct trainer *t, const struct phase *p)
{
	switch (p->kind) {
	case PHASE_IDS:
		return t->step == 0 || t->how->objective ? lists_of(t) : 0;
	case PHASE_CHUNKS:
		return (t->n + t->chunk - 1) / t->chunk;
	case PHASE_MOMENTS:
	case PHASE_SUMS:
		return t->net->layer[p->layer].panels;
	case PHASE_SQUARES:
		return t->pieces;
	case PHASE_WEIGHTS:
		return t->pieces + (t->next ? t->lists : 0);
	default:
		return 1;
	}
}

/* Long lists of the next batch, steps, then short ones, which level the threads out. */
static void run_weights(struct trainer *t, size_t i, const struct gradient_batch *batch)
{
	size_t first = t->next ? t->long_lists : 0;

	if (i < first)
		run_ids(t, t->list[i], true);
	else if (i - first < t->pieces)
		gradient_step(t->net, t->piece + i - first, batch, t->scratch);
	else
		run_ids(t, t->list[i - t->pieces], true);
}

static void run_task(struct trainer *t, struct share *share, const struct phase *p, size_t i,
	const struct gradient_batch *batch)
{
	switch (p->kind) {
	case PHASE_DRAW:
		run_draw(share);
		break;
	case PHASE_IDS:
		run_ids(t, i, false);
		break;
	case PHASE_CHUNKS:
		run_chunk(t, p, i);
		break;
	case PHASE_MOMENTS:
		run_moments(t, p->layer, i);
		break;
	case PHASE_SLOPES:
		run_slopes(t, share);
		break;
	case PHASE_MIMIC:
		run_mimic(t, share);
		break;
	case PHASE_SUMS:
		run_sums(t, p->layer, i);
		break;
	case PHASE_SQUARES:
		run_squares(t, i, batch);
		break;
	case PHASE_WEIGHTS:
		run_weights(t, i, batch);
		break;
	}
}

/* Thread 0, while weights are stepped: the loss of the batch. */
static void add_loss(const struct trainer *t, struct share *share, size_t step)
{
	double sum = 0;

	if (t->how->objective)
		return;
	for (size_t r = 0; r < t->n; r++)
		sum += (double)t->value[r];
	share->loss += sum;
	share->rows += t->n;
	if (!isfinite(sum) && !share->bad)
		share->bad = step + 1;
}

/* After a draw buffers may have moved: what all threads share is taken anew. */
static void renew(struct trainer *t, const struct trainer *all)
{
	struct trainer mine = *t;

	*t = *all;
	t->step = mine.step;
	t->layers = mine.layers;
	t->biases = mine.biases;
	t->embeddings = mine.embeddings;
	t->fetch = mine.fetch;
	t->table = mine.table;
	t->scratch = mine.scratch;
	t->spare = mine.spare;
	t->training.moments = t->moments;
	t->training.table = t->table;
}

static size_t claim(size_t *next)
{
	return __atomic_fetch_add(next, 1, __ATOMIC_RELAXED);
}

/* All phases of a step. A thread claims a chunk before the one ahead of it, whose work it is to
 * fetch its rows. count: phases so far, for the two counters that take turns. */
static void run_step(struct trainer *t, struct share *share, size_t *count)
{
	if (t->tabled.fields)
		tabled_fill(&t->tabled, t->net, t->table);
	for (size_t p = 0; p < t->phases; p++) {
		size_t *next = share->next + *count % 2, tasks = tasks_of(t, t->phase + p), i;
		bool chunks = t->phase[p].kind == PHASE_CHUNKS;
		struct gradient_batch batch = { &t->forward, &t->backward, t->slope,
			ids_at(t, t->step), t->moments, &t->tabled, t->n, t->shares,
			t->how->optim.lazy, t->layers, t->biases, t->embeddings };

		if (!tasks)
			continue;
		++*count;
		t->training.ids = batch.ids;
		if (t->phase[p].kind == PHASE_WEIGHTS && t->squares)
			shrink(t, &batch);
		if (t->phase[p].kind == PHASE_WEIGHTS && omp_get_thread_num() == 0)
			add_loss(t, share, t->step);
		i = chunks ? (size_t)omp_get_thread_num() : claim(next);
		while (i < tasks) {
			t->after = chunks ? (size_t)share->barrier.count + claim(next) : tasks;
			run_task(t, share, t->phase + p, i, &batch);
			i = chunks ? t->after : claim(next);
		}
		par_wait(&share->barrier);
		if (omp_get_thread_num() == 0)
			*next = 0;
		if (t->phase[p].kind == PHASE_DRAW)
			renew(t, share->trainer);
	}
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

/* Every thread runs this. order: the rows of the epoch; NULL with pairs. */
static void run_epoch(struct trainer *all, struct share *share, const uint32_t *order, size_t n,
	size_t batch, size_t steps, uint64_t epoch)
{
	struct net *net = all->net;
	struct trainer t = *all;
	struct optim_clock clock = net->clock;
	size_t count = 0;

	t.fetch = fetch_new(net, true);
	t.table = mem_new(t.tabled.rows * t.tabled.width, sizeof *t.table);
	t.scratch = mem_new(gradient_scratch(net, &t.tabled), sizeof *t.scratch);
	t.training.moments = t.moments;
	t.training.table = t.table;
	for (t.step = 0; t.step < steps && !share->bad; t.step++) {
		size_t first = t.step * batch;

		if (order) {
			t.row = order + first;
			t.n = n - first < batch ? n - first : batch;
			t.next = n - first - t.n < batch ? n - first - t.n : batch;
			t.training.draw.first = first;
		}
		optim_tick(&clock);
		set_rate(&t, &clock, (double)epoch + (double)(t.step + 1) / (double)steps);
		run_step(&t, share, &count);
	}
#pragma omp barrier
#pragma omp single
	net->clock = clock;
	fetch_free(&t.fetch);
	free(t.table);
	free(t.scratch);
	ids_spare_free(&t.spare);
}

double fit_epoch(struct net *net, const struct fit *how, const struct net_field *field,
	const uint32_t *row, size_t n, uint64_t epoch, size_t *bad)
{
	const struct objective *o = how->objective;
	size_t batch = how->batch < n ? how->batch : n;
	size_t steps = o ? o->start(o->self, epoch) : (n + batch - 1) / batch;
	struct trainer all = { .net = net,
		.how = how,
		.field = field,
		.training = { .draw = { rng_derive(how->seed, epoch), 0, how->unknown },
			.dropout = how->dropout } };
	struct share share = { .barrier = { .count = par_threads() }, .trainer = &all };
	uint32_t *order = NULL;

	if (!o) {
		order = mem_new(n, sizeof *order);
		rng_permute(order, n, rng_derive(how->seed, epoch), RNG_SHUFFLE);
		for (size_t i = 0; i < n; i++)
			order[i] = row[order[i]];
	}
	for (size_t i = 0; i < how->mimic.n; i++)
		how->mimic.loss[i].start(how->mimic.loss[i].self, epoch);
	trainer_open(&all, batch);
#pragma omp parallel num_threads(share.barrier.count)
	{
#pragma omp single
		share.barrier.count = omp_get_num_threads();
		run_epoch(&all, &share, order, n, batch, steps, epoch);
	}
	trainer_close(&all);
	free(order);
	*bad = share.bad;
	return share.bad ? NAN : share.loss / (double)share.rows;
}
