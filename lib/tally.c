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
}

void tally_free(struct tally *t)
{
	free(t->user.seen);
	free(t->user.tests);
	free(t->item.seen);
	free(t->item.tests);
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
