/* rs-import -- read CSV files into a stream.
 *
 * Reads   CSV: one row an interaction (or an example); side tables of users and items
 * Writes  vocab.*, user.*, item.*   dictionaries of all encoded columns; side features (U), (I)
 *         row.bag.*             multi-valued columns of the rows
 *         user, item  u32 (N)   ids by first appearance
 *         label       f32 (N)   1 in every row when there is no such column
 *         time        i64 (N)   if there is such a column
 *         weight      f32 (N)   if asked for
 *         part        u8  (N)   if the files say so (--part, --parts)
 *         row.cat.*, row.num.*  features of the rows
 *         soft.*, top.*         other teachers' (--soft); without FILE added to stdin's stream */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dataset.h"
#include "die.h"
#include "mem.h"
#include "opt.h"
#include "progress.h"
#include "recipe.h"
#include "softfile.h"
#include "stream_out.h"
#include "table.h"

struct side {
	const char *whose; /* "user", "item" */
	struct opt_each files;
	const char *key;
	bool all; /* those without a row of the data, too */
	struct recipe_features features;
};

struct import {
	struct stream *out;
	char *const *file; /* files of them; none: standard input */
	size_t files;
	bool parts; /* each file is a part */
	struct recipe recipe;
	struct table_format format, side_format;
	struct side users, items;
	struct stream_options stream;
};

/* A side table without features, or features without a table, is a slip. */
static void check_side(const struct side *side)
{
	const struct recipe_features *f = &side->features;
	bool wanted = f->cat.n || f->num.n || f->bag.n || f->date.n;
	const char *w = side->whose;

	if (side->files.n && !wanted)
		die_usage("--%ss: nothing is taken from it; give --%s-cat, -num or -bag", w, w);
	if (!side->files.n && (wanted || side->key || side->all))
		die_usage("--%s-cat, -num, -bag, -date, --%ss-key, --all-%ss need a table, --%ss",
			w, w, w, w);
}

#define OPT_FEATURES(prefix, whose, f)                                                             \
	OPT_EACH(0, prefix "cat", &(f)->cat, "COLS", "categorical features of " whose),            \
		OPT_EACH(0, prefix "num", &(f)->num, "COLS",                                       \
			"numeric ones; a range A-B is one block"),                                 \
		OPT_EACH(0, prefix "bag", &(f)->bag, "COL:SEP",                                    \
			"several values; COL:SEP: weights"),                                       \
		OPT_EACH(0, prefix "date", &(f)->date, "COLS", "times: hour, weekday and month")
#define OPT_SIDE(whose, s)                                                                         \
	OPT_EACH(0, whose "s", &(s)->files, "FILE", "a side table of " whose "s"),                 \
		OPT_TEXT(0, whose "s-key", &(s)->key, "COL", "its column of " whose " ids"),       \
		OPT_FLAG(0, "all-" whose "s", &(s)->all, "also who has no row of the data"),       \
		OPT_FEATURES(whose "-", whose "s", &(s)->features)

static void parse(struct import *im, int argc, char **argv)
{
	const struct opt opts[] = {
		OPT_TEXT(0, "user", &im->recipe.user, "COL", "column of user ids"),
		OPT_TEXT(0, "item", &im->recipe.item, "COL", "column of item ids"),
		OPT_TEXT(0, "label", &im->recipe.label, "COL", "column to predict: rating, click"),
		OPT_EACH(0, "true", &im->recipe.truth, "WORD",
			"label is 1 where its column says WORD, else 0"),
		OPT_TEXT(0, "time", &im->recipe.time, "COL", "column of times: integers or dates"),
		OPT_TEXT(0, "weight", &im->recipe.weight, "COL", "column of sample weights"),
		OPT_TEXT(0, "part", &im->recipe.part, "COL", "column of parts: train, valid, test"),
		OPT_FEATURES("", "rows", &im->recipe.rows),
		OPT_TEXT(0, "separator", &im->format.csv.separator, "SEP",
			"',', tab, space, '::' ... [tab for *.tsv, else ,]"),
		OPT_FLAG(0, "no-header", &im->format.no_header, "no headings; columns are numbers"),
		OPT_FLAG(0, "no-quotes", &im->format.csv.no_quotes, "'\"' is an ordinary byte"),
		OPT_TEXT(0, "encoding", &im->recipe.encoding, "NAME", "UTF-8 or ISO-8859-1"),
		OPT_TEXT(0, "format", &im->recipe.format, "NAME",
			"csv, movielens, criteo, libffm, libfm, svmlight"),
		OPT_FLAG(0, "parts", &im->parts, "operands are parts: TRAIN [VALID] TEST"),
		OPT_EACH(0, "hash", &im->recipe.hash, "NAME:BITS", "hash a category to bits"),
		OPT_EACH(0, "missing", &im->recipe.missing, "WORD", "means nothing, as ? or NA"),
		OPT_EACH(0, "fill", &im->recipe.fill, "NAME=X", "X where a number is missing"),
		OPT_EACH(0, "log1p", &im->recipe.log, "NAMES", "numbers as sign(x) ln(1 + |x|)"),
		OPT_INT(0, "min-count", &im->recipe.min_count, 1, 1e9,
			"fold rarer categories into one"),
		OPT_FILE(0, "vocab", &im->recipe.vocabulary, "begin with the ids of this stream"),
		OPT_TEXT(0, "unknown", &im->recipe.unknown, "WHAT",
			"values not in it: new, drop or error [new]"),
		OPT_SIDE("user", &im->users),
		OPT_SIDE("item", &im->items),
		OPT_TEXT(0, "side-separator", &im->side_format.csv.separator, "SEP",
			"of side tables"),
		OPT_FLAG(0, "side-no-header", &im->side_format.no_header, "of side tables"),
		OPT_FLAG(0, "side-no-quotes", &im->side_format.csv.no_quotes, "of side tables"),
		OPT_EACH(0, "soft", &im->recipe.soft, "NAME=FILE",
			"a teacher's scores: one a row, or lists of user,item,rank,score"),
		OPT_STREAM(&im->stream),
		OPT_END,
	};
	int operand = opt_parse(argc, argv, "read CSV files into a stream", "[FILE...]",
		"COL is a heading or a number from 1, COLS several with commas between; NAME=COL\n"
		"names the feature. Examples:\n"
		"  rs-import ratings.csv --items books.csv --item-cat authors | rs-split | rs-mf\n"
		"  rs-import u.data --no-header --separator tab --user 1 --item 2 --label 3",
		opts);

	im->file = argv + operand;
	im->files = (size_t)(argc - operand);
	if (im->parts && (im->files < 2 || im->files > 3))
		die_usage("--parts: %zu files; expected TRAIN [VALID] TEST", im->files);
	if (im->parts && im->recipe.part)
		die_usage("--parts and --part exclude each other");
	check_side(&im->users);
	check_side(&im->items);
	if (!im->files && isatty(STDIN_FILENO))
		die_usage("stdin is a terminal; give FILE, or - to type");
}

/* Reads a file to its end; table_memory is of all files. */
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

/* The rows of all files; end[i] is where those of file i end. */
static struct table *read_files(struct import *im, uint64_t *end)
{
	struct table *t = table_open(im->files ? im->file[0] : NULL, &im->format);

	recipe_rows(&im->recipe, t);
	for (size_t i = 0; i < im->files || i == 0; i++) {
		if (i)
			table_next(t, im->file[i], &im->format);
		read_all(t, im->stream.memory);
		softfile_consumed(im->out, t);
		end[i] = table_rows(t);
	}
	if (table_unknown(t))
		warn("%llu rows left out: not in the vocabulary",
			(unsigned long long)table_unknown(t));
	table_tell(t);
	table_fold(t, (uint64_t)im->recipe.min_count);
	return t;
}

/* Adds what the side tables of users or items say of those of rows to set. */
static void read_sides(struct import *im, const struct side *side, struct table *rows,
	const char *heading, struct tensors *set)
{
	const struct dict *ids = table_dict(rows, side->whose);
	size_t n = side->files.n;
	struct table **tables = mem_new(n, sizeof *tables);
	const char *w = side->whose, *key = side->key;

	if (n && !ids)
		die_usage("--%ss: the rows have no %s column; give --%s", w, w, w);
	for (size_t i = 0; i < n; i++) {
		if (side->all)
			table_keys(rows, w, side->files.at[i], &im->side_format, key, heading);
		tables[i] = table_open(side->files.at[i], &im->side_format);
	}
	if (n)
		recipe_sides(&im->recipe, tables, n, w, &side->features);
	for (size_t i = 0; i < n; i++) {
		table_join(tables[i], ids, key, heading);
		warn("%s: %llu of %zu %ss found, %llu rows of others left out",
			table_name(tables[i]), (unsigned long long)table_rows(tables[i]),
			dict_size(ids), w, (unsigned long long)table_unknown(tables[i]));
		table_tell(tables[i]);
		softfile_consumed(im->out, tables[i]);
		table_fold(tables[i], (uint64_t)im->recipe.min_count);
		table_tensors(tables[i], set);
		table_free(tables[i]);
	}
	free(tables);
}

int main(int argc, char **argv)
{
	struct import im = { .users.whose = "user",
		.items.whose = "item",
		.stream.level = 1,
		.recipe.min_count = 1 };
	struct softfile_how soft = { &im.recipe.soft, &im.side_format, false };
	struct tensors set = { 0 };
	struct table *t;
	uint64_t *end;

	parse(&im, argc, argv);
	im.format.csv.sha256 = im.side_format.csv.sha256 = im.stream.sha256;
	recipe_start(&im.recipe, &im.format, &im.side_format);
	soft.strict = im.recipe.unknown && strcmp(im.recipe.unknown, "error") == 0;
	if (im.recipe.soft.n && !im.files) {
		if (!recipe_is_bare(&im.recipe) || im.users.files.n || im.items.files.n)
			die_usage("--soft: without FILE it only adds to the stream on stdin");
		softfile_onto(&soft, &im.stream);
		recipe_end(&im.recipe);
		return 0;
	}
	end = mem_new(im.files + 1, sizeof *end);
	im.out = stream_out(NULL, &im.stream, opt_provenance());
	t = read_files(&im, end);
	read_sides(&im, &im.users, t, im.recipe.user, &set);
	read_sides(&im, &im.items, t, im.recipe.item, &set);
	recipe_end(&im.recipe);
	table_tensors(t, &set);
	if (!im.recipe.label) { /* rows are seen interactions: implicit data */
		dataset_fill(&set, "label", table_rows(t), 1);
		warn("no label column (--label): label is 1 in every row");
	}
	if (im.parts)
		dataset_parts(&set, end, im.files);
	recipe_say(&im.recipe, &set);
	softfile_add(&soft, &set, im.out);
	stream_write_set(im.out, &set, 0);
	stream_close(im.out);
	tensors_free(&set);
	table_free(t);
	free(end);
	return 0;
}
