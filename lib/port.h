/* port -- one end of a pipe, or a file. Owns: descriptors, short reads and writes, broken pipes,
 * full disks, files under a temporary name. */
#ifndef PORT_H
#define PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct port_in {
	int fd;
	char *name; /* "stdin" or the base name, for messages and history */
	uint8_t *bytes; /* bytes[begin .. end) are read and not consumed */
	size_t room, begin, end;
	uint64_t offset; /* of bytes[begin] in the source */
	bool ended;
};

struct port_out {
	int fd;
	char *name; /* "stdout" or the base name */
	char *path; /* what the temporary file is renamed to; NULL when there is none */
	uint64_t bytes;
};

/* NULL: the standard one, which exists (opt_parse). Dies when it cannot be opened or is a terminal.
 */
void port_open_in(struct port_in *port, const char *path);
void port_open_out(struct port_out *port, const char *path);

/* Whether bytes[begin .. begin + n) could be had; false: the source ended before. Moves bytes. */
bool port_fill(struct port_in *port, size_t n);
/* Whether port_fill(n) would read. */
bool port_short(const struct port_in *port, size_t n);
void port_skip(struct port_in *port, size_t n); /* consumes n bytes */

void port_write(struct port_out *port, const void *bytes, size_t n); /* all of them, or dies */

void port_close_in(struct port_in *port);
void port_close_out(struct port_out *port); /* dies when the file is not safe; renames it */

#endif
