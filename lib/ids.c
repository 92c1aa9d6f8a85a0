#include "ids.h"

#include <stdlib.h>

#include "mem.h"
#include "wide.h"

static void add(struct ids *s, uint32_t id, uint32_t row, float weight, bool weighted)
{
	if (s->n == s->room) {
		s->room = s->room ? 2 * s->room : 1024;
		s->id = mem_grow(s->id, s->room, sizeof *s->id);
		s->row = mem_grow(s->row, s->room, sizeof *s->row);
		s->spare_id = mem_grow(s->spare_id, s->room, sizeof *s->id);
		s->spare_row = mem_grow(s->spare_row, s->room, sizeof *s->row);
		if (weighted) {
			s->weight = mem_grow(s->weight, s->room, sizeof *s->weight);
			s->spare_weight = mem_grow(s->spare_weight, s->room, sizeof *s->weight);
		}
	}
	s->id[s->n] = id;
	s->row[s->n] = row;
	if (weighted)
		s->weight[s->n] = weight;
	s->n++;
}

/* One stable pass of a radix sort over `bits` bits at `shift`. */
static void radix_pass(struct ids *s, unsigned shift, unsigned bits)
{
	uint32_t count[2049] = { 0 }, mask = (1u << bits) - 1;
	uint32_t *id = s->spare_id, *row = s->spare_row;
	float *weight = s->spare_weight;

	for (size_t i = 0; i < s->n; i++)
		count[(s->id[i] >> shift & mask) + 1]++;
	for (uint32_t i = 0; i < mask; i++)
		count[i + 1] += count[i];
	for (size_t i = 0; i < s->n; i++) {
		uint32_t to = count[s->id[i] >> shift & mask]++;

		id[to] = s->id[i];
		row[to] = s->row[i];
		if (weight)
			weight[to] = s->weight[i];
	}
	s->spare_id = s->id;
	s->spare_row = s->row;
	s->spare_weight = s->weight;
	s->id = id;
	s->row = row;
	s->weight = weight;
}

static void sort(struct ids *s, uint64_t values, uint32_t base)
{
	unsigned bits = 1;

	while (bits < 32 && values > (uint64_t)1 << bits)
		bits++;
	for (unsigned shift = 0; shift < bits; shift += 11)
		radix_pass(s, shift, bits - shift < 11 ? bits - shift : 11);
	for (size_t i = 0; i < s->n; i++)
		s->id[i] += base;
}

static void list_categories(struct ids *s, const struct net *net, size_t f,
	const struct net_field *in, const uint32_t *row, size_t n,
	const struct forward_training *how)
{
	uint32_t id[FORWARD_CHUNK], base = net->base[f];
	struct forward_training here = *how;

	for (size_t first = 0; first < n; first += FORWARD_CHUNK) {
		size_t m = n - first < FORWARD_CHUNK ? n - first : FORWARD_CHUNK;

		here.first = how->first + first;
		forward_ids(net, f, in, row + first, 0, m, id, &here);
		for (size_t i = 0; i < m; i++)
			if (id[i] != net->table.rows)
				add(s, id[i] - base, (uint32_t)(first + i), 1, false);
	}
}

static void list_bags(struct ids *s, const struct net *net, size_t f, const struct net_field *in,
	const uint32_t *row, size_t n, const struct forward_training *how)
{
	uint32_t values = net->shape.field[f].values;
	bool unknown = net->shape.unknown;

	for (size_t r = 0; r < n; r++) {
		uint64_t e = forward_hides(how, f, r) ? UINT64_MAX : forward_entry(in, row[r]);
		uint64_t from = e == UINT64_MAX ? 0 : in->at[e];
		uint64_t to = e == UINT64_MAX ? 0 : in->at[e + 1];
		const float *weight = in->weight ? in->weight + from : NULL;
		float unit = embed_unit(weight, to - from, net->shape.sum);

		if (from == to && unknown)
			add(s, values, (uint32_t)r, 1, true);
		for (uint64_t i = from; i < to; i++)
			if (in->id[i] < values || unknown)
				add(s, in->id[i] < values ? in->id[i] : values, (uint32_t)r,
					weight ? weight[i - from] * unit : unit, true);
	}
}

/* Ids relative to the field's base while sorting, so that small fields take one pass. */
void ids_list(struct ids *s, const struct net *net, size_t f, const struct net_field *in,
	const uint32_t *row, size_t n, const struct forward_training *how)
{
	s->n = 0;
	if (net->shape.field[f].kind == NET_CAT)
		list_categories(s, net, f, in, row, n, how);
	else
		list_bags(s, net, f, in, row, n, how);
	sort(s, net->rows[f], net->base[f]);
}

void ids_list_wide(struct ids *s, const struct net *net, size_t wide, const struct net_field *field,
	const uint32_t *row, size_t n)
{
	uint32_t bucket[WIDE_MOST];

	s->n = 0;
	for (size_t r = 0; r < n; r++) {
		size_t m = wide_buckets(net, wide, field, row[r], bucket);

		for (size_t i = 0; i < m; i++)
			add(s, bucket[i], (uint32_t)r, net->shape.sum ? 1 : 1 / (float)m, true);
	}
	sort(s, (uint64_t)1 << net->shape.wide_bits, (uint32_t)net_wide_base(net, wide));
}

void ids_free(struct ids *s)
{
	free(s->id);
	free(s->row);
	free(s->spare_id);
	free(s->spare_row);
	free(s->weight);
	free(s->spare_weight);
}
