/* spool -- bytes that are written once and read again. Owns: temporary files.
 *
 * The first 8 MiB stay in memory; beyond that all lies in a file without a name in the folder
 * TMPDIR, or /tmp, which the system takes away when the program ends, however it ends. A fault of
 * that file dies with one line that names the folder. */
#ifndef SPOOL_H
#define SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SPOOL_MEMORY = 8 << 20 };

/* Starts zeroed. */
struct spool {
	uint64_t size; /* bytes so far */
	uint8_t *bytes; /* while they are in memory */
	size_t room;
	bool filed;
	int fd;
};

uint64_t spool_add(struct spool *spool, const void *bytes, size_t n); /* gives their place */
void spool_read(const struct spool *spool, void *to, uint64_t at, size_t n);
void spool_free(struct spool *spool); /* and makes it empty */

#endif
