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
#include "codec.h"
#include "die.h"
#include "kept.h"
#include "mem.h"
#include "members.h"
#include "opt.h"
#include "plan.h"
#include "stream.h"

struct work {
	struct plan plan;
	char lead[TENSOR_NAME + 1]; /* the first column of the rows, which counts them */
	struct tensors tables;
	struct tally tally;
	struct kept kept;
	struct group users;
	size_t rows;
	uint32_t crc;
};

/* Tables bound the ids; one axis is enough for that. */
static bool bounds_ids(const char *name, const struct frame *f)
{
	return members_own(name) && !tensor_match("row.*", name) && !tensor_match("*.text", name) &&
	       !tensor_match("*.id", name) && f->ndim == 1;
}

static int choose(const char *name, const struct frame *first, void *arg)
{
	struct work *w = arg;
	bool wanted = w->plan.certificate != PLAN_NONE;

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
		return !*w->lead && bounds_ids(name, first) ? STREAM_KEEP : STREAM_PASS;
	if (!*w->lead) {
		snprintf(w->lead, sizeof w->lead, "%s", name);
		return STREAM_KEEP;
	}
	if ((strcmp(name, "user") == 0 && (wanted || plan_needs_user(&w->plan))) ||
		(strcmp(name, "item") == 0 && (wanted || plan_needs_item(&w->plan))) ||
		(strcmp(name, "time") == 0 && (wanted || plan_needs_time(&w->plan))) ||
		(strcmp(name, "label") == 0 && wanted))
		return STREAM_KEEP;
	return STREAM_PASS;
}

/* ---- reading ---- */

/* An id must be below the tables' rows; without tables ids are contiguous, so below the number of
 * rows, which is not known yet: a wild one must not ask for much memory. */
static void check_ids(const struct work *w, const char *kind, const uint32_t *id, size_t n)
{
	enum { FREE = 1 << 24 };
	size_t most = members_count(&w->tables, kind, w->rows + n > FREE ? w->rows + n : FREE);
	size_t ids = id ? group_ids(id, n) : 0;

	if (ids > most)
		die("stdin: '%s' holds id %zu; expected ids below %zu", kind, ids - 1, most);
}

static void find_columns(struct tally_rows *to, const struct stream_rows *group, struct work *w)
{
	const struct tensors *set = &group->columns;
	const struct plan *plan = &w->plan;

	*to = (struct tally_rows){ .n = group->count };
	to->user = members_column(set, "user", U32, plan_needs_user(plan));
	to->item = members_column(set, "item", U32, plan_needs_item(plan));
	to->time = members_column(set, "time", I64, plan_needs_time(plan));
	check_ids(w, "user", to->user, to->n);
	check_ids(w, "item", to->item, to->n);
	if (plan->certificate != PLAN_NONE)
		to->label = members_column(set, "label", F32, false);
}

static void put_part(struct stream *out, const struct stream_rows *group, const uint8_t *part)
{
	static const struct tensor shape = { .name = "part", .dtype = U8, .ndim = 1 };
	struct stream_piece piece = { .shape = &shape,
		.start = group->start,
		.count = group->count,
		.total = group->last ? group->start + group->count : FRAME_UNKNOWN,
		.last = group->last,
		.data = part };

	stream_put(out, &piece, 1);
}

/* A scheme that takes a row at a time: the parts go out; what the certificate asks for is kept. */
static void split_group(struct work *w, struct stream *out, const struct stream_rows *group,
	struct tally_rows *rows)
{
	const struct plan *plan = &w->plan;
	uint8_t *part = mem_new(rows->n, 1);

	if (*plan->column_name && !plan->part_of_word)
		plan_words(&w->plan, &w->tables);
	plan_part(part, plan, group->start, rows, &group->columns);
	rows->part = part;
	if (plan_writes(plan))
		put_part(out, group, part);
	w->crc = codec_crc(w->crc, part, rows->n);
	w->tally.times |= plan->dates;
	if (plan->dates)
		rows->time = NULL; /* no row of train can be late */
	if (plan->certificate != PLAN_NONE)
		tally_add(&w->tally, rows);
	rows->time = NULL;
	rows->label = NULL;
	if (plan->certificate == PLAN_FULL && rows->user && rows->item)
		kept_add(&w->kept, rows);
	free(part);
}

static void read_rows(struct stream *in, struct stream *out, struct work *w)
{
	bool whole = plan_whole(&w->plan);
	struct stream_rows group = { .hold = whole };
	struct tally_rows rows;

	while (stream_rows(in, out, choose, w, &w->tables, &group)) {
		find_columns(&rows, &group, w);
		if (whole)
			kept_add(&w->kept, &rows);
		else
			split_group(w, out, &group, &rows);
		w->rows += group.count;
	}
	tensors_free(&group.columns);
	if (w->rows == 0)
		die("stdin: no rows; expected a data set");
}

/* ---- when all rows are there ---- */

static void group_users(struct work *w)
{
	if (w->kept.user)
		kept_group(&w->users, &w->kept,
			members_count(&w->tables, "user", group_ids(w->kept.user, w->kept.n)));
}

static void split_whole(struct work *w, struct stream *out)
{
	struct tensor part = { .name = "part", .dtype = U8, .ndim = 1, .shape = { w->rows } };
	struct tensor *column = &part;

	part.data = kept_part(&w->kept);
	group_users(w);
	plan_part_whole(part.data, w->rows, &w->plan, &w->users, &w->kept.when);
	w->crc = codec_crc(0, part.data, w->rows);
	stream_write_rows(out, &column, 1);
	if (w->plan.certificate != PLAN_NONE)
		kept_tell(&w->tally, &w->kept, w->users.start ? &w->users : NULL);
}

static void certify(struct work *w, struct stream *out)
{
	struct certificate c = { .scheme = w->plan.scheme_name, .tally = &w->tally, .crc = w->crc };
	struct tensor *text;
	char *lines;

	if (!w->users.start)
		group_users(w);
	c.has_pairs = w->plan.certificate == PLAN_FULL && w->users.start && w->kept.item;
	if (c.has_pairs)
		c.pairs = tally_pairs(
			&w->users, w->kept.item, w->kept.part, group_ids(w->kept.item, w->kept.n));
	lines = certificate_text(&c);
	text = tensor_text("split.certificate", lines);
	stream_write(out, text);
	certificate_tell(&c, w->plan.want);
	if (w->plan.strict)
		certificate_strict(&c);
	tensor_free(text);
	free(lines);
}

int main(int argc, char **argv)
{
	struct stream_options common = STREAM_OPTIONS;
	struct work w = { .plan = PLAN_NEW, .tally = TALLY_NEW };
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
	read_rows(in, out, &w);
	if (plan_whole(p))
		split_whole(&w, out);
	if (p->certificate != PLAN_NONE)
		certify(&w, out);
	stream_close(out);
	stream_free(in);
	tensors_free(&w.tables);
	tally_free(&w.tally);
	group_free(&w.users);
	kept_free(&w.kept);
	free(p->part_of_word);
	return 0;
}
