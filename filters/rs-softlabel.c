/* rs-softlabel -- ask the teacher: of every row, of every user's best items, of its inside.
 *
 * Reads   model.NAME.*        the teachers, ahead of the rows
 *         the row columns and tables that they need
 *         user, item, part    for lists: which items a user has in train (part 0)
 *         label, part         for --combine gate
 *         fold                for --out-of-fold: which model was trained without the row
 * Writes  soft.NAME f32 (N)   what the teachers say of every row, before any temperature
 *         var.NAME  f32 (N)   how far they differ (--variance)
 *         hint.NAME f32 (N, D), or hint.NAME.user (U, D) and hint.NAME.item (I, D)   (--hint)
 *         top.NAME.item u32 (U, K), top.NAME.score f32 (U, K)                        (--top)
 *         rev.NAME.user u32 (I, K), rev.NAME.score f32 (I, K)                        (--reverse)
 * and passes everything else on unchanged. Memory: one group of rows; with lists or a gate, the
 * columns named above. */
#include <stdio.h>
#include <string.h>

#include "council.h"
#include "die.h"
#include "lesson.h"
#include "members.h"
#include "opt.h"
#include "stream_out.h"
#include "stream_rows.h"

struct ask {
	const char *from, *weights; /* as given; NULL: the only model, equal weights */
	const char *as, *combine;
	long top, reverse;
	double scale;
	bool rows, replace, gate;
	char first[TENSOR_NAME + 1]; /* row column: it is read to know how many rows there are */
	struct lesson lesson;
	struct tensors tables;
	struct council council;
	struct stream *in, *out;
};

static void check_options(struct ask *a)
{
	struct lesson *l = &a->lesson;

	a->gate = strcmp(a->combine, "gate") == 0;
	if (strcmp(a->combine, "median") == 0)
		a->council.how = COUNCIL_MEDIAN;
	else if (strcmp(a->combine, "mean") != 0 && !a->gate)
		die_usage("--combine: '%s' is not mean, median or gate", a->combine);
	if (a->council.how == COUNCIL_MEDIAN && a->weights)
		die_usage("--weights: they play no part in a median");
	if (a->council.out_of_fold && (a->top || a->reverse || l->hint || l->variance))
		die_usage("--out-of-fold: is for soft labels of rows alone");
	l->rows = a->rows || l->variance || !(a->top || a->reverse || l->hint);
	l->top = (size_t)a->top;
	l->reverse = (size_t)a->reverse;
	lesson_name(l, a->as ? a->as : a->from && !strchr(a->from, ',') ? a->from : NULL);
}

static void open_models(struct ask *a)
{
	struct council *c = &a->council;

	council_open(c, &a->tables, a->from, a->weights);
	if (!a->as && c->n > 1)
		die_usage("--as: an answer of several models needs a name of its own");
	if (!a->as)
		lesson_name(&a->lesson, model_name(c->model[0]));
	lesson_open(&a->lesson, c);
}

/* ---- a group of rows at a time ---- */

/* When the first row column comes, all models and tables are there. */
static int want(const char *name, const struct frame *first, void *arg)
{
	struct ask *a = arg;

	(void)first;
	if (tensor_is_row(name) && !a->council.n) {
		stream_settle(a->in);
		open_models(a);
		lesson_put_factors(&a->lesson, a->out);
	}
	if (lesson_makes(&a->lesson, name, a->replace))
		return STREAM_DROP;
	if (tensor_is_row(name)) {
		if (!*a->first)
			snprintf(a->first, sizeof a->first, "%s", name);
		return strcmp(a->first, name) == 0 || council_needs(&a->council, name) ? STREAM_KEEP
										: STREAM_PASS;
	}
	return strncmp(name, "model.", 6) == 0 || feature_carrier(name) ? STREAM_KEEP
									 : STREAM_PASS;
}

static void answer_groups(struct ask *a)
{
	struct stream_rows rows = { 0 };
	bool any = false;

	while (stream_rows(a->in, a->out, want, a, &a->tables, &rows)) {
		members_lists(&rows.columns, &a->tables, rows.start, NULL, rows.count);
		lesson_ask(&a->lesson, &rows.columns, rows.count);
		members_unlist(&rows.columns);
		lesson_put_group(&a->lesson, a->out, rows.start, rows.last);
		any = true;
	}
	if (!any)
		die("stdin: no rows to label; needs the columns that the model reads");
	tensors_free(&rows.columns);
}

/* ---- all rows at once ---- */

static int want_all(const char *name, const struct frame *first, void *arg)
{
	static const char *const own[] = { "user", "item", "part", "label",
		"fold" };
	struct ask *a = arg;

	(void)first;
	if (lesson_makes(&a->lesson, name, a->replace))
		return STREAM_DROP;
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (strcmp(name, own[i]) == 0)
			return STREAM_KEEP;
	return strncmp(name, "model.", 6) == 0 || feature_carrier(name) ? STREAM_KEEP
									 : STREAM_PASS;
}

static void gate(struct ask *a)
{
	struct council *c = &a->council;
	const struct tensors *set = &a->tables;
	const float *label = members_column(set, "label", F32, true);
	const uint8_t *part = members_column(set, "part", U8, true);
	double loss[COUNCIL_MOST];

	if (!council_losses(c, loss, set, members_rows(set), label, part))
		die("stdin: no row in part 1, which --combine gate judges by");
	council_gate(c, loss, a->scale);
	for (size_t m = 0; m < c->n; m++)
		warn("%s: loss %.5f on part 1, weight %.4f", model_name(c->model[m]), loss[m],
			c->weight[m]);
}

static void answer_all(struct ask *a)
{
	struct lesson *l = &a->lesson;

	stream_load(a->in, a->out, want_all, a, &a->tables);
	open_models(a);
	if (a->gate)
		gate(a);
	lesson_put_factors(l, a->out);
	lesson_put_lists(l, a->out, &a->tables);
	if (!lesson_of_rows(l))
		return;
	lesson_ask(l, &a->tables, members_rows(&a->tables));
	lesson_put_rows(l, a->out);
}

int main(int argc, char **argv)
{
	struct stream_options so = STREAM_OPTIONS;
	struct ask a = { .combine = "mean", .scale = 0.01 };
	struct lesson *l = &a.lesson;
	const struct opt opts[] = {
		OPT_TEXT(0, "from", &a.from, "LIST", "models to ask; default: the only one"),
		OPT_TEXT(0, "weights", &a.weights, "LIST", "their weights; default: equal"),
		OPT_TEXT(0, "combine", &a.combine, "HOW",
			"mean, median, or gate: mean weighted by the loss on part 1"),
		OPT_REAL(0, "gate-scale", &a.scale, 1e-9, 1e9,
			"a loss higher by X divides the weight by e"),
		OPT_TEXT(0, "as", &a.as, "NAME", "name of the labels; default: the model's"),
		OPT_INT(0, "top", &a.top, 0, 1000000, "the best N items of every user"),
		OPT_INT(0, "reverse", &a.reverse, 0, 1000000, "the best N users of every item"),
		OPT_FLAG(0, "keep-seen", &l->keep_seen, "lists have train items, too"),
		OPT_FLAG(0, "hint", &l->hint, "factors, or activations of the last hidden layer"),
		OPT_FLAG(0, "variance", &l->variance, "soft labels with how far several models differ"),
		OPT_FLAG(0, "out-of-fold", &a.council.out_of_fold,
			"rows of fold 1 by the first model, of fold 2 by the second ..."),
		OPT_FLAG(0, "rows", &a.rows, "soft labels, beside lists or hints"),
		OPT_FLAG(0, "replace", &a.replace, "replace what is there of that name"),
		OPT_STREAM(&so),
		OPT_END,
	};

	opt_parse(argc, argv, "ask one or several teachers for what a student learns from", NULL,
		"Without --top, --reverse or --hint: a soft label a row. Examples:\n"
		"  ... | rs-teach --as a --seed 1 | rs-teach --as b --seed 2 |\n"
		"    rs-softlabel --from a,b --as both | rs-distill --teacher both\n"
		"  ... | rs-mf --as teacher | rs-softlabel --top 100 --hint | rs-distill ...",
		opts);
	check_options(&a);
	l->memory = so.memory;
	a.in = stream_in(&so);
	a.out = stream_out(a.in, &so, opt_provenance());
	(a.top || a.reverse || a.gate ? answer_all : answer_groups)(&a);
	lesson_free(l);
	council_free(&a.council);
	tensors_free(&a.tables);
	stream_close(a.out);
	stream_free(a.in);
	return 0;
}
