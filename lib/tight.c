#include "tight.h"

#include <stdlib.h>

#include "mem.h"

bool tight_has(const struct tight *t, uint32_t row, uint32_t id)
{
	uint64_t end = t->at[row + 1], at = packed_find(&t->id, t->at[row], end, id);

	return at < end && packed_get(&t->id, at) == id;
}

/* at[i] becomes the number of kept rows with an id below i. */
static void count(uint64_t *at, const struct mf_rows *rows, const uint32_t *id, size_t ids,
	bool (*keep)(const struct mf_rows *rows, size_t r))
{
	for (size_t r = 0; r < rows->n; r++)
		if (keep(rows, r))
			at[id[r] + 1]++;
	for (size_t i = 0; i < ids; i++)
		at[i + 1] += at[i];
}

/* After each at[i] was moved on to at[i + 1]. */
static void shift_back(uint64_t *at, size_t ids)
{
	for (size_t i = ids; i > 0; i--)
		at[i] = at[i - 1];
	at[0] = 0;
}

/* By item first, each one's users as they come, and from there to the users: their items so ascend.
 * turn: the user of such an entry, then its place. */
static void sort(struct tight *t, struct packed *place, const struct mf_rows *rows,
	bool (*keep)(const struct mf_rows *rows, size_t r))
{
	uint64_t *by_item = mem_new((size_t)rows->items + 1, sizeof *by_item);
	uint64_t most = t->n > t->rows ? t->n : t->rows;
	struct packed turn = packed_new(t->n, (uint32_t)most);
	size_t e = 0;

	count(by_item, rows, rows->item, rows->items, keep);
	for (size_t r = 0; r < rows->n; r++)
		if (keep(rows, r))
			packed_set(&turn, by_item[rows->item[r]]++, rows->user[r]);
	shift_back(by_item, rows->items);
	for (uint32_t i = 0; i < rows->items; i++)
		for (uint64_t k = by_item[i]; k < by_item[i + 1]; k++) {
			uint64_t to = t->at[packed_get(&turn, k)]++;

			packed_set(&t->id, to, i);
			packed_set(&turn, k, (uint32_t)to);
		}
	shift_back(t->at, t->rows);
	for (size_t r = 0; r < rows->n; r++)
		if (keep(rows, r))
			packed_set(place, e++, packed_get(&turn, by_item[rows->item[r]]++));
	packed_free(&turn);
	free(by_item);
}

static void list_near(struct tight *t)
{
	size_t n = t->n / TIGHT_STRIDE + 1;
	uint32_t row = 0;

	t->near = mem_new(n + 1, sizeof *t->near);
	for (size_t s = 0; s < n; s++) {
		while (row + 1 < t->rows && t->at[row + 1] <= s * TIGHT_STRIDE)
			row++;
		t->near[s] = row;
	}
	t->near[n] = t->rows ? (uint32_t)(t->rows - 1) : 0;
}

struct tight tight_new(struct packed *place, const struct mf_rows *rows,
	bool (*keep)(const struct mf_rows *rows, size_t r))
{
	struct tight t = { .rows = rows->users };

	t.at = mem_new(t.rows + 1, sizeof *t.at);
	count(t.at, rows, rows->user, t.rows, keep);
	t.n = t.at[t.rows];
	t.id = packed_new(t.n, rows->items ? rows->items - 1 : 0);
	*place = packed_new(t.n, t.n ? (uint32_t)(t.n - 1) : 0);
	sort(&t, place, rows, keep);
	list_near(&t);
	return t;
}

void tight_free(struct tight *t)
{
	free(t->at);
	free(t->near);
	packed_free(&t->id);
	*t = (struct tight){ 0 };
}
