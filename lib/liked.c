#include "liked.h"

#include <stdlib.h>

#include "mem.h"
#include "rng.h"

bool liked_has(const struct liked *l, uint32_t user, uint32_t item)
{
	return tight_has(&l->have, user, item);
}

/* One of the items that the user has not, all with equal chances; LIKED_NONE if he has all. */
static uint32_t draw_left(const struct liked *l, uint32_t user, uint64_t seed, uint64_t index)
{
	uint64_t from = l->have.at[user], end = l->have.at[user + 1];
	uint32_t left = l->items, last = LIKED_NONE, x;

	for (uint64_t e = from; e < end; e++) {
		uint32_t item = packed_get(&l->have.id, e);

		left -= item != last;
		last = item;
	}
	if (!left)
		return LIKED_NONE;
	x = (uint32_t)rng_below(left, seed, RNG_NEGATIVE, index);
	last = LIKED_NONE;
	for (uint64_t e = from; e < end && packed_get(&l->have.id, e) <= x; e++) {
		uint32_t item = packed_get(&l->have.id, e);

		x += item != last;
		last = item;
	}
	return x;
}

static uint64_t place_of(const struct liked *l, size_t e)
{
	return l->place.word ? packed_get(&l->place, e) : e;
}

uint32_t liked_not(const struct liked *l, uint32_t user, uint64_t seed, uint64_t index)
{
	uint64_t last = index + LIKED_DRAWS - 1;

	for (uint64_t t = index; t < last; t++) {
		uint64_t x = rng_below(l->popular ? l->n : l->items, seed, RNG_NEGATIVE, t);
		uint32_t item = (uint32_t)x;

		if (l->popular)
			item = packed_get(&l->have.id, place_of(l, x));
		if (!liked_has(l, user, item))
			return item;
	}
	return draw_left(l, user, seed, last);
}

struct liked_pair liked_pair(const struct liked *l, size_t e)
{
	uint64_t place = place_of(l, e);

	return (struct liked_pair){ tight_row(&l->have, place), packed_get(&l->have.id, place) };
}

/* ---- the start ---- */

static bool positive(const struct mf_rows *rows, size_t r)
{
	return rows->label[r] > 0 && (!rows->part || rows->part[r] == 0);
}

struct liked liked_new(const struct mf_rows *rows, bool popular, unsigned bits)
{
	struct liked l = { .items = rows->items, .popular = popular };
	bool tight;
	size_t e = 0;

	l.have = tight_new(&l.place, rows, positive);
	l.n = l.have.n;
	tight = l.have.id.bits + 2 * l.place.bits > bits;
	l.weight = rows->weight ? mem_new(l.n, sizeof *l.weight) : NULL;
	for (size_t r = 0; rows->weight && r < rows->n; r++)
		if (positive(rows, r)) {
			l.weight[tight ? packed_get(&l.place, e) : e] = rows->weight[r];
			e++;
		}
	if (tight)
		packed_free(&l.place);
	return l;
}

void liked_free(struct liked *l)
{
	tight_free(&l->have);
	packed_free(&l->place);
	free(l->weight);
}
