/* A step is a program (program.h): operations on chunks of the batch's rows, cut into phases by
 * what needs the whole batch. Threads take their own tasks of a phase, then what others have left,
 * and meet at a barrier after it. A plain network has two phases: chunks run forward, loss and
 * backward; then the pieces of the weights take their steps, and beside them the ids of the next
 * batch are looked up and sorted. Batch normalisation and losses over pairs put phases of their own
 * in between, as does a small batch of several threads: the first layer's sums by units. Where they are
 * made by halves of the inputs, threads meet after those only (halves.h). */
#include "epoch.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>

#include "chunk.h"
#include "claims.h"
#include "gradient.h"
#include "halves.h"
#include "mem.h"
#include "moments.h"
#include "par.h"
#include "trainer.h"
#include "worker.h"

/* What its threads share. */
struct epoch {
	struct trainer trainer;
	struct par_barrier barrier;
	struct claims *claims; /* of each thread */
};

/* ---- the loss of a batch ---- */

static void add_loss(struct trainer *t, double loss, size_t rows, size_t step)
{
	t->loss += loss;
	t->rows += rows;
	if (!isfinite(loss) && !t->bad)
		t->bad = step + 1;
}

static void add_rows(struct trainer *t, const struct worker *w)
{
	double sum = 0;

	for (size_t r = 0; r < w->n; r++)
		sum += (double)t->work->value[r];
	add_loss(t, sum, w->n, w->step);
}

/* Pairs: that of all of them, and its slopes. */
static void run_slopes(struct trainer *t, const struct worker *w)
{
	const struct objective *o = t->how->objective;
	size_t parts = trainer_parts(t, w->n);
	double loss = o->slope(o->self, &t->pairs, t->work->forward.z, t->work->slope);

	for (size_t r = 0; r < w->n; r++)
		t->work->slope[r] /= (float)parts;
	add_loss(t, loss, parts, w->step);
}

/* Representations. */
static void run_mimic(struct trainer *t, const struct worker *w)
{
	const uint32_t *const *key = t->how->mimic.key;
	size_t parts = trainer_parts(t, w->n);
	struct mimic_batch batch = { w->row,
		{ t->order ? key[0] : t->pairs.user, t->order ? key[1] : t->pairs.item }, parts,
		&t->work->forward, &w->training };

	add_loss(t, mimic_slope(t->mimic, &batch, 1 / (double)parts), 0, w->step);
}

/* ---- the steps of the weights ---- */

static struct gradient_batch gradients(const struct trainer *t, const struct worker *w)
{
	return (struct gradient_batch){ &t->work->forward, &t->work->backward, t->work->slope,
		w->training.ids, t->moments, &t->tabled, &t->common, w->n, t->shares,
		t->how->optim.lazy, w->steps };
}

/* Clipping by norm: gradients are made twice, measured and then stepped. */
static void run_squares(
	const struct trainer *t, size_t i, const struct gradient_batch *batch, float *scratch)
{
	struct gradient_batch b = *batch;

	t->squares[i] = 0;
	b.how.layers = b.how.biases = b.how.numbers = b.how.embeddings =
		optim_measure(t->squares + i);
	gradient_step(t->net, t->piece + i, &b, scratch);
}

static void shrink(const struct trainer *t, struct gradient_batch *b)
{
	double sum = 0;

	for (size_t i = 0; i < t->pieces; i++)
		sum += t->squares[i];
	b->how.layers.shrink = b->how.biases.shrink = b->how.numbers.shrink =
		b->how.embeddings.shrink = optim_shrink(sum, t->how->clip_norm);
}

/* List i of this step's rows, or of the next one's, whose categories the chunks have looked up. */
static void run_ids(const struct trainer *t, struct worker *w, size_t i, bool next)
{
	struct listed_batch b = worker_batch(w, t, next);

	listed_make(&t->listed, i, t->net, &b, next, &w->spare);
}

/* Unless the thread of the other half has that piece. */
static void run_piece(const struct trainer *t, struct worker *w, const struct gradient_piece *piece,
	const struct gradient_batch *batch)
{
	if (w->half && piece->kind == GRADIENT_TILE && piece->which == 0 &&
		(piece->from >= t->split) != w->me)
		return;
	gradient_step(t->net, piece, batch, w->scratch);
}

/* Long lists of the next batch, steps, then short ones, which level the threads out. */
static void run_weights(
	const struct trainer *t, struct worker *w, size_t i, const struct gradient_batch *batch)
{
	size_t first = w->next ? t->listed.slow : 0;

	if (i < first)
		run_ids(t, w, t->listed.order[i], true);
	else if (i - first < t->pieces)
		run_piece(t, w, t->piece + i - first, batch);
	else
		run_ids(t, w, t->listed.order[i - t->pieces], true);
}

/* Those of common ids. */
static void run_vectors(const struct trainer *t, struct worker *w, size_t i)
{
	struct common_batch b = { w->training.ids, NULL, t->work->forward.s, NULL, t->work->slope,
		&w->steps.embeddings, NULL };

	common_step(&t->common, t->net, &b, i, w->scratch);
}

/* ---- phases ---- */

static size_t tasks_of(const struct trainer *t, const struct worker *w, const struct phase *p)
{
	switch (p->kind) {
	case PHASE_IDS:
		return t->listed.each;
	case PHASE_COMMON:
	case PHASE_VECTORS:
		return t->common.fields;
	case PHASE_HALVES:
		return 2;
	case PHASE_CHUNKS:
		return chunk_count(t, w->n);
	case PHASE_UNITS:
	case PHASE_MOMENTS:
	case PHASE_SUMS:
		return t->net->layer[p->layer].panels;
	case PHASE_SQUARES:
		return t->pieces;
	case PHASE_WEIGHTS:
		return t->pieces + (w->next ? t->listed.n : 0);
	default:
		return 1;
	}
}

/* Of a layer: units for all rows. */
static void run_panel(
	const struct trainer *t, const struct worker *w, const struct phase *p, size_t panel)
{
	const struct workspace *work = t->work;
	const struct forward_moments *m = t->moments + p->layer;
	struct net_layer *y = t->net->layer + p->layer;
	float *xhat = work->forward.xhat[p->layer], *dy = work->backward.dy[p->layer];

	if (p->kind == PHASE_UNITS)
		forward_panel(t->net, p->layer, panel, w->n, &t->work->forward);
	else if (p->kind == PHASE_MOMENTS)
		moments_take(y, m, xhat, w->n, panel);
	else
		moments_sums(y, m, dy, xhat, w->n, panel);
}

static void run_task(struct trainer *t, struct worker *w, const struct phase *p, size_t i,
	const struct gradient_batch *batch)
{
	switch (p->kind) {
	case PHASE_DRAW:
		trainer_draw(t, w->step);
		break;
	case PHASE_IDS:
		run_ids(t, w, i, false);
		break;
	case PHASE_COMMON:
		common_fill(&t->common, t->net, batch->ids, i);
		break;
	case PHASE_HALVES:
		halves_sum(t, w, i);
		break;
	case PHASE_CHUNKS: /* run_chunks */
		break;
	case PHASE_UNITS:
	case PHASE_MOMENTS:
	case PHASE_SUMS:
		run_panel(t, w, p, i);
		break;
	case PHASE_SLOPES:
		run_slopes(t, w);
		break;
	case PHASE_MIMIC:
		run_mimic(t, w);
		break;
	case PHASE_SQUARES:
		run_squares(t, i, batch, w->scratch);
		break;
	case PHASE_WEIGHTS:
		run_weights(t, w, i, batch);
		break;
	case PHASE_VECTORS:
		run_vectors(t, w, i);
		break;
	}
}

/* ---- threads ---- */

/* A phase's tasks. */
struct tasks {
	const struct phase *phase;
	size_t n;
	size_t turn; /* which of the two counters they have */
	bool shared; /* between threads; else, after halves, each does all of them */
};

static size_t first_task(const struct worker *w, const struct tasks *k)
{
	return k->shared ? w->me : 0;
}

/* After task i. Halves are not stolen: looking for one costs a line from another core. */
static size_t next_task(struct epoch *e, const struct worker *w, const struct tasks *k, size_t i)
{
	size_t threads = (size_t)e->barrier.count;

	if (e->trainer.split)
		return i + (k->shared ? threads : 1);
	return claims_next(e->claims, threads, w->me, k->turn, k->n);
}

/* A thread claims a chunk before the one ahead of it, whose work it is to fetch its rows. */
static void run_chunks(
	struct epoch *e, struct trainer *t, struct worker *w, const struct tasks *chunks)
{
	for (size_t i = first_task(w, chunks), after; i < chunks->n; i = after) {
		after = next_task(e, w, chunks, i);
		chunk_run(t, w, chunks->phase, i, after);
	}
}

static void run_tasks(struct epoch *e, struct trainer *t, struct worker *w, const struct tasks *k)
{
	struct gradient_batch batch = gradients(t, w);
	bool weights = k->phase->kind == PHASE_WEIGHTS;

	if (weights && t->squares)
		shrink(t, &batch);
	if (weights && t->order && (w->me == 0 || !k->shared))
		add_rows(t, w);
	for (size_t i = first_task(w, k); i < k->n; i = next_task(e, w, k, i))
		run_task(t, w, k->phase, i, &batch);
}

/* All phases of a step. count: phases so far, for the two counters that take turns. */
static void run_step(struct epoch *e, struct trainer *t, struct worker *w, size_t *count)
{
	if (t->tabled.fields)
		tabled_fill(&t->tabled, t->net, w->table);
	for (size_t i = 0; i < t->program.phases; i++) {
		const struct phase *p = t->program.phase + i;
		struct tasks k = { p, tasks_of(t, w, p), *count % 2,
			!t->split || p->kind == PHASE_HALVES };

		if (!k.n)
			continue;
		++*count;
		if (p->kind == PHASE_CHUNKS)
			run_chunks(e, t, w, &k);
		else
			run_tasks(e, t, w, &k);
		if (!k.shared)
			continue;
		par_wait(&e->barrier);
		e->claims[w->me].next[k.turn] = 0;
		if (p->kind == PHASE_DRAW)
			worker_drawn(w, t);
	}
}

/* Every thread runs this. */
static void run_steps(struct epoch *e)
{
	size_t me = (size_t)omp_get_thread_num(), count = 0;
	struct trainer second, *t = &e->trainer;
	struct worker w;

	if (t->split && me == 1) {
		t = &second;
		trainer_second(t, &e->trainer);
	}
	w = worker_new(t, me);
	w.half = t->split && e->barrier.count > 1;
	for (size_t s = 0; s < t->steps && !t->bad; s++) {
		worker_step(&w, t, s);
		run_step(e, t, &w, &count);
	}
#pragma omp barrier
#pragma omp single
	e->trainer.net->clock = w.clock;
	worker_free(&w);
	if (t == &second)
		trainer_second_close(t);
}

double epoch_run(struct net *net, const struct fit *how, const struct net_field *field,
	const uint32_t *row, size_t n, uint64_t epoch, size_t *bad)
{
	struct epoch e = { .claims = mem_new((size_t)par_threads(), sizeof *e.claims) };

	trainer_open(&e.trainer, net, how, field, row, n, epoch);
	e.barrier.count = (int)e.trainer.threads;
#pragma omp parallel num_threads(e.barrier.count)
	{
#pragma omp single
		e.barrier.count = omp_get_num_threads();
		run_steps(&e);
	}
	trainer_close(&e.trainer);
	free(e.claims);
	*bad = e.trainer.bad;
	return e.trainer.bad ? NAN : e.trainer.loss / (double)e.trainer.rows;
}
