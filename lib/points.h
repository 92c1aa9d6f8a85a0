/* points -- lines of a table as points of a figure. Owns: how lines of equal series and x become
 * one point with a bar, how runs with different seeds become a mean with its deviation.
 *
 * Lines of equal series and x are one point: their mean, the bar is one deviation to each side. A
 * single line has a bar when the table has columns Y.low and Y.high, or Y.sd, or low and high. Of
 * names, the ending _s<number> is a seed and is left out. */
#ifndef POINTS_H
#define POINTS_H

#include <stdbool.h>
#include <stddef.h>

#include "axis.h"
#include "figure.h"
#include "tsv.h"

enum { POINTS_PANELS = 2, POINTS_EXTRA = 2 /* series beside the table's */ };

/* Different words of a column in the order of their lines. */
struct words {
	char **at;
	size_t n, *of_row;
};
void words_find(struct words *w, const struct tsv *t, size_t column, const char *place);
void words_free(struct words *w);

/* Starts with table and place, which names it, and otherwise zeroed. Its figure points into it. */
struct points {
	const struct tsv *table;
	const char *place;
	struct words series, words; /* words: of x, when it has no numbers */
	bool named; /* x is words */
	size_t column; /* x */
	char label[POINTS_PANELS][2][AXIS_LABEL];
	struct figure_panel panel[POINTS_PANELS];
	struct figure figure;
};
void points_free(struct points *c);

void points_set_x(struct points *c, size_t column); /* words or numbers */
double points_x(const struct points *c, size_t row);

/* What has colours: the column `asked` for, or the usual one if it is there (NULL: none), or
 * nothing. A number as a word says which: "alpha 0.2". */
void points_set_series(struct points *c, const char *asked, const char *usual);

/* Panel `panel` of all series over y; runs: single lines are shown, too. Dies when no line has
 * numbers for both axes. */
void points_fill(struct points *c, size_t panel, size_t y, enum figure_style style, bool runs);

/* One more series of the first panel, which takes point over; the segment from x 0 to 1. At most
 * POINTS_EXTRA of both. */
void points_guide(struct points *c, const char *name, enum figure_style style,
	struct figure_point *point, size_t n);
void points_segment(struct points *c, const char *name, double y0, double y1);

/* Whether the numbers of an axis span so much that a logarithm shows them better. */
bool points_span(const struct figure_panel *panel, bool of_x, double factor);

int points_by_x(const void *a, const void *b); /* for qsort */

#endif
