#include "kept.h"

#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "mem.h"

static void *append(void *block, const struct kept *kept, const void *more, size_t n, size_t size)
{
	if (!more)
		return block;
	block = mem_grow(block, kept->room, size);
	memcpy((char *)block + kept->n * size, more, n * size);
	return block;
}

static void add_labels(struct kept *kept, const float *label, size_t n)
{
	if (!kept->labels)
		kept->binary = true;
	kept->labels = true;
	kept->positive = mem_grow(kept->positive, kept->room / 8 + 1, 1);
	for (size_t i = 0; i < n; i++) {
		size_t row = kept->n + i;
		uint8_t bit = (uint8_t)(1u << row % 8), *at = &kept->positive[row / 8];

		*at = label[i] > 0 ? *at | bit : *at & (uint8_t)~bit;
		kept->binary &= label[i] == 0 || label[i] == 1;
	}
}

void kept_add(struct kept *kept, const struct tally_rows *rows)
{
	size_t n = kept->n + rows->n;

	if (n > UINT32_MAX)
		die("memory: more than 4294967295 rows cannot be kept; expected a scheme that "
		    "takes a row at a time, with --certificate counts");
	if (n > kept->room)
		kept->room = 2 * kept->room > n ? 2 * kept->room : n;
	kept->user = append(kept->user, kept, rows->user, rows->n, sizeof *kept->user);
	kept->item = append(kept->item, kept, rows->item, rows->n, sizeof *kept->item);
	kept->part = append(kept->part, kept, rows->part, rows->n, 1);
	if (rows->time)
		when_add(&kept->when, rows->time, rows->n);
	if (rows->label)
		add_labels(kept, rows->label, rows->n);
	kept->n = n;
}

uint8_t *kept_part(struct kept *kept)
{
	return kept->part = mem_new(kept->n, 1);
}

void kept_group(struct group *users, struct kept *kept, size_t ids)
{
	group_take(users, kept->user, kept->n, ids);
	kept->user = NULL;
}

/* One piece of rows as they were told, on the stack. */
enum { PIECE = 2048 };
struct piece {
	uint8_t part[PIECE];
	uint32_t user[PIECE], item[PIECE];
	float label[PIECE];
	int64_t time[PIECE];
};

static void take(struct piece *p, size_t i, const struct kept *kept, size_t row)
{
	p->part[i] = kept->part[row];
	if (kept->user)
		p->user[i] = kept->user[row];
	if (kept->item)
		p->item[i] = kept->item[row];
	if (kept->labels)
		p->label[i] = kept->positive[row / 8] >> row % 8 & 1;
	if (kept->when.n)
		p->time[i] = when_at(&kept->when, row);
}

static int64_t first_of_test(const struct kept *kept)
{
	int64_t first = INT64_MAX;

	for (size_t row = 0; row < kept->when.n; row++)
		if (kept->part[row] == SPLIT_TEST && when_at(&kept->when, row) < first)
			first = when_at(&kept->when, row);
	return first;
}

void kept_tell(struct tally *tally, const struct kept *kept, const struct group *users)
{
	struct piece p;
	uint32_t user = 0;

	tally->first = first_of_test(kept);
	tally->first_known = true;
	for (size_t at = 0; at < kept->n; at += PIECE) {
		size_t n = kept->n - at < PIECE ? kept->n - at : PIECE;

		for (size_t i = 0; i < n; i++) {
			take(&p, i, kept, users ? users->row[at + i] : at + i);
			while (users && at + i >= users->start[(size_t)user + 1])
				user++;
			if (users)
				p.user[i] = user;
		}
		tally_add(tally, &(struct tally_rows){ .n = n,
					 .part = p.part,
					 .user = users || kept->user ? p.user : NULL,
					 .item = kept->item ? p.item : NULL,
					 .label = kept->labels ? p.label : NULL,
					 .time = kept->when.n ? p.time : NULL });
	}
	if (kept->labels)
		tally->binary = kept->binary;
}

void kept_free(struct kept *kept)
{
	free(kept->user);
	free(kept->item);
	free(kept->part);
	free(kept->positive);
	when_free(&kept->when);
}
