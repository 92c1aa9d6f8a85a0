#include "sparse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

struct sparse {
	enum sparse_kind kind;
	bool begun;
	size_t most; /* fields that a row can have */
	struct csv_field field[CSV_COLUMNS];
	struct csv_field value[CSV_COLUMNS]; /* LIBFFM: of the same fields */
	size_t n;
	struct csv_field name[CSV_COLUMNS]; /* LIBFFM: the fields of the first line, copied */
	char *text; /* LIBFM: the indices */
	size_t text_n, text_room;
};

struct sparse *sparse_new(enum sparse_kind kind)
{
	struct sparse *s = mem_new(1, sizeof *s);

	s->kind = kind;
	s->most = CSV_COLUMNS;
	s->n = kind == SPARSE_SVMLIGHT ? CSV_COLUMNS : kind == SPARSE_LIBFM ? 2 : 1;
	return s;
}

void sparse_free(struct sparse *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < CSV_COLUMNS; i++)
		free((void *)(uintptr_t)s->name[i].text);
	free(s->text);
	free(s);
}

static const char *put_value(struct sparse *s, const char *token, const char *colon)
{
	int64_t index;

	if (csv_integer(&index, token, (size_t)(colon - token)) || index < 1 ||
		index >= CSV_COLUMNS)
		return "an index that is not in 1 .. 4095";
	if (s->field[index].n != 1 || s->field[index].text[0] != '0')
		return "an index that is there twice";
	s->field[index] = (struct csv_field){ colon + 1, strlen(colon + 1) };
	return s->field[index].n ? NULL : "an index without a value";
}

static const char *put_token(struct sparse *s, const char *token, const char *colon)
{
	size_t n = strlen(token);

	if (strchr(colon + 1, ':'))
		return "a token that is not index:value";
	if (s->text_n + n + 2 > s->text_room) {
		s->text_room = 2 * (s->text_n + n + 2);
		s->text = mem_grow(s->text, s->text_room, 1);
	}
	memcpy(s->text + s->text_n, token, n);
	s->text_n += n;
	s->text[s->text_n++] = ' ';
	return NULL;
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
	if (s->field[column].n)
		return "a field that is there twice";
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
	s->text_n = 0;
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
	if (s->kind == SPARSE_LIBFM && s->text_n) {
		s->text[--s->text_n] = 0;
		s->field[1] = (struct csv_field){ s->text, s->text_n };
	}
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
