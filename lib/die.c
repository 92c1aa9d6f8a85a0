#include "die.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LINE = 4096 };

const char *prog = "rs-tools";
static bool quiet;
static void (*undo_output)(void);

void die_name(const char *argv0)
{
	const char *slash = strrchr(argv0, '/');

	prog = slash ? slash + 1 : argv0;
}

/* One write(2) a line, so that the lines of a pipeline's stages do not mix. */
static void say(const char *format, va_list args, const char *after)
{
	char line[LINE];
	int error = errno;
	size_t n = (size_t)snprintf(line, sizeof line, "%s: ", prog), length = strlen(format);
	int m = vsnprintf(line + n, sizeof line - n, format, args);

	n = m < 0 ? n : n + (size_t)m;
	if (length && format[length - 1] == ':' && n < sizeof line)
		n += (size_t)snprintf(line + n, sizeof line - n, " %s", strerror(error));
	if (n > sizeof line - 2 - strlen(after))
		n = sizeof line - 2 - strlen(after);
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7F)
			line[i] = '?';
	line[n++] = '\n';
	n += (size_t)snprintf(line + n, sizeof line - n, "%s", after);
	if (write(STDERR_FILENO, line, n) < 0)
		return; /* nobody is left to be told */
}

void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(format, args, "");
	va_end(args);
	if (undo_output)
		undo_output();
	_exit(1);
}

void die_usage(const char *format, ...)
{
	char hint[256];
	va_list args;

	snprintf(hint, sizeof hint, "try '%s --help'\n", prog);
	va_start(args, format);
	say(format, args, hint);
	va_end(args);
	if (undo_output)
		undo_output();
	_exit(2);
}

void warn(const char *format, ...)
{
	va_list args;

	if (quiet)
		return;
	va_start(args, format);
	say(format, args, "");
	va_end(args);
}

void die_quiet(void)
{
	quiet = true;
}

void die_at_exit(void (*undo)(void))
{
	undo_output = undo;
}

bool die_is_quiet(void)
{
	return quiet;
}
