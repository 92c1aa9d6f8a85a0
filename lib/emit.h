/* emit -- text that leaves the program whole. Owns: writing bytes to standard output, or to a file
 * that is there whole or not at all. */
#ifndef EMIT_H
#define EMIT_H

#include <stddef.h>

/* To standard output, which is closed after that; dies when it cannot take them. A reader that has
 * gone ends the program silently, as it ends every other one. */
void emit_stdout(const void *bytes, size_t n);

/* As streams go to -o FILE (port.h): a regular file is written under another name and renamed; a
 * device is written to. Dies, and leaves nothing, when it cannot be. */
void emit_file(const char *path, const void *bytes, size_t n);

#endif
