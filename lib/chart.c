#include "chart.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "mem.h"
#include "points.h"
#include "pool.h"

struct chart {
	struct points points;
};

struct figure *chart_figure(struct chart *chart)
{
	return &chart->points.figure;
}

void chart_free(struct chart *chart)
{
	points_free(&chart->points);
	free(chart);
}

bool chart_parse(enum chart_preset *preset, const char *text)
{
	static const char *const name[CHART_PRESETS] = { "learning", "ablation", "pareto",
		"calibration", "pr", "popularity", "cost" };

	for (int i = 0; i < CHART_PRESETS; i++)
		if (strcmp(text, name[i]) == 0) {
			*preset = (enum chart_preset)i;
			return true;
		}
	return false;
}

static void unit(struct figure_axis *axis)
{
	axis->low = 0;
	axis->high = 1;
}

static const char *const qualities[] = { "auc", "gauc", "ndcg", "recall", "hr", "precision", "rmse",
	"logloss", "mae", NULL };

/* ---- presets ---- */

/* Quality above, loss below; every file is a curve. */
static void make_learning(struct points *c, const struct chart_how *how)
{
	static const char *const epoch[] = { "epoch", NULL };
	static const char *const wish[] = { "valid_*", "train_loss", "loss", NULL };
	const char *const *loss = wish + 1;
	size_t y = axis_choose(c->table, how->y, wish, true, "y", c->place);

	points_set_series(c, how->series, "file");
	c->column = axis_choose(c->table, how->x, epoch, true, "x", c->place);
	points_fill(c, 0, y, FIGURE_LINE, false);
	while (*loss && tsv_find(c->table, *loss) == TSV_COLUMNS)
		loss++;
	if (!how->y && *loss && tsv_find(c->table, *loss) != y)
		points_fill(c, 1, tsv_find(c->table, *loss), FIGURE_LINE, false);
}

static void make_ablation(struct points *c, const struct chart_how *how)
{
	static const char *const what[] = { "model", "file", NULL };
	size_t y = axis_choose(c->table, how->y, qualities, true, "y", c->place);

	points_set_series(c, how->series, NULL);
	points_set_x(c, axis_choose(c->table, how->x, what, false, "x", c->place));
	points_fill(c, 0, y, c->named ? FIGURE_POINTS : FIGURE_BOTH, true);
	c->panel[0].x.log = !c->named && points_span(&c->panel[0], true, 50);
}

/* Of points by rising x, those that are better than all before them. */
static void add_front(struct points *c, bool lower)
{
	struct figure_panel *panel = &c->panel[0];
	size_t all = 0, n = 0;
	struct figure_point *front;
	double last;

	for (size_t s = 0; s < panel->n; s++)
		all += panel->series[s].n;
	front = mem_new(all + 1, sizeof *front);
	for (size_t s = 0; s < panel->n; s++)
		for (size_t i = 0; i < panel->series[s].n; i++)
			front[n++] = (struct figure_point){ panel->series[s].point[i].x,
				panel->series[s].point[i].y, NAN, NAN, NULL };
	qsort(front, n, sizeof *front, points_by_x);
	last = n ? front[n - 1].x : 0;
	all = n;
	n = 0;
	for (size_t i = 0; i < all; i++) {
		bool better =
			!n || (lower ? front[i].y < front[n - 1].y : front[i].y > front[n - 1].y);

		if (n && better && front[i].x == front[n - 1].x)
			n--;
		if (better)
			front[n++] = front[i];
	}
	if (n && last > front[n - 1].x) { /* on to the dearest */
		front[n] = front[n - 1];
		front[n++].x = last;
	}
	points_guide(c, "best for its cost", FIGURE_STEPS, front, n);
}

/* A point for each model, its name beside it; x and y are means over its runs. */
static void make_pareto(struct points *c, const struct chart_how *how)
{
	static const char *const model[] = { "model", "file", NULL };
	static const char *const cost[] = { "bytes", "ns_row", "ns_user", "parameters", NULL };
	const struct tsv *t = c->table;
	size_t y = axis_choose(t, how->y, qualities, true, "y", c->place);
	struct words names;

	words_find(
		&names, t, axis_choose(t, how->series, model, false, "series", c->place), c->place);
	c->series = names;
	c->column = axis_choose(t, how->x, cost, true, "x", c->place);
	points_fill(c, 0, y, FIGURE_POINTS, false);
	for (size_t s = 0; s < c->panel[0].n; s++) {
		struct figure_series *of = &c->panel[0].series[s];
		struct pool x = { 0 }, mean = { 0 };

		for (size_t r = 0; r < t->rows; r++)
			if (names.of_row[r] == s && !isnan(points_x(c, r)) &&
				!isnan(tsv_number(t, r, y))) {
				pool_add(&x, points_x(c, r));
				pool_add(&mean, tsv_number(t, r, y));
			}
		of->name = NULL;
		if (!of->n)
			continue;
		of->n = 1;
		of->point[0].x = x.mean;
		of->point[0].y = mean.mean;
		of->point[0].label = names.at[s];
		if (mean.n > 1) {
			of->point[0].low = mean.mean - pool_deviation(&mean);
			of->point[0].high = mean.mean + pool_deviation(&mean);
		}
	}
	c->panel[0].x.log = points_span(&c->panel[0], true, 5);
	add_front(c, axis_is_cost(t->name[y]));
}

static void make_calibration(struct points *c, const struct chart_how *how)
{
	static const char *const x[] = { "predicted", NULL }, *const y[] = { "observed", NULL };

	points_set_series(c, how->series, "model");
	c->column = axis_choose(c->table, how->x, x, true, "x", c->place);
	points_fill(
		c, 0, axis_choose(c->table, how->y, y, true, "y", c->place), FIGURE_BOTH, false);
	points_segment(c, "as predicted", 0, 1);
	unit(&c->panel[0].x);
	unit(&c->panel[0].y);
}

static void make_pr(struct points *c, const struct chart_how *how)
{
	static const char *const x[] = { "recall", NULL }, *const y[] = { "precision", NULL };
	double base = NAN;

	points_set_series(c, how->series, "model");
	c->column = axis_choose(c->table, how->x, x, true, "x", c->place);
	points_fill(
		c, 0, axis_choose(c->table, how->y, y, true, "y", c->place), FIGURE_LINE, false);
	for (size_t s = 0; s < c->panel[0].n; s++) {
		const struct figure_series *of = &c->panel[0].series[s];

		/* at recall 1 everything may be called positive: the share of positives */
		if (of->n && of->point[of->n - 1].x == 1 && !(base <= of->point[of->n - 1].y))
			base = of->point[of->n - 1].y;
	}
	if (!isnan(base))
		points_segment(c, "by chance", base, base);
	unit(&c->panel[0].x);
	unit(&c->panel[0].y);
}

/* Lines of everything are no group: they leave the words and the series. */
static void leave_out_all(struct points *c)
{
	size_t all = 0;

	while (all < c->words.n && strcmp(c->words.at[all], "all") != 0)
		all++;
	if (all == c->words.n || c->words.n == 1)
		return;
	for (size_t r = 0; r < c->table->rows; r++)
		if (c->words.of_row[r] == all)
			c->series.of_row[r] = SIZE_MAX;
		else
			c->words.of_row[r] -= c->words.of_row[r] > all;
	free(c->words.at[all]);
	c->words.n--;
	memmove(c->words.at + all, c->words.at + all + 1, (c->words.n - all) * sizeof *c->words.at);
}

static void make_popularity(struct points *c, const struct chart_how *how)
{
	static const char *const group[] = { "popularity", "item.*", "user.*", "row.*", NULL };
	size_t y = axis_choose(c->table, how->y, qualities, true, "y", c->place);

	points_set_series(c, how->series, "model");
	c->column = axis_choose(c->table, how->x, group, false, "x", c->place);
	c->named = true;
	words_find(&c->words, c->table, c->column, c->place);
	leave_out_all(c);
	points_fill(c, 0, y, FIGURE_BARS, false);
}

static void make_cost(struct points *c, const struct chart_how *how)
{
	static const char *const size[] = { "rows", "users", "items", "size", "threads", "dim",
		"parameters", "multiply_adds", NULL };
	static const char *const cost[] = { "seconds", "ns_row", "ns_user", "ns", "bytes", NULL };
	size_t y = axis_choose(c->table, how->y, cost, true, "y", c->place);

	points_set_series(c, how->series, "model");
	c->column = axis_choose(c->table, how->x, size, true, "x", c->place);
	points_fill(c, 0, y, FIGURE_BOTH, false);
	c->panel[0].x.log = points_span(&c->panel[0], true, 5);
	c->panel[0].y.log = points_span(&c->panel[0], false, 5);
}

struct chart *chart_new(const struct tsv *table, const struct chart_how *how, const char *place)
{
	static void (*const make[CHART_PRESETS])(
		struct points *, const struct chart_how *) = { make_learning, make_ablation,
		make_pareto, make_calibration, make_pr, make_popularity, make_cost };
	struct chart *chart = mem_new(1, sizeof *chart);
	struct points *c = &chart->points;

	if (!table->rows)
		die("%s: names, but no lines of cells", place);
	c->table = table;
	c->place = place;
	make[how->preset](c, how);
	return chart;
}
