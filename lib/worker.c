#include "worker.h"

#include <stdlib.h>

#include "mem.h"

/* Whether a chunk's inputs need not stay beyond it: rare ids are stepped from there, and all
 * operations are in one phase. */
static bool inputs_near(const struct trainer *t)
{
	size_t phases = 0;

	for (size_t p = 0; p < t->program.phases; p++)
		phases += t->program.phase[p].kind == PHASE_CHUNKS;
	return t->common.fields && phases == 1;
}

struct worker worker_new(const struct trainer *t, size_t me)
{
	const struct net *net = t->net;
	struct worker w = { .me = me,
		.clock = net->clock,
		.fetch = fetch_new(net, true),
		.table = mem_new(t->tabled.rows * t->tabled.width, sizeof *w.table),
		.scratch =
			mem_new(gradient_scratch(net, &t->tabled, &t->common), sizeof *w.scratch) };

	w.training = (struct forward_training){ .draw = { t->seed, 0, t->how->unknown },
		.dropout = t->how->dropout,
		.moments = t->moments,
		.tabled = &t->tabled,
		.table = w.table,
		.common = &t->common };
	for (size_t i = 0; i < 2 && inputs_near(t); i++)
		w.near[i] = mem_rows(t->chunk, net->inputs, net->ldx);
	return w;
}

void worker_free(struct worker *w)
{
	fetch_free(&w->fetch);
	ids_spare_free(&w->spare);
	free(w->table);
	free(w->scratch);
	free(w->near[0]);
	free(w->near[1]);
}

/* The optimiser's steps for the time that step ends at, in epochs. */
static void set_rate(struct worker *w, const struct trainer *t)
{
	const struct fit *how = t->how;
	double x = (double)t->epoch + (double)(w->step + 1) / (double)t->steps;
	double rate = how->rate * schedule_factor(&how->schedule, x);

	optim_tick(&w->clock);
	w->steps = optim_all(&w->clock, &how->optim, rate, how->l2, how->l2_layers);
}

void worker_step(struct worker *w, const struct trainer *t, size_t step)
{
	size_t first = step * t->batch;

	w->step = step;
	w->training.ids = listed_at(&t->listed, step);
	set_rate(w, t);
	if (!t->order)
		return;
	w->row = t->order + first;
	w->n = t->n - first < t->batch ? t->n - first : t->batch;
	w->next = t->n - first - w->n < t->batch ? t->n - first - w->n : t->batch;
	w->training.draw.first = first;
}

void worker_drawn(struct worker *w, const struct trainer *t)
{
	w->training.draw.first += w->n;
	w->row = t->own_row;
	w->n = t->pairs.n;
}

struct listed_batch worker_batch(const struct worker *w, const struct trainer *t, bool next)
{
	struct listed_batch b = { t->field, w->row, w->n, w->step, w->training.draw };

	if (next) {
		b.row += w->n;
		b.n = w->next;
		b.step++;
		b.draw.first += w->n;
	}
	return b;
}
