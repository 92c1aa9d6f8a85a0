/* What may die, or start threads, happens in a child: fork does not copy libgomp's threads. */
#ifndef CHILD_H
#define CHILD_H

#include <stdint.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static char said[4096]; /* stderr of the last child */

/* The child's exit status; 128 + signal when it was killed; -1: there was none. */
static inline int run(void (*action)(void *arg), const void *arg)
{
	int ends[2], status;
	size_t n = 0;
	ssize_t got;
	pid_t pid;

	fflush(stdout);
	if (pipe(ends) || (pid = fork()) < 0)
		return -1;
	if (pid == 0) {
		dup2(ends[1], STDERR_FILENO);
		close(ends[0]);
		close(ends[1]);
		action((void *)(uintptr_t)arg);
		_exit(0);
	}
	close(ends[1]);
	while ((got = read(ends[0], said + n, sizeof said - 1 - n)) > 0)
		n += (size_t)got;
	said[n] = 0;
	close(ends[0]);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

#endif
