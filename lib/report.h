/* report -- tables for people and programs. Owns: aligned text, TSV, JSON lines,
 * Markdown, LaTeX.
 *
 * A cell without a value is '-' in a table, empty in TSV, null in JSON. Numbers have the column's
 * decimals in tables (also Markdown's and LaTeX's) and ten significant digits elsewhere. */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "opt.h"

enum report_form {
	REPORT_TABLE, /* aligned, for people */
	REPORT_TSV, /* a line of names, then a line a row */
	REPORT_JSON, /* an object a row and line (JSON lines) */
	REPORT_MARKDOWN, /* a pipe table of what a table shows, not cut */
	REPORT_LATEX, /* a tabular environment of the same, with booktabs' rules */
};

/* The options for them; without one, a table on a terminal and TSV elsewhere. Dies by usage when
 * there are several. */
struct report_forms {
	bool table, tsv, json, markdown, latex;
};
enum report_form report_form(const struct report_forms *asked);
#define OPT_REPORT(f)                                                                              \
	OPT_FLAG(0, "table", &(f)->table, "aligned text (the default on a terminal)"),             \
		OPT_FLAG(0, "tsv", &(f)->tsv, "tab-separated values (the default elsewhere)"),     \
		OPT_FLAG(0, "json", &(f)->json, "one JSON object a line"),                         \
		OPT_FLAG(0, "markdown", &(f)->markdown, "a table in Markdown"),                    \
		OPT_FLAG(0, "latex", &(f)->latex, "a tabular environment for LaTeX")

enum { REPORT_WIDTH = 80 }; /* of a table, in characters */

struct report_column {
	const char *name;
	/* Columns of one group, which are neighbours, stay together when a table is too wide and is
	 * cut into blocks. 0: in TSV and JSON only. The first column leads every block. */
	unsigned group;
	int decimals; /* of report_real in a table */
};

struct report;

struct report *report_new(const struct report_column *columns, size_t n);
void report_free(struct report *report);

/* One more column, before the first cell. */
void report_heading(struct report *report, unsigned group, int decimals, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Rows whose first text differs in a seed only (lib/pool.h), and whose other texts are equal, as
 * one: their number in a column `seeds`, means, and the deviation of real numbers in a column
 * NAME.sd behind each. The report is freed. */
struct report *report_pool(struct report *report);

/* The next cell, row by row, left to right. Control characters of a text become '?'. */
void report_text(struct report *report, const char *value);
void report_count(struct report *report, uint64_t value);
void report_real(struct report *report, double value); /* NaN or infinite: no value */
void report_none(struct report *report);

/* The rows, which must be whole, to standard output, which is closed after them; dies when it
 * cannot take them. A table begins with the line `caption`, if any. */
void report_write(const struct report *report, enum report_form form, const char *caption);

#endif
