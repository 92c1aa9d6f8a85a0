/* A step is a program (program.h): operations on chunks of the batch's rows, cut into phases by
 * what needs the whole batch. Threads take their own tasks of a phase, then what others have left,
 * and meet at a barrier after it. A plain network has two phases: chunks run forward, loss and
 * backward; then the pieces of the weights take their steps, and beside them the ids of the next
 * batch are looked up and sorted. Batch normalisation and losses over pairs put phases of their own
 * in between, as does a small batch of several threads: the first layer's sums by units. */
#include "epoch.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>

#include "chunk.h"
#include "claims.h"
#include "gradient.h"
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
	double loss;
	size_t rows, bad;
};

/* ---- the loss of a batch ---- */

static void add_loss(struct epoch *e, double loss, size_t rows, size_t step)
{
	e->loss += loss;
	e->rows += rows;
	if (!isfinite(loss) && !e->bad)
		e->bad = step + 1;
}

static void add_rows(struct epoch *e, const struct worker *w)
{
	double sum = 0;

	for (size_t r = 0; r < w->n; r++)
		sum += (double)e->trainer.work->value[r];
	add_loss(e, sum, w->n, w->step);
}

/* Pairs: that of all of them, and its slopes. */
static void run_slopes(struct epoch *e, const struct worker *w)
{
	const struct trainer *t = &e->trainer;
	const struct objective *o = t->how->objective;
	size_t parts = trainer_parts(t, w->n);
	double loss = o->slope(o->self, &t->pairs, t->work->forward.z, t->work->slope);

	for (size_t r = 0; r < w->n; r++)
		t->work->slope[r] /= (float)parts;
	add_loss(e, loss, parts, w->step);
}

/* Representations. */
static void run_mimic(struct epoch *e, const struct worker *w)
{
	const struct trainer *t = &e->trainer;
	const uint32_t *const *key = t->how->mimic.key;
	size_t parts = trainer_parts(t, w->n);
	struct mimic_batch batch = { w->row,
		{ t->order ? key[0] : t->pairs.user, t->order ? key[1] : t->pairs.item }, parts,
		&t->work->forward, &w->training };

	add_loss(e, mimic_slope(t->mimic, &batch, 1 / (double)parts), 0, w->step);
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

/* Long lists of the next batch, steps, then short ones, which level the threads out. */
static void run_weights(
	const struct trainer *t, struct worker *w, size_t i, const struct gradient_batch *batch)
{
	size_t first = w->next ? t->listed.slow : 0;

	if (i < first)
		run_ids(t, w, t->listed.order[i], true);
	else if (i - first < t->pieces)
		gradient_step(t->net, t->piece + i - first, batch, w->scratch);
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

static void run_task(struct epoch *e, struct worker *w, const struct phase *p, size_t i,
	const struct gradient_batch *batch)
{
	const struct trainer *t = &e->trainer;

	switch (p->kind) {
	case PHASE_DRAW:
		trainer_draw(&e->trainer, w->step);
		break;
	case PHASE_IDS:
		run_ids(t, w, i, false);
		break;
	case PHASE_COMMON:
		common_fill(&t->common, t->net, batch->ids, i);
		break;
	case PHASE_CHUNKS: /* run_chunks */
		break;
	case PHASE_UNITS:
	case PHASE_MOMENTS:
	case PHASE_SUMS:
		run_panel(t, w, p, i);
		break;
	case PHASE_SLOPES:
		run_slopes(e, w);
		break;
	case PHASE_MIMIC:
		run_mimic(e, w);
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

static size_t claim(struct epoch *e, const struct worker *w, size_t turn, size_t tasks)
{
	return claims_next(e->claims, (size_t)e->barrier.count, w->me, turn, tasks);
}

/* A thread claims a chunk before the one ahead of it, whose work it is to fetch its rows. */
static void run_chunks(
	struct epoch *e, struct worker *w, const struct phase *p, size_t chunks, size_t turn)
{
	for (size_t i = w->me, after; i < chunks; i = after) {
		after = claim(e, w, turn, chunks);
		chunk_run(&e->trainer, w, p, i, after);
	}
}

static void run_tasks(
	struct epoch *e, struct worker *w, const struct phase *p, size_t tasks, size_t turn)
{
	struct gradient_batch batch = gradients(&e->trainer, w);

	if (p->kind == PHASE_WEIGHTS && e->trainer.squares)
		shrink(&e->trainer, &batch);
	if (p->kind == PHASE_WEIGHTS && e->trainer.order && w->me == 0)
		add_rows(e, w);
	for (size_t i = w->me; i < tasks; i = claim(e, w, turn, tasks))
		run_task(e, w, p, i, &batch);
}

/* All phases of a step. count: phases so far, for the two counters that take turns. */
static void run_step(struct epoch *e, struct worker *w, size_t *count)
{
	const struct trainer *t = &e->trainer;

	if (t->tabled.fields)
		tabled_fill(&t->tabled, t->net, w->table);
	for (size_t i = 0; i < t->program.phases; i++) {
		const struct phase *p = t->program.phase + i;
		size_t tasks = tasks_of(t, w, p), turn = *count % 2;

		if (!tasks)
			continue;
		++*count;
		if (p->kind == PHASE_CHUNKS)
			run_chunks(e, w, p, tasks, turn);
		else
			run_tasks(e, w, p, tasks, turn);
		par_wait(&e->barrier);
		e->claims[w->me].next[turn] = 0;
		if (p->kind == PHASE_DRAW)
			worker_drawn(w, t);
	}
}

/* Every thread runs this. */
static void run_steps(struct epoch *e)
{
	const struct trainer *t = &e->trainer;
	struct worker w = worker_new(t, (size_t)omp_get_thread_num());
	size_t count = 0;

	for (size_t s = 0; s < t->steps && !e->bad; s++) {
		worker_step(&w, t, s);
		run_step(e, &w, &count);
	}
#pragma omp barrier
#pragma omp single
	t->net->clock = w.clock;
	worker_free(&w);
}

double epoch_run(struct net *net, const struct fit *how, const struct net_field *field,
	const uint32_t *row, size_t n, uint64_t epoch, size_t *bad)
{
	struct epoch e = { .barrier = { .count = par_threads() },
		.claims = mem_new((size_t)par_threads(), sizeof *e.claims) };

	trainer_open(&e.trainer, net, how, field, row, n, epoch);
#pragma omp parallel num_threads(e.barrier.count)
	{
#pragma omp single
		e.barrier.count = omp_get_num_threads();
		run_steps(&e);
	}
	trainer_close(&e.trainer);
	free(e.claims);
	*bad = e.bad;
	return e.bad ? NAN : e.loss / (double)e.rows;
}
