#include "held.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

void held_add(struct held *h, const struct frame *f)
{
	if (h->n == h->room) {
		h->room = h->room ? 2 * h->room : 64;
		h->list = mem_grow(h->list, h->room, sizeof *h->list);
	}
	h->list[h->n].f = *f;
	h->list[h->n++].at = spool_add(&h->spool, f->bytes, f->stored);
}

const struct frame *held_get(struct held *h, size_t i)
{
	struct held_frame *found = h->list + i;

	if (h->bytes_room < found->f.stored) {
		h->bytes_room = found->f.stored;
		h->bytes = mem_grow(h->bytes, h->bytes_room, 1);
	}
	spool_read(&h->spool, h->bytes, found->at, found->f.stored);
	found->f.bytes = h->bytes;
	return &found->f;
}

/* What came first lies first in the spool. */
static int by_rows(const void *a, const void *b)
{
	const struct held_frame *x = a, *y = b;
	bool row_x = tensor_is_row(x->f.name), row_y = tensor_is_row(y->f.name);

	if (row_x != row_y)
		return row_x - row_y;
	if (row_x && x->f.row_start != y->f.row_start)
		return x->f.row_start < y->f.row_start ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

void held_sort(struct held *h)
{
	if (h->n)
		qsort(h->list, h->n, sizeof *h->list, by_rows);
}

void held_free(struct held *h)
{
	spool_free(&h->spool);
	free(h->list);
	free(h->bytes);
	memset(h, 0, sizeof *h);
}
