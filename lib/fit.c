/* A step is a program (program.h): operations on chunks of the batch's rows, cut into phases by
 * what needs the whole batch. Threads take their own tasks of a phase, then what others have left,
 * and meet at a barrier after it. A plain network has two phases: chunks run forward, loss and
 * backward; then the pieces of the weights take their steps, and beside them the ids of the next
 * batch are looked up and sorted. Batch normalisation and losses over pairs put phases of their own
 * in between, as does a small batch of several threads: the first layer's sums by units. */
#include "fit.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "claims.h"
#include "gradient.h"
#include "listed.h"
#include "mem.h"
#include "moments.h"
#include "par.h"
#include "program.h"
#include "rng.h"

enum { SHARES = 16 }; /* of a field's ids where squares are added up, whatever the threads */

struct trainer {
	struct net *net;
	const struct fit *how;
	const struct net_field *field;
	struct program program;
	struct forward_training training;
	struct forward_moments moments[NET_TOWERS * NET_LAYERS];
	struct forward_rows forward;
	struct backward_rows backward;
	float *value, *slope;
	struct mimic_room *mimic; /* or NULL */
	struct listed listed;
	struct tabled tabled;
	struct common common;
	struct gradient_piece *piece;
	double *squares; /* of each piece's gradients; NULL: not clipped by norm */
	size_t pieces, shares, chunk, room, threads;
	bool units; /* the first layer is summed by units */
	/* a thread's own */
	struct fetch fetch;
	size_t after; /* the chunk that comes next; beyond the last one: none */
	float *table, *scratch;
	float *near[2]; /* inputs of its chunk and of the next one; NULL: they are the batch's */
	bool turn;
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
	struct par_barrier barrier;
	struct claims *claims; /* of each thread */
	struct trainer *trainer; /* pairs: what a thread's own copy is renewed from */
	double loss;
	size_t rows, batch, bad;
};

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

/* The batch at hand, or the next one. */
static struct listed_batch batch_of(const struct trainer *t, bool next)
{
	struct listed_batch b = { t->field, t->row, t->n, t->step, t->training.draw };

	if (next) {
		b.row += t->n;
		b.n = t->next;
		b.step++;
		b.draw.first += t->n;
	}
	return b;
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
	struct listed_batch next = batch_of(t, true);

	listed_look(&t->listed, t->net, &next, first, next_rows(t, first, n));
}

/* What this thread's next chunk reads, and the lookup of the next batch's `later` rows. */
static void look_ahead(struct trainer *t, size_t first, size_t now, size_t later)
{
	size_t after = t->after * t->chunk;
	struct fetch_next next = { .row = t->row,
		.first = after,
		.n = rows_of(t, t->after),
		.then = after + t->threads * t->chunk,
		.now = first,
		.nows = now,
		.end = t->n + t->next,
		.ids = t->training.ids,
		.later = t->row + t->n + first,
		.laters = later,
		.products = t->common.fields ? t->common.fields : t->net->lddx / GEMM_PANEL,
		.unread = unread(t) };

	if (next.n)
		next.x = t->near[0] ? t->near[!t->turn] : t->forward.x + after * t->net->ldx;
	next.near = t->near[0] != NULL;
	fetch_list(&t->fetch, t->net, t->field, &next);
}

/* Rows that go through the operations of a phase together. */
struct chunk {
	size_t first, n;
	struct forward_rows f;
	struct backward_rows b;
	struct forward_training how;
};

static void step_rare(struct trainer *t, const struct chunk *c)
{
	struct common_batch b = { t->training.ids, c->f.x, c->f.s, c->b.delta[0],
		t->slope + c->first, &t->embeddings, &t->fetch.back };

	common_step_rare(&t->common, t->net, &b, c->first, c->n, t->scratch);
}

/* The inputs of a chunk that its batch needs: those with gradients of their own. */
static void keep(const struct trainer *t, const struct chunk *c)
{
	size_t ld = t->net->ldx;

	for (size_t r = 0; r < c->n; r++)
		for (size_t i = 0; i < t->common.runs; i++) {
			struct gemm_run run = t->common.run[i];

			memcpy(t->forward.x + (c->first + r) * ld + run.from,
				c->f.x + r * ld + run.from, run.n * sizeof(float));
		}
}

static void step_common(struct trainer *t, size_t i)
{
	struct common_batch b = { t->training.ids, NULL, t->forward.s, NULL, t->slope,
		&t->embeddings, NULL };

	common_step(&t->common, t->net, &b, i, t->scratch);
}

/* A chunk that no list has been made for, as the first one of a batch: its numbers still come from
 * one, several rows together, each asked for before its turn. */
static void make_numbers(struct trainer *t, const struct chunk *c)
{
	struct fetch_next next = { .row = t->row,
		.first = c->first,
		.n = c->n,
		.then = rows_of(t, t->after) ? t->after * t->chunk : t->n + c->first,
		.end = t->n + t->next,
		.products = 1,
		.unread = unread(t),
		.x = c->f.x };

	if (t->fetch.makes && t->fetch.x != c->f.x)
		fetch_list(&t->fetch, t->net, t->field, &next);
}

static void run_op(struct trainer *t, struct op op, struct chunk *c)
{
	const struct net *net = t->net;
	const float *slope = t->slope + c->first;

	switch (op.kind) {
	case OP_INPUT:
		make_numbers(t, c);
		forward_input(net, t->field, t->row + c->first, 0, c->n, &c->f, &c->how);
		look_ahead(t, c->first, c->n, next_rows(t, c->first, c->n));
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
		look_up_next(t, c->first, c->n);
		backward_input(net, slope, c->n, &c->f, &c->b, &c->how);
		if (t->common.fields)
			step_rare(t, c);
		if (t->near[0])
			keep(t, c);
		break;
	}
}

/* The phase's operations on one chunk. */
static void run_chunk(struct trainer *t, const struct phase *p, size_t chunk)
{
	size_t first = chunk * t->chunk;
	struct chunk c = { first, rows_of(t, chunk), forward_window(t->net, &t->forward, first),
		backward_window(t->net, &t->backward, first), t->training };

	if (t->near[0])
		c.f.x = t->near[t->turn];
	c.f.fetch = &t->fetch;
	c.f.unread = unread(t);
	c.b.hinted = t->mimic && parts(t) > first ? parts(t) - first : 0;
	c.how.draw.first += first;
	c.how.at = first;
	for (size_t i = p->from; i < p->to; i++)
		run_op(t, t->program.op[i], &c);
	t->turn = !t->turn;
}

/* List i of this step's rows, or of the next one's, whose categories the chunks have looked up. */
static void run_ids(struct trainer *t, size_t i, bool next)
{
	struct listed_batch b = batch_of(t, next);

	listed_make(&t->listed, i, t->net, &b, next, &t->spare);
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

enum {
	FEW = 24, /* rows of a thread that are not cut in two */
	NEAR = 1 << 16, /* floats that stay in a core's cache beside weights */
};

/* Rows of a chunk: at most that many, and as many chunks for each thread. */
static size_t chunk_for(size_t most, size_t batch, size_t threads)
{
	size_t rounds = (batch + most * threads - 1) / (most * threads), rows;

	rounds = rounds < 2 && batch > FEW * threads ? 2 : rounds;
	rows = (batch + rounds * threads - 1) / (rounds * threads);
	return net_round(rows, rows < FEW ? 4 : 12);
}

/* Whether a thread sums units of the first layer for all rows of a small batch, those whose weights
 * it steps: so they stay in its core's cache, and what the cores exchange are activations. */
static bool by_units(const struct trainer *t, size_t batch)
{
	const struct net *net = t->net;

	return t->threads > 1 && net->towers == 1 && net->layers && !t->tabled.fields &&
	       net->layer[0].panels % t->threads == 0 && batch * net->ldx <= NEAR;
}

/* Lists the first batch's ids, by which common ones are found worth it or not. */
static void open_ids(struct trainer *t, size_t batch)
{
	const struct fit *how = t->how;
	struct listed_batch first = batch_of(t, false);
	struct ids *ids = NULL;

	t->listed = listed_new(t->net, how->objective ? 0 : batch);
	t->tabled = tabled_new(t->net, batch);
	if (!how->objective)
		listed_all(&t->listed, t->net, &first);
	if (!how->objective && !t->mimic && how->optim.lazy && !(how->clip_norm > 0))
		ids = listed_at(&t->listed, 0);
	t->common = common_new(t->net, &t->tabled, ids, listed_at(&t->listed, 1), batch);
	t->training.tabled = &t->tabled;
	t->training.common = &t->common;
}

void fit_room_free(const struct net *net, struct fit_room *room)
{
	forward_free(net, &room->forward);
	backward_free(net, &room->backward);
	free(room->value);
	free(room->slope);
	*room = (struct fit_room){ 0 };
}

static struct fit_room *kept(const struct trainer *t)
{
	return t->how->objective || t->how->mimic.n ? NULL : t->how->room;
}

static void take_room(struct trainer *t)
{
	const struct fit_room *room = kept(t);

	if (!room)
		return;
	t->room = room->rows;
	t->forward = room->forward;
	t->backward = room->backward;
	t->value = room->value;
	t->slope = room->slope;
}

static void leave_room(struct trainer *t)
{
	struct fit_room room = { t->room, t->forward, t->backward, t->value, t->slope };

	if (kept(t))
		*kept(t) = room;
	else
		fit_room_free(t->net, &room);
}

static void trainer_open(struct trainer *t, size_t batch)
{
	const struct net *net = t->net;
	size_t threads = (size_t)par_threads();

	if (t->how->mimic.n)
		t->mimic = mimic_open(&t->how->mimic, net);
	take_room(t);
	room_for(t, batch);
	open_ids(t, batch);
	moments_new(t->moments, net);
	t->threads = threads;
	t->shares = t->how->clip_norm > 0 ? SHARES : threads > 2 ? 2 * threads : 4;
	t->chunk = chunk_for(forward_chunk(net), batch, threads);
	t->units = by_units(t, batch);
	t->pieces = gradient_plan(net, &t->tabled, &t->common, t->shares, threads, &t->piece);
	t->squares = t->how->clip_norm > 0 ? mem_new(t->pieces, sizeof *t->squares) : NULL;
	t->program = program_of(net, (struct program_with){ .pairs = t->how->objective != NULL,
					     .mimic = t->how->mimic.n > 0,
					     .common = t->common.fields > 0,
					     .squares = t->squares != NULL,
					     .units = t->units });
	gradient_transpose(t->net);
	if (!t->how->objective)
		return;
	t->own_field = mem_new(net->shape.fields, sizeof *t->own_field);
	memcpy(t->own_field, t->field, net->shape.fields * sizeof *t->own_field);
	t->field = t->own_field;
}

static void trainer_close(struct trainer *t)
{
	leave_room(t);
	listed_free(&t->listed);
	tabled_free(&t->tabled);
	common_free(&t->common);
	moments_free(t->moments, t->net);
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
		return t->listed.each;
	case PHASE_COMMON:
	case PHASE_VECTORS:
		return t->common.fields;
	case PHASE_CHUNKS:
		return (t->n + t->chunk - 1) / t->chunk;
	case PHASE_UNITS:
	case PHASE_MOMENTS:
	case PHASE_SUMS:
		return t->net->layer[p->layer].panels;
	case PHASE_SQUARES:
		return t->pieces;
	case PHASE_WEIGHTS:
		return t->pieces + (t->next ? t->listed.n : 0);
	default:
		return 1;
	}
}

/* Long lists of the next batch, steps, then short ones, which level the threads out. */
static void run_weights(struct trainer *t, size_t i, const struct gradient_batch *batch)
{
	size_t first = t->next ? t->listed.slow : 0;

	if (i < first)
		run_ids(t, t->listed.order[i], true);
	else if (i - first < t->pieces)
		gradient_step(t->net, t->piece + i - first, batch, t->scratch);
	else
		run_ids(t, t->listed.order[i - t->pieces], true);
}

static void run_task(struct trainer *t, struct share *share, const struct phase *p, size_t i,
	const struct gradient_batch *batch)
{
	struct net_layer *y = t->net->layer + p->layer;

	switch (p->kind) {
	case PHASE_DRAW:
		run_draw(share);
		break;
	case PHASE_IDS:
		run_ids(t, i, false);
		break;
	case PHASE_COMMON:
		common_fill(&t->common, t->net, batch->ids, i);
		break;
	case PHASE_CHUNKS:
		run_chunk(t, p, i);
		break;
	case PHASE_UNITS:
		forward_panel(t->net, p->layer, i, t->n, &t->forward);
		break;
	case PHASE_MOMENTS:
		moments_take(y, t->moments + p->layer, t->forward.xhat[p->layer], t->n, i);
		break;
	case PHASE_SLOPES:
		run_slopes(t, share);
		break;
	case PHASE_MIMIC:
		run_mimic(t, share);
		break;
	case PHASE_SUMS:
		moments_sums(y, t->moments + p->layer, t->backward.dy[p->layer],
			t->forward.xhat[p->layer], t->n, i);
		break;
	case PHASE_SQUARES:
		run_squares(t, i, batch);
		break;
	case PHASE_WEIGHTS:
		run_weights(t, i, batch);
		break;
	case PHASE_VECTORS:
		step_common(t, i);
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

/* All phases of a step. A thread claims a chunk before the one ahead of it, whose work it is to
 * fetch its rows. count: phases so far, for the two counters that take turns. */
static void run_step(struct trainer *t, struct share *share, size_t *count)
{
	size_t threads = (size_t)share->barrier.count, me = (size_t)omp_get_thread_num();

	if (t->tabled.fields)
		tabled_fill(&t->tabled, t->net, t->table);
	for (size_t p = 0; p < t->program.phases; p++) {
		const struct phase *phase = t->program.phase + p;
		size_t turn = *count % 2, tasks = tasks_of(t, phase), i;
		bool chunks = phase->kind == PHASE_CHUNKS;
		struct gradient_batch batch = { &t->forward, &t->backward, t->slope,
			listed_at(&t->listed, t->step), t->moments, &t->tabled, &t->common, t->n,
			t->shares, t->how->optim.lazy, t->layers, t->biases, t->embeddings };

		if (!tasks)
			continue;
		++*count;
		t->training.ids = batch.ids;
		if (phase->kind == PHASE_WEIGHTS && t->squares)
			shrink(t, &batch);
		if (phase->kind == PHASE_WEIGHTS && me == 0)
			add_loss(t, share, t->step);
		for (i = me; i < tasks; i = t->after) {
			if (chunks)
				t->after = claims_next(share->claims, threads, me, turn, tasks);
			run_task(t, share, phase, i, &batch);
			if (!chunks)
				t->after = claims_next(share->claims, threads, me, turn, tasks);
		}
		par_wait(&share->barrier);
		share->claims[me].next[turn] = 0;
		if (phase->kind == PHASE_DRAW)
			renew(t, share->trainer);
	}
}

/* Whether a chunk's inputs need not stay beyond it: rare ids are stepped from there, and all
 * operations are in one phase. */
static bool inputs_near(const struct trainer *t)
{
	size_t phases = 0;

	for (size_t p = 0; p < t->program.phases; p++)
		phases += t->program.phase[p].kind == PHASE_CHUNKS;
	return t->common.fields && phases == 1;
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
	t.scratch = mem_new(gradient_scratch(net, &t.tabled, &t.common), sizeof *t.scratch);
	t.training.moments = t.moments;
	t.training.table = t.table;
	for (size_t i = 0; i < 2 && inputs_near(all); i++)
		t.near[i] = mem_rows(t.chunk, net->inputs, net->ldx);
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
	free(t.near[0]);
	free(t.near[1]);
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
	struct share share = { .barrier = { .count = par_threads() },
		.claims = mem_new((size_t)par_threads(), sizeof *share.claims),
		.trainer = &all };
	uint32_t *order = NULL;

	if (!o) {
		order = mem_new(n, sizeof *order);
		rng_permute(order, n, rng_derive(how->seed, epoch), RNG_SHUFFLE);
		for (size_t i = 0; i < n; i++)
			order[i] = row[order[i]];
	}
	for (size_t i = 0; i < how->mimic.n; i++)
		how->mimic.loss[i].start(how->mimic.loss[i].self, epoch);
	all.row = order;
	all.n = batch;
	trainer_open(&all, batch);
#pragma omp parallel num_threads(share.barrier.count)
	{
#pragma omp single
		share.barrier.count = omp_get_num_threads();
		run_epoch(&all, &share, order, n, batch, steps, epoch);
	}
	trainer_close(&all);
	free(share.claims);
	free(order);
	*bad = share.bad;
	return share.bad ? NAN : share.loss / (double)share.rows;
}
