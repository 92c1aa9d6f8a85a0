#include "points.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "mem.h"
#include "pool.h"

enum { WORDS = 4096 };

void words_find(struct words *w, const struct tsv *t, size_t column, const char *place)
{
	*w = (struct words){ mem_new(WORDS, sizeof *w->at), 0,
		mem_new(t->rows, sizeof *w->of_row) };
	for (size_t r = 0; r < t->rows; r++) {
		const char *cell = column < TSV_COLUMNS ? tsv_cell(t, r, column) : "";
		size_t n = pool_stem(cell), i = 0;

		while (i < w->n && (strncmp(w->at[i], cell, n) != 0 || w->at[i][n]))
			i++;
		w->of_row[r] = i;
		if (i < w->n)
			continue;
		if (i == WORDS)
			die("%s: column '%s' has more than %d different values", place,
				t->name[column], WORDS);
		w->at[i] = mem_new(n + 1, 1);
		memcpy(w->at[i], cell, n);
		w->n++;
	}
}

/* Numbers say nothing by themselves: 0.2 becomes "alpha 0.2". */
static void explain(struct words *w, const char *column)
{
	for (size_t i = 0; i < w->n; i++) {
		char *end, *both;

		if (strtod(w->at[i], &end), end == w->at[i] || *end)
			return;
		both = mem_new(strlen(column) + strlen(w->at[i]) + 2, 1);
		sprintf(both, "%s %s", column, w->at[i]);
		free(w->at[i]);
		w->at[i] = both;
	}
}

void words_free(struct words *w)
{
	for (size_t i = 0; i < w->n; i++)
		free(w->at[i]);
	free(w->at);
	free(w->of_row);
}

void points_free(struct points *c)
{
	for (size_t p = 0; p < c->figure.panels; p++) {
		for (size_t s = 0; s < c->panel[p].n; s++)
			free(c->panel[p].series[s].point);
		free(c->panel[p].series);
	}
	words_free(&c->series);
	words_free(&c->words);
}

double points_x(const struct points *c, size_t row)
{
	return c->named ? (double)c->words.of_row[row] : tsv_number(c->table, row, c->column);
}

int points_by_x(const void *a, const void *b)
{
	const struct figure_point *x = a, *y = b;

	return (x->x > y->x) - (x->x < y->x);
}

/* Bars that the table has: Y.low and Y.high, Y.sd, or low and high. */
static void read_bar(struct figure_point *p, const struct tsv *t, size_t row, size_t y)
{
	char low[AXIS_LABEL], high[AXIS_LABEL], sd[AXIS_LABEL];
	double deviation;

	snprintf(low, sizeof low, "%s.low", t->name[y]);
	snprintf(high, sizeof high, "%s.high", t->name[y]);
	snprintf(sd, sizeof sd, "%s.sd", t->name[y]);
	p->low = tsv_number(t, row, tsv_find(t, low));
	p->high = tsv_number(t, row, tsv_find(t, high));
	deviation = tsv_number(t, row, tsv_find(t, sd));
	if (isnan(p->low) && !isnan(deviation)) {
		p->low = p->y - deviation;
		p->high = p->y + deviation;
	}
	if (isnan(p->low) && strcmp(t->name[y], "observed") == 0) {
		p->low = tsv_number(t, row, tsv_find(t, "low"));
		p->high = tsv_number(t, row, tsv_find(t, "high"));
	}
}

/* The points of one series, by x: means of lines with equal x. Returns whether any has several. */
static bool gather(struct figure_series *to, const struct points *c, size_t series, size_t y)
{
	const struct tsv *t = c->table;
	struct figure_point *point = mem_new(t->rows, sizeof *point);
	size_t n = 0, points = 0;
	bool several = false;

	for (size_t r = 0; r < t->rows; r++) {
		struct figure_point p = { points_x(c, r), tsv_number(t, r, y), NAN, NAN, NULL };

		if (c->series.of_row[r] != series || isnan(p.x) || isnan(p.y))
			continue;
		read_bar(&p, t, r, y);
		point[n++] = p;
	}
	qsort(point, n, sizeof *point, points_by_x);
	for (size_t i = 0, end; i < n; i = end) {
		struct pool pool = { 0 };
		struct figure_point p = point[i];

		for (end = i; end < n && point[end].x == point[i].x; end++)
			pool_add(&pool, point[end].y);
		several |= pool.n > 1;
		p.y = pool.mean;
		if (pool.n > 1) {
			p.low = pool.mean - pool_deviation(&pool);
			p.high = pool.mean + pool_deviation(&pool);
		}
		point[points++] = p;
	}
	to->point = point;
	to->n = points;
	return several;
}

/* Every line by itself, grey, behind the means. */
static void gather_runs(struct figure_series *to, const struct points *c, size_t series, size_t y)
{
	const struct tsv *t = c->table;

	*to = (struct figure_series){ NULL, FIGURE_RUNS, mem_new(t->rows, sizeof *to->point), 0 };
	for (size_t r = 0; r < t->rows; r++)
		if (c->series.of_row[r] == series)
			to->point[to->n++] = (struct figure_point){ points_x(c, r),
				tsv_number(t, r, y), NAN, NAN, NULL };
}

/* Series that share words stand side by side. */
static void shift(struct figure_series *s, size_t series, size_t all)
{
	for (size_t i = 0; i < s->n; i++)
		s->point[i].x += 0.8 * (((double)series + 0.5) / (double)all - 0.5);
}

void points_fill(struct points *c, size_t p, size_t y, enum figure_style style, bool runs)
{
	struct figure_panel *panel = &c->panel[p];
	size_t all = c->series.n;
	struct figure_series *mean = mem_new(2 * all + POINTS_EXTRA, sizeof *mean);
	bool several = false;

	for (size_t s = 0; s < all; s++) {
		mean[all + s].name = *c->series.at[s] ? c->series.at[s] : NULL;
		mean[all + s].style = style;
		several |= gather(&mean[all + s], c, s, y);
		gather_runs(&mean[s], c, s, y);
		if (c->named) {
			shift(&mean[s], s, all);
			shift(&mean[all + s], s, all);
		}
	}
	panel->series = mean;
	panel->n = 2 * all;
	if (!several || !runs) {
		for (size_t s = 0; s < all; s++)
			free(mean[s].point);
		memmove(mean, mean + all, all * sizeof *mean);
		memset(mean + all, 0, all * sizeof *mean);
		panel->n = all;
	}
	axis_label(c->label[p][0], c->table->name[c->column]);
	axis_label(c->label[p][1], c->table->name[y]);
	panel->x = (struct figure_axis){ c->label[p][0], false, NAN, NAN, NULL, 0 };
	panel->y = (struct figure_axis){ c->label[p][1], false, NAN, NAN, NULL, 0 };
	if (c->named) {
		panel->x.word = (const char *const *)c->words.at;
		panel->x.words = c->words.n;
	}
	c->figure.panel = c->panel;
	c->figure.panels = p + 1;
	for (size_t s = 0; s < panel->n; s++)
		if (panel->series[s].n)
			return;
	die("%s: no line has numbers for both axes ('%s' and '%s')", c->place,
		c->table->name[c->column], c->table->name[y]);
}

bool points_span(const struct figure_panel *p, bool of_x, double factor)
{
	double low = INFINITY, high = 0;

	for (size_t s = 0; s < p->n; s++)
		for (size_t i = 0; i < p->series[s].n; i++) {
			double x = of_x ? p->series[s].point[i].x : p->series[s].point[i].y;

			low = x < low ? x : low;
			high = x > high ? x : high;
		}
	return low > 0 && high >= factor * low;
}

void points_set_x(struct points *c, size_t column)
{
	c->column = column;
	c->named = false;
	for (size_t r = 0; r < c->table->rows; r++)
		c->named |= isnan(tsv_number(c->table, r, column));
	if (c->named)
		words_find(&c->words, c->table, column, c->place);
}

void points_set_series(struct points *c, const char *asked, const char *usual)
{
	const char *const wish[] = { usual, NULL };
	size_t column = TSV_COLUMNS;

	if (asked || (usual && tsv_find(c->table, usual) < TSV_COLUMNS))
		column = axis_choose(c->table, asked, wish, false, "series", c->place);
	words_find(&c->series, c->table, column, c->place);
	if (column < TSV_COLUMNS)
		explain(&c->series, c->table->name[column]);
}

void points_guide(struct points *c, const char *name, enum figure_style style,
	struct figure_point *point, size_t n)
{
	struct figure_panel *panel = &c->panel[0];

	panel->series[panel->n++] = (struct figure_series){ name, style, point, n };
}

void points_segment(struct points *c, const char *name, double y0, double y1)
{
	struct figure_point *point = mem_new(2, sizeof *point);

	point[0] = (struct figure_point){ 0, y0, NAN, NAN, NULL };
	point[1] = (struct figure_point){ 1, y1, NAN, NAN, NULL };
	points_guide(c, name, FIGURE_GUIDE, point, 2);
}
