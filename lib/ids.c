#include "ids.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "rng.h"
#include "wide.h"

enum { RADIX = 11, PASSES = 3 }; /* most bits sorted in one pass; passes for 32 of them */

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
	uint32_t values = net->shape.field[field].values;
	const uint32_t *key = f->key, *cat = f->cat;

	if (!key && cat && row) { /* the plain column, without questions */
		for (size_t i = 0; i < n; i++) {
			uint32_t at = cat[row[i]];

			id[i] = at < values ? base + at : unknown;
		}
	} else {
		for (size_t i = 0; i < n; i++) {
			uint64_t at = row ? row[i] : first + i;

			if (key && (at = key[at]) >= f->entries) {
				id[i] = unknown;
				continue;
			}
			if (cat)
				at = cat[at];
			id[i] = at < values ? base + (uint32_t)at : unknown;
		}
	}
	for (size_t i = 0; draw && draw->unknown > 0 && i < n; i++)
		if (ids_hidden(draw, field, i))
			id[i] = unknown;
}

/* ---- those of a batch ---- */

/* Room for n rows and `entries` entries; of bags, for some more. */
static void make_room(struct ids *s, size_t n, size_t entries, bool weighted)
{
	if (weighted && (n > s->rows || !s->at))
		s->at = mem_grow(s->at, n + 1, sizeof *s->at);
	s->rows = n > s->rows ? n : s->rows;
	if (entries <= s->room)
		return;
	s->room = weighted ? entries + entries / 2 : entries;
	s->of = mem_grow(s->of, s->room, sizeof *s->of);
	s->id = mem_grow(s->id, s->room, sizeof *s->id);
	s->row = mem_grow(s->row, s->room, sizeof *s->row);
	if (!weighted)
		return;
	s->of_row = mem_grow(s->of_row, s->room, sizeof *s->of_row);
	s->share = mem_grow(s->share, s->room, sizeof *s->share);
	s->weight = mem_grow(s->weight, s->room, sizeof *s->weight);
}

static void make_spare(struct ids_spare *spare, size_t entries)
{
	if (entries <= spare->room)
		return;
	spare->room = entries;
	spare->id = mem_grow(spare->id, entries, sizeof *spare->id);
	spare->row = mem_grow(spare->row, entries, sizeof *spare->row);
	spare->weight = mem_grow(spare->weight, entries, sizeof *spare->weight);
}

/* n entries; row NULL: entry i is row i's; weight NULL: all weigh 1. */
struct entries {
	uint32_t *id, *row;
	float *weight;
	size_t n;
};

/* A radix sort of what ids have above base, `bits` bits a pass; those beyond `values` are left out.
 */
struct radix {
	uint32_t base, values;
	unsigned bits, passes;
	uint32_t count[PASSES][(1 << RADIX) + 1]; /* where entries of each value of the bits go */
};

/* In as few passes as go, of as few bits. */
static void radix_count(struct radix *r, const struct entries *from)
{
	const uint32_t *id = from->id;
	uint32_t mask;
	unsigned bits = 1;

	while (bits < 32 && r->values > (uint64_t)1 << bits)
		bits++;
	r->passes = (bits + RADIX - 1) / RADIX;
	r->bits = (bits + r->passes - 1) / r->passes;
	mask = (1u << r->bits) - 1;
	for (unsigned p = 0; p < r->passes; p++)
		memset(r->count[p], 0, ((1u << r->bits) + 1) * sizeof **r->count);
	for (size_t i = 0; i < from->n; i++) {
		uint32_t left = id[i] - r->base;

		if (left >= r->values)
			continue;
		r->count[0][(left & mask) + 1]++;
		if (r->passes > 1)
			r->count[1][(left >> r->bits & mask) + 1]++;
		if (r->passes > 2)
			r->count[2][(left >> 2 * r->bits) + 1]++;
	}
	for (unsigned p = 0; p < r->passes; p++)
		for (uint32_t i = 0; i < 1u << r->bits; i++)
			r->count[p][i + 1] += r->count[p][i];
}

/* Pass p, stable. */
static void radix_pass(struct radix *r, unsigned p, struct entries *to, const struct entries *from)
{
	uint32_t *restrict count = r->count[p], mask = (1u << r->bits) - 1, base = r->base;
	uint32_t *restrict to_id = to->id, *restrict to_row = to->row, values = r->values;
	float *restrict to_weight = to->weight;
	const uint32_t *id = from->id, *row = from->row;
	const float *weight = from->weight;
	unsigned shift = p * r->bits;

	for (size_t i = 0; i < from->n; i++) {
		uint32_t at;

		if (id[i] - base >= values)
			continue;
		at = count[(id[i] - base) >> shift & mask]++;
		to_id[at] = id[i];
		to_row[at] = row ? row[i] : (uint32_t)i;
		if (weight)
			to_weight[at] = weight[i];
	}
}

/* Ids [base, base + values), by their difference; the last pass ends in s. */
static void sort(struct ids *s, uint32_t base, uint32_t values, struct ids_spare *spare)
{
	struct entries from = { s->of, s->of_row, s->share, s->listed };
	struct radix radix;

	make_spare(spare, s->listed);
	radix.base = base;
	radix.values = values;
	radix_count(&radix, &from);
	s->n = radix.count[0][1u << radix.bits];
	for (unsigned p = 0; p < radix.passes; p++) {
		bool last = (radix.passes - p) % 2;
		struct entries to = { last ? s->id : spare->id, last ? s->row : spare->row,
			last ? s->weight : spare->weight, s->n };

		radix_pass(&radix, p, &to, &from);
		from = to;
		from.weight = s->share ? to.weight : NULL;
	}
}

/* Sets common ids apart. Which are is as good as random: no branch waits for it. */
static void part(struct ids *s, size_t n)
{
	uint32_t *restrict common = s->common, *restrict at = s->common_at;
	uint32_t *restrict row = s->common_row, before = UINT32_MAX;
	unsigned char *restrict is_rare = s->is_rare;
	size_t commons = 0, moved = 0, rares = 0;

	memset(is_rare, 0, n);
	for (size_t i = 0; i < s->n; i++) {
		uint32_t id = s->id[i];
		bool first = id != before, last = i + 1 == s->n || s->id[i + 1] != id;
		bool rare = first && last;

		is_rare[s->row[i]] = rare;
		common[commons] = id;
		at[commons] = (uint32_t)moved;
		commons += first && !last;
		row[moved] = s->row[i];
		moved += !rare;
		before = id;
	}
	at[commons] = (uint32_t)moved;
	for (size_t r = 0; r < n; r++) {
		s->rare[rares] = (uint32_t)r;
		rares += is_rare[r];
	}
	s->commons = commons;
	s->n = rares;
}

double ids_common(const struct ids *s, size_t n)
{
	size_t common = 0;

	for (size_t i = 0; i < s->n; i++)
		common += (i > 0 && s->id[i - 1] == s->id[i]) ||
			  (i + 1 < s->n && s->id[i + 1] == s->id[i]);
	return (double)common / (double)n;
}

void ids_part(struct ids *s, size_t n, size_t batch)
{
	s->parted = true;
	s->common = mem_new(batch / 2 + 1, sizeof *s->common);
	s->common_at = mem_new(batch / 2 + 1, sizeof *s->common_at);
	s->common_row = mem_new(batch + 1, sizeof *s->common_row);
	s->rare = mem_new(batch + 1, sizeof *s->rare);
	s->is_rare = mem_new(batch, 1);
	part(s, n);
}

void ids_room(struct ids *s, size_t n)
{
	make_room(s, n, n, false);
}

void ids_look(struct ids *s, const struct net *net, size_t f, const struct net_field *in,
	const uint32_t *row, size_t first, size_t n, const struct ids_draw *draw)
{
	struct ids_draw here = *draw;

	here.first += first;
	ids_of(net, f, in, row + first, 0, n, s->of + first, &here);
}

void ids_sort(struct ids *s, const struct net *net, size_t f, size_t n, struct ids_spare *spare)
{
	s->listed = n;
	sort(s, net->base[f], net->rows[f], spare);
	if (s->parted)
		part(s, n);
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
	const uint32_t *row, size_t n, const struct ids_draw *draw, struct ids_spare *spare)
{
	s->listed = 0;
	if (net->shape.field[f].kind == NET_CAT) {
		ids_room(s, n);
		for (size_t r = 0; r < n; r += IDS_CHUNK)
			ids_look(
				s, net, f, in, row, r, n - r < IDS_CHUNK ? n - r : IDS_CHUNK, draw);
		ids_sort(s, net, f, n, spare);
		return;
	}
	list_bags(s, net, f, in, row, n, draw);
	sort(s, net->base[f], net->rows[f], spare);
}

void ids_list_wide(struct ids *s, const struct net *net, size_t wide, const struct net_field *field,
	const uint32_t *row, size_t n, struct ids_spare *spare)
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
	sort(s, base, 1u << net->shape.wide_bits, spare);
}

void ids_step(struct net *net, size_t f, const uint32_t *id, size_t n, const float *g,
	const float *linear, const struct optim_step *how)
{
	struct embed_table *t = &net->table;
	struct optim_step paced = optim_paced(how, net->embedding_pace[f]);

	if (net->embedding_pace[f] > 0)
		SIMD_CALL(optim_step_rows, t->w, t->m, t->v, id, n, t->dim, g, &paced);
	paced = optim_paced(how, net->linear_pace[f]);
	if (t->linear && net->linear_pace[f] > 0)
		SIMD_CALL(optim_step_rows, t->linear, t->linear_m, t->linear_v, id, n, 1, linear,
			&paced);
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
	free(s->rare);
	free(s->common);
	free(s->common_at);
	free(s->common_row);
	free(s->is_rare);
}

void ids_spare_free(struct ids_spare *spare)
{
	free(spare->id);
	free(spare->row);
	free(spare->weight);
}
