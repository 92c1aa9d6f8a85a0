/* peak -- how much memory a filter takes, seen from outside. */
#ifndef PEAK_H
#define PEAK_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PEAK_PATH = 4096 };

/* Where a filter is, seen from the test argv[0]; whether what it takes can be said. */
static inline bool peak_find(char path[PEAK_PATH], const char *test, const char *filter)
{
	const char *end = strrchr(test, '/');

	snprintf(path, PEAK_PATH, "%.*s../%s", (int)(end ? end + 1 - test : 0), test, filter);
#ifdef __SANITIZE_ADDRESS__
	return false;
#else
	return access(path, X_OK) == 0;
#endif
}

/* The most bytes that `program` has in memory with that file as its input and options with blanks
 * between, two threads; 0 when it fails. It is not less than what the caller has when it forks. */
static inline double peak_of(const char *program, const char *file, const char *options)
{
	char *argument[32], *path = strdup(program), text[256];
	struct rusage used;
	int status, n = 1;
	pid_t child;

	argument[0] = path;
	snprintf(text, sizeof text, "%s", options);
	for (char *word = strtok(text, " "); word; word = strtok(NULL, " "))
		argument[n++] = word;
	argument[n] = NULL;
	child = fork();
	if (child == 0) {
		int in = open(file, O_RDONLY);

		dup2(in, STDIN_FILENO);
		setenv("OMP_NUM_THREADS", "2", 1);
		execv(program, argument);
		_exit(127);
	}
	free(path);
	if (wait4(child, &status, 0, &used) != child || status != 0)
		return 0;
	return (double)used.ru_maxrss * 1024;
}

#endif
