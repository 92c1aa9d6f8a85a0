#include "selection.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "mem.h"

enum { TITLE = 120 };

void selection_free(struct selection *s)
{
	for (struct column *c = s->column; c < s->column + s->n; c++)
		column_free(c);
	free(s->column);
	dict_free(s->nothing);
}

struct column *selection_find(const struct selection *s, const char *name)
{
	for (struct column *c = s->column; c < s->column + s->n; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

/* prefix + title, bytes that a name cannot have as '_', made unique by _2, _3 ... */
static void make_name(const struct selection *s, char *name, const char *prefix, const char *title)
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
	for (size_t i = 0; i < s->n; i++) {
		if (strcmp(s->column[i].name, name) != 0)
			continue;
		snprintf(name + n, TENSOR_NAME + 1 - n, "_%zu", ++number);
		i = (size_t)-1;
	}
}

struct column *selection_add(
	struct selection *s, enum column_kind kind, const char *name, size_t first, size_t width)
{
	struct column *c;

	s->column = mem_grow(s->column, s->n + 1, sizeof *s->column);
	c = s->column + s->n++;
	column_start(c, kind, name, first, width);
	return c;
}

void selection_fields(struct selection *s, const struct sparse *sparse)
{
	size_t fields = (s->heading.n - 1) / 2;
	char name[TENSOR_NAME + 1];

	for (size_t i = 1; i <= fields; i++) {
		if (sparse_is_list(sparse, i))
			continue;
		make_name(s, name, "row.cat.", s->heading.at[i]);
		selection_add(s, COLUMN_ID, name, i, 1);
		make_name(s, name, "row.num.", s->heading.at[i]);
		selection_add(s, COLUMN_NUMBER, name, fields + i, 1)->may_be_one = true;
	}
}

void selection_words(struct selection *s, const char *name, const char *const *words, size_t n)
{
	for (struct column *c = s->column; c < s->column + s->n; c++)
		for (size_t i = 0; i < n && strcmp(c->name, name) == 0; i++)
			dict_add(c->words, words[i], strlen(words[i]));
}

/* Columns A-B or A- (to the last); false when spec is something else. */
static bool read_range(const struct selection *s, const char *spec, size_t *first, size_t *width)
{
	const char *dash = strchr(spec, '-');
	size_t last;

	if (!dash || !heading_is_number(spec, (size_t)(dash - spec)) ||
		(dash[1] && !heading_is_number(dash + 1, strlen(dash + 1))))
		return false;
	*first = heading_number(&s->heading, spec);
	last = dash[1] ? heading_number(&s->heading, dash + 1) : s->heading.n - 1;
	if (last < *first)
		die_usage("columns '%s': %zu is before %zu", spec, last + 1, *first + 1);
	*width = last - *first + 1;
	return true;
}

static void select_range(struct selection *s, enum column_kind kind, const char *prefix,
	const char *title, size_t first, size_t width)
{
	char name[TENSOR_NAME + 1], numbered[TITLE + 32];

	if (kind == COLUMN_NUMBER) {
		make_name(s, name, prefix, title ? title : "x");
		selection_add(s, kind, name, first, width);
		return;
	}
	for (size_t i = first; i < first + width; i++) {
		snprintf(numbered, sizeof numbered, "%.*s%zu", TITLE, title ? title : "", i + 1);
		make_name(s, name, prefix, title ? numbered : s->heading.at[i]);
		selection_add(s, kind, name, i, 1);
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
	struct selection *s, enum column_kind kind, const char *prefix, const char *spec)
{
	char *copy = mem_text(spec), *title = NULL, *from = copy, *equals;
	char signs[2] = { 0 }, name[TENSOR_NAME + 1];
	size_t first, width = 1;
	bool found = true;
	struct column *c;

	if (kind == COLUMN_BAG)
		bag_signs(copy, signs);
	first = heading_find(&s->heading, from);
	equals = strchr(from, '=');
	if (first == HEADING_NONE && equals) {
		*equals = 0;
		title = from;
		from = equals + 1;
		first = heading_find(&s->heading, from);
	}
	if (first != HEADING_NONE) {
		make_name(s, name, prefix, title ? title : s->heading.at[first]);
		c = selection_add(s, kind, name, first, 1);
		c->separator = signs[0];
		c->weigh = signs[1];
	} else if (kind != COLUMN_BAG && read_range(s, from, &first, &width)) {
		select_range(s, kind, prefix, title, first, width);
	} else {
		found = false;
	}
	free(copy);
	return found;
}

static void select_among(struct selection *const *tables, size_t n, enum column_kind kind,
	const char *prefix, const char *spec)
{
	for (size_t i = 0; i < n; i++)
		if (select_spec(tables[i], kind, prefix, spec))
			return;
	heading_lacks_spec(&tables[0]->heading, spec);
}

void selection_take(struct selection *const *tables, size_t n, enum column_kind kind,
	const char *prefix, const char *const *specs, size_t lists)
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

void selection_dates(struct selection *const *tables, size_t n, const char *prefix,
	const char *const *specs, size_t lists)
{
	static const char *const part[] = { "hour", "weekday", "month" };

	for (size_t i = 0; i < n; i++) {
		struct selection *s = tables[i];
		size_t before = s->n, after;

		selection_take(tables + i, 1, COLUMN_ID, prefix, specs, lists);
		after = s->n;
		for (size_t c = before; c < after; c++)
			for (size_t k = 3; k-- > 0;) {
				char name[TENSOR_NAME + 1];
				struct column *to;

				snprintf(
					name, sizeof name, "%.180s_%s", s->column[c].name, part[k]);
				to = k ? selection_add(s, COLUMN_ID, name, s->column[c].first, 1)
				       : s->column + c;
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

bool selection_hash(struct selection *s, const char *name, unsigned bits)
{
	bool found = false;

	for (struct column *c = s->column; c < s->column + s->n; c++)
		if (is_called(c, name) && c->kind == COLUMN_ID && c->word == COLUMN_AS_IS) {
			c->word = COLUMN_HASHED;
			c->bits = bits;
			found = true;
		}
	return found;
}

bool selection_log(struct selection *s, const char *name)
{
	bool found = false;

	for (struct column *c = s->column; c < s->column + s->n; c++)
		if (is_called(c, name) && c->kind == COLUMN_NUMBER)
			found = c->log = true;
	return found;
}

bool selection_gaps(struct selection *s, const char *name, float fill)
{
	bool found = false;

	for (struct column *c = s->column; c < s->column + s->n; c++)
		if (is_called(c, name) && c->kind == COLUMN_NUMBER) {
			c->fill = fill;
			found = c->filled = true;
		}
	return found;
}

void selection_nothing(struct selection *s, const char *const *words, size_t n)
{
	s->nothing = n ? dict_new() : NULL;
	for (size_t i = 0; i < n; i++)
		dict_add(s->nothing, words[i], strlen(words[i]));
	for (struct column *c = s->column; c < s->column + s->n; c++)
		if (c->kind == COLUMN_ID || c->kind == COLUMN_NUMBER)
			c->nothing = s->nothing;
}

void selection_vocabulary(
	struct selection *s, const struct tensors *set, enum column_unknown unknown)
{
	for (struct column *c = s->column; c < s->column + s->n; c++) {
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
