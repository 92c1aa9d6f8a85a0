#include "table.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "die.h"
#include "mem.h"

enum { GULP = 65536, TITLE = 120 };
#define NONE SIZE_MAX /* no such column */

struct table {
	char *name;
	struct csv *csv;
	bool header;
	struct csv_row row; /* the next one, when pending */
	bool pending;
	char **heading;
	size_t headings;
	struct column *column;
	size_t columns;
	struct sparse *sparse; /* or NULL */
	struct dict *nothing; /* or NULL */
	struct plain plain[CSV_PIECES];
	bool is_plain[CSV_PIECES];
	struct column_piece *piece; /* pieces x columns */
	uint64_t rows, extent, room, unknown; /* extent: rows of the tensors */
};

const char *table_name(const struct table *t)
{
	return t->name;
}

size_t table_headings(const struct table *t)
{
	return t->headings;
}

uint64_t table_rows(const struct table *t)
{
	return t->rows;
}

uint64_t table_unknown(const struct table *t)
{
	return t->unknown;
}

uint64_t table_left_out(const struct table *t)
{
	uint64_t sum = 0;

	for (const struct column *c = t->column; c < t->column + t->columns; c++)
		sum += c->left_out;
	return sum;
}

uint64_t table_size(const struct table *t)
{
	return csv_size(t->csv);
}

uint64_t table_bytes(const struct table *t)
{
	return csv_bytes(t->csv);
}

uint32_t table_crc(const struct table *t)
{
	return csv_crc(t->csv);
}

bool table_sha256(const struct table *t, uint8_t digest[32])
{
	return csv_sha256(t->csv, digest);
}

uint64_t table_memory(const struct table *t)
{
	uint64_t sum = 0;

	for (const struct column *c = t->column; c < t->column + t->columns; c++)
		sum += column_memory(c, t->extent);
	return sum;
}

const struct dict *table_dict(const struct table *t, const char *name)
{
	for (size_t i = 0; i < t->columns; i++)
		if (strcmp(t->column[i].name, name) == 0)
			return t->column[i].dict;
	return NULL;
}

void table_free(struct table *t)
{
	for (struct column *c = t->column; c < t->column + t->columns; c++)
		column_free(c);
	for (size_t i = 0; i < CSV_PIECES; i++)
		plain_free(t->plain + i);
	for (size_t i = 0; t->piece && i < CSV_PIECES * t->columns; i++)
		column_piece_free(t->piece + i);
	free(t->piece);
	sparse_free(t->sparse);
	dict_free(t->nothing);
	for (size_t i = 0; i < t->headings; i++)
		free(t->heading[i]);
	free(t->heading);
	free(t->column);
	free(t->name);
	csv_close(t->csv);
	free(t);
}

/* ---- headings ---- */

static bool next_row(struct table *t)
{
	uint64_t line;
	const char *why;

	if (t->pending) {
		t->pending = false;
		return true;
	}
	if (csv_next(t->csv, &t->row)) {
		line = t->row.line;
		why = t->sparse ? sparse_row(t->sparse, &t->row) : NULL;
		if (!why)
			return true;
	} else {
		why = csv_fault(t->csv, &line);
	}
	if (why)
		die("%s:%llu: %s", t->name, (unsigned long long)line, why);
	return false;
}

static bool ends_in(const char *text, size_t n, const char *end)
{
	size_t m = strlen(end);

	return n >= m && memcmp(text + n - m, end, m) == 0;
}

static const char *separator_of(const char *path)
{
	size_t n = strlen(path);

	if (ends_in(path, n, ".gz"))
		n -= 3;
	return ends_in(path, n, ".tsv") || ends_in(path, n, ".tab") ? "tab" : ",";
}

static struct csv *open_text(char **name, const char *path, const struct table_format *format)
{
	struct csv_format csv = format->csv;
	bool stdin_too = !path || strcmp(path, "-") == 0;
	const char *why;
	int fd = stdin_too ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);

	*name = mem_text(stdin_too ? "stdin" : path);
	if (fd < 0)
		die("%s:", *name);
	if (!csv.separator)
		csv.separator = separator_of(*name);
	why = csv_format_fault(&csv);
	if (why)
		die_usage("separator '%s': %s", csv.separator, why);
	return csv_open(fd, &csv);
}

struct table *table_open(const char *path, const struct table_format *format)
{
	struct table *t = mem_new(1, sizeof *t);

	t->csv = open_text(&t->name, path, format);
	t->header = !format->no_header;
	t->sparse = format->sparse ? sparse_new(format->sparse) : NULL;
	for (size_t i = 0; i < format->lists; i++)
		sparse_list(t->sparse, format->list[i]);
	if (!next_row(t))
		die("%s: empty input; expected %s", t->name, t->header ? "a header line" : "CSV");
	t->headings = t->row.n;
	t->heading = mem_new(t->headings, sizeof *t->heading);
	for (size_t i = 0; i < t->headings; i++) {
		const char *field = t->sparse ? sparse_field(t->sparse, i) : NULL;
		char title[TITLE + 8];

		if (field)
			snprintf(title, sizeof title, "field%s", field);
		else
			snprintf(title, sizeof title, "c%zu", i + 1);
		t->heading[i] = mem_text(t->header ? t->row.field[i].text : title);
	}
	t->pending = format->no_header;
	return t;
}

void table_next(struct table *t, const char *path, const struct table_format *format)
{
	csv_close(t->csv);
	free(t->name);
	t->csv = open_text(&t->name, path, format);
	if (!t->header)
		return;
	if (!next_row(t))
		die("%s: empty input; expected a header line", t->name);
	for (size_t i = 0; i < t->headings; i++)
		if (t->row.n != t->headings || strcmp(t->row.field[i].text, t->heading[i]) != 0)
			die("%s: its headings differ from those of the first file", t->name);
}

_Noreturn void table_lacks(const struct table *t, const char *what)
{
	char list[1024] = "";
	size_t n = 0;

	if (!t->header)
		die("%s: no column %s; without headings columns are numbers, here 1 to %zu",
			t->name, what, t->headings);
	for (size_t i = 0; i < t->headings && n < sizeof list; i++)
		n += (size_t)snprintf(
			list + n, sizeof list - n, "%s%s", i ? ", " : "", t->heading[i]);
	if (t->headings == 1)
		die("%s: no column %s; is the separator right? The first line is %s", t->name, what,
			list);
	die("%s: no column %s; the headings are %s", t->name, what, list);
}

static bool is_number(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text[i] < '0' || text[i] > '9')
			return false;
	return n > 0;
}

static size_t column_number(const struct table *t, const char *text)
{
	unsigned long number = strtoul(text, NULL, 10);

	if (number < 1 || number > t->headings)
		die("%s: no column %lu; there are %zu", t->name, number, t->headings);
	return number - 1;
}

/* The column with that heading or 1-based number, or NONE. */
static size_t find_column(const struct table *t, const char *spec)
{
	size_t found = NONE;

	if (is_number(spec, strlen(spec)))
		return column_number(t, spec);
	for (size_t i = 0; t->header && i < t->headings; i++) {
		if (strcmp(t->heading[i], spec) != 0)
			continue;
		if (found != NONE)
			die("%s: column '%s' is there twice; give its number, %zu or %zu", t->name,
				spec, found + 1, i + 1);
		found = i;
	}
	return found;
}

static bool alike(const char *heading, const char *name)
{
	for (; *heading; heading++) {
		if (strchr("_-. ", *heading))
			continue;
		if (tolower((unsigned char)*heading) != *name)
			return false;
		name++;
	}
	return !*name;
}

/* The column of the first of the names that is a heading, or NONE. */
static size_t guess_column(const struct table *t, const char *const *names)
{
	for (; names && t->header && *names; names++)
		for (size_t i = 0; i < t->headings; i++)
			if (alike(t->heading[i], *names))
				return find_column(t, t->heading[i]);
	return NONE;
}

/* ---- columns ---- */

/* prefix + title, bytes that a name cannot have as '_', made unique by _2, _3 ... */
static void make_name(const struct table *t, char *name, const char *prefix, const char *title)
{
	size_t n = (size_t)snprintf(name, TENSOR_NAME + 1, "%s", prefix), start = n, number = 1;

	for (; *title && n < start + TITLE; title++, n++) {
		bool plain = isalnum((unsigned char)*title) || strchr("_.-", *title);

		name[n] = plain && !(*title == '.' && name[n - 1] == '.') ? *title : '_';
	}
	if (n == start)
		name[n++] = '_';
	if (name[n - 1] == '.')
		name[n - 1] = '_';
	name[n] = 0;
	for (size_t i = 0; i < t->columns; i++) {
		if (strcmp(t->column[i].name, name) != 0)
			continue;
		snprintf(name + n, TENSOR_NAME + 1 - n, "_%zu", ++number);
		i = (size_t)-1;
	}
}

static struct column *add(
	struct table *t, enum column_kind kind, const char *name, size_t first, size_t width)
{
	struct column *c;

	t->column = mem_grow(t->column, t->columns + 1, sizeof *t->column);
	c = t->column + t->columns++;
	column_start(c, kind, name, first, width);
	return c;
}

static _Noreturn void lacks_spec(const struct table *t, const char *spec)
{
	char what[200];

	snprintf(what, sizeof what, "'%.150s'", spec);
	table_lacks(t, what);
}

const char *table_set(struct table *t, enum column_kind kind, const char *name, const char *spec,
	const char *const *usual)
{
	size_t column = spec ? find_column(t, spec) : guess_column(t, usual);

	if (column == NONE && spec && strcmp(spec, "none") == 0)
		return NULL;
	if (column == NONE && spec)
		lacks_spec(t, spec);
	if (column == NONE)
		return NULL;
	for (size_t i = 0; t->pending && usual && usual[i]; i++)
		if (alike(t->row.field[column].text, usual[i]))
			warn("warning: %s: '%s' in the first line looks like a heading, but is "
			     "taken for data (--no-header)",
				t->name, t->row.field[column].text);
	add(t, kind, name, column, 1);
	return t->heading[column];
}

void table_fields(struct table *t)
{
	size_t fields = (t->headings - 1) / 2;
	char name[TENSOR_NAME + 1];

	for (size_t i = 1; i <= fields; i++) {
		if (sparse_is_list(t->sparse, i))
			continue;
		make_name(t, name, "row.cat.", t->heading[i]);
		add(t, COLUMN_ID, name, i, 1);
		make_name(t, name, "row.num.", t->heading[i]);
		add(t, COLUMN_NUMBER, name, fields + i, 1)->may_be_one = true;
	}
}

void table_tell(const struct table *t)
{
	size_t taken = 0, last = t->sparse ? sparse_last(t->sparse) : 0;

	if (table_left_out(t))
		warn("%s: %llu values left out: not in the vocabulary", t->name,
			(unsigned long long)table_left_out(t));
	for (const struct column *c = t->column; c < t->column + t->columns; c++)
		if (c->first + c->width - 1 > taken)
			taken = c->first + c->width - 1;
	if (last > taken)
		warn("warning: %s: indices go up to %zu; %zu is the last that is taken (--num)",
			t->name, last, taken);
}

void table_words(struct table *t, const char *name, const char *const *words, size_t n)
{
	for (struct column *c = t->column; c < t->column + t->columns; c++)
		for (size_t i = 0; i < n && strcmp(c->name, name) == 0; i++)
			dict_add(c->words, words[i], strlen(words[i]));
}

/* Columns A-B or A- (to the last); false when spec is something else. */
static bool read_range(const struct table *t, const char *spec, size_t *first, size_t *width)
{
	const char *dash = strchr(spec, '-');
	size_t last;

	if (!dash || !is_number(spec, (size_t)(dash - spec)) ||
		(dash[1] && !is_number(dash + 1, strlen(dash + 1))))
		return false;
	*first = column_number(t, spec);
	last = dash[1] ? column_number(t, dash + 1) : t->headings - 1;
	if (last < *first)
		die_usage("columns '%s': %zu is before %zu", spec, last + 1, *first + 1);
	*width = last - *first + 1;
	return true;
}

static void select_range(struct table *t, enum column_kind kind, const char *prefix,
	const char *title, size_t first, size_t width)
{
	char name[TENSOR_NAME + 1], numbered[TITLE + 32];

	if (kind == COLUMN_NUMBER) {
		make_name(t, name, prefix, title ? title : "x");
		add(t, kind, name, first, width);
		return;
	}
	for (size_t i = first; i < first + width; i++) {
		snprintf(numbered, sizeof numbered, "%.*s%zu", TITLE, title ? title : "", i + 1);
		make_name(t, name, prefix, title ? numbered : t->heading[i]);
		add(t, kind, name, i, 1);
	}
}

/* Takes the separator of a bag, and the sign before weights, off its spec. */
static void bag_signs(char *spec, char signs[2])
{
	char *colon = strchr(spec, ':');
	size_t n;

	signs[0] = '|';
	signs[1] = 0;
	if (!colon)
		return;
	*colon++ = 0;
	n = strncmp(colon, "tab", 3) == 0 ? 3 : 1;
	signs[0] = n == 3 ? '\t' : *colon;
	if (!*colon || (colon[n] && (colon[n + 1] || colon[n] == signs[0])))
		die_usage("'%s:%s': a bag's separator is one byte, or two when values have weights",
			spec, colon);
	signs[1] = colon[n];
}

/* Makes the columns of spec tensors; false when there is no such heading. */
static bool select_spec(
	struct table *t, enum column_kind kind, const char *prefix, const char *spec)
{
	char *copy = mem_text(spec), *title = NULL, *from = copy, *equals;
	char signs[2] = { 0 }, name[TENSOR_NAME + 1];
	size_t first, width = 1;
	bool found = true;
	struct column *c;

	if (kind == COLUMN_BAG)
		bag_signs(copy, signs);
	first = find_column(t, from);
	equals = strchr(from, '=');
	if (first == NONE && equals) {
		*equals = 0;
		title = from;
		from = equals + 1;
		first = find_column(t, from);
	}
	if (first != NONE) {
		make_name(t, name, prefix, title ? title : t->heading[first]);
		c = add(t, kind, name, first, 1);
		c->separator = signs[0];
		c->weigh = signs[1];
	} else if (kind != COLUMN_BAG && read_range(t, from, &first, &width)) {
		select_range(t, kind, prefix, title, first, width);
	} else {
		found = false;
	}
	free(copy);
	return found;
}

static void select_among(struct table *const *tables, size_t n, enum column_kind kind,
	const char *prefix, const char *spec)
{
	for (size_t i = 0; i < n; i++)
		if (select_spec(tables[i], kind, prefix, spec))
			return;
	lacks_spec(tables[0], spec);
}

void table_select(struct table *const *tables, size_t n, enum column_kind kind, const char *prefix,
	const char *const *specs, size_t lists)
{
	for (size_t i = 0; i < lists; i++) {
		char *copy = mem_text(specs[i]), *rest = copy, *spec;

		if (kind == COLUMN_BAG)
			select_among(tables, n, kind, prefix, specs[i]);
		else
			while ((spec = strsep(&rest, ",")))
				select_among(tables, n, kind, prefix, spec);
		free(copy);
	}
}

void table_dates(struct table *const *tables, size_t n, const char *prefix,
	const char *const *specs, size_t lists)
{
	static const char *const part[] = { "hour", "weekday", "month" };

	for (size_t i = 0; i < n; i++) {
		struct table *t = tables[i];
		size_t before = t->columns, after;

		table_select(tables + i, 1, COLUMN_ID, prefix, specs, lists);
		after = t->columns;
		for (size_t c = before; c < after; c++)
			for (size_t k = 3; k-- > 0;) {
				char name[TENSOR_NAME + 1];
				struct column *to;

				snprintf(
					name, sizeof name, "%.180s_%s", t->column[c].name, part[k]);
				to = k ? add(t, COLUMN_ID, name, t->column[c].first, 1)
				       : t->column + c;
				snprintf(to->name, sizeof to->name, "%s", name);
				to->word = COLUMN_HOUR + k;
			}
	}
}

/* Whether name is the tensor's, in full or without "row.cat." and the like. */
static bool is_called(const struct column *c, const char *name)
{
	const char *dot = strchr(c->name, '.');

	dot = dot ? strchr(dot + 1, '.') : NULL;
	return strcmp(c->name, name) == 0 || (dot && strcmp(dot + 1, name) == 0);
}

bool table_hash(struct table *t, const char *name, unsigned bits)
{
	bool found = false;

	for (struct column *c = t->column; c < t->column + t->columns; c++)
		if (is_called(c, name) && c->kind == COLUMN_ID && c->word == COLUMN_AS_IS) {
			c->word = COLUMN_HASHED;
			c->bits = bits;
			found = true;
		}
	return found;
}

bool table_log(struct table *t, const char *name)
{
	bool found = false;

	for (struct column *c = t->column; c < t->column + t->columns; c++)
		if (is_called(c, name) && c->kind == COLUMN_NUMBER)
			found = c->log = true;
	return found;
}

bool table_gaps(struct table *t, const char *name, float fill)
{
	bool found = false;

	for (struct column *c = t->column; c < t->column + t->columns; c++)
		if (is_called(c, name) && c->kind == COLUMN_NUMBER) {
			c->fill = fill;
			found = c->filled = true;
		}
	return found;
}

void table_nothing(struct table *t, const char *const *words, size_t n)
{
	t->nothing = n ? dict_new() : NULL;
	for (size_t i = 0; i < n; i++)
		dict_add(t->nothing, words[i], strlen(words[i]));
	for (struct column *c = t->column; c < t->column + t->columns; c++)
		if (c->kind == COLUMN_ID || c->kind == COLUMN_NUMBER)
			c->nothing = t->nothing;
}

void table_vocabulary(struct table *t, const struct tensors *set, enum column_unknown unknown)
{
	for (struct column *c = t->column; c < t->column + t->columns; c++) {
		const char *word;
		size_t n;

		if (!c->dict)
			continue;
		for (uint64_t i = 0; (word = tensors_word(set, c->name, i, &n)); i++) {
			if (dict_add(c->dict, word, n) != i)
				die("--vocab: vocab.%s has a word twice", c->name);
			c->given = true;
		}
		if (c->given)
			c->unknown = unknown;
	}
}

void table_fold(struct table *t, uint64_t least)
{
	for (struct column *c = t->column; c < t->column + t->columns; c++)
		if ((c->kind == COLUMN_ID || c->kind == COLUMN_BAG) && !c->given)
			column_fold(c, t->extent, least);
}

/* ---- values ---- */

static void store(struct table *t, uint64_t to, const struct csv_row *row)
{
	for (struct column *c = t->column; c < t->column + t->columns; c++) {
		size_t bad;
		const char *why = column_store(c, to, row->field, &bad);

		if (why)
			die("%s:%llu: %s is '%.40s'; %s", t->name, (unsigned long long)row->line,
				t->heading[bad], row->field[bad].text, why);
	}
}

/* Rows to expect when the rest of the file is like what was read of it; 0 when there is no telling.
 * Room that is not used costs no memory, but room that is moved does. */
static uint64_t expected_rows(const struct table *t, uint64_t rows)
{
	uint64_t size = csv_size(t->csv), read = csv_bytes(t->csv);
	double more = read && size > read ? (double)(size - read) / (double)read : 0;

	more = more < 64 ? more : 64;
	return more > 0 && rows > 1000 ? (uint64_t)((double)rows * (1 + 1.02 * more)) : 0;
}

/* Room for that many rows, and some to come. */
static void make_room(struct table *t, uint64_t rows)
{
	uint64_t expected;

	if (rows <= t->room)
		return;
	expected = expected_rows(t, rows);
	t->room += t->room / 2;
	t->room = rows > t->room ? rows : t->room;
	t->room = expected > t->room ? expected : t->room;
	for (struct column *c = t->column; c < t->column + t->columns; c++)
		column_room(c, t->room);
}

static bool next_full_row(struct table *t)
{
	if (!next_row(t))
		return false;
	if (t->row.n != t->headings)
		die("%s:%llu: %zu field%s; expected %zu as in the first row", t->name,
			(unsigned long long)t->row.line, t->row.n, t->row.n == 1 ? "" : "s",
			t->headings);
	return true;
}

static bool dropped(const struct table *t)
{
	for (const struct column *c = t->column; c < t->column + t->columns; c++)
		if (column_drops(c, t->row.field))
			return true;
	return false;
}

static bool read_row(struct table *t)
{
	if (!next_full_row(t))
		return false;
	if (dropped(t)) {
		t->unknown++;
		return true;
	}
	make_room(t, t->rows + 1);
	store(t, t->rows, &t->row);
	t->extent = ++t->rows;
	return true;
}

/* Gives the plain pieces from the i-th on their rows; returns the first that is not plain. */
static size_t place_pieces(struct table *t, size_t i, size_t n)
{
	uint64_t to = t->rows;

	for (; i < n && t->is_plain[i]; i++) {
		for (size_t c = 0; c < t->columns; c++) {
			t->piece[i * t->columns + c].plain = t->plain + i;
			t->piece[i * t->columns + c].to = to;
		}
		to += t->plain[i].rows;
	}
	make_room(t, to);
	return i;
}

/* Stores the plain pieces from the i-th on, up to one that is not plain or has a wrong value;
 * returns which. */
static size_t store_pieces(struct table *t, const struct csv_piece *text, size_t i, size_t n)
{
	size_t columns = t->columns, stop = place_pieces(t, i, n), from = i * columns;

#pragma omp parallel for schedule(dynamic, 1)
	for (size_t k = from; k < stop * columns; k++)
		column_piece_store(t->column + k % columns, t->piece + k);
	for (size_t k = from; k < stop * columns; k++)
		if (!t->piece[k].good)
			stop = k / columns;
#pragma omp parallel for schedule(dynamic, 1)
	for (size_t c = 0; c < columns; c++)
		for (size_t k = i; k < stop; k++)
			column_piece_merge(t->column + c, t->piece + k * columns + c);
#pragma omp parallel for schedule(dynamic, 1)
	for (size_t k = from; k < stop * columns; k++)
		column_piece_finish(t->column + k % columns, t->piece + k);
	for (; i < stop; i++) {
		t->rows += t->plain[i].rows;
		csv_skip(t->csv, text + i, t->plain[i].rows);
	}
	t->extent = t->rows;
	return stop;
}

/* Looks which pieces are plain, as if each began with a row. */
static void cut_pieces(struct table *t, const struct csv_piece *text, size_t n)
{
	char separator = csv_separator(t->csv);
	bool quotes = csv_quotes(t->csv);

	if (!t->piece)
		t->piece = mem_new(CSV_PIECES * t->columns, sizeof *t->piece);
#pragma omp parallel for schedule(dynamic, 1)
	for (size_t i = 0; i < n; i++)
		t->is_plain[i] = plain_cut(
			t->plain + i, text[i].text, text[i].n, separator, t->headings, quotes);
}

/* A piece that is plain, and begins where libcsv stands between two rows, is done without libcsv.
 * The others are libcsv's, which may end anywhere in a later piece. */
bool table_read(struct table *t)
{
	struct csv_piece text[CSV_PIECES];
	size_t n = t->pending || t->sparse ? 0 : csv_pieces(t->csv, text), i = 0, stored;

	if (n == 0)
		return read_row(t);
	cut_pieces(t, text, n);
	while (i < n) {
		bool between;
		uint64_t at = csv_where(t->csv, &between);

		if (between && at == text[i].at && t->is_plain[i]) {
			stored = store_pieces(t, text, i, n) - i;
			i += stored;
			if (stored)
				continue;
		}
		if (!read_row(t))
			return false;
		at = csv_where(t->csv, &between);
		while (i < n && text[i].at + text[i].n <= at)
			i++;
	}
	return true;
}

/* An id without a row is one with empty fields. */
static void store_empty(struct table *t, const uint64_t *seen)
{
	struct csv_field *empty = mem_new(t->headings, sizeof *empty);
	struct csv_row row = { .n = t->headings, .field = empty };

	for (size_t i = 0; i < t->headings; i++)
		empty[i].text = "";
	for (uint64_t id = 0; id < t->extent; id++)
		if (!seen[id])
			store(t, id, &row);
	free(empty);
}

/* The column named by the user, or else the one of the usual heading, or else the first. */
static size_t key_column(const struct table *t, const char *spec, const char *usual)
{
	size_t key = find_column(t, spec ? spec : usual);

	if (key == NONE && spec)
		lacks_spec(t, spec);
	return key == NONE ? 0 : key;
}

void table_join(struct table *t, const struct dict *ids, const char *spec, const char *usual)
{
	size_t key = key_column(t, spec, usual);
	uint64_t *seen; /* line of each id */
	uint32_t id;

	for (struct column *c = t->column; c < t->column + t->columns; c++)
		c->side = true;
	t->extent = dict_size(ids);
	make_room(t, t->extent);
	seen = mem_new(t->extent, sizeof *seen);
	while (next_full_row(t)) {
		const struct csv_field *f = t->row.field + key;

		if (!dict_find(ids, f->text, f->n, &id)) {
			t->unknown++;
			continue;
		}
		if (seen[id])
			die("%s:%llu: %s '%.40s' was already in line %llu", t->name,
				(unsigned long long)t->row.line, t->heading[key], f->text,
				(unsigned long long)seen[id]);
		seen[id] = t->row.line;
		store(t, id, &t->row);
		t->rows++;
	}
	if (t->rows == 0 && t->extent > 0)
		die("%s: column %s has no id of the rows; expected the key there", t->name,
			t->heading[key]);
	store_empty(t, seen);
	free(seen);
}

void table_keys(struct table *t, const char *name, const char *path,
	const struct table_format *format, const char *spec, const char *usual)
{
	struct table *side = table_open(path, format);
	size_t key = key_column(side, spec, usual);
	struct dict *dict = NULL;

	if (!table_size(side))
		die("%s: all its %ss are wanted, for which it is read twice: expected a file, not "
		    "a pipe",
			side->name, name);
	for (size_t i = 0; i < t->columns; i++)
		if (strcmp(t->column[i].name, name) == 0)
			dict = t->column[i].dict;
	while (next_full_row(side))
		dict_add(dict, side->row.field[key].text, side->row.field[key].n);
	table_free(side);
}

/* ---- tensors ---- */

/* The headings of a block's columns, as a vocabulary of its second axis. */
static void block_headings(const struct table *t, const struct column *c, struct tensors *set)
{
	char full[2 * TENSOR_NAME];
	struct tensor *at, *text;
	uint64_t *offset;

	snprintf(full, sizeof full, "vocab.%s.at", c->name);
	at = tensor_new(full, U64, c->width + 1, 0);
	offset = at->data;
	for (size_t i = 0; i < c->width; i++)
		offset[i + 1] = offset[i] + strlen(t->heading[c->first + i]);
	snprintf(full, sizeof full, "vocab.%s.text", c->name);
	text = tensor_new(full, U8, offset[c->width], 0);
	for (size_t i = 0; i < c->width; i++)
		memcpy((char *)text->data + offset[i], t->heading[c->first + i],
			offset[i + 1] - offset[i]);
	tensors_add(set, at);
	tensors_add(set, text);
}

void table_tensors(struct table *t, struct tensors *set)
{
	for (struct column *c = t->column; c < t->column + t->columns; c++) {
		if (c->width > 1 && t->header)
			block_headings(t, c, set);
		column_vocabulary(c, set);
	}
	for (struct column *c = t->column; c < t->column + t->columns; c++)
		column_tensors(c, t->extent, set);
}

void table_fill(struct tensors *set, const char *name, uint64_t rows, float value)
{
	struct tensor *t = tensor_new(name, F32, rows, 0);

	for (uint64_t i = 0; i < rows; i++)
		((float *)t->data)[i] = value;
	tensors_add(set, t);
}

void table_range(const struct tensors *set, const char *name, float *low, float *high)
{
	const struct tensor *t = tensors_need(set, name, F32, 1);
	const float *x = t->data;

	*low = *high = tensor_rows(t) ? x[0] : 0;
	for (uint64_t i = 0; i < tensor_rows(t); i++) {
		*low = x[i] < *low ? x[i] : *low;
		*high = x[i] > *high ? x[i] : *high;
	}
}

size_t table_ids(const struct tensors *set, const char *name)
{
	char full[2 * TENSOR_NAME];

	snprintf(full, sizeof full, "vocab.%s.at", name);
	return tensor_rows(tensors_need(set, full, U64, 1)) - 1;
}

void table_parts(struct tensors *set, const uint64_t *end, size_t n)
{
	struct tensor *t = tensor_new("part", U8, end[n - 1], 0);
	uint64_t row = 0;

	for (size_t i = 0; i < n; i++)
		for (; row < end[i]; row++)
			((uint8_t *)t->data)[row] = (uint8_t)(i == 1 && n == 2 ? 2 : i);
	tensors_add(set, t);
}

uint64_t table_repeats(const struct tensors *set)
{
	const struct tensor *user = tensors_find(set, "user"), *item = tensors_find(set, "item");
	const uint32_t *u = user ? user->data : NULL, *v = item ? item->data : NULL;
	uint64_t n = u && v ? tensor_rows(user) : 0, users = 0, items = 0, repeats = 0, *end;
	uint32_t *of_user, *last; /* items, user by user; who had an item last, + 1 */

	for (uint64_t i = 0; i < n; i++) {
		users = u[i] >= users ? u[i] + (uint64_t)1 : users;
		items = v[i] >= items ? v[i] + (uint64_t)1 : items;
	}
	end = mem_new(users + 1, sizeof *end);
	of_user = mem_new(n, sizeof *of_user);
	last = mem_new(items, sizeof *last);
	for (uint64_t i = 0; i < n; i++)
		end[u[i] + 1]++;
	for (uint64_t i = 0; i < users; i++)
		end[i + 1] += end[i];
	for (uint64_t i = 0; i < n; i++)
		of_user[end[u[i]]++] = v[i];
	for (uint64_t i = 0, who = 0; i < n; i++) {
		while (i == end[who])
			who++;
		repeats += last[of_user[i]] == who + 1;
		last[of_user[i]] = (uint32_t)who + 1;
	}
	free(end);
	free(of_user);
	free(last);
	return repeats;
}
