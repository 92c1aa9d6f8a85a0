#include "infer.h"

#include <stdlib.h>
#include <string.h>

#include "forward.h"
#include "gemm.h"
#include "mem.h"

enum {
	MOST_TABLE = 1 << 24, /* floats of a table */
	TURN = 4, /* chunks that a thread takes at a time */
};

/* ---- the first layer ---- */

/* The inputs of one kind of field. */
struct group {
	struct gemm_run *run;
	size_t runs;
	bool *field; /* which they are */
	const uint32_t *key; /* of all of them; NULL: none, or not the same */
	size_t entries; /* a key beyond is unknown to all */
	float *table; /* (entries + 1, width), the last one of an unknown key; or NULL */
};

enum { USER, ITEM, REST, GROUPS };

struct first {
	struct group group[GROUPS];
	size_t groups; /* that have inputs */
	bool *unread; /* fields that need not be gathered */
};

static size_t group_of(const struct net_field *in)
{
	return !in->key || in->placed ? REST : in->item ? ITEM : USER;
}

static void join_group(struct first *x, const struct net *net, size_t f, const struct net_field *in)
{
	struct group *g = x->group + group_of(in);
	bool number = in->kind == NET_NUM;
	size_t entries = in->entries == UINT64_MAX ? net->shape.field[f].values : in->entries;

	x->groups += !g->runs;
	g->key = !g->runs || g->key == in->key ? in->key : NULL;
	g->entries = entries > g->entries ? entries : g->entries;
	g->field[f] = true;
	g->run[g->runs++] = (struct gemm_run){ net->at[f],
		number ? net->shape.field[f].values : net->table.dim };
}

static struct first first_new(const struct net *net, const struct net_field *field)
{
	size_t fields = net->shape.fields;
	struct first x = { .unread = mem_new(fields, sizeof *x.unread) };

	for (size_t g = 0; g < GROUPS; g++) {
		x.group[g].run = mem_new(fields, sizeof *x.group[g].run);
		x.group[g].field = mem_new(fields, sizeof *x.group[g].field);
	}
	for (size_t f = 0; f < fields; f++)
		join_group(&x, net, f, field + f);
	/* one sum, as ever, where there is one group, or what is read is read by others too */
	if (!net->layers || net->towers > 1 || net->shape.crosses)
		x.groups = 1;
	return x;
}

static void first_free(struct first *x)
{
	for (size_t g = 0; g < GROUPS; g++) {
		free(x->group[g].run);
		free(x->group[g].field);
		free(x->group[g].table);
	}
	free(x->unread);
}

/* c = the group's sums, with the bias or not; onto: added to c. */
static void sum_group(const struct net *net, const struct group *g, bool bias, bool onto, size_t n,
	const struct forward_rows *b, float *c)
{
	const struct net_layer *y = net->layer;
	const struct gemm sums = { .a = b->x,
		.lda = net->ldx,
		.w = y->weights.w,
		.k = y->in,
		.height = y->in + 1,
		.panels = y->panels,
		.cols = y->out,
		.end = bias ? GEMM_BIAS : GEMM_PLAIN,
		.onto = onto,
		.ahead = b->fetch ? &b->fetch->forward : NULL,
		.run = g->run,
		.runs = g->runs };

	SIMD_CALL(gemm_forward, c, y->width, &sums, n);
}

/* Fields as a table reads them: row e has key e. */
static struct net_field *by_entry(
	const struct net *net, const struct net_field *field, const uint32_t *entry)
{
	struct net_field *own = mem_new(net->shape.fields, sizeof *own);

	memcpy(own, field, net->shape.fields * sizeof *own);
	for (size_t f = 0; f < net->shape.fields; f++)
		own[f].key = entry;
	return own;
}

static void fill_table(
	const struct net *net, struct group *g, const struct net_field *field, bool bias)
{
	size_t rows = g->entries + 1, width = net->layer[0].width, chunk = forward_chunk(net);
	uint32_t *entry = mem_new(rows, sizeof *entry);
	struct net_field *own = by_entry(net, field, entry);

	for (size_t e = 0; e < rows; e++)
		entry[e] = e < g->entries ? (uint32_t)e : UINT32_MAX;
	g->table = mem_new(rows * width, sizeof *g->table);
#pragma omp parallel
	{
		struct forward_rows b = forward_new(net, chunk);

#pragma omp for schedule(dynamic, 1)
		for (size_t first = 0; first < rows; first += chunk) {
			size_t n = rows - first < chunk ? rows - first : chunk;

			for (size_t f = 0; f < net->shape.fields; f++)
				if (g->field[f])
					forward_field(net, f, own + f, NULL, first, n, &b, NULL);
			sum_group(net, g, bias, false, n, &b, g->table + first * width);
		}
		forward_free(net, &b);
	}
	free(own);
	free(entry);
}

/* Tables where they pay for n rows. */
static void first_fill(
	struct first *x, const struct net *net, const struct net_field *field, size_t n)
{
	bool begins = true;

	for (size_t i = USER; i <= ITEM && x->groups > 1; i++) {
		struct group *g = x->group + i;

		if (!g->runs)
			continue;
		if (g->key && g->entries < n / 2 && g->entries * net->layer[0].width < MOST_TABLE)
			fill_table(net, g, field, begins);
		begins = false;
		for (size_t f = 0; f < net->shape.fields; f++)
			if (g->field[f] && g->table && !net->has->linear && !net->has->fm)
				x->unread[f] = true;
	}
}

static void look_up(
	const struct group *g, const uint32_t *row, size_t first, size_t n, uint32_t *at)
{
	for (size_t r = 0; r < n; r++) {
		uint32_t e = g->key[row ? row[r] : first + r];

		at[r] = e < g->entries ? e : (uint32_t)g->entries;
	}
}

/* The sums of the first layer for a chunk of rows, with the end that the fused kernels have. */
static void first_sums(const struct net *net, const struct first *x, const uint32_t *row,
	size_t first, size_t n, struct forward_rows *b)
{
	const struct net_layer *y = net->layer;
	float *c = forward_target(net, 0, b);
	uint32_t at[2][FORWARD_CHUNK];
	struct embed_lookup from[2] = { { NULL, at[0] }, { NULL, at[1] } };
	size_t left = x->groups, tables = 0;
	bool begins = true, relu = false;

	for (size_t i = 0; i < GROUPS; i++) {
		const struct group *g = x->group + i;

		if (!g->runs)
			continue;
		left--;
		if (g->table) {
			look_up(g, row, first, n, at[tables]);
			from[tables++].table = g->table;
			if (i == USER && x->group[ITEM].table)
				continue; /* both at once */
			relu = left == 0 && net_fused(y);
			SIMD_CALL(embed_join, c, y->width, from, n, !begins, relu);
		} else {
			sum_group(net, g, begins, !begins, n, b, c);
		}
		begins = false;
	}
	if (net_fused(y) && !relu)
		SIMD_CALL(active_apply, c, y->width, n, y->out, ACTIVE_RELU);
}

/* ---- rows ---- */

static void pass_layers(
	const struct net *net, size_t from, size_t to, size_t n, struct forward_rows *b)
{
	for (size_t l = from; l < to; l++) {
		forward_sums(net, l, n, b, NULL);
		forward_end(net, l, n, b, NULL);
	}
}

static void take_hidden(
	const struct net *net, size_t l, const struct forward_rows *b, size_t n, float *to)
{
	const struct net_layer *y = net->layer + l;

	for (size_t r = 0; r < n; r++)
		memcpy(to + r * y->out, b->h[l] + r * y->width, y->out * sizeof *to);
}

/* All rows: scores, and the outputs of the last hidden layer, or NULL. */
struct pass {
	const struct net *net;
	const struct net_field *field;
	const uint32_t *row;
	size_t n, chunk, chunks;
	struct first first;
	float *score, *hidden;
};

static size_t rows_of(const struct pass *p, size_t chunk)
{
	size_t at = chunk * p->chunk;

	return chunk >= p->chunks ? 0 : p->n - at < p->chunk ? p->n - at : p->chunk;
}

/* x: where the inputs of the chunk `after` will be. */
static void pass_chunk(
	const struct pass *p, size_t chunk, size_t after, struct forward_rows *b, float *x)
{
	const struct net *net = p->net;
	size_t at = chunk * p->chunk, n = rows_of(p, chunk), last = net->shape.layers - 1;
	const uint32_t *row = p->row ? p->row + at : NULL;
	bool apart = net->layers && p->first.groups > 1;
	struct fetch_next next = { .row = p->row,
		.first = after * p->chunk,
		.n = rows_of(p, after),
		.then = (after + 1) * p->chunk,
		.end = p->n,
		.unread = p->first.unread,
		.x = x };

	forward_input(net, p->field, row, at, n, b, NULL);
	fetch_list(b->fetch, net, p->field, &next);
	if (apart) {
		first_sums(net, &p->first, row, at, n, b);
		forward_end(net, 0, n, b, NULL);
	}
	pass_layers(net, apart, net->layers, n, b);
	forward_output(net, n, b);
	memcpy(p->score + at, b->z, n * sizeof *p->score);
	if (p->hidden)
		take_hidden(net, last, b, n, p->hidden + at * net->layer[last].out);
}

/* A thread takes some chunks in a row. */
static size_t claim(size_t *next)
{
	size_t i;

#pragma omp atomic capture
	i = (*next)++;
	return i * TURN;
}

/* What a thread does. It has inputs for two chunks: while it passes one on, it fetches its next one
 * into the other. */
static void pass_some(const struct pass *p, size_t *next)
{
	struct forward_rows b = forward_new(p->net, p->chunk);
	struct fetch fetch = fetch_new(p->net, false);
	float *other = mem_new(fetch.makes ? p->chunk * p->net->ldx : 0, sizeof *other);
	size_t after;

	b.fetch = &fetch;
	b.unread = p->first.unread;
	for (size_t c = claim(next); c < p->chunks; c = after) {
		float *x = b.x;

		after = (c + 1) % TURN ? c + 1 : claim(next);
		pass_chunk(p, c, after, &b, other);
		if (!fetch.makes)
			continue;
		b.x = other;
		other = x;
	}
	free(other);
	fetch_free(&fetch);
	forward_free(p->net, &b);
}

static void pass_all(const struct net *net, const struct net_field *field, const uint32_t *row,
	size_t n, float *score, float *hidden)
{
	size_t most = forward_chunk(net), chunk = n && n < most ? n : most, next = 0;
	struct pass p = { .net = net,
		.field = field,
		.row = row,
		.n = n,
		.chunk = chunk,
		.chunks = (n + chunk - 1) / chunk,
		.first = first_new(net, field),
		.score = score,
		.hidden = hidden };

	first_fill(&p.first, net, field, n);
#pragma omp parallel if (p.chunks > 1)
	pass_some(&p, &next);
	first_free(&p.first);
}

void infer_scores(const struct net *net, const struct net_field *field, const uint32_t *row,
	size_t n, float *score)
{
	pass_all(net, field, row, n, score, NULL);
}

void infer_hidden(const struct net *net, const struct net_field *field, const uint32_t *row,
	size_t n, float *score, float *hidden)
{
	pass_all(net, field, row, n, score, hidden);
}

void infer_tower(
	const struct net *net, size_t tower, const struct net_field *field, size_t n, float *vector)
{
	size_t chunk = forward_chunk(net), chunks = (n + chunk - 1) / chunk;
	size_t depth = net->shape.layers;
	size_t end = (tower + 1) * depth, out = net->layer[end - 1].out;

#pragma omp parallel if (chunks > 1)
	{
		struct forward_rows b = forward_new(net, chunk);

#pragma omp for schedule(dynamic, 4)
		for (size_t c = 0; c < chunks; c++) {
			size_t first = c * chunk, m = n - first < chunk ? n - first : chunk;

			for (size_t f = 0; f < net->shape.fields; f++)
				if (net->shape.field[f].item == tower)
					forward_field(net, f, field + f, NULL, first, m, &b, NULL);
			pass_layers(net, end - depth, end, m, &b);
			take_hidden(net, end - 1, &b, m, vector + first * out);
		}
		forward_free(net, &b);
	}
}
