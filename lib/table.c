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

struct column {
	char name[TENSOR_NAME + 1];
	enum table_kind kind;
	size_t first, width; /* columns of the file */
	char separator;
	struct dict *dict;
	struct dict *words; /* TRUTH */
	void *data; /* room x width elements; BAG: room counts, u32 */
	float *missing; /* as data, once something was */
	uint64_t *start; /* BAG: where each row's values start in pool */
	uint32_t *pool;
	size_t pool_n, pool_room;
};

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
	uint64_t rows, extent, room, unknown; /* extent: rows of the tensors */
};

const char *table_name(const struct table *t)
{
	return t->name;
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

static size_t element(const struct column *c)
{
	return c->kind == TABLE_TIME ? sizeof(int64_t) : sizeof(float);
}

uint64_t table_memory(const struct table *t)
{
	uint64_t sum = 0;

	for (const struct column *c = t->column; c < t->column + t->columns; c++) {
		sum += t->extent * c->width * element(c) * (c->missing ? 2 : 1);
		sum += c->start ? t->extent * sizeof *c->start + c->pool_n * sizeof *c->pool : 0;
		sum += c->dict ? dict_memory(c->dict) : 0;
	}
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
	for (struct column *c = t->column; c < t->column + t->columns; c++) {
		dict_free(c->dict);
		dict_free(c->words);
		free(c->data);
		free(c->missing);
		free(c->start);
		free(c->pool);
	}
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
	if (csv_next(t->csv, &t->row))
		return true;
	why = csv_fault(t->csv, &line);
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

struct table *table_open(const char *path, const struct table_format *format)
{
	struct table *t = mem_new(1, sizeof *t);
	struct csv_format csv = format->csv;
	bool stdin_too = !path || strcmp(path, "-") == 0;
	const char *why;
	int fd = stdin_too ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);

	t->name = mem_text(stdin_too ? "stdin" : path);
	if (fd < 0)
		die("%s:", t->name);
	if (!csv.separator)
		csv.separator = separator_of(t->name);
	why = csv_format_fault(&csv);
	if (why)
		die_usage("separator '%s': %s", csv.separator, why);
	t->csv = csv_open(fd, &csv);
	t->header = !format->no_header;
	if (!next_row(t))
		die("%s: empty input; expected %s", t->name, t->header ? "a header line" : "CSV");
	t->headings = t->row.n;
	t->heading = mem_new(t->headings, sizeof *t->heading);
	for (size_t i = 0; i < t->headings; i++) {
		char number[32];

		snprintf(number, sizeof number, "c%zu", i + 1);
		t->heading[i] = mem_text(t->header ? t->row.field[i].text : number);
	}
	t->pending = format->no_header;
	return t;
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
	struct table *t, enum table_kind kind, const char *name, size_t first, size_t width)
{
	struct column *c;

	t->column = mem_grow(t->column, t->columns + 1, sizeof *t->column);
	c = t->column + t->columns++;
	*c = (struct column){ .kind = kind, .first = first, .width = width };
	snprintf(c->name, sizeof c->name, "%s", name);
	if (kind == TABLE_ID || kind == TABLE_KEY || kind == TABLE_BAG)
		c->dict = dict_new();
	if (kind == TABLE_TRUTH)
		c->words = dict_new();
	return c;
}

static _Noreturn void lacks_spec(const struct table *t, const char *spec)
{
	char what[200];

	snprintf(what, sizeof what, "'%.150s'", spec);
	table_lacks(t, what);
}

const char *table_set(struct table *t, enum table_kind kind, const char *name, const char *spec,
	const char *const *usual)
{
	size_t column = spec ? find_column(t, spec) : guess_column(t, usual);

	if (column == NONE && spec && strcmp(spec, "none") == 0)
		return NULL;
	if (column == NONE && spec)
		lacks_spec(t, spec);
	if (column == NONE)
		return NULL;
	add(t, kind, name, column, 1);
	return t->heading[column];
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

static void select_range(struct table *t, enum table_kind kind, const char *prefix,
	const char *title, size_t first, size_t width)
{
	char name[TENSOR_NAME + 1], numbered[TITLE + 32];

	if (kind == TABLE_NUMBER) {
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

/* Takes the separator of a bag off its spec. */
static char bag_separator(char *spec)
{
	char *colon = strchr(spec, ':');

	if (!colon)
		return '|';
	*colon++ = 0;
	if (strcmp(colon, "tab") == 0)
		return '\t';
	if (strlen(colon) != 1)
		die_usage("'%s:%s': a bag's separator is one byte", spec, colon);
	return *colon;
}

/* Makes the columns of spec tensors; false when there is no such heading. */
static bool select_spec(struct table *t, enum table_kind kind, const char *prefix, const char *spec)
{
	char *copy = mem_text(spec), *title = NULL, *from = copy, *equals;
	char separator = kind == TABLE_BAG ? bag_separator(copy) : 0, name[TENSOR_NAME + 1];
	size_t first, width = 1;
	bool found = true;

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
		add(t, kind, name, first, 1)->separator = separator;
	} else if (kind != TABLE_BAG && read_range(t, from, &first, &width)) {
		select_range(t, kind, prefix, title, first, width);
	} else {
		found = false;
	}
	free(copy);
	return found;
}

static void select_among(struct table *const *tables, size_t n, enum table_kind kind,
	const char *prefix, const char *spec)
{
	for (size_t i = 0; i < n; i++)
		if (select_spec(tables[i], kind, prefix, spec))
			return;
	lacks_spec(tables[0], spec);
}

void table_select(struct table *const *tables, size_t n, enum table_kind kind, const char *prefix,
	const char *const *specs, size_t lists)
{
	for (size_t i = 0; i < lists; i++) {
		char *copy = mem_text(specs[i]), *rest = copy, *spec;

		if (kind == TABLE_BAG)
			select_among(tables, n, kind, prefix, specs[i]);
		else
			while ((spec = strsep(&rest, ",")))
				select_among(tables, n, kind, prefix, spec);
		free(copy);
	}
}

/* ---- values ---- */

static _Noreturn void bad_value(
	const struct table *t, const struct csv_row *row, size_t column, const char *why)
{
	die("%s:%llu: %s is '%.40s'; %s", t->name, (unsigned long long)row->line,
		t->heading[column], row->field[column].text, why);
}

static void note_missing(const struct table *t, struct column *c, size_t at)
{
	if (!c->missing) {
		c->missing = mem_grow(NULL, t->room, c->width * sizeof(float));
		memset(c->missing, 0, t->room * c->width * sizeof(float));
	}
	c->missing[at] = 1;
}

static void store_numbers(
	const struct table *t, struct column *c, uint64_t to, const struct csv_row *row)
{
	const struct csv_field *f = row->field + c->first;
	float *x = (float *)c->data + to * c->width;
	const char *why;

	for (size_t i = 0; i < c->width; i++) {
		x[i] = 0;
		if (f[i].n == 0 && c->kind == TABLE_NUMBER)
			note_missing(t, c, to * c->width + i);
		else if ((why = csv_float(x + i, f[i].text, f[i].n)))
			bad_value(t, row, c->first + i, why);
		if (c->kind == TABLE_WEIGHT && x[i] < 0)
			bad_value(t, row, c->first + i, "expected 0 or more");
	}
}

static void store_bag(struct column *c, uint64_t to, const struct csv_field *f)
{
	const char *at = f->text, *end = f->text + f->n;
	uint32_t count = 0;

	c->start[to] = c->pool_n;
	while (at < end) {
		const char *stop = memchr(at, c->separator, (size_t)(end - at)), *last;

		stop = last = stop ? stop : end;
		while (at < last && (*at == ' ' || *at == '\t'))
			at++;
		while (last > at && (last[-1] == ' ' || last[-1] == '\t'))
			last--;
		if (c->pool_n == c->pool_room) {
			c->pool_room = c->pool_room + c->pool_room / 2 + GULP;
			c->pool = mem_grow(c->pool, c->pool_room, sizeof *c->pool);
		}
		if (at < last) {
			c->pool[c->pool_n++] = dict_add(c->dict, at, (size_t)(last - at));
			count++;
		}
		at = stop + 1;
	}
	((uint32_t *)c->data)[to] = count;
}

static void store(const struct table *t, struct column *c, uint64_t to, const struct csv_row *row)
{
	const struct csv_field *f = row->field + c->first;
	const char *why;
	uint32_t id;

	switch (c->kind) {
	case TABLE_KEY:
		if (f->n == 0)
			bad_value(t, row, c->first, "expected an id");
		/* fall through */
	case TABLE_ID:
		((uint32_t *)c->data)[to] = dict_add(c->dict, f->text, f->n);
		break;
	case TABLE_NUMBER:
	case TABLE_LABEL:
	case TABLE_WEIGHT:
		store_numbers(t, c, to, row);
		break;
	case TABLE_TRUTH:
		((float *)c->data)[to] = dict_find(c->words, f->text, f->n, &id);
		break;
	case TABLE_TIME:
		why = csv_time((int64_t *)c->data + to, f->text, f->n);
		if (why)
			bad_value(t, row, c->first, why);
		break;
	case TABLE_BAG:
		store_bag(c, to, f);
		break;
	}
}

static void make_room(struct table *t, uint64_t room)
{
	for (struct column *c = t->column; c < t->column + t->columns; c++) {
		size_t old = t->room * c->width, more = (room - t->room) * c->width;

		c->data = mem_grow(c->data, room, c->width * element(c));
		if (c->kind == TABLE_BAG)
			c->start = mem_grow(c->start, room, sizeof *c->start);
		if (c->missing) {
			c->missing = mem_grow(c->missing, room, c->width * sizeof(float));
			memset(c->missing + old, 0, more * sizeof(float));
		}
	}
	t->room = room;
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

bool table_read(struct table *t)
{
	if (t->room < t->rows + GULP)
		make_room(t, t->room + t->room / 2 + GULP);
	for (size_t i = 0; i < GULP; i++) {
		if (!next_full_row(t))
			return false;
		for (struct column *c = t->column; c < t->column + t->columns; c++)
			store(t, c, t->rows, &t->row);
		t->extent = ++t->rows;
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
		for (struct column *c = t->column; !seen[id] && c < t->column + t->columns; c++)
			store(t, c, id, &row);
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
		for (struct column *c = t->column; c < t->column + t->columns; c++)
			store(t, c, id, &t->row);
		t->rows++;
	}
	if (t->rows == 0 && t->extent > 0)
		die("%s: column %s has no id of the rows; expected the key there", t->name,
			t->heading[key]);
	store_empty(t, seen);
	free(seen);
}

/* ---- tensors ---- */

/* A tensor around data that is already there; takes it. */
static struct tensor *wrap(
	const char *name, enum dtype dtype, uint64_t rows, uint64_t cols, void *data)
{
	struct tensor *t = tensor_new(name, dtype, 0, cols);

	free(t->data);
	t->data = data;
	t->shape[0] = rows;
	return t;
}

/* Takes d. */
static void dict_tensors(struct dict *d, const char *name, struct tensors *set)
{
	char full[2 * TENSOR_NAME], *text;
	size_t n = dict_size(d);
	uint64_t *at;

	dict_move(d, &at, &text);
	snprintf(full, sizeof full, "vocab.%s.at", name);
	tensors_add(set, wrap(full, U64, n + 1, 0, at));
	snprintf(full, sizeof full, "vocab.%s.text", name);
	tensors_add(set, wrap(full, U8, at[n], 0, text));
}

static void bag_tensors(struct column *c, uint64_t rows, struct tensors *set)
{
	char full[2 * TENSOR_NAME];
	struct tensor *at, *id;
	uint64_t *offset;

	snprintf(full, sizeof full, "%s.at", c->name);
	at = tensor_new(full, U64, rows + 1, 0);
	snprintf(full, sizeof full, "%s.id", c->name);
	id = tensor_new(full, U32, c->pool_n, 0);
	offset = at->data;
	for (uint64_t i = 0; i < rows; i++) {
		uint32_t count = ((uint32_t *)c->data)[i];

		offset[i + 1] = offset[i] + count;
		if (count)
			memcpy((uint32_t *)id->data + offset[i], c->pool + c->start[i],
				count * sizeof *c->pool);
	}
	tensors_add(set, at);
	tensors_add(set, id);
}

static void column_tensors(struct column *c, uint64_t rows, struct tensors *set)
{
	enum dtype dtype = c->dict ? U32 : c->kind == TABLE_TIME ? I64 : F32;
	uint64_t cols = c->width > 1 ? c->width : 0;
	char full[2 * TENSOR_NAME];

	if (c->kind == TABLE_BAG) {
		bag_tensors(c, rows, set);
		return;
	}
	tensors_add(set, wrap(c->name, dtype, rows, cols, c->data));
	c->data = NULL;
	if (!c->missing)
		return;
	snprintf(full, sizeof full, "%s_missing", c->name);
	tensors_add(set, wrap(full, F32, rows, cols, c->missing));
	c->missing = NULL;
}

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
		if (c->dict)
			dict_tensors(c->dict, c->name, set);
	}
	for (struct column *c = t->column; c < t->column + t->columns; c++) {
		column_tensors(c, t->extent, set);
		c->dict = NULL;
	}
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
