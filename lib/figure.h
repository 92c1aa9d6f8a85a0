/* figure -- pictures of numbers. Owns: the gnuplot script of a figure, its colours, ranges and
 * marks, and running gnuplot.
 *
 * Series differ in colour, mark and dash, so that a figure can be read without colours; the colours
 * are those of Okabe and Ito 2008, "Color universal design", which people with the common kinds of
 * colour blindness can tell apart. */
#ifndef FIGURE_H
#define FIGURE_H

#include <stdbool.h>
#include <stddef.h>

#include "text.h"

enum figure_form {
	FIGURE_TEXT, /* characters, for a terminal */
	FIGURE_SVG,
	FIGURE_PNG,
	FIGURE_SCRIPT, /* what gnuplot is told for an SVG */
};

enum figure_style {
	FIGURE_LINE,
	FIGURE_POINTS,
	FIGURE_BOTH, /* line and points */
	FIGURE_STEPS, /* a grey staircase, of a Pareto front */
	FIGURE_GUIDE, /* a grey dashed line without points, of what is known beforehand */
	FIGURE_RUNS, /* small grey points: single runs behind their mean */
	FIGURE_BARS, /* from 0 */
};

/* low, high: the ends of an error bar, NaN without one; label: text beside the point, or NULL. */
struct figure_point {
	double x, y, low, high;
	const char *label;
};

struct figure_series {
	const char *name; /* in the key; NULL: not there */
	enum figure_style style;
	struct figure_point *point;
	size_t n;
};

struct figure_axis {
	const char *label;
	bool log; /* every number on it is above 0 */
	double low, high; /* NaN: from the points */
	const char *const *word; /* names of 0, 1, ..., words - 1 instead of numbers */
	size_t words;
};

struct figure_panel {
	struct figure_axis x, y;
	struct figure_series *series;
	size_t n;
};

struct figure {
	const char *title; /* or NULL */
	struct figure_panel *panel; /* one below the other */
	size_t panels;
	size_t width, height; /* pixels, or characters; 0: as fits */
};

/* The script for gnuplot 5; text is freed by the caller. Control characters of names become '?'. */
void figure_script(struct text *script, const struct figure *figure, enum figure_form form);

/* What gnuplot makes of a script. Dies when there is no gnuplot, and says how to get it, or when it
 * fails. */
void figure_draw(struct text *picture, const struct text *script, enum figure_form form);

#endif
