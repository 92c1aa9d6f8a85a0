/* stream_rows: groups of rows, whatever the order of the frames. */
#include "stream_rows.h"

#include "stream_out.h"
#include "streams.h"

struct by_rows {
	const char *name;
	bool pass_item;
	size_t columns; /* expected */
};

static int want_columns(const char *name, const struct frame *f, void *arg)
{
	const struct by_rows *b = arg;

	(void)f;
	return b->pass_item && strcmp(name, "item") == 0 ? STREAM_PASS : STREAM_KEEP;
}

/* Rows 0 .. 99 of user and item in groups, whatever the order of the frames. */
static void read_rows(void *arg)
{
	struct by_rows *b = arg;
	struct stream *in = stream_file(file(b->name), NULL);
	struct stream_options o = { .level = 1, .output = file("rows") };
	struct stream *out = stream_out(in, &o, NULL);
	struct tensors tables = { 0 };
	struct stream_rows rows = { .start = 0 };
	uint64_t seen = 0;

	while (stream_rows(in, out, want_columns, b, &tables, &rows)) {
		if (rows.start != seen || rows.columns.n != b->columns)
			_exit(77);
		for (size_t c = 0; c < rows.columns.n; c++)
			for (uint64_t i = 0; i < rows.count; i++)
				if (((uint32_t *)rows.columns.at[c]->data)[i] != seen + i)
					_exit(78);
		seen += rows.count;
		if (rows.last != (seen == 100))
			_exit(79);
	}
	stream_close(out);
	stream_free(in);
	tensors_free(&tables);
	tensors_free(&rows.columns);
	if (seen != 100)
		_exit(80);
}

static void by_rows(void)
{
	struct by_rows b = { .name = "frames", .columns = 2 };
	struct maker m;
	char order[256];

	make_hundred();
	ok(run(read_rows, &b) == 0 && run(expect_hundred, "rows") == 0, "side by side");
	b.pass_item = true;
	b.columns = 1;
	ok(run(read_rows, &b) == 0 && run(expect_hundred, "rows") == 0, "one column only");
	b = (struct by_rows){ .name = "three", .pass_item = true, .columns = 2 };
	maker_start(&m, b.name);
	for (int i = 0; i < 3; i++) {
		maker_rows(&m, i == 0 ? "item" : i == 1 ? "user" : "label", 0, 60, 100, false);
		maker_rows(&m, i == 0 ? "item" : i == 1 ? "user" : "label", 60, 40, 100, true);
	}
	maker_end(&m, NULL);
	maker_close(&m);
	ok(run(read_rows, &b) == 0, "two of three columns, one after another");
	b = (struct by_rows){ .name = "after-another", .columns = 2 };
	maker_start(&m, b.name);
	maker_rows(&m, "user", 0, 60, 100, false);
	maker_rows(&m, "user", 60, 40, 100, true);
	maker_rows(&m, "item", 0, 60, 100, false);
	maker_rows(&m, "item", 60, 40, 100, true);
	maker_end(&m, NULL);
	maker_close(&m);
	ok(run(read_rows, &b) == 0 && run(expect_hundred, "rows") == 0, "one column after another");
	names("rows", order, sizeof order);
	same(order, "user item user item ", "and they go out side by side");
	b.name = "cuts";
	maker_start(&m, b.name);
	maker_rows(&m, "user", 0, 60, 100, false);
	maker_rows(&m, "item", 0, 50, 100, false);
	maker_close(&m);
	ok(run(read_rows, &b) == 1 && strstr(said, "rs-pick --repack"), "columns cut differently");
	b.name = "table";
	maker_start(&m, b.name);
	maker_rows(&m, "user", 0, 60, 60, true);
	maker_rows(&m, "model.a.w", 0, 1, 1, true);
	maker_close(&m);
	ok(run(read_rows, &b) == 1 && strstr(said, "a table or model after the rows"),
		"a late table");
	b.name = "short";
	maker_start(&m, b.name);
	maker_rows(&m, "user", 0, 50, 100, false);
	maker_rows(&m, "item", 0, 50, 50, true);
	maker_rows(&m, "user", 50, 50, 100, true);
	maker_end(&m, NULL);
	maker_close(&m);
	ok(run(read_rows, &b) == 1 && strstr(said, "'item' lacks rows 50-99"),
		"a column too short");
}

int main(void)
{
	streams_begin();
	by_rows();
	return streams_end();
}
