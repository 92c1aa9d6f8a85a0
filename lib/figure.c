#include "figure.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "die.h"
#include "mem.h"

enum { COLOURS = 8, NO_GNUPLOT = 127, PIECE = 65536, TICK = 32 };
static const char grey[] = "#707070";

/* Okabe and Ito's, yellow last, since it is weak on white. */
static const char *const colour[COLOURS] = { "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00",
	"#56B4E9", "#000000", "#B8A800" };
static const int mark[COLOURS] = { 7, 5, 9, 13, 11, 6, 4, 8 };

/* In single quotes gnuplot looks at nothing but quotes. */
static void put_quoted(struct text *t, const char *s)
{
	text_add(t, "'");
	for (; s && *s; s++)
		if (*s == '\'')
			text_add(t, "''");
		else
			text_add(t, "%c", (unsigned char)*s < 0x20 || *s == 0x7F ? '?' : *s);
	text_add(t, "'");
}

/* ---- ranges ---- */

struct range {
	double low, high;
};

static void widen(struct range *r, double x)
{
	if (!isfinite(x))
		return;
	r->low = x < r->low ? x : r->low;
	r->high = x > r->high ? x : r->high;
}

static struct range range_of(const struct figure_panel *p, bool of_x)
{
	const struct figure_axis *axis = of_x ? &p->x : &p->y;
	struct range r = { INFINITY, -INFINITY };
	double gap;

	for (size_t s = 0; s < p->n; s++)
		for (size_t i = 0; i < p->series[s].n; i++) {
			const struct figure_point *at = &p->series[s].point[i];

			widen(&r, of_x ? at->x : at->y);
			widen(&r, of_x ? NAN : at->low);
			widen(&r, of_x ? NAN : at->high);
			if (!of_x && p->series[s].style == FIGURE_BARS)
				widen(&r, 0);
		}
	if (axis->words)
		r = (struct range){ -0.5, (double)axis->words - 0.5 };
	else if (!(r.low <= r.high))
		r = (struct range){ axis->log ? 1 : 0, axis->log ? 10 : 1 };
	else if (axis->log)
		gap = pow(r.high / r.low, 0.06) * 1.05, r.low /= gap, r.high *= gap;
	else {
		gap = r.high > r.low ? 0.06 * (r.high - r.low)
		      : r.high != 0  ? 0.05 * fabs(r.high)
				     : 1;
		r.low = r.low == 0 ? 0 : r.low - gap;
		r.high += gap;
	}
	r.low = isnan(axis->low) ? r.low : axis->low;
	r.high = isnan(axis->high) ? r.high : axis->high;
	return r;
}

/* 1500 as 1.5k; below 1 as it is. */
static void put_short(char to[TICK], double x)
{
	static const char *const unit[] = { "", "k", "M", "G", "T", "P" };
	size_t u = 0;

	for (; x >= 999.5 && u < 5; u++)
		x /= 1000;
	snprintf(to, TICK, "%.4g%s", x, unit[u]);
}

/* 1, 2 and 5 of every power of ten in the range, only the 1s when there are many. */
static void put_log_ticks(struct text *t, const char *axis, const struct range *r)
{
	static const double step[] = { 1, 2, 5 };
	bool ones = r->high / r->low > 2000;
	const char *comma = "";

	text_add(t, "set %stics (", axis);
	for (int power = (int)floor(log10(r->low)) - 1; power <= (int)log10(r->high) + 1; power++)
		for (int i = 0; i < (ones ? 1 : 3); i++) {
			double x = step[i] * pow(10, power);
			char word[TICK];

			if (x < r->low || x > r->high)
				continue;
			put_short(word, x);
			text_add(t, "%s'%s' %.9g", comma, word, x);
			comma = ", ";
		}
	text_add(t, ")\n");
}

static void put_axis(
	struct text *t, const char *name, const struct figure_axis *axis, const struct range *r)
{
	size_t longest = 0;

	text_add(t, "set %slabel ", name);
	put_quoted(t, axis->label);
	text_add(t, "\nset %srange [%.9g:%.9g]\n%sset logscale %s\n", name, r->low, r->high,
		axis->log ? "" : "un", name);
	for (size_t w = 0; w < axis->words; w++)
		longest = strlen(axis->word[w]) > longest ? strlen(axis->word[w]) : longest;
	text_add(t, "set %stics norotate nomirror autofreq\n", name);
	if (axis->words * (longest + 2) > 70)
		text_add(t, "set %stics rotate by -30 left\n", name);
	if (axis->words) {
		text_add(t, "set %stics (", name);
		for (size_t w = 0; w < axis->words; w++) {
			text_add(t, "%s", w ? ", " : "");
			put_quoted(t, axis->word[w]);
			text_add(t, " %zu", w);
		}
		text_add(t, ")\n");
	} else if (axis->log)
		put_log_ticks(t, name, r);
	else
		text_add(t, "set format %s '%s'\n", name, r->high >= 10000 ? "%.0s%c" : "%g");
}

/* ---- series ---- */

static bool has_bars(const struct figure_series *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (isfinite(s->point[i].low) && isfinite(s->point[i].high))
			return true;
	return false;
}

static bool has_labels(const struct figure_series *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->point[i].label)
			return true;
	return false;
}

static void put_data(struct text *t, const struct figure_series *s, size_t panel, size_t number)
{
	text_add(t, "$p%zus%zu << E\n", panel, number);
	for (size_t i = 0; i < s->n; i++) {
		const struct figure_point *p = &s->point[i];
		bool bar = isfinite(p->low) && isfinite(p->high);

		if (!isfinite(p->x) || !isfinite(p->y))
			continue;
		text_add(t, "%.9g\t%.9g\t%.9g\t%.9g\t", p->x, p->y, bar ? p->low : p->y,
			bar ? p->high : p->y);
		for (const char *c = p->label ? p->label : ""; *c; c++)
			text_add(t, "%c", (unsigned char)*c < 0x20 || *c == 0x7F ? '?' : *c);
		text_add(t, "\n");
	}
	text_add(t, "E\n");
}

/* Error bars: a band around a line, else a stroke at each point, behind what they belong to. */
static void put_bars(
	struct text *t, const struct figure_series *s, const char *data, const char *rgb)
{
	if (s->style == FIGURE_LINE)
		text_add(t,
			"%s using 1:3:4 with filledcurves lc rgb '%s' fs transparent solid 0.18 "
			"noborder notitle, ",
			data, rgb);
	else if (s->style != FIGURE_BARS)
		text_add(t,
			"%s using 1:3:(0):($4-$3) with vectors nohead lc rgb '%s' lw 1.5 "
			"notitle, ",
			data, rgb);
}

/* How a series is drawn; `shown` counts those with a colour of their own. */
static void put_series(struct text *t, const struct figure_series *s, const char *data,
	size_t shown, double bar_width, enum figure_form form)
{
	static const char *const with[] = { "lines", "points", "linespoints" };
	size_t c = shown % COLOURS;

	if (has_bars(s) && form != FIGURE_TEXT)
		put_bars(t, s, data, colour[c]);
	text_add(t, "%s using 1:2", data);
	switch (s->style) {
	case FIGURE_STEPS:
		text_add(t, " with steps lc rgb '%s' lw 1 dt 2", grey);
		break;
	case FIGURE_GUIDE:
		text_add(t, " with lines lc rgb '%s' lw 1.5 dt 2", grey);
		break;
	case FIGURE_RUNS:
		text_add(t, " with points lc rgb '#505050' pt 6 ps 0.5");
		break;
	case FIGURE_BARS:
		text_add(t, ":(%.9g) with boxes lc rgb '%s' fs solid 0.8 border", bar_width,
			colour[c]);
		break;
	default:
		text_add(t, " with %s lc rgb '%s' lw 2 dt %zu", with[s->style], colour[c],
			1 + shown / COLOURS);
		if (s->style != FIGURE_LINE)
			text_add(t, " pt %d ps 0.8", mark[c]);
	}
	text_add(t, s->name ? " title " : " notitle");
	if (s->name)
		put_quoted(t, s->name);
	if (has_bars(s) && s->style == FIGURE_BARS && form != FIGURE_TEXT)
		text_add(t,
			", %s using 1:3:(0):($4-$3) with vectors nohead lc rgb '#303030' lw 1.5 "
			"notitle",
			data);
	if (has_labels(s))
		text_add(t, ", %s using 1:2:5 with labels left offset %s notitle", data,
			form == FIGURE_TEXT ? "2,0" : "0.8,0.5");
}

/* From the back to the front. */
enum { LAYER_KNOWN, LAYER_OWN, LAYER_RUNS, LAYERS };

static size_t layer_of(enum figure_style style)
{
	return style == FIGURE_STEPS || style == FIGURE_GUIDE ? LAYER_KNOWN
	       : style == FIGURE_RUNS			      ? LAYER_RUNS
							      : LAYER_OWN;
}

static void put_panel(
	struct text *t, const struct figure_panel *p, size_t number, enum figure_form form)
{
	struct range x = range_of(p, true), y = range_of(p, false);
	const char *comma = "";
	size_t shown = 0, bars = 0;

	for (size_t s = 0; s < p->n; s++)
		bars += p->series[s].style == FIGURE_BARS;
	/* names beside points need room on the right */
	for (size_t s = 0; s < p->n && isnan(p->x.high) && !p->x.words; s++)
		if (has_labels(&p->series[s])) {
			x.high = p->x.log ? x.high * pow(x.high / x.low, 0.18)
					  : x.high + 0.18 * (x.high - x.low);
			y.high += 0.05 * (y.high - y.low);
			break;
		}
	put_axis(t, "x", &p->x, &x);
	put_axis(t, "y", &p->y, &y);
	if (form == FIGURE_TEXT) { /* there is no upright text */
		text_add(t, "set ylabel\nset title ");
		put_quoted(t, p->y.label);
		text_add(t, "\n");
	}
	for (size_t s = 0; s < p->n; s++)
		put_data(t, &p->series[s], number, s);
	text_add(t, "plot ");
	for (size_t i = 0; i < LAYERS * p->n; i++) {
		size_t s = i % p->n;
		enum figure_style style = p->series[s].style;
		char data[64];

		if (layer_of(style) != i / p->n || (style == FIGURE_RUNS && form == FIGURE_TEXT))
			continue;
		text_add(t, "%s", comma);
		comma = ", \\\n     ";
		snprintf(data, sizeof data, "$p%zus%zu", number, s);
		put_series(t, &p->series[s], data, shown, 0.8 / (double)(bars ? bars : 1), form);
		shown += layer_of(style) == LAYER_OWN;
	}
	text_add(t, "\n");
}

static void put_terminal(struct text *t, const struct figure *f, enum figure_form form)
{
	size_t w = f->width ? f->width : form == FIGURE_TEXT ? 79 : 720;
	size_t h = f->height ? f->height
		   : form == FIGURE_TEXT
			   ? 24
			   : (f->panels > 1 ? 300 : 440) * (f->panels ? f->panels : 1);

	if (form == FIGURE_TEXT)
		text_add(t, "set terminal dumb size %zu,%zu noenhanced mono\n", w, h);
	else if (form == FIGURE_PNG)
		text_add(t,
			"set terminal pngcairo size %zu,%zu noenhanced font 'sans,11' background "
			"'#FFFFFF'\n",
			w, h);
	else
		text_add(t,
			"set terminal svg size %zu,%zu noenhanced font 'sans,13' background "
			"'#FFFFFF'\n",
			w, h);
}

void figure_script(struct text *t, const struct figure *f, enum figure_form form)
{
	/* a lone panel is a page, too, when it has a title: else the key would be above that */
	bool pages = (f->panels > 1 || f->title) && form != FIGURE_TEXT;

	text_add(t, "set encoding utf8\nset print '-'\n");
	put_terminal(t, f, form);
	text_add(t, "set datafile separator '\\t'\nset border 3\nset tics nomirror\n"
		    "set key tmargin center horizontal reverse Left samplen 2 width 1\nset style "
		    "fill solid\n");
	if (form != FIGURE_TEXT)
		text_add(t, "set grid back lc rgb '#E0E0E0' lt 1\nset bars small\n");
	if (pages)
		text_add(t, "set lmargin 11\nset multiplot layout %zu,1", f->panels);
	if (f->title) {
		text_add(t, pages ? " title " : "print ");
		put_quoted(t, f->title);
	}
	text_add(t, "\n");
	for (size_t p = 0; p < f->panels; p++)
		put_panel(t, &f->panel[p], p, form);
	if (pages)
		text_add(t, "unset multiplot\n");
}

/* ---- gnuplot ---- */

/* The child: reads the script, writes the picture into the pipe. */
static void become_gnuplot(FILE *script, int out)
{
	if (dup2(fileno(script), STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0)
		_exit(1);
	setenv("LC_ALL", "C.UTF-8", 1); /* what the script says that it is */
	execlp("gnuplot", "gnuplot", "-", (char *)NULL);
	_exit(errno == ENOENT || errno == EACCES ? NO_GNUPLOT : 1);
}

static void read_all(struct text *picture, int fd)
{
	ssize_t n;

	do {
		picture->at = mem_grow(picture->at, picture->n + PIECE, 1);
		n = read(fd, picture->at + picture->n, PIECE);
		picture->n += n > 0 ? (size_t)n : 0;
	} while (n > 0 || (n < 0 && errno == EINTR));
	if (n < 0)
		die("gnuplot's picture:");
}

/* Without form feeds, blanks at the ends of lines and empty lines at the top. */
static void tidy(struct text *picture)
{
	size_t n = 0;

	for (size_t i = 0; i < picture->n; i++) {
		char c = picture->at[i];

		while (c == '\n' && n && picture->at[n - 1] == ' ')
			n--;
		if (c != '\f' && (c != '\n' || n))
			picture->at[n++] = c;
	}
	picture->n = n;
}

void figure_draw(struct text *picture, const struct text *script, enum figure_form form)
{
	FILE *file = tmpfile();
	int fd[2], status;
	pid_t child;

	if (!file || fwrite(script->at, 1, script->n, file) != script->n || fflush(file))
		die("a temporary file for gnuplot:");
	rewind(file);
	if (pipe(fd) < 0)
		die("a pipe from gnuplot:");
	child = fork();
	if (child < 0)
		die("a process for gnuplot:");
	if (!child)
		become_gnuplot(file, fd[1]);
	close(fd[1]);
	read_all(picture, fd[0]);
	close(fd[0]);
	fclose(file);
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			die("gnuplot:");
	if (WIFEXITED(status) && WEXITSTATUS(status) == NO_GNUPLOT)
		die("gnuplot: cannot be run; install it (on Debian: apt-get install gnuplot-nox), "
		    "or ask for --format gnuplot, the script");
	if (!WIFEXITED(status) || WEXITSTATUS(status) || !picture->n)
		die("gnuplot: failed; --format gnuplot writes the script that it was given");
	if (form == FIGURE_TEXT)
		tidy(picture);
}
