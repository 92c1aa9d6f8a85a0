/* claims -- the tasks of a phase of several threads. Owns: which thread does which.
 *
 * A thread's own tasks are its number, which it does first, and every `threads`-th from there on: so
 * what it works on stays in the cache of its core from one step to the next. When it has done them
 * it takes what others have left. */
#ifndef CLAIMS_H
#define CLAIMS_H

#include <stddef.h>

/* Of one thread, zeroed at first: how many of its tasks have been claimed beside the first one. The
 * counters of two phases that follow each other take turns. */
struct claims {
	size_t next[2];
	char apart[128 - 2 * sizeof(size_t)]; /* from another core's cache lines */
};

/* The next task, < `tasks`, for thread `me` of `threads`; `tasks`: none is left. `of` are those of
 * all threads. Each sets its own next[turn] to 0 again when all threads have done the phase. */
size_t claims_next(struct claims *of, size_t threads, size_t me, size_t turn, size_t tasks);

#endif
