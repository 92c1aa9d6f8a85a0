/* rs-plot -- figures of what the other tools measured.
 *
 * Reads   text: TSV with a line of names, as rs-score, --trace and the pipelines write it
 * Writes  a figure, made by gnuplot: text for a terminal, SVG or PNG. No stream. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chart.h"
#include "die.h"
#include "emit.h"
#include "figure.h"
#include "opt.h"
#include "tsv.h"

static const char examples[] =
	"Presets: learning, ablation, pareto, calibration, pr, popularity, cost.\n\n"
	"Example:\n"
	"  rs-plot learning trace_s1.tsv trace_s2.tsv\n"
	"  rs-plot ablation --x alpha --y auc -o alpha.svg <scores.tsv\n"
	"  rs-score <run.rts | rs-plot pareto --x bytes -o pareto.png";

struct call {
	const char *x, *y, *series, *title, *format, *output;
	long width, height;
};

static enum figure_form form_of(const struct call *c)
{
	static const char *const name[] = { "text", "svg", "png", "gnuplot" };
	const char *dot = c->output ? strrchr(c->output, '.') : NULL;
	const char *form = c->format ? c->format : dot ? dot + 1 : "text";

	for (int i = 0; i < 4; i++)
		if (strcmp(form, name[i]) == 0)
			return (enum figure_form)i;
	if (c->format)
		die_usage("--format: '%s' is none of text, svg, png, gnuplot", c->format);
	if (dot && strcmp(dot, ".txt") != 0)
		die_usage("--output: '%s' ends in neither .svg, .png, .txt nor .gnuplot; say "
			  "--format",
			c->output);
	return FIGURE_TEXT;
}

static void read_tables(struct tsv *table, char **file, int files)
{
	if (!files)
		tsv_read(table, stdin, "stdin");
	for (int i = 0; i < files; i++) {
		FILE *in = fopen(file[i], "r");

		if (!in)
			die("%s:", file[i]);
		tsv_read(table, in, file[i]);
		fclose(in);
	}
}

static void write_figure(struct figure *figure, const struct call *c)
{
	enum figure_form form = form_of(c);
	struct text script = { NULL, 0, 0 }, picture = { NULL, 0, 0 }, *out = &picture;

	figure->title = c->title;
	figure->width = (size_t)c->width;
	figure->height = (size_t)c->height;
	figure_script(&script, figure, form);
	if (form == FIGURE_SCRIPT)
		out = &script;
	else
		figure_draw(&picture, &script, form);
	if (c->output)
		emit_file(c->output, out->at, out->n);
	else
		emit_stdout(out->at, out->n);
	free(script.at);
	free(picture.at);
}

int main(int argc, char **argv)
{
	struct call c = { .width = 0 };
	const struct opt opts[] = {
		OPT_TEXT('x', "x", &c.x, "COLUMN", "what is to the right; default: the preset's"),
		OPT_TEXT('y', "y", &c.y, "COLUMN", "what is up; default: the preset's"),
		OPT_TEXT(0, "series", &c.series, "COLUMN",
			"what has a colour; default: the preset's"),
		OPT_TEXT(0, "title", &c.title, "TEXT", "a line above the figure"),
		OPT_FILE('o', "output", &c.output,
			"write FILE, renamed when whole, instead of stdout"),
		OPT_TEXT(0, "format", &c.format, "FORM",
			"text, svg, png, gnuplot (the script); default: as FILE ends, else text"),
		OPT_INT(0, "width", &c.width, 0, 10000,
			"pixels, or characters of text; 0: as fits"),
		OPT_INT(0, "height", &c.height, 0, 10000, "the same of the height"),
		OPT_QUIET,
		OPT_END,
	};
	int first = opt_parse(argc, argv, "draw what the other tools measured", "PRESET [FILE...]",
		examples, opts);
	struct chart_how how = { .x = c.x };
	struct tsv table = { .rows = 0 };
	struct chart *chart;

	if (first == argc)
		die_usage("which PRESET? learning, ablation, pareto, calibration, pr, popularity, "
			  "cost");
	if (!chart_parse(&how.preset, argv[first]))
		die_usage(
			"'%s' is none of learning, ablation, pareto, calibration, pr, popularity, "
			"cost",
			argv[first]);
	how.y = c.y, how.series = c.series;
	form_of(&c);
	read_tables(&table, argv + first + 1, argc - first - 1);
	chart = chart_new(&table, &how,
		argc - first == 2  ? argv[first + 1]
		: argc - first > 2 ? "the tables"
				   : "stdin");
	write_figure(chart_figure(chart), &c);
	chart_free(chart);
	tsv_free(&table);
	return 0;
}
