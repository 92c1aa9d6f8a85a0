/* stream_state: what is said of a damaged frame. */
#include "stream_state.h"

#include "streams.h"

static struct stream in;

static void die_of(void *f)
{
	stream_fault(&in, f, "why");
}

static void need(void *f)
{
	stream_need_readable(&in, f);
}

static void faults(void)
{
	static char name[] = "data.rts";
	struct frame f = { .number = 3, .offset = 99 };

	in.in.name = name;
	run(die_of, &f);
	same(said, "unit: data.rts: frame 3 at byte 99: why\n", "a header that is not understood");
	f.stored = 1;
	f.kind = 'P';
	run(die_of, &f);
	same(said, "unit: data.rts: frame 3 at byte 99: why\n", "a frame without rows");
	f.kind = 'T';
	snprintf(f.name, sizeof f.name, "user");
	run(die_of, &f);
	same(said, "unit: data.rts: frame 3 ('user' no rows) at byte 99: why\n", "an empty one");
	f.row_start = 40;
	f.row_count = 20;
	run(die_of, &f);
	same(said, "unit: data.rts: frame 3 ('user' rows 40-59) at byte 99: why\n", "rows");
	f.dtype = F32;
	f.ndim = 2;
	ok(run(need, &f) == 0, "f32 can be read");
	f.dtype = 0x52;
	ok(run(need, &f) == 1 && strstr(said, "type 0x52 with filter 0; this version cannot"),
		"a type of tomorrow cannot");
}

static void like(void)
{
	struct frame f = { .name = "item", .dtype = I16, .ndim = 2, .shape = { 100, 7 } };
	struct tensor *t = stream_tensor(&f);

	ok(strcmp(t->name, "item") == 0 && t->dtype == I16 && t->ndim == 2 && t->shape[0] == 0 &&
			t->shape[1] == 7,
		"a tensor like the frame's, without rows");
	tensor_free(t);
}

int main(void)
{
	streams_begin();
	faults();
	like();
	return streams_end();
}
