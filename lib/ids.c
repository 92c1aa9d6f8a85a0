#include "ids.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "rng.h"
#include "wide.h"

enum { RADIX = 11 }; /* bits sorted in one pass */

bool ids_hidden(const struct ids_draw *draw, size_t field, size_t i)
{
	return draw && draw->unknown > 0 &&
	       rng_unit(rng_derive(draw->seed, field), RNG_UNKNOWN, draw->first + i) <
		       draw->unknown;
}

void ids_of(const struct net *net, size_t field, const struct net_field *f, const uint32_t *row,
	uint64_t first, size_t n, uint32_t *id, const struct ids_draw *draw)
{
	uint32_t unknown = net_unknown(net, field), base = net->base[field];
	uint64_t values = net->shape.field[field].values;

	for (size_t i = 0; i < n; i++) {
		uint64_t at = row ? row[i] : first + i;

		if (f->key && (at = f->key[at]) >= f->entries) {
			id[i] = unknown;
			continue;
		}
		if (f->cat)
			at = f->cat[at];
		id[i] = at < values ? base + (uint32_t)at : unknown;
	}
	for (size_t i = 0; draw && draw->unknown > 0 && i < n; i++)
		if (ids_hidden(draw, field, i))
			id[i] = unknown;
}

/* ---- those of a batch ---- */

/* Room for n rows and `entries` entries. */
static void make_room(struct ids *s, size_t n, size_t entries, bool weighted)
{
	if (weighted && (n > s->rows || !s->at))
		s->at = mem_grow(s->at, n + 1, sizeof *s->at);
	s->rows = n > s->rows ? n : s->rows;
	if (entries <= s->room)
		return;
	s->room = entries + entries / 2;
	s->of = mem_grow(s->of, s->room, sizeof *s->of);
	s->id = mem_grow(s->id, s->room, sizeof *s->id);
	s->row = mem_grow(s->row, s->room, sizeof *s->row);
	s->spare_id = mem_grow(s->spare_id, s->room, sizeof *s->id);
	s->spare_row = mem_grow(s->spare_row, s->room, sizeof *s->row);
	if (!weighted)
		return;
	s->of_row = mem_grow(s->of_row, s->room, sizeof *s->of_row);
	s->share = mem_grow(s->share, s->room, sizeof *s->share);
	s->weight = mem_grow(s->weight, s->room, sizeof *s->weight);
	s->spare_weight = mem_grow(s->spare_weight, s->room, sizeof *s->weight);
}

/* One stable pass of a radix sort over `bits` bits at `shift`, from what is there by row, or by the
 * pass before; ids beyond `values` are left out by the first. */
static void radix_pass(struct ids *s, unsigned shift, unsigned bits, uint32_t base, uint32_t values)
{
	uint32_t count[(1 << RADIX) + 1] = { 0 }, mask = (1u << bits) - 1;
	const uint32_t *id = shift ? s->spare_id : s->of, *row = shift ? s->spare_row : s->of_row;
	const float *weight = shift ? s->spare_weight : s->share;
	size_t n = shift ? s->n : s->listed;

	for (size_t i = 0; i < n; i++)
		if (id[i] - base < values)
			count[((id[i] - base) >> shift & mask) + 1]++;
	for (uint32_t i = 0; i <= mask; i++)
		count[i + 1] += count[i];
	s->n = count[mask + 1];
	for (size_t i = 0; i < n; i++) {
		uint32_t to;

		if (id[i] - base >= values)
			continue;
		to = count[(id[i] - base) >> shift & mask]++;
		s->id[to] = id[i];
		s->row[to] = row ? row[i] : (uint32_t)i;
		if (weight)
			s->weight[to] = weight[i];
	}
}

/* Ids [base, base + values), by their difference, so that small fields take one pass. */
static void sort(struct ids *s, uint32_t base, uint32_t values)
{
	unsigned bits = 1;

	while (bits < 32 && values > (uint64_t)1 << bits)
		bits++;
	for (unsigned shift = 0; shift < bits; shift += RADIX) {
		uint32_t *id = s->spare_id, *row = s->spare_row;
		float *weight = s->spare_weight;

		s->spare_id = s->id;
		s->spare_row = s->row;
		s->spare_weight = s->weight;
		s->id = id;
		s->row = row;
		s->weight = weight;
		radix_pass(s, shift, bits - shift < RADIX ? bits - shift : RADIX, base, values);
	}
}

static void list_categories(struct ids *s, const struct net *net, size_t f,
	const struct net_field *in, const uint32_t *row, size_t n, const struct ids_draw *draw)
{
	struct ids_draw here = *draw;

	make_room(s, n, n, false);
	for (size_t first = 0; first < n; first += IDS_CHUNK) {
		size_t m = n - first < IDS_CHUNK ? n - first : IDS_CHUNK;

		here.first = draw->first + first;
		ids_of(net, f, in, row + first, 0, m, s->of + first, &here);
	}
	s->listed = n;
}

static void add(struct ids *s, uint32_t id, size_t row, float share)
{
	s->of[s->listed] = id;
	s->of_row[s->listed] = (uint32_t)row;
	s->share[s->listed++] = share;
}

static void list_bags(struct ids *s, const struct net *net, size_t f, const struct net_field *in,
	const uint32_t *row, size_t n, const struct ids_draw *draw)
{
	uint32_t values = net->shape.field[f].values, base = net->base[f];
	bool unknown = net->shape.unknown;

	make_room(s, n, n, true);
	for (size_t r = 0; r < n; r++) {
		uint64_t e = ids_hidden(draw, f, r) ? UINT64_MAX : ids_entry(in, row[r]);
		uint64_t from = e == UINT64_MAX ? 0 : in->at[e];
		uint64_t to = e == UINT64_MAX ? 0 : in->at[e + 1];
		const float *weight = in->weight ? in->weight + from : NULL;
		float unit = embed_unit(weight, to - from, net->shape.sum);

		if (s->listed + (to - from) >= s->room)
			make_room(s, n, s->listed + (to - from) + 1, true);
		s->at[r] = (uint32_t)s->listed;
		if (from == to && unknown)
			add(s, base + values, r, 1);
		for (uint64_t i = from; i < to; i++)
			if (in->id[i] < values || unknown)
				add(s, base + (in->id[i] < values ? in->id[i] : values), r,
					weight ? weight[i - from] * unit : unit);
	}
	s->at[n] = (uint32_t)s->listed;
}

void ids_list(struct ids *s, const struct net *net, size_t f, const struct net_field *in,
	const uint32_t *row, size_t n, const struct ids_draw *draw)
{
	s->listed = 0;
	if (net->shape.field[f].kind == NET_CAT)
		list_categories(s, net, f, in, row, n, draw);
	else
		list_bags(s, net, f, in, row, n, draw);
	sort(s, net->base[f], net->rows[f]);
}

void ids_list_wide(struct ids *s, const struct net *net, size_t wide, const struct net_field *field,
	const uint32_t *row, size_t n)
{
	uint32_t bucket[WIDE_MOST], base = (uint32_t)net_wide_base(net, wide);

	s->listed = 0;
	make_room(s, n, n, true);
	for (size_t r = 0; r < n; r++) {
		size_t m = wide_buckets(net, wide, field, row[r], bucket);

		make_room(s, n, s->listed + m, true);
		s->at[r] = (uint32_t)s->listed;
		for (size_t i = 0; i < m; i++)
			add(s, base + bucket[i], r, net->shape.sum ? 1 : 1 / (float)m);
	}
	s->at[n] = (uint32_t)s->listed;
	sort(s, base, 1u << net->shape.wide_bits);
}

void ids_free(struct ids *s)
{
	free(s->of);
	free(s->at);
	free(s->share);
	free(s->id);
	free(s->row);
	free(s->weight);
	free(s->of_row);
	free(s->spare_id);
	free(s->spare_row);
	free(s->spare_weight);
}
