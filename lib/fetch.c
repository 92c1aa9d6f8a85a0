#include "fetch.h"

#include <stdlib.h>
#include <string.h>

#include "common.h"
#include "gemm.h"
#include "mem.h"

static size_t lines_of(size_t n)
{
	return (n + AHEAD_LINE - 1) / AHEAD_LINE;
}

struct fetch fetch_new(const struct net *net, bool training)
{
	struct fetch fetch = { .x = NULL };
	size_t vectors =
		training && net_far(net)
			? net->slots * 2 * (lines_of(net->table.dim) + 1) + lines_of(net->ldx)
			: 0;
	size_t lines = 0, rows = 0;

	for (size_t f = 0; f < net->shape.fields; f++) {
		bool number = net->shape.field[f].kind == NET_NUM;

		rows += fetch_makes(net, f);
		lines += number ? !fetch_makes(net, f)
				: training && net->shape.field[f].kind == NET_CAT;
	}
	fetch.makes = rows > 0;
	fetch.any = rows || lines || vectors;
	fetch.row = mem_new(IDS_CHUNK * rows + AHEAD_SOON, sizeof *fetch.row);
	fetch.line = mem_new(IDS_CHUNK * (lines + vectors), sizeof *fetch.line);
	fetch.vector = mem_new(IDS_CHUNK * vectors, sizeof *fetch.vector);
	return fetch;
}

void fetch_free(struct fetch *fetch)
{
	free(fetch->row);
	free(fetch->line);
	free(fetch->vector);
}

/* The entry of a column that the row there reads. */
static uint64_t entry(const struct net_field *in, const struct fetch_next *next, size_t at)
{
	return ids_entry(in, next->row ? next->row[at] : at);
}

static void list_lookup(
	struct fetch *fetch, const struct net_field *in, const struct fetch_next *next)
{
	const float **line = fetch->line + fetch->forward.lines;

	for (size_t r = 0; r < next->laters; r++) {
		*line = ids_line(in, next->later[r]);
		line += *line != NULL;
	}
	fetch->forward.lines = (size_t)(line - fetch->line);
}

/* A row of a table of vectors or of moments. */
static const float **list_row(const float **line, const float *table, size_t id, size_t dim)
{
	for (size_t j = 0; j < dim; j += AHEAD_LINE)
		*line++ = table + id * dim + j;
	return line;
}

static void list_vectors(struct fetch *fetch, const struct net *net, const struct fetch_next *next,
	const struct ids *ids)
{
	const struct embed_table *t = &net->table;
	const float **line = fetch->vector + fetch->back.lines;

	for (size_t r = next->first; r < next->first + next->n; r++) {
		line = list_row(line, t->w, ids->of[r], t->dim);
		if (t->linear)
			*line++ = t->linear + ids->of[r];
	}
	fetch->back.lines = (size_t)(line - fetch->vector);
}

/* Moments of rare ids, which take their steps when gradients go back to them (common.h). */
static void list_rare(struct fetch *fetch, const struct net *net, const struct fetch_next *next,
	const struct ids *ids)
{
	const struct embed_table *t = &net->table;
	const float **line = fetch->line + fetch->forward.lines;
	struct common_rows rare = common_rare(ids, next->now, next->nows);

	for (size_t i = 0; i < rare.n; i++) {
		size_t id = ids->of[rare.row[i]];

		if (t->m)
			line = list_row(line, t->m, id, t->dim);
		line = list_row(line, t->v, id, t->m ? t->dim : 1);
		if (t->linear_m)
			*line++ = t->linear_m + id;
		if (t->linear)
			*line++ = t->linear_v + id;
	}
	fetch->forward.lines = (size_t)(line - fetch->line);
}

static void list_few(struct fetch *fetch, const struct net_field *in, const struct fetch_next *next)
{
	for (size_t r = 0; r < next->n; r++) {
		uint64_t e = entry(in, next, next->first + r);

		if (e != UINT64_MAX)
			fetch->line[fetch->forward.lines++] = in->num + e * in->values;
	}
}

static void list_many(struct fetch *fetch, const struct net *net, size_t f,
	const struct net_field *in, const struct fetch_next *next)
{
	size_t width = net->shape.field[f].values, place = net->place[f] + next->from;
	size_t n = next->numbers ? next->numbers : width;

	for (size_t r = 0; r < next->n; r++) {
		uint64_t e = entry(in, next, next->first + r);
		float *x = next->x + r * net->ldx + net->at[f] + next->from;

		if (e == UINT64_MAX) {
			memset(x, 0, n * sizeof *x);
			continue;
		}
		fetch->row[fetch->forward.rows++] =
			(struct ahead_row){ in->num + e * width + next->from, net->mean + place,
				net->scale + place, x, n };
		fetch->forward.steps += lines_of(n);
	}
}

/* What the list after this one most likely begins with. */
static void list_soon(struct fetch *fetch, const struct net *net, const struct net_field *field,
	const struct fetch_next *next)
{
	struct ahead_row *soon = fetch->row + fetch->forward.rows;
	size_t f = 0;

	memset(soon, 0, AHEAD_SOON * sizeof *soon);
	while (f < net->shape.fields && !fetch_makes(net, f))
		f++;
	for (size_t i = 0; i < AHEAD_SOON && next->then + i < next->end; i++) {
		uint64_t e =
			f < net->shape.fields ? entry(field + f, next, next->then + i) : UINT64_MAX;

		if (e != UINT64_MAX)
			soon[i].from = field[f].num + e * net->shape.field[f].values + next->from;
	}
}

void fetch_list(struct fetch *fetch, const struct net *net, const struct net_field *field,
	const struct fetch_next *next)
{
	if (!fetch->any)
		return;
	fetch->forward = (struct ahead){ .row = fetch->row, .line = fetch->line };
	fetch->back = (struct ahead){ .line = fetch->vector };
	fetch->x = next->n ? next->x : NULL;
	for (size_t j = 0; next->ids && net_far(net) && !next->near && j < next->n * net->ldx;
		j += AHEAD_LINE)
		fetch->vector[fetch->back.lines++] = next->x + j;
	for (size_t f = 0; f < net->shape.fields; f++) {
		enum net_kind kind = net->shape.field[f].kind;

		if (kind == NET_CAT)
			list_lookup(fetch, field + f, next);
		if (next->unread && next->unread[f])
			continue;
		if (fetch_makes(net, f))
			list_many(fetch, net, f, field + f, next);
		else if (kind == NET_NUM)
			list_few(fetch, field + f, next);
		else if (kind == NET_CAT && next->ids && net_far(net))
			list_vectors(fetch, net, next, next->ids + f);
		if (next->ids && next->ids[f].parted)
			list_rare(fetch, net, next, next->ids + f);
	}
	fetch->forward.steps += fetch->forward.lines;
	if (fetch->back.lines)
		fetch->back.steps = fetch->back.lines / next->products + 1;
	list_soon(fetch, net, field, next);
}

bool fetch_done(struct fetch *fetch, const float *x)
{
	bool made = fetch && fetch->x == x;

	if (made) {
		SIMD_CALL(ahead_rest, &fetch->forward);
		fetch->x = NULL;
	}
	return made;
}
