#include "stream_later.h"

#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "mem.h"
#include "par.h"
#include "stream_state.h"

struct span {
	uint64_t start, count;
};

/* Frames of a column that are unpacked side by side. */
struct batch {
	struct span *span;
	size_t n, most;
	struct tensor raw; /* their rows, unless all are needed */
	uint64_t bytes, room;
};

/* The rows at hand go to their places. */
static void spread(const struct batch *b, struct tensor *t, const uint32_t *place)
{
	uint64_t size = tensor_row_bytes(t);
	const char *row = b->raw.data;

	for (size_t i = 0; i < b->n; i++)
		for (uint64_t k = 0; k < b->span[i].count; k++, row += size) {
			uint32_t at = place[b->span[i].start + k];

			if (at != STREAM_NOWHERE)
				memcpy((char *)t->data + at * size, row, size);
		}
}

static void finish(
	struct batch *b, struct stream *in, struct tensor *t, const struct stream_places *places)
{
	stream_settle(in);
	if (places->place)
		spread(b, t, places->place);
	b->n = b->bytes = 0;
}

static void add(struct batch *b, struct stream *in, const struct frame *f, struct tensor *t,
	const struct stream_places *places)
{
	b->span[b->n++] = (struct span){ f->row_start, f->row_count };
	if (!places->place) {
		unpack_add(in->unpack, f, t, f->row_start * tensor_row_bytes(t));
		return;
	}
	if (b->bytes + f->raw_len > b->room) {
		b->room = b->bytes + f->raw_len;
		b->raw.data = mem_grow(b->raw.data, b->room, 1);
	}
	unpack_add(in->unpack, f, &b->raw, b->bytes);
	b->bytes += f->raw_len;
}

static void make_room(struct stream *in, struct tensor *t, const struct stream_places *places)
{
	const struct entry *e = ledger_find(&in->ledger, t->name);
	uint64_t rows = places->place ? places->n : places->rows;

	if (e->rows != places->rows)
		die("%s: '%s' has %llu rows; other columns have %llu", in->in.name, t->name,
			(unsigned long long)e->rows, (unsigned long long)places->rows);
	stream_need_readable(in, &e->first);
	if (rows * tensor_row_bytes(t) > in->ceiling - in->memory)
		stream_beyond(in, t->name);
	in->memory += rows * tensor_row_bytes(t);
	t->data = mem_grow(t->data, rows, tensor_row_bytes(t));
	t->shape[0] = rows;
}

void stream_unpack(struct stream *in, struct stream *out, struct tensor *t,
	const struct stream_places *places)
{
	struct batch b = { .most = (size_t)par_threads() };

	make_room(in, t, places);
	b.span = mem_new(b.most, sizeof *b.span);
	for (size_t i = 0; i < out->held.n; i++) {
		if (strcmp(out->held.list[i].f.name, t->name) != 0)
			continue;
		add(&b, in, held_get(&out->held, i), t, places);
		if (b.n == b.most || unpack_full(in->unpack))
			finish(&b, in, t, places);
	}
	finish(&b, in, t, places);
	free(b.raw.data);
	free(b.span);
}
