#include "liked.h"

#include <stdlib.h>

#include "mem.h"
#include "rng.h"

bool liked_has(const struct liked *l, uint32_t user, uint32_t item)
{
	uint64_t end = l->at[user + 1], at = packed_find(&l->item, l->at[user], end, item);

	return at < end && packed_get(&l->item, at) == item;
}

/* One of the items that the user has not, all with equal chances; LIKED_NONE if he has all. */
static uint32_t draw_left(const struct liked *l, uint32_t user, uint64_t seed, uint64_t index)
{
	uint64_t from = l->at[user], end = l->at[user + 1];
	uint32_t left = l->items, last = LIKED_NONE, x;

	for (uint64_t e = from; e < end; e++) {
		uint32_t item = packed_get(&l->item, e);

		left -= item != last;
		last = item;
	}
	if (!left)
		return LIKED_NONE;
	x = (uint32_t)rng_below(left, seed, RNG_NEGATIVE, index);
	last = LIKED_NONE;
	for (uint64_t e = from; e < end && packed_get(&l->item, e) <= x; e++) {
		uint32_t item = packed_get(&l->item, e);

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
			item = packed_get(&l->item, place_of(l, x));
		if (!liked_has(l, user, item))
			return item;
	}
	return draw_left(l, user, seed, last);
}

struct liked_pair liked_pair(const struct liked *l, size_t e)
{
	uint64_t place = place_of(l, e);
	const uint32_t *near = l->near + place / LIKED_STRIDE;
	uint32_t user = near[0], left = near[1] - user + 1;

	/* the last one whose places begin there or before */
	while (left > 1) {
		uint32_t half = left / 2, there = l->at[user + half] <= place;

		user += half & -there;
		left -= half;
	}
	return (struct liked_pair){ user, packed_get(&l->item, place) };
}

/* ---- the start ---- */

static bool positive(const struct mf_rows *rows, size_t r)
{
	return rows->label[r] > 0 && (!rows->part || rows->part[r] == 0);
}

/* at[i] becomes the number of positives with an id below i. */
static void count(uint64_t *at, const struct mf_rows *rows, const uint32_t *id, size_t ids)
{
	for (size_t r = 0; r < rows->n; r++)
		if (positive(rows, r))
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

/* The e-th positive of the rows has that place. */
static void number(struct liked *l, size_t e, uint32_t place, const float *weight)
{
	if (l->place.word)
		packed_set(&l->place, e, place);
	if (weight)
		l->weight[l->place.word ? e : place] = *weight;
}

/* By item first, each one's positives as the rows come, and from there to the users: their items so
 * ascend. turn: the user of such a positive, then its place. */
static void sort(struct liked *l, const struct mf_rows *rows)
{
	uint64_t *by_item = mem_new((size_t)l->items + 1, sizeof *by_item);
	uint64_t ids = l->n > l->users ? l->n : l->users;
	struct packed turn = packed_new(l->n, (uint32_t)ids);
	size_t e = 0;

	count(by_item, rows, rows->item, l->items);
	for (size_t r = 0; r < rows->n; r++)
		if (positive(rows, r))
			packed_set(&turn, by_item[rows->item[r]]++, rows->user[r]);
	shift_back(by_item, l->items);
	for (uint32_t i = 0; i < l->items; i++)
		for (uint64_t t = by_item[i]; t < by_item[i + 1]; t++) {
			uint64_t place = l->at[packed_get(&turn, t)]++;

			packed_set(&l->item, place, i);
			packed_set(&turn, t, (uint32_t)place);
		}
	shift_back(l->at, l->users);
	for (size_t r = 0; r < rows->n; r++)
		if (positive(rows, r))
			number(l, e++, packed_get(&turn, by_item[rows->item[r]]++),
				rows->weight ? rows->weight + r : NULL);
	packed_free(&turn);
	free(by_item);
}

static void list_near(struct liked *l)
{
	size_t n = l->n / LIKED_STRIDE + 1;
	uint32_t user = 0;

	l->near = mem_new(n + 1, sizeof *l->near);
	for (size_t s = 0; s < n; s++) {
		while (user + 1 < l->users && l->at[user + 1] <= s * LIKED_STRIDE)
			user++;
		l->near[s] = user;
	}
	l->near[n] = l->users - 1;
}

struct liked liked_new(const struct mf_rows *rows, bool popular, unsigned bits)
{
	struct liked l = { .users = rows->users, .items = rows->items, .popular = popular };
	uint32_t last;

	l.at = mem_new((size_t)l.users + 1, sizeof *l.at);
	count(l.at, rows, rows->user, l.users);
	l.n = l.at[l.users];
	last = l.n ? (uint32_t)(l.n - 1) : 0;
	l.item = packed_new(l.n, l.items ? l.items - 1 : 0);
	if (l.item.bits + 2 * packed_bits(last) <= bits)
		l.place = packed_new(l.n, last);
	l.weight = rows->weight ? mem_new(l.n, sizeof *l.weight) : NULL;
	sort(&l, rows);
	list_near(&l);
	return l;
}

void liked_free(struct liked *l)
{
	free(l->at);
	free(l->near);
	packed_free(&l->item);
	packed_free(&l->place);
	free(l->weight);
}
