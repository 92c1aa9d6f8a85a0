#include "table.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "die.h"
#include "mem.h"
#include "piece.h"

enum { TITLE = 128 };

struct table {
	char *name;
	struct csv *csv;
	struct csv_row row; /* the next one, when pending */
	bool pending;
	struct selection select;
	char **heading; /* what select.heading points at */
	struct sparse *sparse; /* or NULL */
	struct plain plain[CSV_PIECES];
	bool is_plain[CSV_PIECES];
	struct piece *piece; /* pieces x columns */
	uint64_t rows, extent, room, unknown; /* extent: rows of the tensors */
};

const char *table_name(const struct table *t)
{
	return t->name;
}

struct selection *table_selection(struct table *t)
{
	return &t->select;
}

uint64_t table_rows(const struct table *t)
{
	return t->rows;
}

uint64_t table_unknown(const struct table *t)
{
	return t->unknown;
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

	for (const struct column *c = t->select.column; c < t->select.column + t->select.n; c++)
		sum += column_memory(c, t->extent);
	return sum;
}

const struct dict *table_dict(const struct table *t, const char *name)
{
	const struct column *c = selection_find(&t->select, name);

	return c ? c->dict : NULL;
}

void table_free(struct table *t)
{
	for (size_t i = 0; i < CSV_PIECES; i++)
		plain_free(t->plain + i);
	for (size_t i = 0; t->piece && i < CSV_PIECES * t->select.n; i++)
		piece_free(t->piece + i);
	free(t->piece);
	sparse_free(t->sparse);
	selection_free(&t->select);
	for (size_t i = 0; i < t->select.heading.n; i++)
		free(t->heading[i]);
	free(t->heading);
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

static void open_text(struct table *t, const char *path, const struct table_format *format)
{
	struct csv_format csv = format->csv;
	bool stdin_too = !path || strcmp(path, "-") == 0;
	const char *why;
	int fd = stdin_too ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);

	t->name = mem_text(stdin_too ? "stdin" : path);
	t->select.heading.file = t->name;
	if (fd < 0)
		die("%s:", t->name);
	if (!csv.separator)
		csv.separator = separator_of(t->name);
	why = csv_format_fault(&csv);
	if (why)
		die_usage("separator '%s': %s", csv.separator, why);
	t->csv = csv_open(fd, &csv);
}

/* The stand-in of a heading that is not there. */
static void make_title(char title[TITLE], const struct sparse *sparse, size_t i)
{
	const char *field = sparse ? sparse_field(sparse, i) : NULL;

	if (field)
		snprintf(title, TITLE, "field%s", field);
	else
		snprintf(title, TITLE, "c%zu", i + 1);
}

struct table *table_open(const char *path, const struct table_format *format)
{
	struct table *t = mem_new(1, sizeof *t);
	struct headings *h = &t->select.heading;
	char title[TITLE];

	open_text(t, path, format);
	h->there = !format->no_header;
	t->sparse = format->sparse ? sparse_new(format->sparse) : NULL;
	for (size_t i = 0; i < format->lists; i++)
		sparse_list(t->sparse, format->list[i]);
	if (!next_row(t))
		die("%s: empty input; expected %s", t->name, h->there ? "a header line" : "CSV");
	h->n = t->row.n;
	t->heading = mem_new(h->n, sizeof *t->heading);
	for (size_t i = 0; i < h->n; i++) {
		make_title(title, t->sparse, i);
		t->heading[i] = mem_text(h->there ? t->row.field[i].text : title);
	}
	h->at = (const char *const *)t->heading;
	t->pending = format->no_header;
	return t;
}

void table_next(struct table *t, const char *path, const struct table_format *format)
{
	const struct headings *h = &t->select.heading;

	csv_close(t->csv);
	free(t->name);
	open_text(t, path, format);
	if (!h->there)
		return;
	if (!next_row(t))
		die("%s: empty input; expected a header line", t->name);
	for (size_t i = 0; i < h->n; i++)
		if (t->row.n != h->n || strcmp(t->row.field[i].text, h->at[i]) != 0)
			die("%s: its headings differ from those of the first file", t->name);
}

/* ---- columns ---- */

const char *table_set(struct table *t, enum column_kind kind, const char *name, const char *spec,
	const char *const *usual)
{
	const struct headings *h = &t->select.heading;
	size_t column = spec ? heading_find(h, spec) : heading_guess(h, usual);

	if (column == HEADING_NONE && spec && strcmp(spec, "none") == 0)
		return NULL;
	if (column == HEADING_NONE && spec)
		heading_lacks_spec(h, spec);
	if (column == HEADING_NONE)
		return NULL;
	for (size_t i = 0; t->pending && usual && usual[i]; i++)
		if (heading_alike(t->row.field[column].text, usual[i]))
			warn("warning: %s: '%s' in the first line looks like a heading, but is "
			     "taken for data (--no-header)",
				t->name, t->row.field[column].text);
	selection_add(&t->select, kind, name, column, 1);
	return h->at[column];
}

void table_fields(struct table *t)
{
	selection_fields(&t->select, t->sparse);
}

/* Words that a given vocabulary lacks. */
static uint64_t left_out(const struct table *t)
{
	uint64_t sum = 0;

	for (const struct column *c = t->select.column; c < t->select.column + t->select.n; c++)
		sum += c->left_out;
	return sum;
}

void table_tell(const struct table *t)
{
	size_t taken = 0, last = t->sparse ? sparse_last(t->sparse) : 0;

	if (left_out(t))
		warn("%s: %llu values left out: not in the vocabulary", t->name,
			(unsigned long long)left_out(t));
	for (const struct column *c = t->select.column; c < t->select.column + t->select.n; c++)
		if (c->first + c->width - 1 > taken)
			taken = c->first + c->width - 1;
	if (last > taken)
		warn("warning: %s: indices go up to %zu; %zu is the last that is taken (--num)",
			t->name, last, taken);
}

void table_fold(struct table *t, uint64_t least)
{
	for (struct column *c = t->select.column; c < t->select.column + t->select.n; c++)
		if ((c->kind == COLUMN_ID || c->kind == COLUMN_BAG) && !c->given)
			column_fold(c, t->extent, least);
}

/* ---- values ---- */

static void store(struct table *t, uint64_t to, const struct csv_row *row)
{
	for (struct column *c = t->select.column; c < t->select.column + t->select.n; c++) {
		size_t bad;
		const char *why = column_store(c, to, row->field, &bad);

		if (why)
			die("%s:%llu: %s is '%.40s'; %s", t->name, (unsigned long long)row->line,
				t->select.heading.at[bad], row->field[bad].text, why);
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
	for (struct column *c = t->select.column; c < t->select.column + t->select.n; c++)
		column_room(c, t->room);
}

static bool next_full_row(struct table *t)
{
	if (!next_row(t))
		return false;
	if (t->row.n != t->select.heading.n)
		die("%s:%llu: %zu field%s; expected %zu as in the first row", t->name,
			(unsigned long long)t->row.line, t->row.n, t->row.n == 1 ? "" : "s",
			t->select.heading.n);
	return true;
}

static bool dropped(const struct table *t)
{
	for (const struct column *c = t->select.column; c < t->select.column + t->select.n; c++)
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
		for (size_t c = 0; c < t->select.n; c++) {
			t->piece[i * t->select.n + c].plain = t->plain + i;
			t->piece[i * t->select.n + c].to = to;
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
	size_t columns = t->select.n, stop = place_pieces(t, i, n), from = i * columns;

#pragma omp parallel for schedule(dynamic, 1)
	for (size_t k = from; k < stop * columns; k++)
		piece_store(t->select.column + k % columns, t->piece + k);
	for (size_t k = from; k < stop * columns; k++)
		if (!t->piece[k].good)
			stop = k / columns;
#pragma omp parallel for schedule(dynamic, 1)
	for (size_t c = 0; c < columns; c++)
		for (size_t k = i; k < stop; k++)
			piece_merge(t->select.column + c, t->piece + k * columns + c);
#pragma omp parallel for schedule(dynamic, 1)
	for (size_t k = from; k < stop * columns; k++)
		piece_finish(t->select.column + k % columns, t->piece + k);
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
		t->piece = mem_new(CSV_PIECES * t->select.n, sizeof *t->piece);
#pragma omp parallel for schedule(dynamic, 1)
	for (size_t i = 0; i < n; i++)
		t->is_plain[i] = plain_cut(t->plain + i, text[i].text, text[i].n, separator,
			t->select.heading.n, quotes);
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
	struct csv_field *empty = mem_new(t->select.heading.n, sizeof *empty);
	struct csv_row row = { .n = t->select.heading.n, .field = empty };

	for (size_t i = 0; i < t->select.heading.n; i++)
		empty[i].text = "";
	for (uint64_t id = 0; id < t->extent; id++)
		if (!seen[id])
			store(t, id, &row);
	free(empty);
}

/* The column named by the user, or else the one of the usual heading, or else the first. */
static size_t key_column(const struct table *t, const char *spec, const char *usual)
{
	size_t key = heading_find(&t->select.heading, spec ? spec : usual);

	if (key == HEADING_NONE && spec)
		heading_lacks_spec(&t->select.heading, spec);
	return key == HEADING_NONE ? 0 : key;
}

void table_join(struct table *t, const struct dict *ids, const char *spec, const char *usual)
{
	size_t key = key_column(t, spec, usual);
	uint64_t *seen; /* line of each id */
	uint32_t id;

	for (struct column *c = t->select.column; c < t->select.column + t->select.n; c++)
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
				(unsigned long long)t->row.line, t->select.heading.at[key], f->text,
				(unsigned long long)seen[id]);
		seen[id] = t->row.line;
		store(t, id, &t->row);
		t->rows++;
	}
	if (t->rows == 0 && t->extent > 0)
		die("%s: column %s has no id of the rows; expected the key there", t->name,
			t->select.heading.at[key]);
	store_empty(t, seen);
	free(seen);
}

void table_keys(struct table *t, const char *name, const char *path,
	const struct table_format *format, const char *spec, const char *usual)
{
	struct table *side = table_open(path, format);
	size_t key = key_column(side, spec, usual);
	struct column *c = selection_find(&t->select, name);

	if (!table_size(side))
		die("%s: all its %ss are wanted, for which it is read twice: expected a file, not "
		    "a pipe",
			side->name, name);
	while (next_full_row(side))
		dict_add(c->dict, side->row.field[key].text, side->row.field[key].n);
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
		offset[i + 1] = offset[i] + strlen(t->select.heading.at[c->first + i]);
	snprintf(full, sizeof full, "vocab.%s.text", c->name);
	text = tensor_new(full, U8, offset[c->width], 0);
	for (size_t i = 0; i < c->width; i++)
		memcpy((char *)text->data + offset[i], t->select.heading.at[c->first + i],
			offset[i + 1] - offset[i]);
	tensors_add(set, at);
	tensors_add(set, text);
}

void table_tensors(struct table *t, struct tensors *set)
{
	for (struct column *c = t->select.column; c < t->select.column + t->select.n; c++) {
		if (c->width > 1 && t->select.heading.there)
			block_headings(t, c, set);
		column_vocabulary(c, set);
	}
	for (struct column *c = t->select.column; c < t->select.column + t->select.n; c++)
		column_tensors(c, t->extent, set);
}
