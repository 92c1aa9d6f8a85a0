#include "tally.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

enum { IN_TRAIN = 1 << SPLIT_TRAIN, IN_TEST = 1 << SPLIT_TEST };

static void make_room(struct tally_side *side, size_t ids)
{
	if (ids > side->room) {
		size_t room = 2 * side->room > ids ? 2 * side->room : ids;

		side->seen = mem_grow(side->seen, room, sizeof *side->seen);
		side->tests = mem_grow(side->tests, room, sizeof *side->tests);
		side->room = room;
	}
	if (ids > side->ids) {
		memset(side->seen + side->ids, 0, ids - side->ids);
		memset(side->tests + side->ids, 0, (ids - side->ids) * sizeof *side->tests);
		side->ids = ids;
	}
}

static void add_ids(struct tally_side *side, const uint32_t *id, const uint8_t *part, size_t n)
{
	side->there = true;
	make_room(side, group_ids(id, n));
	for (size_t i = 0; i < n; i++) {
		if (part[i] == SPLIT_OUT)
			continue;
		side->seen[id[i]] |= (uint8_t)(1u << part[i]);
		side->tests[id[i]] += part[i] == SPLIT_TEST;
	}
}

/* Counts the early times that are late by now, and forgets them. */
static void sift(struct tally *t)
{
	size_t kept = 0;

	for (size_t i = 0; i < t->early_n; i++) {
		if (t->early[i] > t->first)
			t->late++;
		else
			t->early[kept++] = t->early[i];
	}
	t->early_n = kept;
}

static void add_early(struct tally *t, int64_t time)
{
	if (t->early_n == t->early_room) {
		sift(t);
		if (t->early_n > t->early_room / 2 || !t->early_room) {
			t->early_room = t->early_room ? 2 * t->early_room : 4096;
			t->early = mem_grow(t->early, t->early_room, sizeof *t->early);
		}
	}
	t->early[t->early_n++] = time;
}

static void add_times(struct tally *t, const int64_t *time, const uint8_t *part, size_t n)
{
	t->times = true;
	for (size_t i = 0; i < n; i++)
		if (part[i] == SPLIT_TEST && time[i] < t->first)
			t->first = time[i];
	for (size_t i = 0; i < n; i++) {
		if (part[i] != SPLIT_TRAIN)
			continue;
		if (time[i] > t->first)
			t->late++;
		else if (!t->first_known)
			add_early(t, time[i]);
	}
}

/* first starts at the end of time, which no row is later than. */
void tally_add(struct tally *t, const struct tally_rows *rows)
{
	for (size_t i = 0; i < rows->n; i++) {
		uint8_t part = rows->part[i];

		assert(part < SPLIT_PARTS || part == SPLIT_OUT);
		if (rows->label)
			t->binary &= rows->label[i] == 0 || rows->label[i] == 1;
		if (part == SPLIT_OUT) {
			t->out++;
			continue;
		}
		t->rows[part]++;
		if (rows->label)
			t->positives[part] += rows->label[i] > 0;
	}
	t->labels |= rows->label != NULL;
	if (rows->user)
		add_ids(&t->user, rows->user, rows->part, rows->n);
	if (rows->item)
		add_ids(&t->item, rows->item, rows->part, rows->n);
	if (rows->time)
		add_times(t, rows->time, rows->part, rows->n);
}

void tally_free(struct tally *t)
{
	free(t->user.seen);
	free(t->user.tests);
	free(t->item.seen);
	free(t->item.tests);
	free(t->early);
}

size_t tally_ids(const struct tally_side *side, int p)
{
	size_t n = 0;

	for (size_t id = 0; id < side->ids; id++)
		n += side->seen[id] >> p & 1;
	return n;
}

void tally_cold(const struct tally_side *side, size_t *ids, size_t *rows)
{
	*ids = *rows = 0;
	for (size_t id = 0; id < side->ids; id++)
		if ((side->seen[id] & (IN_TRAIN | IN_TEST)) == IN_TEST) {
			++*ids;
			*rows += side->tests[id];
		}
}

size_t tally_late(struct tally *t)
{
	sift(t);
	return t->late;
}

/* User by user, mark[item] collects the parts of the pair; owner[item] says whose marks they are,
 * by the user's number from 1. */
size_t tally_pairs(
	const struct group *users, const uint32_t *item, const uint8_t *part, size_t items)
{
	size_t *owner = mem_new(items, sizeof *owner), pairs = 0;
	uint8_t *mark = mem_new(items, 1);

	for (size_t u = 0; u < users->ids; u++)
		for (size_t k = users->start[u]; k < users->start[u + 1]; k++) {
			size_t row = users->row[k];
			uint32_t i = item[row];
			uint8_t had = owner[i] == u + 1 ? mark[i] : 0;

			if (part[row] == SPLIT_OUT)
				continue;
			owner[i] = u + 1;
			mark[i] = had | (uint8_t)(1u << part[row]);
			/* from one part to two: the pair is counted once */
			pairs += had && !(had & (had - 1)) && mark[i] != had;
		}
	free(owner);
	free(mark);
	return pairs;
}
