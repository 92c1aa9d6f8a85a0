/* rs-split -- say which rows train, which validate, which test.
 *
 * Reads   user   u32 (N)   for --scheme user and leave-one-out
 *         time   i64 (N)   for --scheme time and --last
 *         and, to report, user, item, label, time as far as they are there
 * Writes  part   u8 (N)    0 train, 1 valid, 2 test; cut as the rows are
 * and passes everything else on unchanged. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "group.h"
#include "mem.h"
#include "members.h"
#include "opt.h"
#include "split.h"
#include "stream.h"

struct task {
	const char *name;
	enum split_scheme scheme;
	double valid, test;
	long seed;
	bool last, replace, report;
};

static void check(struct task *task)
{
	if (!split_scheme_parse(&task->scheme, task->name))
		die_usage("--scheme: '%s' is not random, user, leave-one-out or time", task->name);
	if (task->valid + task->test >= 1)
		die_usage("--valid and --test: %g and %g leave nothing to train", task->valid,
			task->test);
	if (task->last && task->scheme != SPLIT_USER && task->scheme != SPLIT_LEAVE_ONE_OUT)
		die_usage("--last: only --scheme user and leave-one-out take rows of each user");
	task->report = !die_is_quiet();
}

static bool by_user(const struct task *task)
{
	return task->scheme == SPLIT_USER || task->scheme == SPLIT_LEAVE_ONE_OUT;
}

static bool by_time(const struct task *task)
{
	return task->scheme == SPLIT_TIME || task->last;
}

/* Tables bound the ids; one axis is enough for that. */
static bool bounds_ids(const char *name, const struct frame *f)
{
	return members_own(name) && !tensor_match("row.*", name) && !tensor_match("*.text", name) &&
	       !tensor_match("*.id", name) && f->ndim == 1;
}

static int choose(const char *name, const struct frame *first, void *arg)
{
	const struct task *task = arg;

	if (strcmp(name, "part") == 0) {
		if (!task->replace)
			die("stdin: 'part' is already in the stream; expected --replace");
		return STREAM_DROP;
	}
	if (strcmp(name, "time") == 0)
		return by_time(task) || task->report ? STREAM_KEEP : STREAM_PASS;
	if (strcmp(name, "user") == 0 || bounds_ids(name, first))
		return by_user(task) || task->report ? STREAM_KEEP : STREAM_PASS;
	if (strcmp(name, "item") == 0 || strcmp(name, "label") == 0)
		return task->report ? STREAM_KEEP : STREAM_PASS;
	return STREAM_PASS;
}

/* ---- random: a row needs nothing but its number, so rows do not wait ---- */

static void put_part(struct stream *out, const struct frame *f, const struct task *task)
{
	static const struct tensor shape = { .name = "part", .dtype = U8, .ndim = 1 };
	uint8_t *part = mem_new(f->row_count, 1);
	struct stream_piece piece = { .shape = &shape,
		.start = f->row_start,
		.count = f->row_count,
		.total = f->rows_total,
		.last = f->last,
		.data = part };

	split_random(
		part, f->row_start, f->row_count, (uint64_t)task->seed, task->valid, task->test);
	stream_put(out, &piece, 1);
	free(part);
}

/* Each frame of the first column of the rows is followed by its parts. */
static uint8_t *split_as_they_come(
	struct stream *in, struct stream *out, struct task *task, struct tensors *set, size_t *n)
{
	char lead[TENSOR_NAME + 1] = "";
	const struct frame *f;
	uint8_t *part;

	while ((f = stream_next(in))) {
		int choice = f->kind == 'T' ? choose(f->name, f, task) : STREAM_PASS;

		if (choice & STREAM_KEEP)
			stream_keep(in, f, set);
		if (choice & STREAM_DROP)
			continue;
		stream_forward(out, f);
		if (f->kind != 'T' || !tensor_is_row(f->name) || (*lead && strcmp(lead, f->name)))
			continue;
		snprintf(lead, sizeof lead, "%s", f->name);
		put_part(out, f, task);
		*n = f->row_start + f->row_count;
	}
	if (!task->report)
		return NULL;
	part = mem_new(*n, 1);
	split_random(part, 0, *n, (uint64_t)task->seed, task->valid, task->test);
	return part;
}

/* ---- the others need all rows ---- */

static uint8_t *split_whole(
	struct stream *in, struct stream *out, struct task *task, struct tensors *set, size_t *n)
{
	uint64_t seed = (uint64_t)task->seed;
	struct group users = { 0 };
	struct tensor *column;
	const uint32_t *user;
	const int64_t *time;
	uint8_t *part;

	stream_load(in, out, choose, task, set);
	time = by_time(task) ? members_column(set, "time", I64, true) : NULL;
	user = by_user(task) ? members_column(set, "user", U32, true) : NULL;
	*n = members_rows(set);
	column = tensor_new("part", U8, *n, 0);
	part = column->data;
	if (user)
		group_new(&users, user, *n, members_ids(set, "user", *n));
	if (task->scheme == SPLIT_USER)
		split_user(part, &users, time, seed, task->valid, task->test);
	else if (task->scheme == SPLIT_LEAVE_ONE_OUT)
		split_leave_one_out(part, &users, time, seed, task->valid, task->test);
	else
		split_time(part, time, *n, task->valid, task->test);
	group_free(&users);
	stream_write_rows(out, &column, 1);
	free(column);
	return part;
}

/* ---- the report ---- */

static void tell_parts(const struct split_part part[SPLIT_PARTS], const struct split_rows *rows)
{
	static const char *const name[] = { "train", "valid", "test" };

	for (int p = 0; p < SPLIT_PARTS; p++) {
		char ones[48] = "";

		if (rows->label)
			snprintf(ones, sizeof ones, ", %zu positive", part[p].positives);
		warn("%s: %zu rows (%.1f %%), %zu users, %zu items%s", name[p], part[p].rows,
			100 * (double)part[p].rows / (double)rows->n, part[p].users, part[p].items,
			ones);
	}
}

static void tell_leaks(const struct split_part part[SPLIT_PARTS], const struct split_leaks *leaks,
	const struct task *task)
{
	if (task->valid > 0 && !part[SPLIT_VALID].rows)
		warn("warning: no row is valid");
	if (task->test > 0 && !part[SPLIT_TEST].rows)
		warn("warning: no row is test");
	if (leaks->pairs)
		warn("warning: %zu pairs of user and item are in two parts or more", leaks->pairs);
	if (leaks->cold_users)
		warn("warning: %zu users of test (%zu rows) have no row in train",
			leaks->cold_users, leaks->cold_user_rows);
	if (leaks->cold_items)
		warn("warning: %zu items of test (%zu rows) have no row in train",
			leaks->cold_items, leaks->cold_item_rows);
	if (leaks->late)
		warn("warning: %zu rows of train are later than the first of test", leaks->late);
}

static void report(
	const struct tensors *set, const uint8_t *part, size_t n, const struct task *task)
{
	struct split_rows rows = { .n = n, .part = part };
	struct split_part parts[SPLIT_PARTS];
	struct split_leaks leaks;
	size_t kept = members_rows(set);

	if (kept && kept != n)
		die("stdin: columns of %zu and %zu rows; expected the same", kept, n);
	rows.user = members_column(set, "user", U32, false);
	rows.item = members_column(set, "item", U32, false);
	rows.label = members_column(set, "label", F32, false);
	rows.time = members_column(set, "time", I64, false);
	rows.users = members_ids(set, "user", n);
	rows.items = members_ids(set, "item", n);
	if (rows.label && !split_is_binary(rows.label, n))
		rows.label = NULL;
	split_report(parts, &leaks, &rows);
	tell_parts(parts, &rows);
	tell_leaks(parts, &leaks, task);
}

int main(int argc, char **argv)
{
	struct stream_options common = { .level = 1 };
	struct task task = { .name = "random", .valid = 0.1, .test = 0.1, .seed = 1 };
	const struct opt opts[] = {
		OPT_TEXT(0, "scheme", &task.name, "NAME", "random, user, leave-one-out or time"),
		OPT_REAL(0, "valid", &task.valid, 0, 1, "share of rows to validate with"),
		OPT_REAL(0, "test", &task.test, 0, 1, "share of rows to test with"),
		OPT_FLAG(0, "last", &task.last, "take each user's latest rows, not random ones"),
		OPT_FLAG(0, "replace", &task.replace, "write part anew"),
		OPT_SEED(&task.seed),
		OPT_STREAM(&common),
		OPT_END,
	};
	struct tensors set = { 0 };
	struct stream *in, *out;
	uint8_t *part;
	size_t n = 0;

	opt_parse(argc, argv, "say which rows train, which validate, which test", NULL,
		"rs-import ratings.csv | rs-split --seed 1 | rs-teach | rs-score", opts);
	check(&task);
	in = stream_in(&common);
	out = stream_out(in, &common, opt_provenance());
	part = (task.scheme == SPLIT_RANDOM ? split_as_they_come : split_whole)(
		in, out, &task, &set, &n);
	if (n == 0)
		die("stdin: no rows; expected a data set");
	if (task.report)
		report(&set, part, n, &task);
	stream_close(out);
	stream_free(in);
	tensors_free(&set);
	free(part);
	return 0;
}
