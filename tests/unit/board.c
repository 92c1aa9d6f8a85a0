/* board -- rows in groups, parts, who is compared with whom, timings. */
#include "board.h"

#include <math.h>

#include "rng.h"
#include "tap.h"
#include "verdict.h"

enum { N = 1000 };

/* A model whose score of row r is the weight of user (or item) r. */
static void add_model(
	struct tensors *set, const char *name, const char *by, const char *more, uint64_t seed)
{
	char tensor[100], spec[200];
	struct tensor *t;

	snprintf(tensor, sizeof tensor, "model.%s.spec", name);
	snprintf(spec, sizeof spec, "arch=lr\ntask=binary\nfeatures=%s\ndim=0\nhidden=\n%s", by,
		more);
	tensors_add(set, tensor_text(tensor, spec));
	snprintf(tensor, sizeof tensor, "model.%s.bias", name);
	tensors_add(set, tensor_new(tensor, F32, 1, 0));
	snprintf(tensor, sizeof tensor, "model.%s.linear.%s", name, by);
	t = tensor_new(tensor, F32, N, 0);
	for (size_t i = 0; i < N; i++)
		((float *)t->data)[i] = (float)(rng_unit(seed, RNG_MAKE, i) * 4 - 2);
	tensors_add(set, t);
}

/* Rows start .. start + n: user and item are the row, of label, weight and part as hashes say. */
static void make_rows(struct tensors *rows, size_t start, size_t n)
{
	struct tensor *user = tensor_new("user", U32, n, 0), *item = tensor_new("item", U32, n, 0);
	struct tensor *label = tensor_new("label", F32, n, 0), *part = tensor_new("part", U8, n, 0);
	struct tensor *weight = tensor_new("weight", F32, n, 0);

	for (size_t i = 0; i < n; i++) {
		uint64_t r = start + i;

		((uint32_t *)user->data)[i] = ((uint32_t *)item->data)[i] = (uint32_t)r;
		((float *)label->data)[i] = (float)rng_below(2, 7, RNG_MAKE, r);
		((float *)weight->data)[i] = (float)rng_unit(8, RNG_MAKE, r);
		((uint8_t *)part->data)[i] = (uint8_t)rng_below(3, 9, RNG_MAKE, r);
	}
	tensors_add(rows, part);
	tensors_add(rows, user);
	tensors_add(rows, weight);
	tensors_add(rows, item);
	tensors_add(rows, label);
}

static void fill(struct board *board, const struct tensors *tables, size_t group)
{
	board_open(board, tables, NULL);
	for (size_t start = 0; start < N; start += group) {
		struct tensors rows = { 0 };
		size_t n = start + group < N ? group : N - start;

		make_rows(&rows, start, n);
		board_rows(board, &rows, start, n);
		tensors_free(&rows);
	}
	verdict_compute(board);
}

static void any_groups(const struct tensors *tables)
{
	static const size_t groups[] = { 1, 7, 300, N };
	struct board board[4];
	size_t n = 0, bad = 0;

	for (size_t g = 0; g < 4; g++) {
		board[g] = (struct board){ .part = 2, .threshold = 0.5, .top = 0.1 };
		fill(&board[g], tables, groups[g]);
	}
	for (size_t r = 0; r < N; r++) {
		if (rng_below(3, 9, RNG_MAKE, r) != 2)
			continue;
		bad += board[0].label[n] != (float)rng_below(2, 7, RNG_MAKE, r) ||
		       board[0].weight[n] != (float)rng_unit(8, RNG_MAKE, r) ||
		       board[0].entry[0].score[n] != (float)(rng_unit(1, RNG_MAKE, r) * 4 - 2);
		n++;
	}
	ok(n == board[0].rows && !bad, "rows of part 2 with label, weight and score, in order");
	for (size_t g = 1; g < 4; g++)
		ok(board[g].rows == n &&
				board[g].entry[1].binary.auc == board[0].entry[1].binary.auc &&
				board[g].entry[1].binary.logloss ==
					board[0].entry[1].binary.logloss,
			"the same whatever the groups");
	for (size_t g = 0; g < 4; g++)
		board_free(&board[g]);
}

static void compared(const struct tensors *tables)
{
	struct board board = { .part = 1, .timed = true, .threshold = 0.5, .top = 0.1 };
	const struct board_entry *e;
	double lead;

	fill(&board, tables, 300);
	e = board.entry;
	lead = e[0].binary.auc - e[2].binary.auc;
	ok(board.entries == 5 && board.binary && !board.whole, "five models");
	ok(isnan(e[0].recovered) && isnan(e[2].recovered), "no teacher, nothing recovered");
	ok(lead > 0, "the first teacher leads");
	near(e[1].recovered, (e[1].binary.auc - e[2].binary.auc) / lead, 1e-15,
		"alone is the model of equal shape that is not the teacher");
	ok(isnan(e[3].recovered), "a teacher that is not there");
	ok(isnan(e[4].recovered), "nobody of equal shape is alone");
	ok(e[0].timed == BOARD_TIMED, "three groups are timed");
	ok(e[0].ns_row > 0, "and give a time");
	board_free(&board);
}

int main(void)
{
	struct tensors tables = { 0 };

	add_model(&tables, "teacher", "user", "", 1);
	add_model(&tables, "student", "user", "teacher=teacher\n", 2);
	add_model(&tables, "alone", "user", "", 3);
	add_model(&tables, "orphan", "user", "teacher=nobody\n", 4);
	add_model(&tables, "other", "item", "teacher=teacher\n", 5);
	any_groups(&tables);
	compared(&tables);
	tensors_free(&tables);
	return done();
}
