/* chart -- the figures that are wanted again and again. Owns: which columns each shows, and how. */
#ifndef CHART_H
#define CHART_H

#include "figure.h"
#include "tsv.h"

enum chart_preset {
	CHART_LEARNING, /* --trace of rs-teach: quality and loss over epochs */
	CHART_ABLATION, /* quality of settings */
	CHART_PARETO, /* quality against bytes, or nanoseconds */
	CHART_CALIBRATION, /* observed against predicted rates: rs-score --curve calibration */
	CHART_PR, /* precision against recall: rs-score --curve pr */
	CHART_POPULARITY, /* quality in groups of items or users: rs-score --by */
	CHART_COST, /* time against size */
	CHART_PRESETS
};

/* NULL where the preset chooses. */
struct chart_how {
	enum chart_preset preset;
	const char *x, *y, *series;
};

bool chart_parse(enum chart_preset *preset, const char *text); /* "learning", "ablation", ... */

struct chart; /* owns what the figure points to */

/* Dies when a column is not there, or no line has numbers in them; `place` names the table. table
 * must outlive the chart. */
struct chart *chart_new(const struct tsv *table, const struct chart_how *how, const char *place);
struct figure *chart_figure(struct chart *chart);
void chart_free(struct chart *chart);

#endif
