/* rs-import -- read CSV files into a stream.
 *
 * Reads   CSV: one row an interaction (or an example); side tables of users and items
 * Writes  vocab.*               dictionaries of all encoded columns
 *         user.*, item.*        side features (U), (I)
 *         row.bag.*             multi-valued columns of the rows
 *         user, item  u32 (N)   ids by first appearance
 *         label       f32 (N)   1 in every row when there is no such column
 *         time        i64 (N)   if there is such a column
 *         weight      f32 (N)   if asked for
 *         row.cat.*, row.num.*  features of the rows */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "die.h"
#include "mem.h"
#include "opt.h"
#include "progress.h"
#include "stream.h"
#include "table.h"

struct features {
	struct opt_each cat, num, bag;
};

struct side {
	const char *whose; /* "user", "item" */
	struct opt_each files;
	const char *key;
	struct features features;
};

struct import {
	const char *user, *item, *label; /* as asked for; then the headings found, or NULL */
	const char *file, *time, *weight;
	struct opt_each truth;
	struct features features;
	struct table_format format, side_format;
	struct side users, items;
	struct stream_options stream;
};

/* A side table without features, or features without a table, is a slip. */
static void check_side(const struct side *side)
{
	const struct features *f = &side->features;
	bool wanted = f->cat.n || f->num.n || f->bag.n;

	if (side->files.n && !wanted)
		die_usage("--%ss: nothing is taken from it; give --%s-cat, --%s-num or --%s-bag",
			side->whose, side->whose, side->whose, side->whose);
	if (!side->files.n && (wanted || side->key))
		die_usage("--%s-cat, -num, -bag and --%ss-key need a table, --%ss FILE",
			side->whose, side->whose, side->whose);
}

#define OPT_FEATURES(prefix, whose, f)                                                             \
	OPT_EACH(0, prefix "cat", &(f)->cat, "COLS", "categorical features of " whose),            \
		OPT_EACH(0, prefix "num", &(f)->num, "COLS",                                       \
			"numeric ones; a range A-B is one block"),                                 \
		OPT_EACH(0, prefix "bag", &(f)->bag, "COL:SEP", "one of several values")
#define OPT_SIDE(whose, s)                                                                         \
	OPT_EACH(0, whose "s", &(s)->files, "FILE", "a side table of " whose "s"),                 \
		OPT_TEXT(0, whose "s-key", &(s)->key, "COL", "its column of " whose " ids"),       \
		OPT_FEATURES(whose "-", whose "s", &(s)->features)

static void parse(struct import *im, int argc, char **argv)
{
	const struct opt opts[] = {
		OPT_TEXT(0, "user", &im->user, "COL", "column of user ids"),
		OPT_TEXT(0, "item", &im->item, "COL", "column of item ids"),
		OPT_TEXT(0, "label", &im->label, "COL", "column to predict: rating, click"),
		OPT_EACH(0, "true", &im->truth, "WORD",
			"label is 1 where its column says WORD, else 0"),
		OPT_TEXT(0, "time", &im->time, "COL", "column of times: integers or dates"),
		OPT_TEXT(0, "weight", &im->weight, "COL", "column of sample weights"),
		OPT_FEATURES("", "rows", &im->features),
		OPT_TEXT(0, "separator", &im->format.csv.separator, "SEP",
			"',', tab, space, '::' ... [tab for *.tsv, else ,]"),
		OPT_FLAG(0, "no-header", &im->format.no_header, "no headings; columns are numbers"),
		OPT_FLAG(0, "no-quotes", &im->format.csv.no_quotes, "'\"' is an ordinary byte"),
		OPT_SIDE("user", &im->users),
		OPT_SIDE("item", &im->items),
		OPT_TEXT(0, "side-separator", &im->side_format.csv.separator, "SEP",
			"of side tables"),
		OPT_FLAG(0, "side-no-header", &im->side_format.no_header, "of side tables"),
		OPT_FLAG(0, "side-no-quotes", &im->side_format.csv.no_quotes, "of side tables"),
		OPT_STREAM(&im->stream),
		OPT_END,
	};
	int operand = opt_parse(argc, argv, "read CSV files into a stream", "[FILE]",
		"COL is a heading or a number from 1, COLS several with commas between; NAME=COL\n"
		"names the feature. Examples:\n"
		"  rs-import ratings.csv --items books.csv --item-cat authors | rs-split | rs-mf\n"
		"  rs-import u.data --no-header --separator tab --user 1 --item 2 --label 3",
		opts);

	if (operand + 1 < argc)
		die_usage("'%s': one FILE at most", argv[operand + 1]);
	im->file = operand < argc ? argv[operand] : NULL;
	check_side(&im->users);
	check_side(&im->items);
	if (!im->file && isatty(STDIN_FILENO))
		die_usage("stdin is a terminal; give FILE, or - to type");
}

static void select_features(
	struct table *const *tables, size_t n, const char *whose, const struct features *features)
{
	char prefix[32];

	snprintf(prefix, sizeof prefix, "%s.cat.", whose);
	table_select(tables, n, COLUMN_ID, prefix, features->cat.at, features->cat.n);
	snprintf(prefix, sizeof prefix, "%s.num.", whose);
	table_select(tables, n, COLUMN_NUMBER, prefix, features->num.at, features->num.n);
	snprintf(prefix, sizeof prefix, "%s.bag.", whose);
	table_select(tables, n, COLUMN_BAG, prefix, features->bag.at, features->bag.n);
}

static void select_columns(struct table *t, struct import *im)
{
	static const char *const user[] = { "user", "userid", "uid", "customer", "customerid",
		"household", "householdid", NULL };
	static const char *const item[] = { "item", "itemid", "iid", "book", "bookid", "movie",
		"movieid", "product", "productid", NULL };
	static const char *const label[] = { "label", "rating", "stars", "score", "target", "click",
		"clicked", NULL };
	static const char *const time[] = { "time", "timestamp", NULL };

	im->user = table_set(t, COLUMN_KEY, "user", im->user, user);
	im->item = table_set(t, COLUMN_KEY, "item", im->item, item);
	im->label =
		table_set(t, im->truth.n ? COLUMN_TRUTH : COLUMN_LABEL, "label", im->label, label);
	table_set(t, COLUMN_TIME, "time", im->time, time);
	table_set(t, COLUMN_WEIGHT, "weight", im->weight, NULL);
	if (im->truth.n && !im->label)
		die_usage("--true: of which column? --label says");
	table_words(t, "label", im->truth.at, im->truth.n);
	select_features(&t, 1, "row", &im->features);
	if (!im->label && !(im->user && im->item))
		table_lacks(t, im->user	  ? "looks like an item or a label (--item, --label)"
			       : im->item ? "looks like a user or a label (--user, --label)"
					  : "looks like a user, an item or a label (--user ...)");
}

static void read_all(struct table *t, uint64_t memory)
{
	memory = memory ? memory : mem_physical() / 4 * 3;
	progress_start("reading", table_size(t), "bytes");
	while (table_read(t)) {
		if (table_memory(t) > memory)
			die("%s: more than --memory holds after %llu rows", table_name(t),
				(unsigned long long)table_rows(t));
		progress_at(table_bytes(t));
	}
	progress_end();
}

/* Reads the side tables of users or items, whose dictionary is `ids`; adds their tensors to set. */
static void read_sides(const struct side *side, const struct table_format *format,
	const struct dict *ids, const char *heading, struct tensors *set)
{
	size_t n = side->files.n;
	struct table **tables = mem_new(n, sizeof *tables);

	if (n && !ids)
		die_usage("--%ss: the rows have no %s column; give --%s", side->whose, side->whose,
			side->whose);
	for (size_t i = 0; i < n; i++)
		tables[i] = table_open(side->files.at[i], format);
	if (n)
		select_features(tables, n, side->whose, &side->features);
	for (size_t i = 0; i < n; i++) {
		table_join(tables[i], ids, side->key, heading);
		warn("%s: %llu of %zu %ss found, %llu rows of others left out",
			table_name(tables[i]), (unsigned long long)table_rows(tables[i]),
			dict_size(ids), side->whose, (unsigned long long)table_unknown(tables[i]));
		table_tensors(tables[i], set);
		table_free(tables[i]);
	}
	free(tables);
}

/* "1000 rows, 40 users (user_id), 50 items (book_id), label 1 to 5 (rating)" */
static void say_summary(const struct import *im, const struct tensors *set)
{
	uint64_t rows = tensor_rows(tensors_find(set, "label")), repeats = table_repeats(set);
	char line[4][80] = { "" };
	float low, high;

	table_range(set, "label", &low, &high);
	if (im->user)
		snprintf(line[0], sizeof line[0], ", %zu users (%.40s)", table_ids(set, "user"),
			im->user);
	if (im->item)
		snprintf(line[1], sizeof line[1], ", %zu items (%.40s)", table_ids(set, "item"),
			im->item);
	if (im->label)
		snprintf(line[2], sizeof line[2], ", label %g to %g (%.40s)", (double)low,
			(double)high, im->label);
	if (repeats)
		snprintf(line[3], sizeof line[3], ", %llu rows repeat a user and item",
			(unsigned long long)repeats);
	warn("%llu rows%s%s%s%s", (unsigned long long)rows, line[0], line[1], line[2], line[3]);
}

/* Tables ahead of the rows that refer to them. */
static void write_all(struct stream *out, const struct tensors *set)
{
	struct tensor **rows = mem_new(set->n, sizeof *rows);
	size_t n = 0;

	for (size_t i = 0; i < set->n; i++)
		if (tensor_is_row(set->at[i]->name))
			rows[n++] = set->at[i];
		else
			stream_write(out, set->at[i]);
	stream_write_rows(out, rows, n);
	free(rows);
}

int main(int argc, char **argv)
{
	struct import im = { .users.whose = "user", .items.whose = "item", .stream.level = 1 };
	struct tensors set = { 0 };
	struct stream *out;
	struct table *t;

	parse(&im, argc, argv);
	out = stream_out(NULL, &im.stream, opt_provenance());
	t = table_open(im.file, &im.format);
	select_columns(t, &im);
	read_all(t, im.stream.memory);
	read_sides(&im.users, &im.side_format, table_dict(t, "user"), im.user, &set);
	read_sides(&im.items, &im.side_format, table_dict(t, "item"), im.item, &set);
	table_tensors(t, &set);
	if (!im.label) { /* rows are seen interactions: implicit data */
		table_fill(&set, "label", table_rows(t), 1);
		warn("no label column (--label): label is 1 in every row");
	}
	say_summary(&im, &set);
	write_all(out, &set);
	stream_close(out);
	tensors_free(&set);
	table_free(t);
	return 0;
}
