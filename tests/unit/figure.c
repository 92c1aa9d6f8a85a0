/* figure -- the script, without gnuplot; tests/cli/rs-plot.t draws. */
#include "figure.h"

#include <stdlib.h>

#include "tap.h"

static struct figure_point point[] = { { 1, 10, 9, 11, NULL }, { 1000, 20, NAN, NAN, "it's" },
	{ NAN, 5, NAN, NAN, NULL } };
static struct figure_series series[] = { { "a 'b'\n", FIGURE_BOTH, point, 3 },
	{ NULL, FIGURE_RUNS, point, 1 }, { "known", FIGURE_GUIDE, point, 2 } };

static bool has(const struct text *t, const char *what)
{
	return strstr(t->at, what) != NULL;
}

int main(void)
{
	static const char *const word[] = { "x", "y" };
	struct figure_panel panel = { { "size", true, NAN, NAN, NULL, 0 },
		{ "AUC", false, 0, NAN, NULL, 0 }, series, 3 };
	struct figure figure = { NULL, &panel, 1, 0, 0 };
	struct text t = { NULL, 0, 0 };

	figure_script(&t, &figure, FIGURE_SVG);
	ok(has(&t, "set terminal svg size 720,440"), "a size that fits");
	ok(has(&t, "set logscale x") && has(&t, "'1k' 1000"), "a logarithm, short numbers");
	ok(has(&t, "set yrange [0:") && has(&t, "set xlabel 'size'"), "a bound, a label");
	ok(has(&t, "title 'a ''b''?'"), "names are quoted, control characters are not told");
	ok(has(&t, "1\t10\t9\t11\t\n1000\t20\t20\t20\tit's\nE\n"),
		"points, without those that are not numbers");
	ok(strstr(t.at, "'known'") < strstr(t.at, "'a ''b"), "what is known lies behind");
	ok(strstr(t.at, "pt 6 ps 0.5") > strstr(t.at, "'a ''b"), "single runs lie in front");
	free(t.at);
	t = (struct text){ NULL, 0, 0 };
	panel.x.word = word;
	panel.x.words = 2;
	figure.title = "T";
	figure_script(&t, &figure, FIGURE_TEXT);
	ok(has(&t, "set terminal dumb size 79,24") && has(&t, "print 'T'"), "text");
	ok(has(&t, "set xtics ('x' 0, 'y' 1)") && has(&t, "xrange [-0.5:1.5]"), "words");
	ok(!has(&t, "vectors") && !has(&t, "ps 0.5"), "no error bars and runs in text");
	free(t.at);
	return done();
}
