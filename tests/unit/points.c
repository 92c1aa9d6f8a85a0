/* points: means, deviations and bars of small tables, by hand. */
#include "points.h"

#include <stdlib.h>

#include "child.h"
#include "die.h"
#include "tap.h"

static struct tsv table;
static struct points p;

static void start(const char *text)
{
	FILE *file = tmpfile();

	fputs(text, file);
	rewind(file);
	tsv_read(&table, file, "a.tsv");
	fclose(file);
	p = (struct points){ .table = &table, .place = "a.tsv" };
}

static void over(void)
{
	points_free(&p);
	tsv_free(&table);
}

static void means(void)
{
	const struct figure_series *s;

	start("x\tkind\ty\n3\ta_s1\t1\n1\ta_s2\t2\n3\ta_s3\t5\n3\tb\t7\n\ta\t9\n2\tb\t\n");
	points_set_x(&p, 0);
	ok(p.named && p.words.n == 4, "a column with a gap is words");
	words_free(&p.words);
	p.words = (struct words){ .n = 0 };
	p.named = false;
	p.column = 0;
	points_set_series(&p, "kind", NULL);
	ok(p.series.n == 2 && p.series.of_row[2] == 0 && p.series.of_row[3] == 1,
		"seeds are left out of names");
	points_fill(&p, 0, 2, FIGURE_LINE, false);
	s = p.panel[0].series;
	ok(p.figure.panels == 1 && p.panel[0].n == 2 && strcmp(s[0].name, "a") == 0, "two series");
	ok(s[0].n == 2 && s[0].point[0].x == 1 && s[0].point[1].x == 3, "by x, without gaps");
	ok(s[0].point[1].y == 3 && s[0].point[0].y == 2, "the mean of 1 and 5");
	near(s[0].point[1].high - 3, sqrt(8), 1e-12, "one deviation up");
	near(3 - s[0].point[1].low, sqrt(8), 1e-12, "and down");
	ok(isnan(s[0].point[0].low) && s[1].n == 1, "a single line has no bar");
	points_guide(&p, "g", FIGURE_GUIDE, NULL, 0);
	points_segment(&p, "s", 4, 6);
	ok(p.panel[0].n == 4 && p.panel[0].series[3].point[1].y == 6 &&
			p.panel[0].series[3].point[1].x == 1,
		"guides come after");
	over();
}

static void bars(void)
{
	const struct figure_series *s;

	start("x\tauc\tauc.sd\tndcg\tndcg.low\tndcg.high\tobserved\tlow\thigh\n"
	      "1\t5\t2\t4\t3\t6\t.5\t.4\t.7\n");
	points_set_series(&p, NULL, NULL);
	points_fill(&p, 0, 1, FIGURE_LINE, false);
	points_fill(&p, 1, 3, FIGURE_LINE, false);
	s = p.panel[0].series;
	ok(p.figure.panels == 2 && s[0].point[0].low == 3 && s[0].point[0].high == 7, "Y.sd");
	ok(!s[0].name, "a series without a name");
	s = p.panel[1].series;
	ok(s[0].point[0].low == 3 && s[0].point[0].high == 6, "Y.low and Y.high");
	over();
	start("x\tauc\tobserved\tlow\thigh\n1\t5\t.5\t.4\t.7\n");
	points_set_series(&p, NULL, NULL);
	points_fill(&p, 0, 1, FIGURE_LINE, false);
	points_fill(&p, 1, 2, FIGURE_LINE, false);
	ok(isnan(p.panel[0].series[0].point[0].low) && p.panel[1].series[0].point[0].low == 0.4 &&
			p.panel[1].series[0].point[0].high == 0.7,
		"low and high are those of the observed");
	over();
}

static void runs(void)
{
	start("m\ty\nb\t1\na\t2\nb\t3\n");
	points_set_x(&p, 0);
	points_set_series(&p, NULL, NULL);
	points_fill(&p, 0, 1, FIGURE_POINTS, true);
	ok(p.panel[0].n == 2 && p.panel[0].series[0].style == FIGURE_RUNS &&
			p.panel[0].series[0].n == 3,
		"every run behind the means");
	ok(p.panel[0].x.words == 2 && strcmp(p.panel[0].x.word[0], "b") == 0,
		"words by their lines");
	ok(p.panel[0].series[1].point[0].x == 0 && p.panel[0].series[1].point[0].y == 2,
		"a word's number is its place");
	over();
	start("m\tk\ty\nb\t.5\t1\nb\t2\t3\n");
	points_set_x(&p, 0);
	points_set_series(&p, NULL, "k");
	points_fill(&p, 0, 2, FIGURE_BARS, false);
	same(p.panel[0].series[0].name, "k .5", "a number says what it is of");
	near(p.panel[0].series[0].point[0].x, -0.2, 1e-12, "two series share a word: 0.8 of it,");
	near(p.panel[0].series[1].point[0].x, 0.2, 1e-12, "side by side");
	over();
}

static void fill(void *y)
{
	points_fill(&p, 0, *(size_t *)y, FIGURE_LINE, false);
}

static void limits(void)
{
	size_t y = 2;

	start("x\ty\tz\n1\t10\t\n2\t490\t3\n3\t500\t\n");
	points_set_series(&p, NULL, "nix");
	points_fill(&p, 0, 1, FIGURE_LINE, false);
	ok(points_span(&p.panel[0], false, 50) && !points_span(&p.panel[0], false, 51) &&
			points_span(&p.panel[0], true, 3) && !points_span(&p.panel[0], true, 4),
		"how much an axis spans");
	over();
	start("x\ty\tz\n1\t10\t\n\t490\t3\n3\t500\t\n");
	points_set_series(&p, NULL, NULL);
	ok(run(fill, &y) == 1 &&
			strstr(said, "a.tsv: no line has numbers for both axes ('x' and 'z')"),
		"nothing to show");
	over();
}

int main(void)
{
	die_name("unit");
	means();
	bars();
	runs();
	limits();
	return done();
}
