#include "held.h"

#include <stdlib.h>

#include "mem.h"
#include "tap.h"

/* A frame that waits is bytes with a name and rows; these are no gzip members. */
static void add(struct held *h, const char *name, uint64_t start, size_t stored)
{
	uint8_t *bytes = mem_new(stored, 1);
	struct frame f = { .kind = 'T', .row_start = start, .row_count = 10, .stored = stored };

	for (size_t i = 0; i < stored; i++)
		bytes[i] = (uint8_t)(name[0] + start + i);
	snprintf(f.name, sizeof f.name, "%s", name);
	f.bytes = bytes;
	held_add(h, &f);
	free(bytes);
}

/* "user0 item0 user10 ": what waits, in order, whose bytes are as they were. */
static const char *list(struct held *h)
{
	static char text[512];
	size_t n = 0;

	for (size_t i = 0; i < h->n; i++) {
		const struct frame *f = held_get(h, i);

		for (size_t k = 0; k < f->stored; k++)
			if (f->bytes[k] != (uint8_t)(f->name[0] + f->row_start + k))
				return "wrong bytes";
		n += (size_t)snprintf(
			text + n, sizeof text - n, "%s%d ", f->name, (int)f->row_start);
	}
	return text;
}

int main(void)
{
	struct held h = { 0 };

	add(&h, "user", 0, 100);
	add(&h, "user", 10, 3000000);
	add(&h, "model.a.w", 0, 4000000);
	add(&h, "item", 0, 1);
	add(&h, "item", 10, 5000000);
	add(&h, "model.a.spec", 0, 20);
	same(list(&h), "user0 user10 model.a.w0 item0 item10 model.a.spec0 ",
		"in order of arrival");
	ok(h.spool.filed, "more than memory is for");
	held_sort(&h);
	same(list(&h), "model.a.w0 model.a.spec0 user0 item0 user10 item10 ",
		"tables, then rows group by group");
	held_free(&h);
	ok(h.n == 0 && h.list == NULL, "none");
	return done();
}
