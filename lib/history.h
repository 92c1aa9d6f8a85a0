/* history -- what history entries say (FORMAT.md section 7). Owns: the graph of stages, the
 * pipeline that can be pasted. */
#ifndef HISTORY_H
#define HISTORY_H

#include <stddef.h>
#include <stdio.h>

/* Prints the pipelines of n entries, first to last. Where sections were joined by cat there are
 * several, with a comment before each. */
void history_print(FILE *to, const char *const *entries, size_t n);

#endif
