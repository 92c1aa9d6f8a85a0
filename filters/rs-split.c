/* rs-split -- say which rows train, which validate, which test.
 *
 * Reads   user, item    u32 (N)   for the schemes that take them
 *         time          i64 (N)   for --scheme time and --last
 *         row.cat.NAME  u32 (N)   and vocab.row.cat.NAME.*, for --column NAME; they go
 *         part          u8 (N)    for --scheme given without --column
 *         and, for the certificate, user, item, label, time as far as they are there
 * Writes  part               u8 (N)   0 train, 1 valid, 2 test, 255 none; cut as the rows are
 *         split.certificate  u8 (n)   text
 * and passes everything else on unchanged. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certificate.h"
#include "die.h"
#include "kept.h"
#include "mem.h"
#include "members.h"
#include "opt.h"
#include "plan.h"
#include "stream_out.h"
#include "stream_rows.h"

/* Rows are read once, each parted as it comes; or they wait, and are read again for the parts and
 * once more for the certificate. So no column of theirs lies in memory that is not needed then. */
enum pass { ALONE, HOLD, PART, CERTIFY };

struct work {
	struct plan plan;
	enum pass pass;
	char lead[TENSOR_NAME + 1]; /* the first column of the rows, which counts them */
	struct tensors tables;
	struct stream_rows group;
	size_t rows;
	uint8_t *part; /* of all rows, for a scheme that needs them */
	struct certificate certificate;
};

static bool certified(const struct work *w)
{
	return w->plan.certificate != PLAN_NONE && (w->pass == ALONE || w->pass == CERTIFY);
}

static bool needed(const struct work *w, const char *name)
{
	return w->pass != HOLD && plan_needs(&w->plan, name);
}

static bool wanted(const struct work *w, const char *name)
{
	static const char *const all[] = { "user", "item", "time", "label" };

	for (size_t i = 0; certified(w) && i < sizeof all / sizeof *all; i++)
		if (strcmp(name, all[i]) == 0)
			return true;
	return strcmp(name, w->lead) == 0 || needed(w, name);
}

static int choose(const char *name, const struct frame *first, void *arg)
{
	struct work *w = arg;

	if (plan_is_column(&w->plan, name))
		return STREAM_KEEP | STREAM_DROP;
	if (strcmp(name, "split.certificate") == 0)
		return STREAM_DROP;
	if (strcmp(name, "part") == 0) {
		if (w->plan.scheme == SPLIT_GIVEN && !*w->plan.column_name)
			return STREAM_KEEP | (plan_writes(&w->plan) ? STREAM_DROP : 0);
		if (!w->plan.replace)
			die("stdin: 'part' is already in the stream; expected --replace");
		return STREAM_DROP;
	}
	if (!tensor_is_row(name))
		return !*w->lead && first->ndim == 1 && members_count_ids(name) ? STREAM_KEEP
										: STREAM_PASS;
	if (!*w->lead)
		snprintf(w->lead, sizeof w->lead, "%s", name);
	return wanted(w, name) ? STREAM_KEEP : STREAM_PASS;
}

/* The columns of the next group of rows; false at the end. */
static bool next_rows(
	struct tally_rows *rows, struct stream *in, struct stream *out, struct work *w)
{
	const struct tensors *set = &w->group.columns;

	if (!stream_rows(in, out, choose, w, &w->tables, &w->group))
		return false;
	*rows = (struct tally_rows){ .n = w->group.count };
	rows->user = members_column(set, "user", U32, needed(w, "user"));
	rows->item = members_column(set, "item", U32, needed(w, "item"));
	rows->time = members_column(set, "time", I64, needed(w, "time"));
	members_below(&w->tables, "user", rows->user, rows->n, w->rows + rows->n);
	members_below(&w->tables, "item", rows->item, rows->n, w->rows + rows->n);
	if (certified(w))
		rows->label = members_column(set, "label", F32, false);
	return true;
}

/* ---- a scheme that takes a row at a time ---- */

static void split_group(struct work *w, struct stream *out, struct tally_rows *rows)
{
	struct plan *plan = &w->plan;
	uint8_t *part = mem_new(rows->n, 1);

	if (*plan->column_name && !plan->part_of_word)
		plan_words(plan, &w->tables);
	plan_part(part, plan, w->group.start, rows, &w->group.columns);
	rows->part = part;
	if (plan_writes(plan))
		stream_put_rows(out, &w->group, "part", U8, part);
	if (certified(w))
		certificate_add(&w->certificate, rows);
	free(part);
}

static void split_rows(struct stream *in, struct stream *out, struct work *w)
{
	struct tally_rows rows;

	if (w->plan.dates)
		late_know(&w->certificate.late, w->plan.test_from_time);
	while (next_rows(&rows, in, out, w)) {
		split_group(w, out, &rows);
		w->rows += rows.n;
	}
}

/* ---- a scheme that needs all rows: they wait ---- */

static void hold_rows(struct stream *in, struct stream *out, struct work *w)
{
	struct tally_rows rows;

	w->pass = HOLD;
	w->group.hold = true;
	while (next_rows(&rows, in, out, w))
		w->rows += rows.n;
}

static void keep_rows(struct kept *kept, struct stream *in, struct stream *out, struct work *w)
{
	bool users = plan_needs(&w->plan, "user"), times = plan_needs(&w->plan, "time");
	struct tally_rows rows;

	w->pass = PART;
	stream_again(in, out);
	kept_start(kept, w->rows);
	while (next_rows(&rows, in, NULL, w))
		kept_add(kept, users ? rows.user : NULL, times ? rows.time : NULL, rows.n);
}

static void part_rows(struct stream *in, struct stream *out, struct work *w)
{
	struct group users = { 0 };
	struct kept kept;

	keep_rows(&kept, in, out, w);
	w->part = mem_new(w->rows, 1);
	if (kept.user)
		kept_group(&users, &kept,
			members_count(&w->tables, "user", group_ids(kept.user, kept.n)));
	plan_part_whole(w->part, w->rows, &w->plan, &users, &kept.when);
	if (kept.when.n)
		late_know(&w->certificate.late, kept_first(&kept, w->part));
	group_free(&users);
	kept_free(&kept);
}

static void certify_rows(struct stream *in, struct stream *out, struct work *w)
{
	struct tally_rows rows;

	w->pass = CERTIFY;
	stream_again(in, out);
	while (next_rows(&rows, in, NULL, w)) {
		rows.part = w->part + w->group.start;
		certificate_add(&w->certificate, &rows);
	}
}

static void split_whole(struct stream *in, struct stream *out, struct work *w)
{
	struct tensor part = { .name = "part", .dtype = U8, .ndim = 1 };
	struct tensor *column = &part;

	hold_rows(in, out, w);
	part_rows(in, out, w);
	if (w->plan.certificate != PLAN_NONE)
		certify_rows(in, out, w);
	part.data = w->part;
	part.shape[0] = w->rows;
	stream_write_rows(out, &column, 1);
	free(w->part);
}

int main(int argc, char **argv)
{
	struct stream_options common = STREAM_OPTIONS;
	struct work w = { .plan = PLAN_NEW, .certificate = CERTIFICATE_NEW };
	struct plan *p = &w.plan;
	const struct opt opts[] = {
		OPT_TEXT(0, "scheme", &p->scheme_name, "NAME",
			"random, user, leave-one-out, time, cold-users, cold-items or given"),
		OPT_REAL(0, "valid", &p->valid, 0, 1, "share of rows to validate with"),
		OPT_REAL(0, "test", &p->test, 0, 1, "share of rows to test with"),
		OPT_REAL(0, "thin", &p->thin, 0, 1, "share of the train rows that stay in train"),
		OPT_TEXT(0, "fold", &p->fold, "I/K", "test with fold I of K"),
		OPT_FLAG(0, "last", &p->last, "take each user's latest rows, not random ones"),
		OPT_TEXT(0, "valid-from", &p->valid_from, "DATE", "time of the first valid row"),
		OPT_TEXT(0, "test-from", &p->test_from, "DATE", "time of the first test row"),
		OPT_TEXT(0, "column", &p->column, "NAME", "row.cat.NAME says the part"),
		OPT_EACH(0, "map", &p->map, "WORD=PART", "a word of --column"),
		OPT_TEXT(0, "certificate", &p->certificate_name, "NAME", "full, counts or none"),
		OPT_FLAG(0, "strict", &p->strict, "a leak is an error"),
		OPT_FLAG(0, "replace", &p->replace, "write part anew"),
		OPT_SEED(&p->seed),
		OPT_STREAM(&common),
		OPT_END,
	};
	struct stream *in, *out;

	opt_parse(argc, argv, "say which rows train, which validate, which test", NULL,
		"rs-import ratings.csv | rs-split --seed 1 | rs-teach | rs-score", opts);
	plan_check(p);
	in = stream_in(&common);
	out = stream_out(in, &common, opt_provenance());
	w.certificate.scheme = p->scheme_name;
	w.certificate.full = p->certificate == PLAN_FULL;
	if (plan_whole(p))
		split_whole(in, out, &w);
	else
		split_rows(in, out, &w);
	if (w.rows == 0)
		die("stdin: no rows; expected a data set");
	if (p->certificate != PLAN_NONE)
		certificate_put(&w.certificate, out, p->want, p->strict);
	stream_close(out);
	stream_free(in);
	tensors_free(&w.tables);
	tensors_free(&w.group.columns);
	certificate_free(&w.certificate);
	free(p->part_of_word);
	return 0;
}
