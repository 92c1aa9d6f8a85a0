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

enum { FRAME_WHY = 256, FRAME_HEADER = 4096 };
#define FRAME_BODY ((size_t)1 << 26) /* limit of body_len and raw_len */

/* Looks at the first n bytes of a frame. When its whole header lies there and is sound, fills f
 * but for offset and number, and *need is f->stored; else *need > n is how many bytes it takes to
 * go on. Returns NULL or, put into why[FRAME_WHY], what is wrong. */
const char *frame_parse(struct frame *f, const uint8_t *bytes, size_t n, size_t *need, char *why);

bool frame_is_integer(const struct frame *f); /* of two bytes or more: filter 2 is for it */
bool frame_readable(const struct frame *f); /* its type and filter are known here */

/* The body: all f->stored bytes are at f->bytes. raw has room for raw_len, scratch for body_len.
 * Checks every length and CRC that section 10 names. */
struct codec;
const char *frame_unpack(
	const struct frame *f, struct codec *codec, uint8_t *raw, uint8_t *scratch, char *why);

/* Bytes that frame_pack may write to out, and that it needs as scratch, for f->raw_len. */
size_t frame_room(const struct frame *f);
size_t frame_scratch(const struct frame *f, int level);

/* f says kind, name, type, shape, rows, raw_len, and the filter wanted (level 0 uses none, level 9
 * may); writes the gzip member to out and completes f, which then lies there. */
void frame_pack(struct frame *f, uint8_t *out, const void *raw, struct codec *codec,
	uint8_t *scratch, int level);

/* Bytes that frame_rename may write; f under another name, without inflating it, into out, where
 * *to then lies. */
size_t frame_rename_room(const struct frame *f);
void frame_rename(struct frame *to, uint8_t *out, const struct frame *f, const char *name);

#endif
