/* rs-prep -- choose rows and make labels binary.
 *
 * Reads   user, item  u32 (N)   for --duplicates, --min-user, --min-item, --k-core, --sample-users
 *         label       f32 (N)   for --positive, --duplicates sum and mean
 *         time        i64 (N)   for --duplicates last, if it is there
 * Writes  label in its place and, when rows may go, all columns of the rows (row.bag.* too) without
 *         them, user and item numbered anew, and user.*, item.*, vocab.user.*, vocab.item.* to
 * match and passes everything else on unchanged. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "mem.h"
#include "members.h"
#include "opt.h"
#include "prep.h"
#include "stream.h"

struct options {
	const char *positive, *duplicates;
	double sample_rows, sample_users;
	long min_user, min_item, core, seed;
};

static struct prep_task understand(const struct options *o)
{
	struct prep_task task = { .binary = o->positive,
		.sample_rows = o->sample_rows,
		.sample_users = o->sample_users,
		.seed = (uint64_t)o->seed };

	if (o->positive && !prep_rule_parse(&task.rule, o->positive))
		die_usage("--positive: '%s' is not >=, >, <=, < or == and a number", o->positive);
	if (o->duplicates && !prep_duplicates_parse(&task.how, o->duplicates))
		die_usage(
			"--duplicates: '%s' is not error, first, last, sum or mean", o->duplicates);
	task.min_user = (size_t)(o->min_user > o->core ? o->min_user : o->core);
	task.min_item = (size_t)(o->min_item > o->core ? o->min_item : o->core);
	if (!prep_removes(&task) && !task.binary && task.how == PREP_ANY)
		die_usage("nothing to do; expected --duplicates, --positive, --sample-users, "
			  "--sample-rows, --min-user, --min-item or --k-core");
	return task;
}

/* The columns that the task needs, checked. */
static void find_rows(
	struct prep_rows *rows, const struct tensors *set, const struct prep_task *task)
{
	rows->user =
		members_column(set, "user", U32, prep_needs_pairs(task) || task->sample_users < 1);
	rows->item = members_column(set, "item", U32, prep_needs_pairs(task));
	rows->label = members_column(set, "label", F32, prep_needs_label(task));
	rows->time = task->how == PREP_LAST ? members_column(set, "time", I64, false) : NULL;
	rows->n = members_rows(set);
	rows->users = members_ids(set, "user", rows->n);
	rows->items = members_ids(set, "item", rows->n);
}

static void refuse_duplicates(const struct prep_rows *rows)
{
	size_t earlier, later;

	if (prep_first_duplicate(rows, &earlier, &later))
		die("stdin: row %zu has the user and item of row %zu; expected each pair once",
			later + 1, earlier + 1);
}

/* label[0 .. n) belongs to row start. */
static void check_label(const float *label, size_t start, size_t n)
{
	size_t fault = prep_fault(label, n);

	if (fault < n)
		die("stdin: 'label' of row %zu is not finite; expected a number",
			start + fault + 1);
}

static void tell(enum prep_step step, size_t count, size_t left)
{
	static const char *const name[] = { "duplicates", "positive", "sample-users", "sample-rows",
		"core" };

	if (step == PREP_POSITIVE)
		warn("positive: %zu of %zu rows", count, left);
	else
		warn("%s: %zu rows gone, %zu left", name[step], count, left);
}

/* ---- when all rows stay: only label is unpacked, frame by frame ---- */

static size_t put_label(struct stream *in, struct stream *out, const struct frame *f,
	struct tensors *kept, const struct prep_rule *rule)
{
	struct stream_piece piece = { .start = f->row_start,
		.count = f->row_count,
		.total = f->rows_total,
		.last = f->last };
	float *label;
	size_t ones;

	stream_keep(in, f, kept);
	stream_settle(in);
	piece.shape = tensors_need(kept, "label", F32, 1);
	piece.data = label = (float *)piece.shape->data + piece.start;
	check_label(label, piece.start, piece.count);
	ones = prep_binary(label, piece.count, rule);
	stream_put(out, &piece, 1);
	return ones;
}

static void relabel(struct stream *in, struct stream *out, const struct prep_task *task)
{
	struct tensors kept = { 0 };
	struct prep_rows rows;
	const struct frame *f;
	size_t ones = 0;

	while ((f = stream_next(in))) {
		bool id = strcmp(f->name, "user") == 0 || strcmp(f->name, "item") == 0;

		if (task->binary && strcmp(f->name, "label") == 0) {
			ones += put_label(in, out, f, &kept, &task->rule);
			continue;
		}
		if (task->how == PREP_ERROR && id)
			stream_keep(in, f, &kept);
		stream_forward(out, f);
	}
	find_rows(&rows, &kept, task);
	if (task->how == PREP_ERROR)
		refuse_duplicates(&rows);
	if (task->binary)
		tell(PREP_POSITIVE, ones, rows.n);
	tensors_free(&kept);
}

/* ---- when rows may go ---- */

static int choose(const char *name, const struct frame *first, void *arg)
{
	(void)first, (void)arg;
	if (tensor_match("model.*", name) || tensor_match("top.*", name))
		die("stdin: '%s' knows users and items by the ids of all rows; expected no model "
		    "before rows are chosen",
			name);
	return members_own(name) ? STREAM_KEEP | STREAM_DROP : STREAM_PASS;
}

/* The steps; a sum of labels may be beyond f32. Returns how many rows are left. */
static size_t choose_rows(uint8_t *keep, const struct prep_rows *rows, const struct prep_task *task)
{
	size_t left;

	if (task->how == PREP_ERROR)
		refuse_duplicates(rows);
	if (prep_needs_label(task))
		check_label(rows->label, 0, rows->n);
	left = prep_run(keep, rows, task, tell);
	if (prep_needs_label(task))
		check_label(rows->label, 0, rows->n);
	if (left == 0)
		die("nothing left of %zu rows", rows->n);
	return left;
}

static void renumber(struct tensors *set, const char *kind, size_t ids)
{
	size_t left;

	if (!tensors_find(set, kind))
		return;
	left = members_renumber(set, kind, ids);
	warn("%ss: %zu gone, %zu left", kind, ids - left, left);
}

static void write_all(struct stream *out, const struct tensors *set)
{
	struct tensor **columns = mem_new(set->n, sizeof *columns);
	size_t n = 0;

	for (size_t i = 0; i < set->n; i++) {
		if (tensor_is_row(set->at[i]->name))
			columns[n++] = set->at[i];
		else
			stream_write(out, set->at[i]);
	}
	stream_write_rows(out, columns, n);
	free(columns);
}

static void rewrite(struct stream *in, struct stream *out, const struct prep_task *task)
{
	struct tensors set = { 0 };
	struct prep_rows rows;
	uint8_t *keep;
	uint64_t *from;
	size_t left;

	stream_load(in, out, choose, NULL, &set);
	find_rows(&rows, &set, task);
	keep = mem_new(rows.n, 1);
	left = choose_rows(keep, &rows, task);
	from = mem_new(left, sizeof *from);
	members_list(from, keep, rows.n);
	members_cut(&set, "row", rows.n, from, left);
	renumber(&set, "user", rows.users);
	renumber(&set, "item", rows.items);
	write_all(out, &set);
	tensors_free(&set);
	free(keep);
	free(from);
}

int main(int argc, char **argv)
{
	struct stream_options common = { .level = 1 };
	struct options o = { .sample_rows = 1, .sample_users = 1, .seed = 1 };
	const struct opt opts[] = {
		OPT_TEXT(0, "duplicates", &o.duplicates, "HOW",
			"rows of one user and item: error, first, last, sum or mean"),
		OPT_TEXT(0, "positive", &o.positive, "RULE",
			"label becomes 1 where it is, say, '>=4', else 0"),
		OPT_REAL(0, "sample-users", &o.sample_users, 0, 1, "keep this share of users"),
		OPT_REAL(0, "sample-rows", &o.sample_rows, 0, 1, "keep this share of rows"),
		OPT_INT(0, "min-user", &o.min_user, 0, 1e9, "rows that a user needs to stay"),
		OPT_INT(0, "min-item", &o.min_item, 0, 1e9, "rows that an item needs to stay"),
		OPT_INT(0, "k-core", &o.core, 0, 1e9, "both --min-user and --min-item"),
		OPT_SEED(&o.seed),
		OPT_STREAM(&common),
		OPT_END,
	};
	struct prep_task task;
	struct stream *in, *out;

	opt_parse(argc, argv, "choose rows and make labels binary", NULL,
		"rs-import ratings.csv | rs-prep --positive '>=4' --k-core 5 | rs-split", opts);
	task = understand(&o);
	in = stream_in(&common);
	out = stream_out(in, &common, opt_provenance());
	if (prep_removes(&task))
		rewrite(in, out, &task);
	else
		relabel(in, out, &task);
	stream_close(out);
	stream_free(in);
	return 0;
}
