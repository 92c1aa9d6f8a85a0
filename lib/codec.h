/* codec -- bytes made smaller and back. Owns: zlib, CRC-32, the byte filters (FORMAT.md sections 5
 * and 10).
 *
 * A leaf: nothing here reads, writes or dies of bad data; faults come back as text. */
#ifndef CODEC_H
#define CODEC_H

#include <stddef.h>
#include <stdint.h>

enum { CODEC_NONE, CODEC_SHUFFLE, CODEC_DELTA };

struct codec; /* zlib's working memory; one a thread */

struct codec *codec_new(void);
void codec_free(struct codec *codec);

uint32_t codec_crc(uint32_t crc, const void *data, size_t n); /* start with 0 */
/* CRC of a followed by b, from both CRCs and b's length. */
uint32_t codec_crc_join(uint32_t a, uint32_t b, uint64_t bytes_of_b);

/* n bytes of elements w bytes wide (2, 4 or 8; n a multiple of w), filter SHUFFLE or DELTA. */
void codec_filter(uint8_t *out, const uint8_t *in, size_t n, unsigned filter, size_t w);
void codec_unfilter(uint8_t *out, const uint8_t *in, size_t n, unsigned filter, size_t w);

/* Bytes that codec_deflate may write: those of stored blocks. */
size_t codec_bound(size_t n);

/* Raw deflate of n bytes that form `planes` byte planes of equal size. Level 0: stored blocks;
 * 1: Z_RLE for calm planes, stored blocks for others; 6: Z_RLE; 9: zlib's best. Never longer than
 * stored blocks. */
size_t codec_deflate(
	struct codec *codec, uint8_t *out, const uint8_t *in, size_t n, size_t planes, int level);

/* Raw deflate data of exactly m bytes into exactly n bytes: NULL, or what is wrong. */
const char *codec_inflate(struct codec *codec, uint8_t *out, size_t n, const uint8_t *in, size_t m);

#endif
