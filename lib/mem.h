/* mem -- allocation that cannot fail. Owns: malloc. */
#ifndef MEM_H
#define MEM_H

#include <stddef.h>
#include <stdint.h>

/* n zeroed elements of size bytes, 64-byte aligned; dies when there is no memory or n * size
 * overflows. n = 0 gives a pointer that may be freed. Freed with free(). */
void *mem_new(size_t n, size_t size);

/* n rows of floats, ld apart; the first `used` of each are not set, the others are 0. 64-byte
 * aligned; freed with free(). */
float *mem_rows(size_t n, size_t used, size_t ld);

/* The same block with room for n elements, moved if need be; new bytes are not zeroed.
 * Only for blocks that came from mem_grow (or NULL): the alignment is malloc's. */
void *mem_grow(void *block, size_t n, size_t size);

char *mem_text(const char *text); /* a copy of text; freed with free() */

uint64_t mem_physical(void); /* bytes of RAM in this machine */

#endif
