/* chunk -- some rows of a batch, on their way through a network and back. Owns: what each operation
 * of program.h does with them, what is fetched for those that come after. */
#ifndef CHUNK_H
#define CHUNK_H

#include "worker.h"

/* How many a batch of n rows has. */
static inline size_t chunk_count(const struct trainer *t, size_t n)
{
	return (n + t->chunk - 1) / t->chunk;
}

/* The operations of a phase of chunks on one of them; the worker comes to `after` next, or to none
 * when there is no such chunk. Beside them the ids of the next batch's rows are looked up. */
void chunk_run(const struct trainer *t, struct worker *w, const struct phase *p, size_t chunk,
	size_t after);

#endif
