/* A board cut by a column: every slice has its own rows, in order, and the values of those alone.
 */
#include "cuts.h"

#include <string.h>

#include "made.h"
#include "tap.h"

enum { N = 12 };

int main(void)
{
	/* a model whose score is w of the user; row r is of user r, slice r mod 3, label 0 or 1 */
	static const float bias = 0, w[N] = { -3, 1, 2, 1, -1, 3, 2, -2, 4, 3, 5, -4 };
	static const float label[N] = { 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0, 0 };
	uint32_t user[N], slice[N];
	struct tensors tables = { 0 }, rows = { 0 };
	struct board board = { .part = 2,
		.threshold = 0.5,
		.top = 0.5,
		.by = "row.cat.where",
		.extra[BOARD_SLICE] = "row.cat.where" };
	struct board part;
	struct cuts cuts;

	for (uint32_t r = 0; r < N; r++) {
		user[r] = r;
		slice[r] = r % 3 == 2 ? 3 : r % 3; /* no row is of slice 2 */
	}
	tensors_add(&tables,
		tensor_text("model.m.spec", "arch=lr\ntask=binary\nfeatures=user\ndim=0\n"));
	made_column(&tables, "model.m.bias", F32, 1, &bias);
	made_column(&tables, "model.m.linear.user", F32, N, w);
	made_column(&rows, "user", U32, N, user);
	made_column(&rows, "label", F32, N, label);
	made_column(&rows, "row.cat.where", U32, N, slice);
	board_open(&board, &tables, NULL);
	board_rows(&board, &rows, 0, N);
	board_rows_end(&board);
	cuts_open(&cuts, &board, &tables);
	ok(cuts.n == 4, "four slices");
	ok(!cuts_board(&part, &board, &cuts, 2), "one has no rows");
	ok(cuts_board(&part, &board, &cuts, 0), "the first has");
	ok(part.rows == 4 && part.label[1] == 1 && part.entry[0].score[1] == 1 &&
			part.entry[0].score[3] == 3,
		"  rows 0, 3, 6 and 9");
	near(part.entry[0].binary.auc, 0.75, 0, "  of 4 pairs 3 are in order: 1 < 2, 3 > 2, -3");
	cuts_board_free(&part);
	ok(cuts_board(&part, &board, &cuts, 3) && part.rows == 4, "and the last");
	near(part.entry[0].binary.auc, 1, 0, "  4 and 3 are above 2 and -4");
	cuts_board_free(&part);
	ok(board.rows == N && board.entry[0].score[11] == -4, "the board keeps its own");
	cuts_free(&cuts);
	board_free(&board);
	tensors_free(&rows);
	tensors_free(&tables);
	return done();
}
