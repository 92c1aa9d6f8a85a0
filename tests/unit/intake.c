/* intake: what of a stream on standard input comes onto a board. */
#include "intake.h"

#include <fcntl.h>
#include <stdlib.h>

#include "made.h"
#include "stream_out.h"
#include "streams.h"

/* A model of users 0 1 2 and four rows, three of them of test; with `part` NULL no parts. */
static void write_file(const uint8_t *part)
{
	static const float bias = 0, worth[] = { 1, 2, 3 }, label[] = { 1, 0, 1, 0 };
	static const uint32_t user[] = { 0, 2, 1, 0 };
	struct stream_options o = { .level = 1, .output = file("rows") };
	struct stream *out = stream_out(NULL, &o, NULL);
	struct tensors set = { 0 };

	tensors_add(
		&set, tensor_text("model.a.spec", "arch=lr\ntask=binary\nfeatures=user\ndim=0\n"));
	made_column(&set, "model.a.bias", F32, 1, &bias);
	made_column(&set, "model.a.linear.user", F32, 3, worth);
	made_rows(&set, 4, user, user, label, part);
	stream_write_set(out, &set, 0);
	stream_close(out);
	tensors_free(&set);
}

/* Reads part `part` from standard input; 77: not what was written. */
static void read_board(void *part)
{
	struct board board = { .part = *(uint8_t *)part, .threshold = 0.5, .top = 0.5 };
	struct tensors tables = { 0 };
	int in = open(file("rows"), O_RDONLY);

	if (in < 0 || dup2(in, STDIN_FILENO) < 0)
		_exit(78);
	intake_read(&board, &tables, NULL);
	if (board.entries != 1 || !tensors_find(&tables, "model.a.linear.user") ||
		tensors_find(&tables, "item"))
		_exit(77);
	if (board.whole ? board.rows != 4 : board.rows != 3 || board.entry[0].score[0] != 3)
		_exit(77);
	board_free(&board);
	tensors_free(&tables);
}

static void read_other(void *part)
{
	struct board board = { .part = *(uint8_t *)part };
	struct tensors tables = { 0 };
	int in = open(file("rows"), O_RDONLY);

	if (in < 0 || dup2(in, STDIN_FILENO) < 0)
		_exit(78);
	intake_read(&board, &tables, "b");
}

int main(void)
{
	static const uint8_t parts[] = { 0, 2, 2, 2 }, test = 2, valid = 1;

	streams_begin();
	write_file(parts);
	ok(run(read_board, &test) == 0, "rows of a part, and what its models need");
	same(said, "", "in silence");
	ok(run(read_board, &valid) == 1 &&
			strstr(said,
				"unit: stdin: no row is in part 1 (valid); rs-split makes parts"),
		"a part without rows");
	ok(run(read_other, &test) == 1 && strstr(said, "no model 'b' ahead of the rows"),
		"a model that is not there");
	write_file(NULL);
	ok(run(read_board, &test) == 0 && strstr(said, "no 'part' in the stream: all 4 rows count"),
		"without parts all rows count, which is said");
	return streams_end();
}
