/* die -- how a program ends when it cannot go on. Owns: stderr, exit codes, the program's name.
 *
 * Messages are `prog: where: what`, lower case, no full stop. A format that ends in ':' gets
 * strerror(errno) after it. Control characters in the result are shown as '?'. */
#ifndef DIE_H
#define DIE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdnoreturn.h>

extern const char *prog; /* the program's base name, set by die_name() */

void die_name(const char *argv0);

/* Bad data, a full disk, no memory: one line, exit status 1. */
noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Called wrongly: one line, `try 'prog --help'`, exit status 2. */
noreturn void die_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A line that stops nothing: a warning, counts, an epoch. Silent after die_quiet() (-q). */
void warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void die_quiet(void);
bool die_is_quiet(void);

/* Called by die before it exits (a half-written output file is removed there). */
void die_at_exit(void (*undo)(void));

#endif
