#include "trainer.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "moments.h"
#include "par.h"
#include "rng.h"

enum {
	SHARES = 16, /* of a field's ids where squares are added up, whatever the threads */
	FEW = 24, /* rows of a thread that are not cut in two */
	NEAR = 1 << 16, /* floats that stay in a core's cache beside weights, */
	HALVED = 1 << 18, /* and that pay when they are halved, */
	WIDE = 256, /* where a row has so many */
	REST = 16, /* and all other layers take no more than such a part of the first one's work */
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
static bool by_units(const struct trainer *t)
{
	const struct net *net = t->net;

	return t->threads > 1 && net->towers == 1 && net->layers && !t->tabled.fields &&
	       net->layer[0].panels % t->threads == 0 && t->batch * net->ldx <= NEAR;
}

/* Where the first layer's inputs are cut. It depends on no number of threads, as sums do by it. */
static size_t split_of(const struct trainer *t)
{
	const struct net *net = t->net;
	const struct fit *how = t->how;
	size_t rest = 0;

	if (net->shape.arch != NET_MLP || net->shape.fields > 1 || net->slots || !net->layers ||
		how->objective || how->mimic.n || how->clip_norm > 0)
		return 0;
	for (size_t l = 1; l < net->layers; l++)
		rest += 3 * net->layer[l].in * net->layer[l].width;
	if (net->inputs < WIDE || t->batch * net->ldx > HALVED || net->layer->weights.n > HALVED ||
		rest * REST > 2 * net->inputs * net->layer->width)
		return 0;
	return net->inputs / 2;
}

static void open_halves(struct trainer *t)
{
	t->split = split_of(t);
	if (!t->split)
		return;
	t->threads = t->threads < 2 ? t->threads : 2;
	for (size_t i = 0; i < 4; i++)
		t->half[i / 2][i % 2] = mem_new(t->batch * t->net->layer->width, sizeof(float));
}

static void open_rows(struct trainer *t, const uint32_t *row)
{
	t->order = mem_new(t->n, sizeof *t->order);
	rng_permute(t->order, t->n, t->seed, RNG_SHUFFLE);
	for (size_t i = 0; i < t->n; i++)
		t->order[i] = row[t->order[i]];
}

static void grow(struct trainer *t, size_t rows)
{
	if (!workspace_grow(t->work, t->net, rows))
		return;
	if (t->mimic)
		mimic_grow(t->mimic, rows, &t->work->backward);
	if (t->order)
		return;
	t->own_row = mem_grow(t->own_row, rows, sizeof *t->own_row);
	for (size_t i = 0; i < rows; i++)
		t->own_row[i] = (uint32_t)i;
}

static void open_work(struct trainer *t)
{
	const struct fit *how = t->how;

	if (how->mimic.n)
		t->mimic = mimic_open(&how->mimic, t->net);
	t->work = how->room && !how->objective && !how->mimic.n ? how->room : &t->own;
	grow(t, t->batch);
}

/* Lists the first batch's ids, by which common ones are found worth it or not. */
static void open_ids(struct trainer *t)
{
	const struct fit *how = t->how;
	struct listed_batch first = { t->field, t->order, t->batch, 0,
		{ t->seed, 0, how->unknown } };
	struct ids *ids = NULL;

	t->listed = listed_new(t->net, t->order ? t->batch : 0);
	t->tabled = tabled_new(t->net, t->batch);
	if (t->order)
		listed_all(&t->listed, t->net, &first);
	if (t->order && !t->mimic && how->optim.lazy && !(how->clip_norm > 0))
		ids = listed_at(&t->listed, 0);
	t->common = common_new(t->net, &t->tabled, ids, listed_at(&t->listed, 1), t->batch);
}

/* How the work of a step is cut. */
static void open_program(struct trainer *t)
{
	bool clip = t->how->clip_norm > 0;

	open_halves(t);
	t->shares = clip ? SHARES : t->threads > 2 ? 2 * t->threads : 4;
	t->chunk = chunk_for(forward_chunk(t->net), t->batch, t->split ? 1 : t->threads);
	t->pieces = gradient_plan(
		t->net, &t->tabled, &t->common, t->split, t->batch, t->shares, t->threads, &t->piece);
	t->squares = clip ? mem_new(t->pieces, sizeof *t->squares) : NULL;
	t->program = program_of(t->net, (struct program_with){ .pairs = !t->order,
						.mimic = t->mimic != NULL,
						.common = t->common.fields > 0,
						.squares = clip,
						.units = !t->split && by_units(t),
						.halves = t->split > 0 });
}

static void open_pairs(struct trainer *t)
{
	size_t fields = t->net->shape.fields;

	t->own_field = mem_new(fields, sizeof *t->own_field);
	memcpy(t->own_field, t->field, fields * sizeof *t->own_field);
	t->field = t->own_field;
}

void trainer_open(struct trainer *t, struct net *net, const struct fit *how,
	const struct net_field *field, const uint32_t *row, size_t n, uint64_t epoch)
{
	const struct objective *o = how->objective;
	size_t batch = how->batch < n ? how->batch : n;

	assert(net->shape.rowwise == (how->optim.kind == OPTIM_ROWWISE));
	*t = (struct trainer){ .net = net,
		.how = how,
		.field = field,
		.epoch = epoch,
		.seed = rng_derive(how->seed, epoch),
		.n = n,
		.batch = batch,
		.steps = o ? o->start(o->self, epoch) : (n + batch - 1) / batch,
		.threads = (size_t)par_threads() };
	for (size_t i = 0; i < how->mimic.n; i++)
		how->mimic.loss[i].start(how->mimic.loss[i].self, epoch);
	if (o)
		open_pairs(t);
	else
		open_rows(t, row);
	open_work(t);
	open_ids(t);
	moments_new(t->moments, net);
	open_program(t);
	gradient_transpose(net);
}

void trainer_close(struct trainer *t)
{
	if (t->work == &t->own)
		workspace_free(t->net, &t->own);
	listed_free(&t->listed);
	tabled_free(&t->tabled);
	common_free(&t->common);
	moments_free(t->moments, t->net);
	free(t->piece);
	for (size_t i = 0; i < 4; i++)
		free(t->half[i / 2][i % 2]);
	free(t->squares);
	mimic_close(t->mimic);
	pairs_free(&t->pairs);
	free(t->own_field);
	free(t->own_row);
	free(t->order);
}

void trainer_second(struct trainer *t, const struct trainer *first)
{
	*t = *first;
	t->net = net_copy(first->net);
	gradient_transpose(t->net);
	t->net->layer->weights = first->net->layer->weights;
	t->work = &t->own;
	t->own = (struct workspace){ 0 };
	workspace_grow(t->work, t->net, t->batch);
	moments_new(t->moments, t->net);
}

void trainer_second_close(struct trainer *t)
{
	workspace_free(t->net, &t->own);
	moments_free(t->moments, t->net);
	net_free(t->net);
}

void trainer_draw(struct trainer *t, size_t step)
{
	const struct objective *o = t->how->objective;

	t->pairs.n = t->pairs.joined = 0;
	o->draw(o->self, step, &t->pairs);
	grow(t, t->pairs.n);
	for (size_t f = 0; f < t->net->shape.fields; f++)
		t->own_field[f].key = t->field[f].item ? t->pairs.item : t->pairs.user;
}
