/* port -- one end of a pipe, or a file. Owns: descriptors, short reads and writes, broken pipes,
 * full disks, files under a temporary name, bytes that go from one to the other uncopied. */
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
	struct port_out *to; /* linked, or NULL */
};

struct port_out {
	int fd;
	char *name; /* "stdout" or the base name */
	char *path; /* what the temporary file is renamed to; NULL when there is none */
	uint64_t bytes;
	struct port_in *from; /* linked, or NULL */
	const uint8_t *lent; /* bytes in from's buffer that are as good as written */
	size_t lent_bytes;
};

/* NULL: the standard one, which exists (opt_parse). Dies when it cannot be opened or is a terminal.
 */
void port_open_in(struct port_in *port, const char *path);
void port_open_out(struct port_out *port, const char *path);

/* Whether bytes[begin .. begin + n) could be had; false: the source ended before. Moves bytes. */
bool port_fill(struct port_in *port, size_t n);
void port_skip(struct port_in *port, size_t n); /* consumes n bytes */

void port_write(struct port_out *port, const void *bytes, size_t n); /* all of them, or dies */

/* Between two linked ports, bytes of the input's buffer can be passed: neighbours are written at
 * once, at the latest before they move or others are written. */
void port_link(struct port_in *in, struct port_out *out);
void port_unlink(struct port_in *in);
void port_pass(struct port_out *port, const uint8_t *bytes, size_t n);
void port_flush(struct port_out *port); /* what was passed is written; NULL: nothing to do */

void port_close_in(struct port_in *port);
void port_close_out(struct port_out *port); /* dies when the file is not safe; renames it */

#endif
