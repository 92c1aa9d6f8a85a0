#include "values.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "mem.h"
#include "text.h"

enum { CHUNK = 1 << 16, FULL_NAME = TENSOR_NAME + 16, HAS = 1024 };

struct column {
	const char *name;
	struct tensor *t; /* values, or the ids of a bag */
	struct tensor *at; /* offsets of a bag or vocabulary, else NULL */
	struct tensor *words, *text; /* of its vocabulary, NULL when ids stay numbers */
};

struct values {
	struct column *column;
	size_t n;
	uint64_t start, row, rows;
	bool headed, done;
	char *buffer;
	size_t used, room;
	char has[HAS]; /* names in the stream, for messages */
};

struct values *values_new(char *const *names, size_t n)
{
	struct values *v = mem_new(1, sizeof *v);

	v->n = n;
	v->column = mem_new(n, sizeof *v->column);
	for (size_t i = 0; i < n; i++)
		v->column[i].name = names[i];
	return v;
}

void values_free(struct values *v)
{
	free(v->column);
	free(v->buffer);
	free(v);
}

bool values_are_rows(const struct values *v)
{
	size_t rows = 0;

	for (size_t i = 0; i < v->n; i++)
		rows += tensor_is_row(v->column[i].name);
	if (rows && rows < v->n)
		die_usage("--tsv: some of these are columns of the rows, others are tables");
	return rows > 0;
}

/* The vocabulary that a column's ids belong to. */
static void vocabulary(char full[FULL_NAME], const char *column, const char *part)
{
	const char *of = tensor_match("top.*.item", column)   ? "item"
			 : tensor_match("rev.*.user", column) ? "user"
							      : column;

	snprintf(full, FULL_NAME, "vocab.%s%s", of, part);
}

bool values_want(struct values *v, const char *tensor)
{
	static const char *const parts[] = { "", ".at", ".id", ".text" };
	char full[FULL_NAME];
	size_t n = strlen(v->has);

	if (n < HAS - 1)
		snprintf(v->has + n, HAS - n, "%s%s", n ? ", " : "", tensor);
	for (size_t i = 0; i < v->n; i++)
		for (size_t p = 0; p < sizeof parts / sizeof *parts; p++) {
			snprintf(full, sizeof full, "%s%s", v->column[i].name, parts[p]);
			if (strcmp(full, tensor) == 0)
				return true;
			vocabulary(full, v->column[i].name, parts[p]);
			if (strcmp(full, tensor) == 0)
				return true;
		}
	return false;
}

static struct tensor *part(
	const struct tensors *set, const char *name, const char *suffix, enum dtype dtype)
{
	char full[FULL_NAME + 8];
	struct tensor *t;

	snprintf(full, sizeof full, "%s%s", name, suffix);
	t = tensors_find(set, full);
	return t && t->dtype == dtype && t->ndim == 1 ? t : NULL;
}

static uint64_t bind(struct values *v, struct column *c, const struct tensors *tables,
	const struct tensors *rows)
{
	char full[FULL_NAME];

	c->at = c->words = c->text = NULL;
	c->t = tensors_find(rows, c->name);
	if (!c->t && (c->at = part(tables, c->name, ".at", U64))) {
		c->t = part(tables, c->name, ".id", U32);
		if (!c->t)
			c->t = part(tables, c->name, ".text", U8);
	}
	if (!c->t)
		die("stdin: needs '%s'; stream has %s%s", c->name, *v->has ? v->has : "nothing",
			tensor_is_row(c->name)
				? " (columns that are not side by side: rs-pick --repack)"
				: "");
	if (c->t->dtype == U32) {
		vocabulary(full, c->name, "");
		c->words = part(tables, full, ".at", U64);
		c->text = part(tables, full, ".text", U8);
		if (!c->words || !c->text)
			c->words = c->text = NULL;
	}
	if (c->at)
		return tensor_rows(c->at) ? tensor_rows(c->at) - 1 : 0;
	return tensor_rows(c->t);
}

void values_bind(
	struct values *v, const struct tensors *tables, const struct tensors *rows, uint64_t start)
{
	for (size_t i = 0; i < v->n; i++) {
		uint64_t n = bind(v, v->column + i, tables, rows);

		if (i && n != v->rows)
			die("stdin: '%s' has %" PRIu64 " rows, '%s' %" PRIu64, v->column[0].name,
				v->rows, v->column[i].name, n);
		v->rows = n;
	}
	v->start = start;
	v->row = 0;
	v->done = false;
}

/* ---- cells ---- */

static char *room(struct values *v, size_t n)
{
	if (v->room - v->used < n) {
		v->room = 2 * (v->used + n);
		v->buffer = mem_grow(v->buffer, v->room, 1);
	}
	return v->buffer + v->used;
}

static void put(struct values *v, const char *text)
{
	size_t n = strlen(text);

	memcpy(room(v, n + 1), text, n);
	v->used += n;
}

static void put_clean(struct values *v, const char *bytes, size_t n)
{
	v->used += text_clean(room(v, 4 * n + 1), bytes, n);
}

/* at[i] .. at[i + 1] of `size` elements. */
static const char *span(const struct values *v, const struct tensor *at, uint64_t i,
	const struct tensor *of, size_t *n)
{
	const uint64_t *offset = at->data;

	if (offset[i] > offset[i + 1] || offset[i + 1] > tensor_rows(of))
		die("stdin: '%s' row %" PRIu64 ": offsets %" PRIu64 " to %" PRIu64 " of %" PRIu64
		    " elements",
			at->name, v->start + i, offset[i], offset[i + 1], tensor_rows(of));
	*n = offset[i + 1] - offset[i];
	return (const char *)of->data + offset[i] * dtype_size(of->dtype);
}

static void put_element(struct values *v, const struct column *c, const void *data, size_t i)
{
	uint32_t id;
	size_t n;
	const char *word;

	if (!c->words) {
		v->used += text_element(room(v, TEXT_NUMBER), c->t->dtype, data, i);
		return;
	}
	memcpy(&id, (const char *)data + i * sizeof id, sizeof id);
	if (id == UINT32_MAX) /* a list ends here, padding follows */
		return;
	if ((uint64_t)id + 1 >= tensor_rows(c->words))
		die("stdin: '%s' row %" PRIu64 ": id %" PRIu32 " is not in '%s'", c->name,
			v->start + v->row, id, c->words->name);
	word = span(v, c->words, id, c->text, &n);
	put_clean(v, word, n);
}

static void put_cell(struct values *v, const struct column *c, uint64_t row)
{
	uint64_t width = c->at ? 1 : tensor_cols(c->t);
	const char *data = c->t->data;
	size_t n;

	if (!c->at) {
		for (uint64_t i = 0; i < width; i++) {
			if (i)
				put(v, "\t");
			put_element(v, c, data, row * width + i);
		}
		return;
	}
	data = span(v, c->at, row, c->t, &n);
	if (c->t->dtype == U8) {
		put_clean(v, data, n);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		if (i)
			put(v, "|");
		put_element(v, c, data, i);
	}
}

static void put_heading(struct values *v)
{
	char number[TEXT_NUMBER];

	for (size_t i = 0; i < v->n; i++) {
		const struct column *c = v->column + i;
		uint64_t width = c->at || c->t->ndim < 2 ? 0 : tensor_cols(c->t);

		put(v, i ? "\t" : "");
		put(v, width ? "" : c->name);
		for (uint64_t j = 0; j < width; j++) {
			snprintf(number, sizeof number, ".%" PRIu64, j);
			put(v, j ? "\t" : "");
			put(v, c->name);
			put(v, number);
		}
	}
	put(v, "\n");
}

/* A text alone is printed as text, lines and all. */
static bool is_text(const struct values *v)
{
	const struct column *c = v->column;
	const char *dot = strrchr(c->name, '.');

	return v->n == 1 && !c->at && c->t->dtype == U8 && dot &&
	       (strcmp(dot, ".spec") == 0 || strcmp(dot, ".text") == 0 ||
		       strcmp(dot, ".certificate") == 0);
}

static void put_text(struct values *v, const char *text, size_t n)
{
	for (size_t i = 0, line; i < n; i += line + 1) {
		const char *end = memchr(text + i, '\n', n - i);

		line = end ? (size_t)(end - text) - i : n - i;
		put_clean(v, text + i, line);
		put(v, "\n");
	}
}

size_t values_next(struct values *v, const char **text)
{
	v->used = 0;
	if (v->done)
		return 0;
	if (is_text(v)) {
		put_text(v, v->column[0].t->data, tensor_rows(v->column[0].t));
		v->row = v->rows;
	} else if (!v->headed) {
		put_heading(v);
	}
	v->headed = true;
	for (; v->row < v->rows && v->used < CHUNK; v->row++)
		for (size_t i = 0; i < v->n; i++) {
			put_cell(v, v->column + i, v->row);
			put(v, i + 1 < v->n ? "\t" : "\n");
		}
	v->done = v->row == v->rows;
	*text = v->buffer;
	return v->used;
}
