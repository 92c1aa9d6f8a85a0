#include "graded.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

enum { MOST = 1 << 14, SLOTS = 1 << 16 }; /* grades that count as few, places of their table */

static bool taken(const struct mf_rows *rows, size_t r)
{
	return !rows->part || rows->part[r] == 0;
}

/* ---- grades ---- */

struct table {
	uint32_t slot[SLOTS]; /* number of a grade, plus 1 */
	float label[MOST], weight[MOST];
	uint32_t n, limit;
};

static bool same(float a, float b)
{
	return memcmp(&a, &b, sizeof a) == 0;
}

/* The grade's number; MOST when there are too many. */
static uint32_t number(struct table *t, float label, float weight)
{
	uint32_t a, b, at;

	memcpy(&a, &label, sizeof a);
	memcpy(&b, &weight, sizeof b);
	at = (uint32_t)((((uint64_t)a << 32 | b) * 0x9E3779B97F4A7C15u) >> 32) % SLOTS;
	for (; t->slot[at]; at = (at + 1) % SLOTS) {
		uint32_t g = t->slot[at] - 1;

		if (same(t->label[g], label) && same(t->weight[g], weight))
			return g;
	}
	if (t->n == t->limit)
		return MOST;
	t->label[t->n] = label;
	t->weight[t->n] = weight;
	t->slot[at] = ++t->n;
	return t->n - 1;
}

static uint32_t grade_of(struct table *t, const struct mf_rows *rows, size_t r)
{
	return number(t, rows->label[r], rows->weight ? rows->weight[r] : 1);
}

static unsigned bits_of(const struct mf_rows *rows)
{
	uint32_t most = rows->users > rows->items ? rows->users : rows->items;
	unsigned bits = 1;

	while (bits < 32 && (most - 1) >> bits)
		bits++;
	return bits;
}

/* All grades, or NULL when they are too many. */
static struct table *count_grades(const struct mf_rows *rows)
{
	struct table *t = mem_new(1, sizeof *t);
	unsigned left = 32 - bits_of(rows);

	t->limit = left < 14 ? 1u << left : MOST;
	for (size_t r = 0; r < rows->n; r++)
		if (taken(rows, r) && grade_of(t, rows, r) == MOST) {
			free(t);
			return NULL;
		}
	return t;
}

uint64_t graded_memory(const struct mf_rows *rows)
{
	struct table *t = count_grades(rows);
	uint64_t bits = 64;

	if (!t)
		bits = packed_bits(rows->items) + packed_bits((uint32_t)rows->n) +
		       (rows->weight ? 64 : 32);
	free(t);
	return rows->n * bits / 8 + ((uint64_t)rows->users + rows->items + 2) * 8 + sizeof *t;
}

/* ---- rows ---- */

static struct graded_side side_new(const uint32_t *id, size_t rows, const struct mf_rows *from)
{
	struct graded_side s = { .rows = rows, .at = mem_new(rows + 1, sizeof *s.at) };

	for (size_t r = 0; r < from->n; r++)
		if (taken(from, r))
			s.at[id[r] + 1]++;
	for (size_t r = 0; r < rows; r++)
		s.at[r + 1] += s.at[r];
	return s;
}

/* After each at[r] was moved on to the end of its row. */
static void shift_back(struct graded_side *s)
{
	for (size_t r = s->rows; r > 0; r--)
		s->at[r] = s->at[r - 1];
	s->at[0] = 0;
}

static void transpose(struct graded_side *to, const struct graded_side *from, unsigned bits)
{
	uint32_t ids = (uint32_t)((1ull << bits) - 1);

	for (size_t r = 0; r < from->rows; r++)
		for (uint64_t e = from->at[r]; e < from->at[r + 1]; e++)
			to->entry[to->at[from->entry[e] & ids]++] =
				(from->entry[e] & ~ids) | (uint32_t)r;
	shift_back(to);
}

/* By item, and each item's ratings in the order of the rows. */
static void fill(struct graded *g, const struct mf_rows *rows, struct table *t)
{
	for (size_t r = 0; r < rows->n; r++) {
		uint32_t entry = rows->user[r];

		if (!taken(rows, r))
			continue;
		if (g->bits < 32)
			entry |= grade_of(t, rows, r) << g->bits;
		g->item.entry[g->item.at[rows->item[r]]++] = entry;
	}
	shift_back(&g->item);
}

/* Twice across and back, so that columns rise on both sides. */
static void make_few(struct graded *g, const struct mf_rows *rows, struct table *t)
{
	size_t n = g->user.at[rows->users];

	g->user.entry = mem_new(n, sizeof *g->user.entry);
	g->item.entry = mem_new(n, sizeof *g->item.entry);
	g->grades = t->n;
	g->label = mem_new(t->n, sizeof *g->label);
	g->weight = mem_new(t->n, sizeof *g->weight);
	memcpy(g->label, t->label, t->n * sizeof *g->label);
	memcpy(g->weight, t->weight, t->n * sizeof *g->weight);
	fill(g, rows, t);
	transpose(&g->user, &g->item, g->bits);
	transpose(&g->item, &g->user, g->bits);
}

static void make_many(struct graded *g, const struct mf_rows *rows)
{
	struct packed place;
	size_t e = 0, n;

	g->rated = tight_new(&place, rows, taken);
	free(g->user.at);
	g->user.at = g->rated.at;
	n = g->rated.n;
	g->label = mem_new(n, sizeof *g->label);
	g->weight = rows->weight ? mem_new(n, sizeof *g->weight) : NULL;
	for (size_t r = 0; r < rows->n; r++) {
		size_t to;

		if (!taken(rows, r))
			continue;
		to = packed_get(&place, e++);
		g->label[to] = rows->label[r];
		if (g->weight)
			g->weight[to] = rows->weight[r];
	}
	g->place = place; /* in the order of rows; now by item, rising */
	for (size_t at = 0; at < n; at++)
		packed_set(&g->place, g->item.at[packed_get(&g->rated.id, at)]++, (uint32_t)at);
	shift_back(&g->item);
	g->item.places = true;
}

static size_t longest(const struct graded_side *s)
{
	uint64_t most = 0;

	for (size_t r = 0; r < s->rows; r++)
		most = s->at[r + 1] - s->at[r] > most ? s->at[r + 1] - s->at[r] : most;
	return most;
}

struct graded graded_new(const struct mf_rows *rows)
{
	struct table *t = count_grades(rows);
	struct graded g = { .bits = bits_of(rows), .weighted = rows->weight != NULL };

	g.user = side_new(rows->user, rows->users, rows);
	g.item = side_new(rows->item, rows->items, rows);
	if (t)
		make_few(&g, rows, t);
	else
		make_many(&g, rows);
	free(t);
	g.most = longest(&g.user) > longest(&g.item) ? longest(&g.user) : longest(&g.item);
	return g;
}

void graded_free(struct graded *g)
{
	if (g->user.at != g->rated.at)
		free(g->user.at);
	free(g->user.entry);
	free(g->item.at);
	free(g->item.entry);
	free(g->label);
	free(g->weight);
	tight_free(&g->rated);
	packed_free(&g->place);
	*g = (struct graded){ 0 };
}

static void row_of_many(uint32_t *id, float *label, float *weight, const struct graded *g,
	const struct graded_side *side, size_t row)
{
	uint64_t at = side->at[row];

	for (size_t e = 0; e < side->at[row + 1] - at; e++) {
		uint64_t place = side->places ? packed_get(&g->place, at + e) : at + e;

		id[e] = side->places ? tight_row(&g->rated, place)
				     : packed_get(&g->rated.id, place);
		label[e] = g->label[place];
		if (weight)
			weight[e] = g->weight ? g->weight[place] : 1;
	}
}

size_t graded_row(uint32_t *id, float *label, float *weight, const struct graded *g,
	const struct graded_side *side, size_t row)
{
	uint32_t ids = (uint32_t)((1ull << g->bits) - 1);
	uint64_t at = side->at[row];
	size_t n = side->at[row + 1] - at;

	if (!side->entry) {
		row_of_many(id, label, weight, g, side, row);
		return n;
	}
	for (size_t e = 0; e < n; e++) {
		uint32_t entry = side->entry[at + e];
		size_t grade = g->bits < 32 ? entry >> g->bits : 0;

		id[e] = entry & ids;
		label[e] = g->label[grade];
		if (weight)
			weight[e] = g->weight[grade];
	}
	return n;
}
