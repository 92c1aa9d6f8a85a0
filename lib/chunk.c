#include "chunk.h"

#include <string.h>

struct chunk {
	size_t first, n;
	size_t after; /* the chunk that comes next */
	struct forward_rows f;
	struct backward_rows b;
	struct forward_training how;
};

static size_t rows_of(const struct trainer *t, const struct worker *w, size_t chunk)
{
	size_t first = chunk * t->chunk;

	return first >= w->n ? 0 : w->n - first < t->chunk ? w->n - first : t->chunk;
}

/* Of the chunk's rows, how many the next batch has there too. */
static size_t next_rows(const struct worker *w, const struct chunk *c)
{
	size_t left = w->next > c->first ? w->next - c->first : 0;

	return left < c->n ? left : c->n;
}

static void look_up_next(const struct trainer *t, const struct worker *w, const struct chunk *c)
{
	struct listed_batch next = worker_batch(w, t, true);

	listed_look(&t->listed, t->net, &next, c->first, next_rows(w, c));
}

/* What this thread's next chunk reads, and the lookup of the next batch's rows. */
static void look_ahead(const struct trainer *t, struct worker *w, const struct chunk *c)
{
	size_t after = c->after * t->chunk;
	struct fetch_next next = { .row = w->row,
		.first = after,
		.n = rows_of(t, w, c->after),
		.then = after + t->threads * t->chunk,
		.now = c->first,
		.nows = c->n,
		.end = w->n + w->next,
		.ids = c->how.ids,
		.later = w->row + w->n + c->first,
		.laters = next_rows(w, c),
		.products = t->common.fields ? t->common.fields : t->net->lddx / GEMM_PANEL,
		.unread = c->f.unread,
		.near = w->near[1] != NULL };

	if (next.n)
		next.x = next.near ? w->near[1] : t->work->forward.x + after * t->net->ldx;
	fetch_list(&w->fetch, t->net, t->field, &next);
}

/* A chunk that no list has been made for, as the first one of a batch: its numbers still come from
 * one, several rows together, each asked for before its turn. */
static void make_numbers(const struct trainer *t, struct worker *w, const struct chunk *c)
{
	struct fetch_next next = { .row = w->row,
		.first = c->first,
		.n = c->n,
		.then = rows_of(t, w, c->after) ? c->after * t->chunk : w->n + c->first,
		.end = w->n + w->next,
		.products = 1,
		.unread = c->f.unread,
		.x = c->f.x };

	if (w->fetch.makes && w->fetch.x != c->f.x)
		fetch_list(&w->fetch, t->net, t->field, &next);
}

static void step_rare(const struct trainer *t, struct worker *w, const struct chunk *c)
{
	struct common_batch b = { c->how.ids, c->f.x, c->f.s, c->b.delta[0],
		t->work->slope + c->first, &w->steps.embeddings, &w->fetch.back };

	common_step_rare(&t->common, t->net, &b, c->first, c->n, w->scratch);
}

/* The inputs of a chunk that its batch needs: those with gradients of their own. */
static void keep(const struct trainer *t, const struct chunk *c)
{
	size_t ld = t->net->ldx;

	for (size_t r = 0; r < c->n; r++)
		for (size_t i = 0; i < t->common.runs; i++) {
			struct gemm_run run = t->common.run[i];

			memcpy(t->work->forward.x + (c->first + r) * ld + run.from,
				c->f.x + r * ld + run.from, run.n * sizeof(float));
		}
}

/* The pass ends at the embeddings. */
static void run_embedded(const struct trainer *t, struct worker *w, struct chunk *c)
{
	look_up_next(t, w, c);
	backward_input(t->net, t->work->slope + c->first, c->n, &c->f, &c->b, &c->how);
	if (t->common.fields)
		step_rare(t, w, c);
	if (w->near[0])
		keep(t, c);
}

static void join(const struct trainer *t, const struct worker *w, struct chunk *c)
{
	float *const *half = t->half[w->step % 2];
	size_t at = c->first * t->net->layer->width;

	forward_join(t->net, c->n, (const float *[]){ half[0] + at, half[1] + at }, &c->f);
}

static void run_op(const struct trainer *t, struct worker *w, struct op op, struct chunk *c)
{
	const struct net *net = t->net;
	float *slope = t->work->slope + c->first;

	switch (op.kind) {
	case OP_INPUT:
		make_numbers(t, w, c);
		forward_input(net, t->field, w->row + c->first, 0, c->n, &c->f, &c->how);
		look_ahead(t, w, c);
		break;
	case OP_JOIN:
		join(t, w, c);
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
		fit_loss(t->work->value + c->first, slope, c->f.z, t->how, w->row + c->first, c->n,
			w->n);
		break;
	case OP_LAYER:
		backward_layer(net, op.layer, slope, c->n, &c->f, &c->b, &c->how);
		break;
	case OP_NORM:
		backward_norm(net, op.layer, c->n, w->n, &c->f, &c->b, &c->how);
		break;
	case OP_EMBEDDED:
		run_embedded(t, w, c);
		break;
	}
}

void chunk_run(const struct trainer *t, struct worker *w, const struct phase *p, size_t chunk,
	size_t after)
{
	const struct net *net = t->net;
	size_t first = chunk * t->chunk, parts = trainer_parts(t, w->n);
	float *near = w->near[0];
	struct chunk c = { first, rows_of(t, w, chunk), after,
		forward_window(net, &t->work->forward, first),
		backward_window(net, &t->work->backward, first), w->training };

	if (near)
		c.f.x = near;
	c.f.fetch = &w->fetch;
	c.f.unread = net->has->linear || net->has->fm ? NULL : t->tabled.on;
	c.b.hinted = t->mimic && parts > first ? parts - first : 0;
	c.how.draw.first += first;
	c.how.at = first;
	for (size_t i = p->from; i < p->to; i++)
		run_op(t, w, t->program.op[i], &c);
	w->near[0] = w->near[1];
	w->near[1] = near;
}
