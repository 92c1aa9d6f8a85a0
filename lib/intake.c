#include "intake.h"

#include <string.h>

#include "cells.h"
#include "die.h"
#include "stream_rows.h"

struct reader {
	struct stream *in;
	struct board *board;
	struct tensors *tables;
	const char *only;
};

static bool is_vocabulary(const char *name, const char *column)
{
	return column && strncmp(name, "vocab.", 6) == 0 &&
	       strncmp(name + 6, column, strlen(column)) == 0 && name[6 + strlen(column)] == '.';
}

/* When the first column of the rows comes, all models and tables are there. */
static int want(const char *name, const struct frame *first, void *arg)
{
	struct reader *r = arg;

	(void)first;
	if (!tensor_is_row(name))
		return strncmp(name, "model.", 6) == 0 || feature_carrier(name) ||
				       is_vocabulary(name, r->board->extra[BOARD_TREATMENT]) ||
				       is_vocabulary(name, r->board->by)
			       ? STREAM_KEEP
			       : STREAM_PASS;
	if (!r->board->entries) {
		stream_settle(r->in);
		board_open(r->board, r->tables, r->only);
	}
	return board_needs(r->board, name) ? STREAM_KEEP : STREAM_PASS;
}

void intake_read(struct board *board, struct tensors *tables, const char *only)
{
	struct reader reader = { stream_in(NULL), board, tables, only };
	struct stream_rows group = { 0 };

	while (stream_rows(reader.in, NULL, want, &reader, tables, &group))
		board_rows(board, &group.columns, group.start, group.count);
	if (!board->entries)
		board_open(board, tables, only);
	board_rows_end(board);
	if (!board->rows)
		die("stdin: no row is in part %d (%s); rs-split makes parts, --part chooses one",
			board->part, cells_part(board->part));
	if (board->whole)
		warn("stdin: no 'part' in the stream: all %zu rows count, also those that models "
		     "were trained on; rs-split makes parts",
			board->rows);
	tensors_free(&group.columns);
	stream_free(reader.in);
}
