/* stream_later: the rows that are asked for, whatever the frames are, and the stream goes on whole. */
#include "stream_later.h"

#include "stream_out.h"
#include "streams.h"

struct wanted {
	uint64_t rows, memory;
	uint32_t step; /* every so many rows of 100; 0: no places */
};

static int want_later(const char *name, const struct frame *f, void *arg)
{
	(void)f;
	(void)arg;
	return strcmp(name, "item") == 0 ? STREAM_LATER : STREAM_KEEP;
}

/* Every third row is in another place, backwards. */
static void unpack(void *arg)
{
	const struct wanted *w = arg;
	struct stream_options o = { .level = 1, .output = file("later"), .memory = w->memory };
	struct stream *in = stream_file(file("frames"), &o), *out = stream_out(in, &o, NULL);
	uint32_t place[100], n = w->step ? 99 / w->step + 1 : 0;
	struct stream_places places = { w->step ? place : NULL, w->rows, n };
	struct tensors set = { 0 };
	struct tensor *item;

	for (uint32_t r = 0; r < 100; r++)
		place[r] = w->step && r % w->step == 0 ? n - 1 - r / w->step : STREAM_NOWHERE;
	stream_load(in, out, want_later, NULL, &set);
	item = tensors_find(&set, "item");
	if (!item || tensor_rows(item) != 100 || item != set.at[1])
		_exit(77);
	stream_unpack(in, out, item, &places);
	if (tensor_rows(item) != (w->step ? n : 100))
		_exit(78);
	for (uint32_t i = 0; i < tensor_rows(item); i++)
		if (((uint32_t *)item->data)[i] != (w->step ? (n - 1 - i) * w->step : i))
			_exit(79);
	stream_close(out);
	stream_free(in);
	tensors_free(&set);
}

/* Frame 4 is the second one of item; its last byte is turned. */
static void damage(void)
{
	struct stream *in = stream_file(file("frames"), NULL);
	const struct frame *f = NULL;
	uint64_t end;
	uint8_t *bytes;
	size_t n;

	for (int i = 0; i < 4; i++)
		f = stream_next(in);
	end = f->offset + f->stored;
	stream_free(in);
	bytes = slurp("frames", &n);
	bytes[end - 1] ^= 1;
	save("frames", bytes, n);
	free(bytes);
}

int main(void)
{
	streams_begin();
	make_hundred();
	ok(run(unpack, &(struct wanted){ 100, 0, 0 }) == 0, "all rows");
	ok(run(expect_hundred, "later") == 0, "  and they go on");
	ok(run(unpack, &(struct wanted){ 100, 0, 3 }) == 0, "every third row, backwards");
	ok(run(expect_hundred, "later") == 0, "  and all go on");
	ok(run(unpack, &(struct wanted){ 100, 0, 100 }) == 0, "one row");
	ok(run(unpack, &(struct wanted){ 99, 0, 3 }) == 1 &&
			strstr(said, "'item' has 100 rows; other columns have 99"),
		"another number of rows");
	ok(run(unpack, &(struct wanted){ 100, 600, 3 }) == 0, "--memory counts what is unpacked");
	ok(run(unpack, &(struct wanted){ 100, 600, 1 }) == 1 &&
			strstr(said, "'item' has grown beyond --memory"),
		"  and is kept to");
	damage();
	ok(run(unpack, &(struct wanted){ 100, 0, 100 }) == 1 &&
			strstr(said, "frame 4 ('item' rows 40-79) at byte"),
		"damage among rows that nobody needs");
	return streams_end();
}
