/* unpack: frames go where their tensor lies by then; the first that is damaged is told. */
#include "unpack.h"

#include <stdlib.h>

#include "codec.h"
#include "mem.h"
#include "tap.h"

enum { ROWS = 1000, FRAMES = 3 };

static struct codec *codec;

/* Rows start .. start + ROWS, which count on from `first`. */
static struct frame pack(uint8_t *out, uint32_t first)
{
	struct frame f = { .kind = 'T',
		.dtype = U32,
		.ndim = 1,
		.row_count = ROWS,
		.rows_total = FRAME_UNKNOWN,
		.raw_len = 4 * ROWS,
		.filter = 2,
		.name = "user" };
	uint32_t raw[ROWS];
	uint8_t *scratch = mem_new(frame_scratch(&f, 1) + 1, 1);

	f.row_start = first;
	f.shape[0] = FRAME_UNKNOWN;
	for (uint32_t i = 0; i < ROWS; i++)
		raw[i] = first + i;
	frame_pack(&f, out, raw, codec, scratch, 1);
	free(scratch);
	return f;
}

int main(void)
{
	struct unpack *u = unpack_new();
	struct tensor *t = tensor_new("user", U32, FRAMES * ROWS, 0);
	struct frame f = { .raw_len = 4 * ROWS };
	uint8_t *out;
	const char *why = NULL;
	const struct frame *bad;
	size_t right = 0, many = 0;

	codec = codec_new();
	f.kind = 'T';
	f.dtype = U32;
	f.ndim = 1;
	out = mem_new(frame_room(&f) + 4096, 1);
	ok(!unpack_run(u, &why), "nothing to do");
	for (uint32_t i = FRAMES; i-- > 0;) {
		f = pack(out, ROWS * i);
		unpack_add(u, &f, t, 4 * ROWS * i);
		memset(out, 0, f.stored); /* the queue has its own copy */
	}
	free(t->data);
	t->data = mem_new(FRAMES * ROWS, 4); /* as if it had grown since */
	ok(!unpack_run(u, &why), "three frames");
	for (uint32_t i = 0; i < FRAMES * ROWS; i++)
		right += ((uint32_t *)t->data)[i] == i;
	ok(right == FRAMES * ROWS, "each at its place");
	f = pack(out, 5);
	unpack_add(u, &f, NULL, 0);
	ok(!unpack_run(u, &why), "one that is only checked");
	f = pack(out, 5);
	unpack_add(u, &f, NULL, 0);
	f.number = 7;
	out[f.stored - 30]++;
	unpack_add(u, &f, NULL, 0);
	f.number = 8;
	unpack_add(u, &f, t, 0);
	bad = unpack_run(u, &why);
	ok(bad && bad->number == 7 && why, "the first that is damaged, and how");
	f = pack(out, 0);
	while (!unpack_full(u)) {
		unpack_add(u, &f, NULL, 0);
		many++;
	}
	ok(many >= 16 && !unpack_run(u, &why) && !unpack_full(u), "until it is full");
	unpack_free(u);
	codec_free(codec);
	tensor_free(t);
	free(out);
	return done();
}
