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
	uint64_t each = t ? 8 : rows->weight ? 24 : 16;

	free(t);
	return rows->n * each + ((uint64_t)rows->users + rows->items + 2) * 8 + sizeof *t;
}

/* ---- rows ---- */

static struct graded_side side_new(
	const uint32_t *id, size_t rows, size_t n, const struct mf_rows *from)
{
	struct graded_side s = { .rows = rows, .at = mem_new(rows + 1, sizeof *s.at) };

	for (size_t r = 0; r < from->n; r++)
		if (taken(from, r))
			s.at[id[r] + 1]++;
	for (size_t r = 0; r < rows; r++)
		s.at[r + 1] += s.at[r];
	s.entry = mem_new(n, sizeof *s.entry);
	return s;
}

/* After each at[r] was moved on to the end of its row. */
static void shift_back(struct graded_side *s)
{
	for (size_t r = s->rows; r > 0; r--)
		s->at[r] = s->at[r - 1];
	s->at[0] = 0;
}

/* label[e] and weight[e] go along where they stand beside the entries. */
static void set(struct graded_side *to, size_t row, uint32_t entry, const float *label,
	const float *weight, size_t e)
{
	uint64_t at = to->at[row]++;

	to->entry[at] = entry;
	if (to->label)
		to->label[at] = label[e];
	if (to->weight)
		to->weight[at] = weight[e];
}

static void transpose(struct graded_side *to, const struct graded_side *from, unsigned bits)
{
	uint32_t ids = (uint32_t)((1ull << bits) - 1);

	for (size_t r = 0; r < from->rows; r++)
		for (uint64_t e = from->at[r]; e < from->at[r + 1]; e++)
			set(to, from->entry[e] & ids, (from->entry[e] & ~ids) | (uint32_t)r,
				from->label, from->weight, e);
	shift_back(to);
}

/* By item, and each item's ratings in the order of the rows. */
static void fill(struct graded *g, const struct mf_rows *rows, struct table *t)
{
	for (size_t r = 0; r < rows->n; r++) {
		uint32_t entry = rows->user[r];

		if (!taken(rows, r))
			continue;
		if (t && g->bits < 32)
			entry |= grade_of(t, rows, r) << g->bits;
		set(&g->item, rows->item[r], entry, rows->label, rows->weight, r);
	}
	shift_back(&g->item);
}

static void beside(struct graded_side *s, size_t n, bool weighted)
{
	s->label = mem_new(n, sizeof *s->label);
	s->weight = weighted ? mem_new(n, sizeof *s->weight) : NULL;
}

static size_t longest(const struct graded_side *s)
{
	uint64_t most = 0;

	for (size_t r = 0; r < s->rows; r++)
		most = s->at[r + 1] - s->at[r] > most ? s->at[r + 1] - s->at[r] : most;
	return most;
}

/* Twice across and back, so that columns rise on both sides. */
struct graded graded_new(const struct mf_rows *rows)
{
	struct table *t = count_grades(rows);
	struct graded g = { .bits = bits_of(rows), .weighted = rows->weight != NULL };
	size_t n = 0;

	for (size_t r = 0; r < rows->n; r++)
		n += taken(rows, r);
	g.user = side_new(rows->user, rows->users, n, rows);
	g.item = side_new(rows->item, rows->items, n, rows);
	if (t) {
		g.grades = t->n;
		g.label = mem_new(t->n, sizeof *g.label);
		g.weight = mem_new(t->n, sizeof *g.weight);
		memcpy(g.label, t->label, t->n * sizeof *g.label);
		memcpy(g.weight, t->weight, t->n * sizeof *g.weight);
	} else {
		beside(&g.user, n, rows->weight);
		beside(&g.item, n, rows->weight);
	}
	fill(&g, rows, t);
	free(t);
	transpose(&g.user, &g.item, g.bits);
	transpose(&g.item, &g.user, g.bits);
	g.most = longest(&g.user) > longest(&g.item) ? longest(&g.user) : longest(&g.item);
	return g;
}

static void side_free(struct graded_side *s)
{
	free(s->at);
	free(s->entry);
	free(s->label);
	free(s->weight);
}

void graded_free(struct graded *g)
{
	side_free(&g->user);
	side_free(&g->item);
	free(g->label);
	free(g->weight);
	*g = (struct graded){ 0 };
}

size_t graded_row(uint32_t *id, float *label, float *weight, const struct graded *g,
	const struct graded_side *side, size_t row)
{
	uint32_t ids = (uint32_t)((1ull << g->bits) - 1);
	uint64_t at = side->at[row];
	size_t n = side->at[row + 1] - at;

	for (size_t e = 0; e < n; e++) {
		uint32_t entry = side->entry[at + e];
		size_t grade = g->bits < 32 ? entry >> g->bits : 0;

		id[e] = entry & ids;
		label[e] = side->label ? side->label[at + e] : g->label[grade];
		if (weight)
			weight[e] = !side->label   ? g->weight[grade]
				    : side->weight ? side->weight[at + e]
						   : 1;
	}
	return n;
}
