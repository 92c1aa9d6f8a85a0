/* source -- the text of a file. Owns: reading it (a large one by all threads), .gz input, ISO-8859-1,
 * byte order marks, the digests of what was read.
 *
 * A leaf: nothing here dies but for want of memory; what is wrong is said by source_fault. */
#ifndef SOURCE_H
#define SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct source;

/* Takes fd over. Plain text, or gzip (by its first two bytes; several members are one text).
 * latin_1: the bytes are ISO-8859-1; they are made UTF-8. sha256: source_sha256 will be asked. */
struct source *source_open(int fd, bool latin_1, bool sha256);
void source_close(struct source *s);

/* More text, as much as room bytes hold (of ISO-8859-1 half as much) unless it ends before or
 * something is wrong; returns how many bytes. A UTF-8 byte order mark is taken off, UTF-16 is
 * refused. */
size_t source_read(struct source *s, uint8_t *to, size_t room);
bool source_ended(const struct source *s); /* nothing comes after what was read */
const char *source_fault(const struct source *s); /* the first thing that was wrong, or NULL */

uint64_t source_size(const struct source *s); /* bytes of the file; 0 for a pipe */
uint64_t source_bytes(const struct source *s); /* read from fd so far */
uint32_t source_crc(const struct source *s); /* of these bytes, as they lie in the file */
bool source_sha256(const struct source *s, uint8_t digest[32]); /* false: it was not asked for */

#endif
