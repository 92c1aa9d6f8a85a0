#include "progress.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "die.h"

static struct {
	const char *what, *unit;
	uint64_t total;
	double began, drawn;
	bool on;
} status;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void progress_start(const char *what, uint64_t total, const char *unit)
{
	status.what = what;
	status.unit = unit;
	status.total = total;
	status.began = status.drawn = now();
	status.on = isatty(STDERR_FILENO) && !die_is_quiet();
}

/* "2.4 M rows/s" */
static void print_rate(double rate)
{
	const char *unit = rate >= 1e6 ? " M" : rate >= 1e3 ? " k" : "";

	fprintf(stderr, "%.3g%s %s/s", rate >= 1e6 ? rate / 1e6 : rate >= 1e3 ? rate / 1e3 : rate,
		unit, status.unit);
}

void progress_at(uint64_t done)
{
	double t, rate;

	if (!status.on || (t = now()) - status.drawn < 0.1)
		return;
	status.drawn = t;
	rate = (double)done / (t - status.began);
	fprintf(stderr, "\r%s: %s: ", prog, status.what);
	if (status.total && rate > 0)
		fprintf(stderr, "%3.0f %%, %.0f s left, ",
			100. * (double)done / (double)status.total,
			(double)(status.total - done) / rate);
	print_rate(rate);
	fputs("\033[K", stderr);
	fflush(stderr);
}

void progress_line(const char *format, ...)
{
	char line[512];
	va_list args;

	if (status.on)
		return;
	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	warn("%s", line);
}

void progress_end(void)
{
	if (status.on)
		fputs("\r\033[K", stderr);
	status.on = false;
}
