#include "sparse.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "numeral.h"

/* Tokens "index:value" of a row with spaces between, which become one field. */
struct list {
	size_t column;
	char *text;
	size_t n, room;
};

struct sparse {
	enum sparse_kind kind;
	bool begun;
	size_t most; /* fields that a row can have */
	struct csv_field field[CSV_COLUMNS];
	struct csv_field value[CSV_COLUMNS]; /* LIBFFM: of the same fields */
	size_t n;
	struct csv_field name[CSV_COLUMNS]; /* LIBFFM: the fields of the first line, copied */
	struct list *list; /* LIBFM: one, of column 1 */
	size_t lists;
	size_t last; /* SVMLIGHT: the greatest index */
};

void sparse_list(struct sparse *s, size_t column)
{
	s->list = mem_grow(s->list, s->lists + 1, sizeof *s->list);
	s->list[s->lists++] = (struct list){ .column = column };
}

static struct list *list_of(const struct sparse *s, size_t column)
{
	for (size_t i = 0; i < s->lists; i++)
		if (s->list[i].column == column)
			return &s->list[i];
	return NULL;
}

bool sparse_is_list(const struct sparse *s, size_t column)
{
	return list_of(s, column) != NULL;
}

const char *sparse_field(const struct sparse *s, size_t column)
{
	return column < s->n ? s->name[column].text : NULL;
}

size_t sparse_last(const struct sparse *s)
{
	return s->last;
}

struct sparse *sparse_new(enum sparse_kind kind)
{
	struct sparse *s = mem_new(1, sizeof *s);

	s->kind = kind;
	s->most = CSV_COLUMNS;
	s->n = kind == SPARSE_SVMLIGHT ? CSV_COLUMNS : kind == SPARSE_LIBFM ? 2 : 1;
	if (kind == SPARSE_LIBFM)
		sparse_list(s, 1);
	return s;
}

void sparse_free(struct sparse *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < CSV_COLUMNS; i++)
		free((void *)(uintptr_t)s->name[i].text);
	for (size_t i = 0; i < s->lists; i++)
		free(s->list[i].text);
	free(s->list);
	free(s);
}

static const char *put_value(struct sparse *s, const char *token, const char *colon)
{
	int64_t index;

	if (numeral_integer(&index, token, (size_t)(colon - token)) || index < 1 ||
		index >= CSV_COLUMNS)
		return "an index that is not in 1 .. 4095";
	if (s->field[index].n != 1 || s->field[index].text[0] != '0')
		return "an index that is there twice";
	s->field[index] = (struct csv_field){ colon + 1, strlen(colon + 1) };
	s->last = (size_t)index > s->last ? (size_t)index : s->last;
	return s->field[index].n ? NULL : "an index without a value";
}

static void put_in_list(struct list *l, const char *token)
{
	size_t n = strlen(token);

	if (l->n + n + 2 > l->room) {
		l->room = 2 * (l->n + n + 2);
		l->text = mem_grow(l->text, l->room, 1);
	}
	memcpy(l->text + l->n, token, n);
	l->n += n;
	l->text[l->n++] = ' ';
}

static const char *put_token(struct sparse *s, const char *token, const char *colon)
{
	if (strchr(colon + 1, ':'))
		return "a token that is not index:value";
	put_in_list(s->list, token);
	return NULL;
}

/* The space after the last token ends the text. */
static void end_lists(struct sparse *s)
{
	for (size_t i = 0; i < s->lists; i++) {
		struct list *l = &s->list[i];

		if (!l->n)
			continue;
		l->text[--l->n] = 0;
		s->field[l->column] = (struct csv_field){ l->text, l->n };
		l->n = 0;
	}
}

/* The column of a field of libFFM, 0 when the first line has no such. */
static size_t field_column(struct sparse *s, const char *name, size_t n)
{
	char *copy;

	for (size_t i = 1; i < s->n; i++)
		if (s->name[i].n == n && memcmp(s->name[i].text, name, n) == 0)
			return i;
	if (s->begun || s->n == CSV_COLUMNS / 2)
		return 0;
	copy = mem_new(n + 1, 1);
	memcpy(copy, name, n);
	s->name[s->n] = (struct csv_field){ copy, n };
	return s->n++;
}

static const char *put_field(struct sparse *s, const char *token, const char *colon)
{
	const char *second = strchr(colon + 1, ':');
	size_t column;

	if (!second || second == colon + 1)
		return "a token that is not field:index:value";
	if (!second[1])
		return "an index without a value";
	column = field_column(s, token, (size_t)(colon - token));
	if (column == 0)
		return "a field that the first line does not have";
	if (sparse_is_list(s, column)) {
		put_in_list(list_of(s, column), colon + 1);
		return NULL;
	}
	if (s->field[column].n)
		return "a field that is there twice; --bag takes several of one";
	s->field[column] = (struct csv_field){ colon + 1, (size_t)(second - colon - 1) };
	s->value[column] = (struct csv_field){ second + 1, strlen(second + 1) };
	return NULL;
}

const char *sparse_row(struct sparse *s, struct csv_row *row)
{
	const char *why = NULL;

	for (size_t i = 1; i < s->most; i++)
		s->value[i] = s->field[i] = s->kind == SPARSE_SVMLIGHT
						    ? (struct csv_field){ "0", 1 }
						    : (struct csv_field){ "", 0 };
	s->field[0] = row->field[0];
	for (size_t i = 1; i < row->n && !why; i++) {
		const char *token = row->field[i].text, *colon = strchr(token, ':');

		if (*token == '#')
			break;
		if (!*token)
			continue;
		if (!colon || colon == token)
			why = "a token that is not index:value";
		else
			why = s->kind == SPARSE_SVMLIGHT ? put_value(s, token, colon)
			      : s->kind == SPARSE_LIBFM	 ? put_token(s, token, colon)
							 : put_field(s, token, colon);
	}
	end_lists(s);
	if (!s->begun)
		s->most = s->n; /* no more fields than the first line has */
	s->begun = true;
	row->n = s->n;
	if (s->kind == SPARSE_LIBFFM) {
		memcpy(s->field + s->n, s->value + 1, (s->n - 1) * sizeof *s->field);
		row->n = 2 * s->n - 1;
	}
	row->field = s->field;
	return why;
}
