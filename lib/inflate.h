/* inflate -- raw deflate data, whole buffers (RFC 1951). Owns: decoding at the speed of runs.
 *
 * zlib copies a run byte by byte, each waiting for the one before; here a run is one memset, and
 * most of what the stream holds is runs. A leaf, for hostile data: reads and writes nothing
 * outside its buffers. */
#ifndef INFLATE_H
#define INFLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* m bytes of deflate data give exactly n bytes; false: they do not, out holds anything. */
bool inflate_whole(uint8_t *out, size_t n, const uint8_t *in, size_t m);

#endif
