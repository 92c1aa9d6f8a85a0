#include "cuts.h"

#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "mem.h"
#include "members.h"
#include "slices.h"
#include "verdict.h"

/* Of each row of the board the slice of its user or item, or the value that it has itself. */
void cuts_open(struct cuts *to, const struct board *board, const struct tensors *tables)
{
	struct slices members = { 0 };
	bool of_items, of_rows = !slices_parse(&of_items, board->by);
	const uint32_t *id = board->kept[of_rows    ? BOARD_SLICE
					 : of_items ? BOARD_ITEM
						    : BOARD_USER];
	size_t ids = group_ids(id, board->rows), counts = board->counts;

	*to = (struct cuts){ mem_new(board->rows, sizeof *to->of), 0, NULL };
	if (of_rows) {
		if (ids > SLICES_MOST)
			die("stdin: '%s' has value %zu; at most %d can be told apart", board->by,
				ids - 1, SLICES_MOST);
		slices_words(&members, tables, board->by, ids);
	} else {
		if (ids > board->all && ids > members_count(tables, of_items ? "item" : "user", 0))
			die("stdin: id %zu, of %zu rows; expected ids without gaps", ids - 1,
				board->all);
		counts = counts > ids ? counts : ids;
		uint64_t *count = mem_new(counts, sizeof *count);

		if (board->counts)
			memcpy(count, board->count, board->counts * sizeof *count);
		slices_open(&members, tables, board->by, counts, count, board->groups);
		free(count);
	}
	for (size_t r = 0; r < board->rows; r++)
		to->of[r] = of_rows ? id[r] : members.of[id[r]];
	to->n = members.n;
	to->name = members.name;
	free(members.of);
}

void cuts_free(struct cuts *cuts)
{
	for (size_t s = 0; s < cuts->n; s++)
		free(cuts->name[s]);
	free(cuts->name);
	free(cuts->of);
}

static void *cut_values(const void *x, const struct cuts *cuts, size_t s, size_t rows)
{
	const uint32_t *from = x;
	uint32_t *to = x ? mem_grow(NULL, rows + 1, sizeof *to) : NULL;
	size_t n = 0;

	for (size_t r = 0; x && r < rows; r++)
		if (cuts->of[r] == s)
			to[n++] = from[r];
	return to;
}

bool cuts_board(struct board *part, const struct board *board, const struct cuts *cuts, size_t s)
{
	size_t n = 0;

	for (size_t r = 0; r < board->rows; r++)
		n += cuts->of[r] == s;
	if (!n)
		return false;
	*part = *board;
	part->cut = true;
	part->rows = n;
	part->tunings = 0;
	part->tuning = NULL;
	part->label = cut_values(board->label, cuts, s, board->rows);
	part->weight = cut_values(board->weight, cuts, s, board->rows);
	for (int x = 0; x < BOARD_EXTRAS; x++)
		part->kept[x] = cut_values(board->kept[x], cuts, s, board->rows);
	part->entry = mem_new(board->entries, sizeof *part->entry);
	for (size_t i = 0; i < board->entries; i++) {
		part->entry[i] = board->entry[i];
		part->entry[i].score = cut_values(board->entry[i].score, cuts, s, board->rows);
	}
	verdict_compute(part);
	return true;
}

void cuts_board_free(struct board *part)
{
	for (size_t i = 0; i < part->entries; i++)
		free(part->entry[i].score);
	free(part->entry);
	free(part->label);
	free(part->weight);
	for (int x = 0; x < BOARD_EXTRAS; x++)
		free(part->kept[x]);
}
