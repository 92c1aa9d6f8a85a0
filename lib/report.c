#include "report.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "die.h"
#include "emit.h"
#include "mem.h"
#include "pool.h"
#include "text.h"

enum { NUMBER = 64, GAP = 2 };

/* A cell as text, shown and exact; both NULL: no value. */
struct cell {
	char *shown, *exact;
	bool number, real;
	double value; /* of a number */
};

struct report {
	struct report_column *column;
	size_t columns, cells, room;
	struct cell *cell;
};

enum report_form report_form(const struct report_forms *f)
{
	if (f->table + f->tsv + f->json + f->markdown + f->latex > 1)
		die_usage("--table, --tsv, --json, --markdown, --latex: one of them at most");
	if (f->markdown || f->latex)
		return f->markdown ? REPORT_MARKDOWN : REPORT_LATEX;
	if (f->table || (!f->tsv && !f->json && isatty(STDOUT_FILENO)))
		return REPORT_TABLE;
	return f->json ? REPORT_JSON : REPORT_TSV;
}

static void add_column(struct report *report, struct report_column column)
{
	size_t n = report->columns++;

	report->column = mem_grow(report->column, n + 1, sizeof *report->column);
	report->column[n] = column;
	report->column[n].name = mem_text(column.name);
}

struct report *report_new(const struct report_column *columns, size_t n)
{
	struct report *report = mem_new(1, sizeof *report);

	for (size_t c = 0; c < n; c++)
		add_column(report, columns[c]);
	return report;
}

void report_heading(struct report *report, unsigned group, int decimals, const char *format, ...)
{
	struct text name = { NULL, 0, 0 };
	va_list args;

	assert(!report->cells);
	va_start(args, format);
	text_vadd(&name, format, args);
	va_end(args);
	add_column(report, (struct report_column){ name.at, group, decimals });
	free(name.at);
}

void report_free(struct report *report)
{
	for (size_t c = 0; c < report->columns; c++)
		free((char *)(uintptr_t)report->column[c].name);
	free(report->column);
	for (size_t i = 0; i < report->cells; i++) {
		free(report->cell[i].shown);
		free(report->cell[i].exact);
	}
	free(report->cell);
	free(report);
}

static void add_cell(struct report *report, struct cell cell)
{
	if (report->cells == report->room) {
		report->room = 2 * report->room + report->columns;
		report->cell = mem_grow(report->cell, report->room, sizeof *report->cell);
	}
	report->cell[report->cells++] = cell;
}

void report_text(struct report *report, const char *value)
{
	char *text = mem_text(value);

	for (char *c = text; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7F)
			*c = '?';
	add_cell(report, (struct cell){ text, mem_text(text), false, false, 0 });
}

void report_count(struct report *report, uint64_t value)
{
	char digits[NUMBER];

	snprintf(digits, sizeof digits, "%llu", (unsigned long long)value);
	add_cell(report,
		(struct cell){ mem_text(digits), mem_text(digits), true, false, (double)value });
}

void report_real(struct report *report, double value)
{
	char shown[NUMBER], exact[NUMBER];

	if (!isfinite(value)) {
		report_none(report);
		return;
	}
	snprintf(exact, sizeof exact, "%.10g", value + 0.0);
	if (fabs(value) < 1e15)
		snprintf(shown, sizeof shown, "%.*f",
			report->column[report->cells % report->columns].decimals, value + 0.0);
	else
		snprintf(shown, sizeof shown, "%g", value);
	add_cell(report, (struct cell){ mem_text(shown), mem_text(exact), true, true, value });
}

void report_none(struct report *report)
{
	add_cell(report, (struct cell){ NULL, NULL, false, false, 0 });
}

static const struct cell *cell_at(const struct report *report, size_t row, size_t column)
{
	return &report->cell[row * report->columns + column];
}

/* ---- seeds ---- */

static bool same_but_seed(const struct report *report, size_t a, size_t b)
{
	const char *x = cell_at(report, a, 0)->exact, *y = cell_at(report, b, 0)->exact;
	size_t n = pool_stem(x);

	if (n != pool_stem(y) || strncmp(x, y, n) != 0)
		return false;
	for (size_t c = 1; c < report->columns; c++) {
		const struct cell *p = cell_at(report, a, c), *q = cell_at(report, b, c);

		if (!p->number && !q->number && p->exact && q->exact &&
			strcmp(p->exact, q->exact) != 0)
			return false;
	}
	return true;
}

static bool is_real(const struct report *report, size_t rows, size_t column)
{
	for (size_t r = 0; r < rows; r++)
		if (cell_at(report, r, column)->real)
			return true;
	return false;
}

/* A column of the rows that are one: its mean, and deviation if it is of reals. */
static void pool_column(struct report *to, const struct report *from, const size_t *row, size_t n,
	size_t column, bool real)
{
	const struct cell *first = cell_at(from, row[0], column);
	struct pool pool = { 0 };

	for (size_t i = 0; i < n; i++)
		if (cell_at(from, row[i], column)->number)
			pool_add(&pool, cell_at(from, row[i], column)->value);
	if (!pool.n && first->exact)
		report_text(to, first->exact);
	else if (!pool.n)
		report_none(to);
	else if (!real && pool.squares == 0)
		report_count(to, (uint64_t)pool.mean);
	else
		report_real(to, pool.mean);
	if (real)
		report_real(to, pool_deviation(&pool));
}

/* The rows from r on that are one with it; returns how many, 0 when it is one with an earlier one.
 */
static size_t find_kin(size_t *row, const struct report *report, size_t r, size_t rows)
{
	size_t n = 0;

	for (size_t i = 0; i < rows; i++)
		if (i == r || same_but_seed(report, r, i)) {
			if (i < r)
				return 0;
			row[n++] = i;
		}
	return n;
}

struct report *report_pool(struct report *from)
{
	struct report *to = report_new(from->column, 1);
	size_t rows = from->cells / from->columns, *row = mem_new(rows, sizeof *row);
	bool *real = mem_new(from->columns, sizeof *real);

	report_heading(to, from->column[0].group, 0, "seeds");
	for (size_t c = 1; c < from->columns; c++) {
		const struct report_column *column = &from->column[c];

		real[c] = is_real(from, rows, c);
		report_heading(to, column->group, column->decimals, "%s", column->name);
		if (real[c])
			report_heading(to, column->group, column->decimals, "%s.sd", column->name);
	}
	for (size_t r = 0; r < rows; r++) {
		size_t n = find_kin(row, from, r, rows);
		char *name = mem_text(cell_at(from, r, 0)->exact);

		if (n > 1)
			name[pool_stem(name)] = 0;
		if (n) {
			report_text(to, name);
			report_count(to, n);
		}
		for (size_t c = 1; c < from->columns && n; c++)
			pool_column(to, from, row, n, c, real[c]);
		free(name);
	}
	free(real);
	free(row);
	report_free(from);
	return to;
}

static void put_tsv(struct text *text, const struct report *report, size_t rows)
{
	for (size_t c = 0; c < report->columns; c++)
		text_add(text, "%s%s", c ? "\t" : "", report->column[c].name);
	text_add(text, "\n");
	for (size_t r = 0; r < rows; r++) {
		for (size_t c = 0; c < report->columns; c++) {
			const struct cell *cell = cell_at(report, r, c);

			text_add(text, "%s%s", c ? "\t" : "", cell->exact ? cell->exact : "");
		}
		text_add(text, "\n");
	}
}

static void put_string(struct text *text, const char *s)
{
	text_add(text, "\"");
	for (; *s; s++)
		if (*s == '"' || *s == '\\')
			text_add(text, "\\%c", *s);
		else
			text_add(text, "%c", *s);
	text_add(text, "\"");
}

static void put_json(struct text *text, const struct report *report, size_t rows)
{
	for (size_t r = 0; r < rows; r++) {
		for (size_t c = 0; c < report->columns; c++) {
			const struct cell *cell = cell_at(report, r, c);

			text_add(text, "%s", c ? ", " : "{");
			put_string(text, report->column[c].name);
			text_add(text, ": ");
			if (cell->exact && !cell->number)
				put_string(text, cell->exact);
			else
				text_add(text, "%s", cell->exact ? cell->exact : "null");
		}
		text_add(text, "}\n");
	}
}

static size_t width_of(const struct report *report, size_t rows, size_t column)
{
	size_t width = strlen(report->column[column].name);

	for (size_t r = 0; r < rows; r++) {
		const struct cell *cell = cell_at(report, r, column);
		size_t n = cell->shown ? strlen(cell->shown) : 1;

		width = n > width ? n : width;
	}
	return width;
}

/* The first column from `from` on that a table shows. */
static size_t next_shown(const struct report *report, size_t from)
{
	while (from < report->columns && !report->column[from].group)
		from++;
	return from;
}

/* Where the block that begins with column `from` ends: after the last whole group that fits; the
 * first one is taken in any case. */
static size_t block_end(const struct report *report, const size_t *width, size_t from)
{
	size_t used = width[0], end = from;

	for (size_t c = from; c < report->columns; c++) {
		unsigned group = report->column[c].group;

		used += group ? GAP + width[c] : 0;
		if (used > REPORT_WIDTH && end > from)
			break;
		if (c + 1 == report->columns || report->column[c + 1].group != group)
			end = c + 1;
	}
	return end;
}

static void put_line(struct text *text, const struct report *report, const size_t *width,
	size_t row, size_t from, size_t end)
{
	bool names = row == SIZE_MAX;
	const char *first = names ? report->column[0].name : cell_at(report, row, 0)->shown;

	text_add(text, "%-*s", (int)width[0], first ? first : "-");
	for (size_t c = from; c < end; c++) {
		const char *shown = names ? report->column[c].name : cell_at(report, row, c)->shown;

		if (report->column[c].group)
			text_add(text, "%*s", (int)(GAP + width[c]), shown ? shown : "-");
	}
	text_add(text, "\n");
}

static void put_table(struct text *text, const struct report *report, size_t rows)
{
	size_t *width = mem_new(report->columns, sizeof *width);

	for (size_t c = 0; c < report->columns; c++)
		width[c] = width_of(report, rows, c);
	for (size_t from = next_shown(report, 1), end; from < report->columns;
		from = next_shown(report, end)) {
		end = block_end(report, width, from);
		put_line(text, report, width, SIZE_MAX, from, end);
		for (size_t r = 0; r < rows; r++)
			put_line(text, report, width, r, from, end);
		text_add(text, "%s", next_shown(report, end) < report->columns ? "\n" : "");
	}
	free(width);
}

/* ---- Markdown and LaTeX: the columns of a table ---- */

/* With a backslash before what means something there. */
static void put_escaped(struct text *text, const char *s, const char *special)
{
	for (; *s; s++)
		text_add(text, "%s%c", strchr(special, *s) ? "\\" : "", *s);
}

static void put_markdown_line(struct text *text, const struct report *report, size_t row)
{
	for (size_t c = 0; c < report->columns; c++) {
		const char *shown =
			row == SIZE_MAX ? report->column[c].name : cell_at(report, row, c)->shown;

		if (!report->column[c].group)
			continue;
		text_add(text, "| ");
		put_escaped(text, shown ? shown : "-", "\\|*_`<[");
		text_add(text, " ");
	}
	text_add(text, "|\n");
}

static void put_markdown(struct text *text, const struct report *report, size_t rows)
{
	put_markdown_line(text, report, SIZE_MAX);
	for (size_t c = 0; c < report->columns; c++)
		if (report->column[c].group)
			text_add(text, "|%s", c ? "---:" : "---");
	text_add(text, "|\n");
	for (size_t r = 0; r < rows; r++)
		put_markdown_line(text, report, r);
}

static void put_latex_text(struct text *text, const char *s)
{
	for (; *s; s++)
		if (strchr("\\^~", *s))
			text_add(text, "%s",
				*s == '^'   ? "\\^{}"
				: *s == '~' ? "\\~{}"
					    : "\\textbackslash{}");
		else
			text_add(text, "%s%c", strchr("&%$#_{}", *s) ? "\\" : "", *s);
}

static void put_latex_line(struct text *text, const struct report *report, size_t row)
{
	for (size_t c = 0; c < report->columns; c++) {
		const char *shown =
			row == SIZE_MAX ? report->column[c].name : cell_at(report, row, c)->shown;

		if (!report->column[c].group)
			continue;
		text_add(text, "%s", c ? " & " : "");
		if (shown && row != SIZE_MAX && cell_at(report, row, c)->number && *shown == '-')
			text_add(text, "$-$%s", shown + 1);
		else
			put_latex_text(text, shown ? shown : "--");
	}
	text_add(text, " \\\\\n");
}

static void put_latex(struct text *text, const struct report *report, size_t rows)
{
	text_add(text, "\\begin{tabular}{");
	for (size_t c = 0; c < report->columns; c++)
		if (report->column[c].group)
			text_add(text, "%c", c ? 'r' : 'l');
	text_add(text, "}\n\\toprule\n");
	put_latex_line(text, report, SIZE_MAX);
	text_add(text, "\\midrule\n");
	for (size_t r = 0; r < rows; r++)
		put_latex_line(text, report, r);
	text_add(text, "\\bottomrule\n\\end{tabular}\n");
}

void report_write(const struct report *report, enum report_form form, const char *caption)
{
	struct text text = { NULL, 0, 0 };
	size_t rows = report->cells / report->columns;

	assert(report->cells % report->columns == 0);
	if (caption && (form == REPORT_TABLE || form == REPORT_MARKDOWN))
		text_add(&text, "%s\n\n", caption);
	if (caption && form == REPORT_LATEX)
		text_add(&text, "%% %s\n", caption);
	switch (form) {
	case REPORT_TABLE:
		put_table(&text, report, rows);
		break;
	case REPORT_TSV:
		put_tsv(&text, report, rows);
		break;
	case REPORT_JSON:
		put_json(&text, report, rows);
		break;
	case REPORT_MARKDOWN:
		put_markdown(&text, report, rows);
		break;
	case REPORT_LATEX:
		put_latex(&text, report, rows);
		break;
	}
	emit_stdout(text.at, text.n);
	free(text.at);
}
