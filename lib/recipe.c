#include "recipe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataset.h"
#include "die.h"
#include "mem.h"
#include "numeral.h"
#include "stream_rows.h"

/* ---- formats ---- */

static const char *other(const char *asked, const char *usual)
{
	return asked ? asked : usual;
}

static void movielens(struct recipe *r, struct table_format *rows, struct table_format *sides)
{
	rows->no_header = sides->no_header = true;
	rows->csv.separator = other(rows->csv.separator, "::");
	sides->csv.separator = other(sides->csv.separator, "::");
	r->user = other(r->user, "1");
	r->item = other(r->item, "2");
	r->label = other(r->label, "3");
	r->time = other(r->time, "4");
	r->encoding = other(r->encoding, "ISO-8859-1");
}

static void criteo(struct recipe *r, struct table_format *rows)
{
	static const char *num[] = { "I=2-14" }, *cat[] = { "C=15-40" };

	rows->no_header = rows->csv.no_quotes = true;
	rows->csv.separator = other(rows->csv.separator, "tab");
	r->label = other(r->label, "1");
	if (!r->rows.num.n)
		r->rows.num = (struct opt_each){ num, 1 };
	if (!r->rows.cat.n)
		r->rows.cat = (struct opt_each){ cat, 1 };
}

/* Bags of libFFM are fields that may come several times; their columns are said by number. */
static void field_lists(struct recipe *r, struct table_format *rows)
{
	r->list = mem_new(r->rows.bag.n, sizeof *r->list);
	for (size_t i = 0; i < r->rows.bag.n; i++) {
		const char *spec = r->rows.bag.at[i], *equals = strchr(spec, '=');
		const char *colon = strchr(spec, ':');
		const char *from = equals && (!colon || equals < colon) ? equals + 1 : spec;
		unsigned long column = strtoul(from, NULL, 10);

		if (column < 2 || column > CSV_COLUMNS / 2)
			die_usage(
				"--bag: '%s' is not NAME=COL: with a column of libffm, of which 2 "
				"is the first field",
				spec);
		r->list[i] = column - 1;
	}
	rows->list = r->list;
	rows->lists = r->rows.bag.n;
}

static void sparse(struct recipe *r, struct table_format *rows, enum sparse_kind kind)
{
	static const char *bag[] = { "x=2: :" };

	rows->sparse = kind;
	rows->no_header = rows->csv.no_quotes = true;
	rows->csv.separator = "space";
	r->label = other(r->label, "1");
	if (kind == SPARSE_LIBFM && !r->rows.bag.n)
		r->rows.bag = (struct opt_each){ bag, 1 };
	r->fields = kind == SPARSE_LIBFFM && !r->rows.cat.n && !r->rows.num.n;
	if (kind == SPARSE_LIBFFM)
		field_lists(r, rows);
	if (kind == SPARSE_SVMLIGHT && !r->rows.num.n)
		die_usage("--format svmlight: how many indices are there? --num x=2-781 takes 780; "
			  "--format libfm takes any");
}

static bool is_latin_1(const char *name)
{
	if (!name || strcmp(name, "UTF-8") == 0)
		return false;
	if (strcmp(name, "ISO-8859-1") != 0)
		die_usage("--encoding: '%s' is not UTF-8 or ISO-8859-1; iconv knows others", name);
	return true;
}

static int want_words(const char *name, const struct frame *first, void *arg)
{
	(void)first;
	(void)arg;
	return strncmp(name, "vocab.", 6) == 0 ? STREAM_KEEP : STREAM_PASS;
}

static void read_words(struct recipe *r)
{
	struct stream *in = stream_file(r->vocabulary, NULL);

	stream_load(in, NULL, want_words, NULL, &r->words);
	stream_free(in);
	if (!r->words.n)
		die("%s: has no vocabulary; expected a stream of rs-import", r->vocabulary);
}

void recipe_start(struct recipe *r, struct table_format *rows, struct table_format *sides)
{
	const char *format = other(r->format, "csv");

	if (strcmp(format, "movielens") == 0)
		movielens(r, rows, sides);
	else if (strcmp(format, "criteo") == 0)
		criteo(r, rows);
	else if (strcmp(format, "svmlight") == 0)
		sparse(r, rows, SPARSE_SVMLIGHT);
	else if (strcmp(format, "libfm") == 0)
		sparse(r, rows, SPARSE_LIBFM);
	else if (strcmp(format, "libffm") == 0)
		sparse(r, rows, SPARSE_LIBFFM);
	else if (strcmp(format, "csv") != 0)
		die_usage("--format: '%s' is not csv, movielens, criteo, libffm, libfm or svmlight",
			format);
	rows->csv.latin_1 = sides->csv.latin_1 = is_latin_1(r->encoding);
	if (r->vocabulary)
		read_words(r);
	else if (r->unknown && !r->soft.n)
		die_usage("--unknown: unknown to what? --vocab says");
	r->done = mem_new(r->hash.n + r->fill.n + r->log.n, sizeof *r->done);
}

bool recipe_is_bare(const struct recipe *r)
{
	const struct recipe_features *f = &r->rows;

	return !(r->user || r->item || r->label || r->time || r->weight || r->part || r->truth.n ||
		 f->cat.n || f->num.n || f->bag.n || f->date.n || r->format || r->vocabulary ||
		 r->missing.n || r->hash.n || r->fill.n || r->log.n || r->min_count > 1);
}

/* ---- features ---- */

static enum column_unknown unknown_of(const char *name)
{
	static const char *const names[] = { "new", "drop", "error" };

	for (int i = 0; i < 3; i++)
		if (strcmp(names[i], name ? name : "new") == 0)
			return (enum column_unknown)i;
	die_usage("--unknown: '%s' is not new, drop or error", name);
}

/* "NAME:8" or "NAME=8": the name, ended, and the number after the sign. */
static double split_spec(const char *option, char *spec, char sign, double low, double high)
{
	char *at = strrchr(spec, sign);
	double x;

	if (!at || numeral_real(&x, at + 1, strlen(at + 1)) || !(x >= low && x <= high))
		die_usage("--%s: '%s' is not NAME%c and a number from %g to %g", option, spec, sign,
			low, high);
	*at = 0;
	return x;
}

static bool log_names(struct selection *s, char *names)
{
	bool all = true;
	char *name;

	while ((name = strsep(&names, ",")))
		all &= selection_log(s, name);
	return all;
}

static void tune(struct recipe *r, struct selection *s)
{
	selection_nothing(s, r->missing.at, r->missing.n);
	for (size_t k = 0; k < r->hash.n + r->fill.n + r->log.n; k++) {
		size_t fill = k - r->hash.n, log = fill - r->fill.n;
		char *spec = mem_text(k < r->hash.n	 ? r->hash.at[k]
				      : fill < r->fill.n ? r->fill.at[fill]
							 : r->log.at[log]);

		if (k < r->hash.n) {
			double bits = split_spec("hash", spec, ':', 1, 30);

			r->done[k] |= selection_hash(s, spec, (unsigned)bits);
		} else if (fill < r->fill.n) {
			double x = split_spec("fill", spec, '=', -3e38, 3e38);

			r->done[k] |= selection_gaps(s, spec, (float)x);
		} else {
			r->done[k] |= log_names(s, spec);
		}
		free(spec);
	}
}

void recipe_end(struct recipe *r)
{
	for (size_t k = 0; k < r->hash.n; k++)
		if (!r->done[k])
			die_usage("--hash %s: no categorical feature of that name", r->hash.at[k]);
	for (size_t k = 0; k < r->fill.n; k++)
		if (!r->done[r->hash.n + k])
			die_usage("--fill %s: no numeric feature of that name", r->fill.at[k]);
	for (size_t k = 0; k < r->log.n; k++)
		if (!r->done[r->hash.n + r->fill.n + k])
			die_usage("--log1p %s: no numeric feature of that name", r->log.at[k]);
	free(r->done);
	free(r->list);
	tensors_free(&r->words);
}

static void select_features(struct selection *const *tables, size_t n, const char *whose,
	const struct recipe_features *features)
{
	char prefix[32];

	snprintf(prefix, sizeof prefix, "%s.cat.", whose);
	selection_take(tables, n, COLUMN_ID, prefix, features->cat.at, features->cat.n);
	selection_dates(tables, n, prefix, features->date.at, features->date.n);
	snprintf(prefix, sizeof prefix, "%s.num.", whose);
	selection_take(tables, n, COLUMN_NUMBER, prefix, features->num.at, features->num.n);
	snprintf(prefix, sizeof prefix, "%s.bag.", whose);
	selection_take(tables, n, COLUMN_BAG, prefix, features->bag.at, features->bag.n);
}

void recipe_rows(struct recipe *r, struct table *t)
{
	static const char *const user[] = { "user", "userid", "uid", "customer", "customerid",
		"household", "householdid", NULL };
	static const char *const item[] = { "item", "itemid", "iid", "book", "bookid", "movie",
		"movieid", "product", "productid", NULL };
	static const char *const label[] = { "label", "rating", "stars", "score", "target", "click",
		"clicked", NULL };
	static const char *const time[] = { "time", "timestamp", NULL };
	struct selection *s = table_selection(t);

	r->user = table_set(t, COLUMN_KEY, "user", r->user, user);
	r->item = table_set(t, COLUMN_KEY, "item", r->item, item);
	r->label = table_set(t, r->truth.n ? COLUMN_TRUTH : COLUMN_LABEL, "label", r->label, label);
	table_set(t, COLUMN_TIME, "time", r->time, time);
	table_set(t, COLUMN_WEIGHT, "weight", r->weight, NULL);
	table_set(t, COLUMN_PART, "part", r->part, NULL);
	if (r->truth.n && !r->label)
		die_usage("--true: of which column? --label says");
	selection_words(s, "label", r->truth.at, r->truth.n);
	if (r->fields)
		table_fields(t);
	select_features(&s, 1, "row", &r->rows);
	if (!r->label && !(r->user && r->item))
		heading_lacks(&s->heading,
			r->user	  ? "looks like an item or a label (--item, --label)"
			: r->item ? "looks like a user or a label (--user, --label)"
				  : "looks like a user, an item or a label (--user ...)");
	tune(r, s);
	selection_vocabulary(s, &r->words, unknown_of(r->unknown));
}

void recipe_sides(struct recipe *r, struct table *const *tables, size_t n, const char *whose,
	const struct recipe_features *features)
{
	struct selection **s = mem_new(n, sizeof(struct selection *));

	for (size_t i = 0; i < n; i++)
		s[i] = table_selection(tables[i]);
	select_features(s, n, whose, features);
	for (size_t i = 0; i < n; i++) {
		tune(r, s[i]);
		selection_vocabulary(s[i], &r->words, unknown_of(r->unknown));
	}
	free(s);
}

/* "1000 rows, 40 users (user_id), 50 items (book_id), label 1 to 5 (rating)" */
void recipe_say(const struct recipe *r, const struct tensors *set)
{
	uint64_t rows = tensor_rows(tensors_find(set, "label")), repeats;
	char line[4][80] = { "" };
	float low, high;

	if (die_is_quiet())
		return;
	repeats = dataset_repeats(set);
	dataset_range(set, "label", &low, &high);
	if (r->user)
		snprintf(line[0], sizeof line[0], ", %zu users (%.40s)", dataset_ids(set, "user"),
			r->user);
	if (r->item)
		snprintf(line[1], sizeof line[1], ", %zu items (%.40s)", dataset_ids(set, "item"),
			r->item);
	if (r->label)
		snprintf(line[2], sizeof line[2], ", label %g to %g (%.40s)", (double)low,
			(double)high, r->label);
	if (repeats)
		snprintf(line[3], sizeof line[3], ", %llu rows repeat a user and item",
			(unsigned long long)repeats);
	warn("%llu rows%s%s%s%s", (unsigned long long)rows, line[0], line[1], line[2], line[3]);
	if (r->truth.n && rows && low == high)
		warn("warning: %s row says '%s' in %s (--true)", low > 0 ? "every" : "no",
			r->truth.at[0], r->label);
}
