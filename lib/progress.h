/* progress -- the one status line on a terminal. Owns: when and how it is drawn.
 *
 * Only if stderr is a terminal and -q is not given; ten times a second at most. */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdint.h>

void progress_start(const char *what, uint64_t total, const char *unit); /* total 0: unknown */
void progress_at(uint64_t done);
/* A line for a log: where the status line is not drawn, it is written as by warn(). */
void progress_line(const char *format, ...) __attribute__((format(printf, 1, 2)));
void progress_end(void); /* wipes the line */

#endif
