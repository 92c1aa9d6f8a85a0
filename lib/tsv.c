#include "tsv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "mem.h"

enum { LINE_BYTES = 1 << 20 };

size_t tsv_find(const struct tsv *t, const char *name)
{
	for (size_t c = 0; c < t->columns; c++)
		if (strcmp(t->name[c], name) == 0)
			return c;
	return TSV_COLUMNS;
}

const char *tsv_cell(const struct tsv *t, size_t row, size_t column)
{
	return column < t->width[row] ? t->cell[row][column] : "";
}

double tsv_number(const struct tsv *t, size_t row, size_t column)
{
	const char *cell = tsv_cell(t, row, column);
	char *end;
	double x = strtod(cell, &end);

	return end > cell && !*end && isfinite(x) ? x : NAN;
}

/* Splits a line at its tabs; returns the number of cells. */
static size_t split(char *line, char *cell[TSV_COLUMNS])
{
	size_t n = 0;

	for (char *at = line; at && n < TSV_COLUMNS; n++) {
		cell[n] = at;
		at = strchr(at, '\t');
		if (at)
			*at++ = 0;
	}
	return n;
}

static size_t column_of(struct tsv *t, const char *name, const char *place)
{
	size_t c = tsv_find(t, name);

	if (c < TSV_COLUMNS)
		return c;
	if (t->columns == TSV_COLUMNS)
		die("%s: more than %d columns", place, TSV_COLUMNS);
	t->name[t->columns] = mem_text(name);
	return t->columns++;
}

/* One table: which column of the whole each cell is. */
struct part {
	size_t to[TSV_COLUMNS], cells, file;
	char first[TSV_COLUMNS]; /* the first name, begun: it tells another line of names */
	char *base;
	size_t line;
};

static void take_names(
	struct tsv *t, struct part *p, char *cell[TSV_COLUMNS], size_t n, const char *place)
{
	bool own = false;

	for (size_t c = 0; c < n; c++) {
		if (!*cell[c])
			die("%s: line %zu: column %zu has no name; expected a line of names", place,
				p->line, c + 1);
		for (size_t d = 0; d < c; d++)
			if (strcmp(cell[c], cell[d]) == 0)
				die("%s: line %zu: two columns are called '%s'", place, p->line,
					cell[c]);
		p->to[c] = column_of(t, cell[c], place);
		own |= strcmp(cell[c], "file") == 0;
	}
	p->cells = n;
	snprintf(p->first, sizeof p->first, "%s", cell[0]);
	p->file = own ? TSV_COLUMNS : column_of(t, "file", place);
}

static void take_row(
	struct tsv *t, const struct part *p, char *cell[TSV_COLUMNS], size_t n, const char *place)
{
	char **row = mem_new(t->columns, sizeof *row);

	if (n != p->cells)
		die("%s: line %zu has %zu cells; expected %zu, as there are names", place, p->line,
			n, p->cells);
	for (size_t c = 0; c < n; c++)
		row[p->to[c]] = mem_text(cell[c]);
	if (p->file < TSV_COLUMNS)
		row[p->file] = mem_text(p->base);
	for (size_t c = 0; c < t->columns; c++)
		if (!row[c])
			row[c] = mem_text("");
	if (t->rows == t->room) {
		t->room = 2 * t->room + 64;
		t->cell = mem_grow(t->cell, t->room, sizeof *t->cell);
		t->width = mem_grow(t->width, t->room, sizeof *t->width);
	}
	t->cell[t->rows] = row;
	t->width[t->rows++] = t->columns;
}

static char *base_of(const char *place)
{
	const char *slash = strrchr(place, '/');
	char *base = mem_text(slash ? slash + 1 : place), *dot = strrchr(base, '.');

	if (dot && dot > base)
		*dot = 0;
	if (strcmp(place, "stdin") == 0)
		*base = 0;
	return base;
}

void tsv_read(struct tsv *t, FILE *file, const char *place)
{
	static char line[LINE_BYTES];
	struct part *part = mem_new(1, sizeof *part);

	part->base = base_of(place);
	while (fgets(line, sizeof line, file)) {
		size_t n = strlen(line);
		char *cell[TSV_COLUMNS];

		part->line++;
		if (!n || line[n - 1] != '\n')
			die("%s: line %zu %s", place, part->line,
				n + 1 < sizeof line
					? "has no end: the input was cut, or has NUL bytes"
					: "is longer than 1 MiB");
		line[--n] = 0;
		if (n && line[n - 1] == '\r')
			line[--n] = 0;
		n = split(line, cell);
		if (part->line == 1 || strcmp(cell[0], part->first) == 0)
			take_names(t, part, cell, n, place);
		else
			take_row(t, part, cell, n, place);
	}
	if (ferror(file))
		die("%s:", place);
	if (!part->line)
		die("%s: empty input; expected a line of names, then lines of cells between tabs",
			place);
	free(part->base);
	free(part);
}

void tsv_free(struct tsv *t)
{
	for (size_t r = 0; r < t->rows; r++) {
		for (size_t c = 0; c < t->width[r]; c++)
			free(t->cell[r][c]);
		free(t->cell[r]);
	}
	for (size_t c = 0; c < t->columns; c++)
		free(t->name[c]);
	free(t->cell);
	free(t->width);
	*t = (struct tsv){ .rows = 0 };
}
