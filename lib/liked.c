#include "liked.h"

#include <stdlib.h>

#include "mem.h"
#include "rng.h"

static bool has(const struct csr *have, uint32_t user, uint32_t item)
{
	uint64_t end = have->at[user + 1], at = csr_find(have->id, have->at[user], end, item);

	return at < end && have->id[at] == item;
}

/* One of the items that the user has not, all with equal chances; LIKED_NONE if he has all. */
static uint32_t draw_left(const struct liked *l, uint32_t user, uint64_t seed, uint64_t index)
{
	const uint32_t *id = l->have.id;
	uint64_t from = l->have.at[user], end = l->have.at[user + 1];
	uint32_t left = l->items, x;

	for (uint64_t e = from; e < end; e++)
		left -= e == from || id[e] != id[e - 1];
	if (!left)
		return LIKED_NONE;
	x = (uint32_t)rng_below(left, seed, RNG_NEGATIVE, index);
	for (uint64_t e = from; e < end && id[e] <= x; e++)
		x += e == from || id[e] != id[e - 1];
	return x;
}

uint32_t liked_not(const struct liked *l, uint32_t user, uint64_t seed, uint64_t index)
{
	uint64_t last = index + LIKED_DRAWS - 1;

	for (uint64_t t = index; t < last; t++) {
		uint64_t x = rng_below(l->popular ? l->n : l->items, seed, RNG_NEGATIVE, t);
		uint32_t item = l->popular ? l->item[x] : (uint32_t)x;

		if (!has(&l->have, user, item))
			return item;
	}
	return draw_left(l, user, seed, last);
}

struct liked liked_new(const struct mf_rows *rows, bool popular)
{
	struct liked l = { .items = rows->items, .popular = popular };
	uint8_t *keep = mem_new(rows->n, 1);
	size_t n = 0;

	for (size_t r = 0; r < rows->n; r++) {
		keep[r] = rows->label[r] > 0 && (!rows->part || rows->part[r] == 0);
		l.n += keep[r];
	}
	l.have = csr_new(rows->user, rows->item, NULL, keep, rows->n, rows->users);
	l.user = mem_new(l.n, sizeof *l.user);
	l.item = mem_new(l.n, sizeof *l.item);
	l.weight = rows->weight ? mem_new(l.n, sizeof *l.weight) : NULL;
	for (size_t r = 0; r < rows->n; r++) {
		if (!keep[r])
			continue;
		l.user[n] = rows->user[r];
		l.item[n] = rows->item[r];
		if (l.weight)
			l.weight[n] = rows->weight[r];
		n++;
	}
	free(keep);
	return l;
}

void liked_free(struct liked *l)
{
	csr_free(&l->have);
	free(l->user);
	free(l->item);
	free(l->weight);
}
