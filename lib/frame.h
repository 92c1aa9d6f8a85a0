/* frame -- one frame <-> bytes (FORMAT.md sections 2 to 6, 10). Owns: the header's layout, little
 * endian, byte by byte; the gzip member around it.
 *
 * A leaf: nothing here dies or allocates; functions return NULL or the reason as text. */
#ifndef FRAME_H
#define FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tensor.h"

#define FRAME_UNKNOWN UINT64_MAX /* rows_total not known yet */

struct frame {
	char kind; /* 'T', 'P', 'E' or another letter */
	uint32_t header_len, body_len, raw_len, raw_crc, header_crc;
	uint8_t dtype, filter, ndim;
	bool last;
	uint64_t row_start, row_count, rows_total;
	uint64_t shape[TENSOR_DIMS]; /* shape[0] = rows_total, then dims */
	char name[TENSOR_NAME + 1];

	/* where it lies; valid as long as whoever made it says */
	const uint8_t *bytes; /* the stored form: a gzip member or a plain frame */
	size_t stored; /* bytes of the stored form */
	bool member; /* a gzip member, else a plain frame */
	uint64_t offset; /* of the first byte in its source */
	uint64_t number; /* of the frame in its source, from 1 */
};

#endif
