#include "tabled.h"

#include <stdlib.h>

#include "mem.h"

enum {
	WORTH = 8, /* rows of a batch for each value, from which on a table pays */
	ENTRIES = 64, /* added up at once */
};

/* n inputs more, of the last run if they follow it. */
static size_t add_run(struct gemm_run *run, size_t runs, size_t from, size_t n)
{
	struct gemm_run *last = run + runs - 1;

	if (runs && last->from + last->n == from)
		last->n += n;
	else if (n)
		run[runs++] = (struct gemm_run){ from, n };
	return runs;
}

size_t tabled_runs(struct gemm_run *run, const struct net *net, const bool *here, const bool *there)
{
	size_t runs = 0, dim = net->table.dim;

	for (size_t f = 0; f < net->shape.fields; f++)
		if (net->shape.field[f].kind != NET_NUM && !here[f] && !(there && there[f]))
			runs = add_run(run, runs, net->at[f], dim);
	return add_run(run, runs, net->slots * dim, net->numbers);
}

struct tabled tabled_new(const struct net *net, size_t batch)
{
	const struct net_shape *s = &net->shape;
	struct tabled t = { .on = mem_new(s->fields, sizeof *t.on),
		.field = mem_new(s->fields, sizeof *t.field),
		.first = mem_new(s->fields, sizeof *t.first),
		.run = mem_new(s->fields + 1, sizeof *t.run) };

	if (!s->layers || net->towers > 1 || s->crosses || !net->table.dim)
		return t;
	t.width = net->layer[0].width;
	for (size_t f = 0; f < s->fields; f++) {
		if (s->field[f].kind == NET_NUM)
			continue;
		if ((size_t)net->rows[f] * WORTH > batch)
			continue;
		t.on[f] = true;
		t.first[f] = t.rows;
		t.field[t.fields++] = f;
		t.rows += net->rows[f];
	}
	t.runs = tabled_runs(t.run, net, t.on, NULL);
	return t;
}

void tabled_free(struct tabled *t)
{
	free(t->on);
	free(t->field);
	free(t->first);
	free(t->run);
}

void tabled_fill(const struct tabled *t, const struct net *net, float *table)
{
	const struct net_layer *y = net->layer;
	size_t dim = net->table.dim;

	for (size_t i = 0; i < t->fields; i++) {
		size_t f = t->field[i];
		struct gemm g = { .a = net->table.w + net->base[f] * dim,
			.lda = dim,
			.w = y->weights.w + net->at[f] * GEMM_PANEL,
			.k = dim,
			.height = y->in + 1,
			.panels = y->panels,
			.end = GEMM_PLAIN };

		SIMD_CALL(gemm_forward, table + t->first[f] * t->width, t->width, &g, net->rows[f]);
	}
}

/* Entries of a row that wait to be added up. */
struct wait {
	uint32_t entry[ENTRIES];
	float share[ENTRIES];
	size_t n;
	bool onto;
};

static void add_up(struct wait *w, const struct tabled *t, const float *table, float *sum)
{
	SIMD_CALL(embed_sum, sum, table, t->width, w->entry, w->share, w->n, w->onto);
	w->n = 0;
	w->onto = true;
}

void tabled_sum(const struct tabled *t, const struct net *net, const float *table,
	const struct ids *ids, size_t first, size_t n, float *sum)
{
	struct wait w = { .n = 0 };

	for (size_t r = first; r < first + n; r++, sum += t->width) {
		w.onto = false;
		for (size_t i = 0; i < t->fields; i++) {
			size_t f = t->field[i];
			const struct ids *s = ids + f;
			uint32_t move = (uint32_t)t->first[f] - net->base[f];
			size_t from = s->at ? s->at[r] : r, to = s->at ? s->at[r + 1] : r + 1;

			for (size_t k = from; k < to; k++) {
				if (s->of[k] == net->table.rows) /* unknown: 0 */
					continue;
				if (w.n == ENTRIES)
					add_up(&w, t, table, sum);
				w.entry[w.n] = s->of[k] + move;
				w.share[w.n++] = s->at ? s->share[k] : 1;
			}
		}
		add_up(&w, t, table, sum);
	}
}
