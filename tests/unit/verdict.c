/* verdict: four models of clicks on eight rows, every value by hand. */
#include "verdict.h"

#include <stdlib.h>

#include "child.h"
#include "die.h"
#include "made.h"
#include "tap.h"

enum { N = 8 };

/* Labels 0 0 1 1 0 1 0 1. The teacher has all 16 pairs in order, alone 7, the student 13. */
static const float label[N] = { 0, 0, 1, 1, 0, 1, 0, 1 };
static const float teacher[N] = { -4, -3, 1, 2, -2, 3, -1, 4 };
static const float alone[N] = { 1, 2, 3, 4, 5, -1, -2, -3 };
static const float student[N] = { -4, -3, -2, 2, 3, 4, -1, 5 };

static struct tensors tables, rows;

static void add_model(const char *name, const char *spec, const float *score)
{
	static const float bias = 0;
	char full[80];

	snprintf(full, sizeof full, "model.%s.spec", name);
	tensors_add(&tables, tensor_text(full, spec));
	snprintf(full, sizeof full, "model.%s.bias", name);
	made_column(&tables, full, F32, 1, &bias);
	snprintf(full, sizeof full, "model.%s.linear.user", name);
	made_column(&tables, full, F32, N, score);
}

static void fill(const float *labels)
{
	static const uint32_t user[N] = { 0, 1, 2, 3, 4, 5, 6, 7 };

	add_model("t", "arch=lr\ntask=binary\nfeatures=user\ndim=0\nrate=1\n", teacher);
	add_model("s", "arch=lr\ntask=binary\nfeatures=user\ndim=0\nteacher=t\n", student);
	add_model("w", "arch=lr\ntask=binary\nfeatures=user\ndim=1\n", teacher); /* another */
	add_model("a", "arch=lr\ntask=binary\nfeatures=user\ndim=0\n", alone);
	made_column(&rows, "user", U32, N, user);
	made_column(&rows, "label", F32, N, labels);
}

static void start(struct board *board)
{
	*board = (struct board){ .part = 2, .threshold = 0.5, .top = 0.5 };
	board_open(board, &tables, NULL);
	board_rows(board, &rows, 0, N);
	board_rows_end(board);
}

static void compute(void *board)
{
	verdict_compute(board);
}

static void binary(void)
{
	struct board board;
	const struct board_entry *t, *a, *s;

	start(&board);
	board.entry[3].timing[0] = (struct board_timing){ 10, 100 };
	board.entry[3].timing[1] = (struct board_timing){ 50, 1 };
	board.entry[3].timing[2] = (struct board_timing){ 5, 30 };
	board.entry[3].timed = 3;
	verdict_compute(&board);
	t = &board.entry[0];
	a = &board.entry[3];
	s = &board.entry[1];
	ok(board.binary && t->binary.auc == 1, "16 of 16 pairs");
	near(a->binary.auc, 7.0 / 16, 0, "7 of 16: 3 is above 1 2 -2, 4 too, -1 above -2");
	near(s->binary.auc, 13.0 / 16, 0,
		"13 of 16: -2 above two, 2 above three, 4 and 5 above all");
	near(s->recovered, (13.0 - 7) / (16 - 7), 1e-12, "the share of the lead that is recovered");
	ok(isnan(t->recovered) && isnan(a->recovered), "of a student only");
	ok(a->ns_row == 10 && isnan(t->ns_row), "the median of rows, not of timings");
	near(s->binary.precision, 3.0 / 4, 0, "2 3 4 5 are called positive, one is not");
	board_free(&board);
}

static void ratings(void)
{
	static const float stars[N] = { 1, 2, 3, 4, 5, 3, 2, 1 };
	struct board board;

	tensors_free(&rows);
	tensors_free(&tables);
	fill(stars);
	start(&board);
	ok(run(compute, &board) == 1 &&
			strstr(said, "model 't' predicts labels 0 and 1, but there is a label 2"),
		"a model of clicks and labels that are ratings");
	board_free(&board);
}

int main(void)
{
	die_name("unit");
	fill(label);
	binary();
	ratings();
	tensors_free(&rows);
	tensors_free(&tables);
	return done();
}
