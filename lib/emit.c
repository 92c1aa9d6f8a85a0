#include "emit.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "die.h"
#include "mem.h"

void emit_stdout(const void *bytes, size_t n)
{
	const char *at = bytes;

	while (n) {
		ssize_t done = write(STDOUT_FILENO, at, n);

		if (done < 0 && errno == EPIPE) {
			signal(SIGPIPE, SIG_DFL);
			raise(SIGPIPE);
		}
		if (done < 0 && errno != EINTR)
			die("stdout:");
		at += done > 0 ? done : 0;
		n -= done > 0 ? (size_t)done : 0;
	}
	if (close(STDOUT_FILENO) < 0)
		die("stdout:");
}

void emit_file(const char *path, const void *bytes, size_t n)
{
	char *beside = mem_new(strlen(path) + 8, 1);
	FILE *file;
	bool good;

	sprintf(beside, "%s.part", path);
	file = fopen(beside, "w");
	if (!file)
		die("%s:", beside);
	good = fwrite(bytes, 1, n, file) == n;
	good = fclose(file) == 0 && good;
	if (!good || rename(beside, path) != 0) {
		int why = errno;

		remove(beside);
		errno = why;
		die("%s:", path);
	}
	free(beside);
}
