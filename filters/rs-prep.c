/* rs-prep -- choose rows, make labels, negatives and columns.
 *
 * Reads   user, item  u32 (N)   for all but --positive, --sample-rows and --buckets of row columns
 *         label       f32 (N)   for --positive, --duplicates sum and mean, --negatives
 *         time        i64 (N)   for --duplicates first and last, if it is there
 *         part        u8 (N)    for --negatives, --popularity-groups, --buckets, if it is there
 *         *.num.NAME  f32       (N), (U) or (I), for --buckets NAME:N
 * Writes  label in its place and, when rows may go or come, all columns of the rows (row.bag.* too)
 *         without or with them; when rows may go, user and item numbered anew, and user.*,
 *         item.*, vocab.user.*, vocab.item.* to match;
 *         item.cat.popularity and *.cat.NAME, u32, with vocabularies
 * and passes everything else on unchanged. */
#include <stdbool.h>
#include <string.h>

#include "choice.h"
#include "derive.h"
#include "die.h"
#include "members.h"
#include "opt.h"
#include "prep.h"
#include "sift.h"
#include "stream_out.h"
#include "stream_rows.h"

struct options {
	const char *positive, *duplicates, *sampling;
	double sample_rows, sample_users;
	long min_user, min_item, max_user, max_item, core, negatives, groups, seed;
	struct opt_each buckets, where;
	bool popular;
};

static bool derives(const struct options *o)
{
	return o->groups || o->buckets.n;
}

static void check_derived(struct options *o)
{
	size_t length, n;

	o->popular = strcmp(o->sampling, "popularity") == 0;
	if (!o->popular && strcmp(o->sampling, "uniform") != 0)
		die_usage("--negative-sampling: '%s' is not uniform or popularity", o->sampling);
	for (size_t i = 0; i < o->buckets.n; i++)
		if (!derive_buckets_parse(&length, &n, o->buckets.at[i]))
			die_usage("--buckets: '%s' is not NAME:N with N in 2..65535",
				o->buckets.at[i]);
}

static struct prep_task understand(struct options *o)
{
	struct prep_task task = { .binary = o->positive,
		.sample_rows = o->sample_rows,
		.sample_users = o->sample_users,
		.max_user = (size_t)o->max_user,
		.max_item = (size_t)o->max_item,
		.where = o->where.n > 0,
		.seed = (uint64_t)o->seed };

	if (o->positive && !prep_rule_parse(&task.rule, o->positive))
		die_usage("--positive: '%s' is not >=, >, <=, < or == and a number", o->positive);
	if (o->duplicates && !prep_duplicates_parse(&task.how, o->duplicates))
		die_usage(
			"--duplicates: '%s' is not error, first, last, sum or mean", o->duplicates);
	task.min_user = (size_t)(o->min_user > o->core ? o->min_user : o->core);
	task.min_item = (size_t)(o->min_item > o->core ? o->min_item : o->core);
	check_derived(o);
	if (!prep_removes(&task) && !o->positive && !o->duplicates && !derives(o) && !o->negatives)
		die_usage("nothing to do; expected one of the options before --seed");
	return task;
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
	sift_check_label(label, piece.start, piece.count);
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
		if (task->binary && strcmp(f->name, "label") == 0) {
			ones += put_label(in, out, f, &kept, &task->rule);
			continue;
		}
		if (task->binary && strcmp(f->name, "split.certificate") == 0)
			continue;
		if (task->how == PREP_ERROR &&
			(strcmp(f->name, "user") == 0 || strcmp(f->name, "item") == 0))
			stream_keep(in, f, &kept);
		stream_forward(out, f);
	}
	sift_rows(&rows, &kept, task);
	if (task->how == PREP_ERROR)
		sift_refuse_duplicates(&rows);
	if (task->binary)
		sift_tell(PREP_POSITIVE, ones, rows.n);
	tensors_free(&kept);
}

/* ---- when columns are added to rows that stay ---- */

static int choose_derived(const char *name, const struct frame *first, void *arg)
{
	const struct prep_task *task = arg;

	if (strcmp(name, "label") == 0)
		return task->binary ? STREAM_KEEP | STREAM_DROP : STREAM_PASS;
	if (task->binary && strcmp(name, "split.certificate") == 0)
		return STREAM_DROP;
	return first->ndim == 1 && derive_needs(name) ? STREAM_KEEP : STREAM_PASS;
}

static void derive(struct tensors *set, const struct options *o)
{
	if (o->groups)
		derive_popularity(set, (size_t)o->groups);
	for (size_t i = 0; i < o->buckets.n; i++)
		derive_buckets(set, o->buckets.at[i]);
}

static void add_columns(
	struct stream *in, struct stream *out, struct prep_task *task, const struct options *o)
{
	struct tensors set = { 0 };
	struct prep_rows rows;
	size_t had;

	stream_load(in, out, choose_derived, task, &set);
	sift_rows(&rows, &set, task);
	if (task->how == PREP_ERROR)
		sift_refuse_duplicates(&rows);
	if (task->binary) {
		sift_label(&rows, task);
		tensors_add(&set, tensors_take(&set, "label")); /* to the new ones */
	}
	had = set.n - task->binary;
	derive(&set, o);
	stream_write_set(out, &set, had);
	tensors_free(&set);
}

/* ---- when rows may go or come ---- */

static int choose(const char *name, const struct frame *first, void *arg)
{
	const struct options *o = arg;

	(void)first;
	sift_refuse_answers(name, o->negatives > 0);
	if (strcmp(name, "split.certificate") == 0)
		return STREAM_DROP; /* it counts other rows */
	return members_own(name) || (o->where.n && choice_carrier(name)) ? STREAM_KEEP | STREAM_DROP
									 : STREAM_PASS;
}

static void rewrite(
	struct stream *in, struct stream *out, const struct prep_task *task, struct options *o)
{
	struct tensors set = { 0 };

	stream_load(in, out, choose, o, &set);
	choice_rows(&set, "--where", o->where.at, o->where.n);
	sift_remove(&set, task);
	derive(&set, o);
	if (o->negatives)
		derive_negatives(&set, (size_t)o->negatives, o->popular, task->seed);
	stream_write_set(out, &set, 0);
	tensors_free(&set);
}

int main(int argc, char **argv)
{
	struct stream_options common = STREAM_OPTIONS;
	struct options o = {
		.sampling = "uniform", .sample_rows = 1, .sample_users = 1, .seed = 1
	};
	const struct opt opts[] = {
		OPT_EACH(0, "where", &o.where, "COND", "rows of items: item.bag.NAME=VALUE"),
		OPT_TEXT(0, "duplicates", &o.duplicates, "HOW", "error, first, last, sum or mean"),
		OPT_TEXT(0, "positive", &o.positive, "RULE", "label 1 where it is '>=4', else 0"),
		OPT_REAL(0, "sample-users", &o.sample_users, 0, 1, "keep this share of users"),
		OPT_REAL(0, "sample-rows", &o.sample_rows, 0, 1, "keep this share of rows"),
		OPT_INT(0, "min-user", &o.min_user, 0, 1e9, "rows that a user needs to stay"),
		OPT_INT(0, "min-item", &o.min_item, 0, 1e9, "rows that an item needs to stay"),
		OPT_INT(0, "k-core", &o.core, 0, 1e9, "both --min-user and --min-item"),
		OPT_INT(0, "max-user", &o.max_user, 0, 1e9, "rows that a user may have; 0: any"),
		OPT_INT(0, "max-item", &o.max_item, 0, 1e9, "rows that an item may have; 0: any"),
		OPT_INT(0, "negatives", &o.negatives, 0, 1e6, "rows of label 0 for each positive"),
		OPT_TEXT(0, "negative-sampling", &o.sampling, "HOW", "uniform or popularity"),
		OPT_INT(0, "popularity-groups", &o.groups, 0, 1e6,
			"item.cat.popularity, N of them"),
		OPT_EACH(0, "buckets", &o.buckets, "NAME:N", "*.cat.NAME from *.num.NAME"),
		OPT_SEED(&o.seed),
		OPT_STREAM(&common),
		OPT_END,
	};
	struct prep_task task;
	struct stream *in, *out;

	opt_parse(argc, argv, "choose rows, make labels, negatives and columns", NULL,
		"rs-import ratings.csv | rs-prep --positive '>=4' --k-core 5 | rs-split", opts);
	task = understand(&o);
	in = stream_in(&common);
	out = stream_out(in, &common, opt_provenance());
	if (prep_removes(&task) || o.negatives)
		rewrite(in, out, &task, &o);
	else if (derives(&o))
		add_columns(in, out, &task, &o);
	else
		relabel(in, out, &task);
	stream_close(out);
	stream_free(in);
	return 0;
}
