#include "chart.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "mem.h"
#include "pool.h"

enum { WORDS = 4096, PANELS = 2, EXTRA = 2, LABEL = 128 };

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

/* ---- columns ---- */

/* Names that begin so are qualities or costs; what an axis calls them. */
static const struct meaning {
	const char *name, *label;
	bool lower; /* is better */
} meanings[] = {
	{ "auc", "AUC", false },
	{ "gauc", "GAUC", false },
	{ "ndcg", "NDCG", false },
	{ "recall", "recall", false },
	{ "hr", "hit rate", false },
	{ "precision", "precision", false },
	{ "rmse", "RMSE", true },
	{ "mae", "MAE", true },
	{ "logloss", "log loss", true },
	{ "brier", "Brier score", true },
	{ "ece", "calibration error", true },
	{ "train_loss", "training loss", true },
	{ "loss", "training loss", true },
	{ "bytes", "size of the model (bytes)", true },
	{ "parameters", "parameters", true },
	{ "multiply_adds", "multiply-adds a row", true },
	{ "ns_row", "time a row (ns)", true },
	{ "ns_user", "time a user (ns)", true },
	{ "seconds", "time (s)", true },
	{ "predicted", "predicted rate", false },
	{ "observed", "observed rate", false },
};
enum { MEANINGS = sizeof meanings / sizeof *meanings };

/* "ndcg" means "ndcg" and "ndcg@10", not "ndcg_graded@10". */
static bool means(const char *column, const char *name)
{
	size_t n = strlen(name);

	return strncmp(column, name, n) == 0 && (!column[n] || column[n] == '@');
}

static const struct meaning *meaning_of(const char *column)
{
	if (strncmp(column, "valid_", 6) == 0)
		column += 6;
	for (size_t i = 0; i < MEANINGS; i++)
		if (means(column, meanings[i].name))
			return &meanings[i];
	return NULL;
}

static void label_of(char label[LABEL], const char *column)
{
	const struct meaning *m = meaning_of(column);
	const char *at = strchr(column, '@');

	if (!m)
		snprintf(label, LABEL, "%s", column);
	else
		snprintf(label, LABEL, "%s%s%s", m->label, at ? at : "",
			strncmp(column, "valid_", 6) == 0 ? " on part 1" : "");
}

static bool has_numbers(const struct tsv *t, size_t column)
{
	for (size_t r = 0; r < t->rows; r++)
		if (!isnan(tsv_number(t, r, column)))
			return true;
	return false;
}

/* The column asked for, or the first of the wishes (ended by NULL; a name that ends in '*' is the
 * beginning of one) that has numbers, or, for words, is there. */
static size_t choose(const struct tsv *t, const char *asked, const char *const *wish, bool number,
	const char *what, const char *place)
{
	size_t c = asked ? tsv_find(t, asked) : TSV_COLUMNS;

	if (asked && c == TSV_COLUMNS)
		die("%s: no column '%s'; there is '%s' and %zu others", place, asked, t->name[0],
			t->columns - 1);
	if (asked && number && !has_numbers(t, c))
		die("%s: no line has a number in column '%s'", place, asked);
	for (; c == TSV_COLUMNS && *wish; wish++)
		for (size_t i = 0; i < t->columns && c == TSV_COLUMNS; i++) {
			size_t n = strlen(*wish);
			bool open = (*wish)[n - 1] == '*';
			bool match = open ? strncmp(t->name[i], *wish, n - 1) == 0
					  : means(t->name[i], *wish);

			if (match && (!number || has_numbers(t, i)))
				c = i;
		}
	if (c == TSV_COLUMNS)
		die("%s: no column to show as %s; name one with --%s", place, what, what);
	return c;
}

/* ---- words ---- */

/* Different words in the order of their lines. */
struct words {
	char **at;
	size_t n, *of_row;
};

static void find_words(struct words *w, const struct tsv *t, size_t column, const char *place)
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

static void free_words(struct words *w)
{
	for (size_t i = 0; i < w->n; i++)
		free(w->at[i]);
	free(w->at);
	free(w->of_row);
}

/* ---- points ---- */

struct chart {
	const struct tsv *table;
	const char *place;
	struct words series, words; /* words: of x, when it has no numbers */
	bool named; /* x is words */
	size_t column; /* x */
	char label[PANELS][2][LABEL];
	struct figure_panel panel[PANELS];
	struct figure figure;
};

struct figure *chart_figure(struct chart *chart)
{
	return &chart->figure;
}

void chart_free(struct chart *c)
{
	for (size_t p = 0; p < c->figure.panels; p++) {
		for (size_t s = 0; s < c->panel[p].n; s++)
			free(c->panel[p].series[s].point);
		free(c->panel[p].series);
	}
	free_words(&c->series);
	free_words(&c->words);
	free(c);
}

static double x_of(const struct chart *c, size_t row)
{
	return c->named ? (double)c->words.of_row[row] : tsv_number(c->table, row, c->column);
}

static int by_x(const void *a, const void *b)
{
	const struct figure_point *x = a, *y = b;

	return (x->x > y->x) - (x->x < y->x);
}

/* Bars that the table has: Y.low and Y.high, Y.sd, or low and high. */
static void read_bar(struct figure_point *p, const struct tsv *t, size_t row, size_t y)
{
	char low[LABEL], high[LABEL], sd[LABEL];
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
static bool gather(struct figure_series *to, const struct chart *c, size_t series, size_t y)
{
	const struct tsv *t = c->table;
	struct figure_point *point = mem_new(t->rows, sizeof *point);
	size_t n = 0, points = 0;
	bool several = false;

	for (size_t r = 0; r < t->rows; r++) {
		struct figure_point p = { x_of(c, r), tsv_number(t, r, y), NAN, NAN, NULL };

		if (c->series.of_row[r] != series || isnan(p.x) || isnan(p.y))
			continue;
		read_bar(&p, t, r, y);
		point[n++] = p;
	}
	qsort(point, n, sizeof *point, by_x);
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
static void gather_runs(struct figure_series *to, const struct chart *c, size_t series, size_t y)
{
	const struct tsv *t = c->table;

	*to = (struct figure_series){ NULL, FIGURE_RUNS, mem_new(t->rows, sizeof *to->point), 0 };
	for (size_t r = 0; r < t->rows; r++)
		if (c->series.of_row[r] == series)
			to->point[to->n++] = (struct figure_point){ x_of(c, r), tsv_number(t, r, y),
				NAN, NAN, NULL };
}

/* Series that share words stand side by side. */
static void shift(struct figure_series *s, size_t series, size_t all)
{
	for (size_t i = 0; i < s->n; i++)
		s->point[i].x += 0.8 * (((double)series + 0.5) / (double)all - 0.5);
}

/* Panel p of all series over y; runs: single lines are shown, too. */
static void fill_panel(struct chart *c, size_t p, size_t y, enum figure_style style, bool runs)
{
	struct figure_panel *panel = &c->panel[p];
	size_t all = c->series.n;
	struct figure_series *mean = mem_new(2 * all + EXTRA, sizeof *mean);
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
	label_of(c->label[p][0], c->table->name[c->column]);
	label_of(c->label[p][1], c->table->name[y]);
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

/* Whether the numbers of an axis span so much that a logarithm shows them better. */
static bool spans(const struct figure_panel *p, bool of_x, double factor)
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

/* x is a column of words or numbers. */
static void set_x(struct chart *c, size_t column)
{
	c->column = column;
	c->named = false;
	for (size_t r = 0; r < c->table->rows; r++)
		c->named |= isnan(tsv_number(c->table, r, column));
	if (c->named)
		find_words(&c->words, c->table, column, c->place);
}

/* What has colours: the column asked for, or the usual one if it is there, or nothing. */
static void set_series(struct chart *c, const struct chart_how *how, const char *usual)
{
	const char *const wish[] = { usual, NULL };
	size_t column = TSV_COLUMNS;

	if (how->series || (usual && tsv_find(c->table, usual) < TSV_COLUMNS))
		column = choose(c->table, how->series, wish, false, "series", c->place);
	find_words(&c->series, c->table, column, c->place);
	if (column < TSV_COLUMNS)
		explain(&c->series, c->table->name[column]);
}

static void add_guide(struct chart *c, const char *name, enum figure_style style,
	struct figure_point *point, size_t n)
{
	struct figure_panel *panel = &c->panel[0];

	panel->series[panel->n++] = (struct figure_series){ name, style, point, n };
}

static void add_segment(struct chart *c, const char *name, double y0, double y1)
{
	struct figure_point *point = mem_new(2, sizeof *point);

	point[0] = (struct figure_point){ 0, y0, NAN, NAN, NULL };
	point[1] = (struct figure_point){ 1, y1, NAN, NAN, NULL };
	add_guide(c, name, FIGURE_GUIDE, point, 2);
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
static void make_learning(struct chart *c, const struct chart_how *how)
{
	static const char *const epoch[] = { "epoch", NULL };
	static const char *const wish[] = { "valid_*", "train_loss", "loss", NULL };
	const char *const *loss = wish + 1;
	size_t y = choose(c->table, how->y, wish, true, "y", c->place);

	set_series(c, how, "file");
	c->column = choose(c->table, how->x, epoch, true, "x", c->place);
	fill_panel(c, 0, y, FIGURE_LINE, false);
	while (*loss && tsv_find(c->table, *loss) == TSV_COLUMNS)
		loss++;
	if (!how->y && *loss && tsv_find(c->table, *loss) != y)
		fill_panel(c, 1, tsv_find(c->table, *loss), FIGURE_LINE, false);
}

static void make_ablation(struct chart *c, const struct chart_how *how)
{
	static const char *const what[] = { "model", "file", NULL };
	size_t y = choose(c->table, how->y, qualities, true, "y", c->place);

	set_series(c, how, NULL);
	set_x(c, choose(c->table, how->x, what, false, "x", c->place));
	fill_panel(c, 0, y, c->named ? FIGURE_POINTS : FIGURE_BOTH, true);
	c->panel[0].x.log = !c->named && spans(&c->panel[0], true, 50);
}

/* Of points by rising x, those that are better than all before them. */
static void add_front(struct chart *c, bool lower)
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
	qsort(front, n, sizeof *front, by_x);
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
	add_guide(c, "best for its cost", FIGURE_STEPS, front, n);
}

/* A point for each model, its name beside it; x and y are means over its runs. */
static void make_pareto(struct chart *c, const struct chart_how *how)
{
	static const char *const model[] = { "model", "file", NULL };
	static const char *const cost[] = { "bytes", "ns_row", "ns_user", "parameters", NULL };
	const struct tsv *t = c->table;
	size_t y = choose(t, how->y, qualities, true, "y", c->place);
	const struct meaning *m = meaning_of(t->name[y]);
	struct words names;

	find_words(&names, t, choose(t, how->series, model, false, "series", c->place), c->place);
	c->series = names;
	c->column = choose(t, how->x, cost, true, "x", c->place);
	fill_panel(c, 0, y, FIGURE_POINTS, false);
	for (size_t s = 0; s < c->panel[0].n; s++) {
		struct figure_series *of = &c->panel[0].series[s];
		struct pool x = { 0 }, mean = { 0 };

		for (size_t r = 0; r < t->rows; r++)
			if (names.of_row[r] == s && !isnan(x_of(c, r)) &&
				!isnan(tsv_number(t, r, y))) {
				pool_add(&x, x_of(c, r));
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
	c->panel[0].x.log = spans(&c->panel[0], true, 5);
	add_front(c, m && m->lower);
}

static void make_calibration(struct chart *c, const struct chart_how *how)
{
	static const char *const x[] = { "predicted", NULL }, *const y[] = { "observed", NULL };

	set_series(c, how, "model");
	c->column = choose(c->table, how->x, x, true, "x", c->place);
	fill_panel(c, 0, choose(c->table, how->y, y, true, "y", c->place), FIGURE_BOTH, false);
	add_segment(c, "as predicted", 0, 1);
	unit(&c->panel[0].x);
	unit(&c->panel[0].y);
}

static void make_pr(struct chart *c, const struct chart_how *how)
{
	static const char *const x[] = { "recall", NULL }, *const y[] = { "precision", NULL };
	double base = NAN;

	set_series(c, how, "model");
	c->column = choose(c->table, how->x, x, true, "x", c->place);
	fill_panel(c, 0, choose(c->table, how->y, y, true, "y", c->place), FIGURE_LINE, false);
	for (size_t s = 0; s < c->panel[0].n; s++) {
		const struct figure_series *of = &c->panel[0].series[s];

		/* at recall 1 everything may be called positive: the share of positives */
		if (of->n && of->point[of->n - 1].x == 1 && !(base <= of->point[of->n - 1].y))
			base = of->point[of->n - 1].y;
	}
	if (!isnan(base))
		add_segment(c, "by chance", base, base);
	unit(&c->panel[0].x);
	unit(&c->panel[0].y);
}

/* Lines of everything are no group: they leave the words and the series. */
static void leave_out_all(struct chart *c)
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

static void make_popularity(struct chart *c, const struct chart_how *how)
{
	static const char *const group[] = { "popularity", "item.*", "user.*", "row.*", NULL };
	size_t y = choose(c->table, how->y, qualities, true, "y", c->place);

	set_series(c, how, "model");
	c->column = choose(c->table, how->x, group, false, "x", c->place);
	c->named = true;
	find_words(&c->words, c->table, c->column, c->place);
	leave_out_all(c);
	fill_panel(c, 0, y, FIGURE_BARS, false);
}

static void make_cost(struct chart *c, const struct chart_how *how)
{
	static const char *const size[] = { "rows", "users", "items", "size", "threads", "dim",
		"parameters", "multiply_adds", NULL };
	static const char *const cost[] = { "seconds", "ns_row", "ns_user", "ns", "bytes", NULL };
	size_t y = choose(c->table, how->y, cost, true, "y", c->place);

	set_series(c, how, "model");
	c->column = choose(c->table, how->x, size, true, "x", c->place);
	fill_panel(c, 0, y, FIGURE_BOTH, false);
	c->panel[0].x.log = spans(&c->panel[0], true, 5);
	c->panel[0].y.log = spans(&c->panel[0], false, 5);
}

struct chart *chart_new(const struct tsv *table, const struct chart_how *how, const char *place)
{
	static void (*const make[CHART_PRESETS])(
		struct chart *, const struct chart_how *) = { make_learning, make_ablation,
		make_pareto, make_calibration, make_pr, make_popularity, make_cost };
	struct chart *c = mem_new(1, sizeof *c);

	if (!table->rows)
		die("%s: names, but no lines of cells", place);
	c->table = table;
	c->place = place;
	make[how->preset](c, how);
	return c;
}
