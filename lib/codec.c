#include "codec.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif
#define ZLIB_CONST
#include <zlib.h>

#include "inflate.h"
#include "mem.h"
#include "planes.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "raw bytes are little endian: this machine needs a swap after each filter"
#endif

enum { BLOCK = 65535, WINDOW = -15, MEMORY = 8 };

struct codec {
	z_stream rle, best, inflate;
	bool has_rle, has_best, has_inflate;
};

static void *give(void *unused, unsigned n, unsigned size)
{
	(void)unused;
	return mem_new(n, size);
}

static void take(void *unused, void *block)
{
	(void)unused;
	free(block);
}

struct codec *codec_new(void)
{
	struct codec *c = mem_new(1, sizeof *c);

	c->rle.zalloc = c->best.zalloc = c->inflate.zalloc = give;
	c->rle.zfree = c->best.zfree = c->inflate.zfree = take;
	return c;
}

void codec_free(struct codec *c)
{
	if (!c)
		return;
	if (c->has_rle)
		deflateEnd(&c->rle);
	if (c->has_best)
		deflateEnd(&c->best);
	if (c->has_inflate)
		inflateEnd(&c->inflate);
	free(c);
}

#if defined(__x86_64__)
#define FOLD(x, by)                                                                                \
	_mm_xor_si128(_mm_clmulepi64_si128(x, by, 0x00), _mm_clmulepi64_si128(x, by, 0x11))

/* Gopal and others 2009, "Fast CRC computation for generic polynomials using PCLMULQDQ": four
 * lanes of 128 bits are folded over 64 bytes at a time, then into one, then reduced (Barrett).
 * n >= 64, a multiple of 16; crc is inverted before and after. */
__attribute__((target("pclmul,sse4.1"))) static uint32_t crc_folded(
	uint32_t crc, const uint8_t *at, size_t n)
{
	const __m128i far = _mm_set_epi64x(0x1c6e41596, 0x154442bd4);
	const __m128i near = _mm_set_epi64x(0x0ccaa009e, 0x1751997d0);
	const __m128i last = _mm_set_epi64x(0, 0x163cd6124);
	const __m128i poly = _mm_set_epi64x(0x1f7011641, 0x1db710641);
	const __m128i low = _mm_setr_epi32(-1, 0, -1, 0);
	__m128i x[4], y;

	for (int i = 0; i < 4; i++)
		x[i] = _mm_loadu_si128((const __m128i *)(const void *)(at + 16 * i));
	x[0] = _mm_xor_si128(x[0], _mm_cvtsi32_si128((int)crc));
	for (at += 64, n -= 64; n >= 64; at += 64, n -= 64)
		for (int i = 0; i < 4; i++) {
			y = _mm_loadu_si128((const __m128i *)(const void *)(at + 16 * i));
			x[i] = _mm_xor_si128(FOLD(x[i], far), y);
		}
	for (int i = 1; i < 4; i++)
		x[0] = _mm_xor_si128(FOLD(x[0], near), x[i]);
	for (; n >= 16; at += 16, n -= 16) {
		y = _mm_loadu_si128((const __m128i *)(const void *)at);
		x[0] = _mm_xor_si128(FOLD(x[0], near), y);
	}
	y = _mm_clmulepi64_si128(x[0], near, 0x10);
	x[0] = _mm_xor_si128(_mm_srli_si128(x[0], 8), y);
	y = _mm_srli_si128(x[0], 4);
	x[0] = _mm_xor_si128(_mm_clmulepi64_si128(_mm_and_si128(x[0], low), last, 0x00), y);
	y = _mm_clmulepi64_si128(_mm_and_si128(x[0], low), poly, 0x10);
	y = _mm_clmulepi64_si128(_mm_and_si128(y, low), poly, 0x00);
	return (uint32_t)_mm_extract_epi32(_mm_xor_si128(x[0], y), 1);
}

enum { WIDE = 256 };

/* The same with four lanes of 512 bits; what they hold in the end is as good as the bytes. n is a
 * multiple of WIDE. */
__attribute__((target("avx512f,vpclmulqdq,pclmul,sse4.1"))) static uint32_t crc_wide(
	uint32_t crc, const uint8_t *at, size_t n)
{
	const __m512i by = _mm512_set_epi64(0x1322d1430, 0x11542778a, 0x1322d1430, 0x11542778a,
		0x1322d1430, 0x11542778a, 0x1322d1430, 0x11542778a);
	uint8_t rest[WIDE];
	__m512i x[4];

	for (int i = 0; i < 4; i++)
		x[i] = _mm512_loadu_si512(at + 64 * i);
	x[0] = _mm512_xor_si512(x[0], _mm512_zextsi128_si512(_mm_cvtsi32_si128((int)crc)));
	for (at += WIDE, n -= WIDE; n >= WIDE; at += WIDE, n -= WIDE)
		for (int i = 0; i < 4; i++)
			x[i] = _mm512_ternarylogic_epi64(_mm512_clmulepi64_epi128(x[i], by, 0x00),
				_mm512_clmulepi64_epi128(x[i], by, 0x11),
				_mm512_loadu_si512(at + 64 * i), 0x96);
	for (int i = 0; i < 4; i++)
		_mm512_storeu_si512(rest + 64 * i, x[i]);
	return crc_folded(0, rest, WIDE);
}
#endif

uint32_t codec_crc(uint32_t crc, const void *data, size_t n)
{
	const uint8_t *at = data;

#if defined(__x86_64__)
	if (n >= 2 * WIDE && __builtin_cpu_supports("vpclmulqdq") &&
		__builtin_cpu_supports("avx512f")) {
		crc = ~crc_wide(~crc, at, n & ~(size_t)(WIDE - 1));
		at += n & ~(size_t)(WIDE - 1);
		n &= WIDE - 1;
	}
	if (n >= 64 && __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1")) {
		crc = ~crc_folded(~crc, at, n & ~(size_t)15);
		at += n & ~(size_t)15;
		n &= 15;
	}
#endif
	return n ? (uint32_t)crc32_z(crc, at, n) : crc;
}

uint32_t codec_crc_join(uint32_t a, uint32_t b, uint64_t bytes_of_b)
{
	return (uint32_t)crc32_combine(a, b, (z_off_t)bytes_of_b);
}

/* ---- filters ---- */

#ifdef __clang__
#define FAST
#else
#define FAST __attribute__((optimize("O3"))) /* -O2 of older compilers does not vectorise */
#endif

void codec_filter(uint8_t *out, const uint8_t *in, size_t n, unsigned filter, size_t w)
{
	assert((w == 2 || w == 4 || w == 8) && n % w == 0);
	SIMD_CALL(planes_split, out, in, n / w, w, filter == CODEC_DELTA);
}

void codec_unfilter(uint8_t *out, const uint8_t *in, size_t n, unsigned filter, size_t w)
{
	assert((w == 2 || w == 4 || w == 8) && n % w == 0);
	SIMD_CALL(planes_join, out, in, n / w, w, filter == CODEC_DELTA);
}

/* ---- deflate ---- */

size_t codec_bound(size_t n)
{
	return n ? n + 5 * ((n + BLOCK - 1) / BLOCK) : 2;
}

static size_t stored(uint8_t *out, const uint8_t *in, size_t n, bool final)
{
	uint8_t *to = out;

	for (size_t at = 0; at < n; at += BLOCK) {
		size_t m = n - at < BLOCK ? n - at : BLOCK;

		*to++ = final && at + m == n;
		*to++ = (uint8_t)m;
		*to++ = (uint8_t)(m >> 8);
		*to++ = (uint8_t)~m;
		*to++ = (uint8_t)(~m >> 8);
		memcpy(to, in + at, m);
		to += m;
	}
	return (size_t)(to - out);
}

/* One run of zlib into at most room bytes; 0 when they are too few. */
static size_t run(z_stream *z, uint8_t *out, size_t room, const uint8_t *in, size_t n, int flush)
{
	int end;

	deflateReset(z);
	z->next_in = in;
	z->avail_in = (uInt)n;
	z->next_out = out;
	z->avail_out = (uInt)room;
	end = deflate(z, flush);
	if (flush == Z_FINISH ? end != Z_STREAM_END : end != Z_OK || z->avail_out == 0)
		return 0;
	return room - z->avail_out;
}

static z_stream *rle(struct codec *c)
{
	if (!c->has_rle) {
		int good = deflateInit2(&c->rle, 1, Z_DEFLATED, WINDOW, MEMORY, Z_RLE);

		assert(good == Z_OK);
		c->has_rle = true;
	}
	return &c->rle;
}

static z_stream *best(struct codec *c)
{
	if (!c->has_best) {
		int good =
			deflateInit2(&c->best, 9, Z_DEFLATED, WINDOW, MEMORY, Z_DEFAULT_STRATEGY);

		assert(good == Z_OK);
		c->has_best = true;
	}
	return &c->best;
}

/* How many bytes equal their left neighbour (the first has none). */
static FAST size_t repeats(const uint8_t *plane, size_t n)
{
	size_t equal = 0, from = 1;

	for (; from + 240 <= n; from += 240) { /* a constant that fits a byte: vectors */
		uint8_t part = 0;

		for (size_t i = from; i < from + 240; i++)
			part += plane[i] == plane[i - 1];
		equal += part;
	}
	for (; from < n; from++)
		equal += plane[from] == plane[from - 1];
	return equal;
}

/* A plane to be stored, one for zlib, one whose bytes are all the same. */
enum nature { WILD, CALM, CONSTANT };

static enum nature nature(const uint8_t *plane, size_t n)
{
	size_t equal = repeats(plane, n);

	return equal + 1 == n && n >= 1024 ? CONSTANT : 5 * equal >= 4 * n ? CALM : WILD;
}

/* ---- a constant plane, without zlib's look at every byte ---- */

struct bits {
	uint8_t *to;
	uint64_t held;
	unsigned n;
};

static void put(struct bits *b, uint64_t bits, unsigned n)
{
	b->held |= bits << b->n;
	for (b->n += n; b->n >= 8; b->n -= 8, b->held >>= 8)
		*b->to++ = (uint8_t)b->held;
}

/* The lengths of n codes that are not there, 0 <= n <= 276; the codes of lengths are those of
 * `header`. */
static void put_no_codes(struct bits *b, size_t n)
{
	for (; n >= 11; n -= n < 138 ? n : 138) {
		put(b, 3, 2);
		put(b, (n < 138 ? n : 138) - 11, 7);
	}
	for (; n; n--)
		put(b, 0, 2);
}

enum { LONGEST = 258, CONSTANT_BOUND = 256 };

/* n bytes of one value as a block of its own codes, 1 bit for "258 bytes as the one before", and an
 * empty stored block; so it takes about n / 1032 bytes. Room for n / 1032 + CONSTANT_BOUND. */
static size_t constant(uint8_t *out, uint8_t value, size_t n)
{
	/* lengths of codes 0, 18, 1, 2 are 2 bits each; in the order that RFC 1951 has for them */
	static const uint8_t order[] = { 16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14,
		1 };
	struct bits b = { .to = out };

	put(&b, 4, 3); /* not the last; codes of its own */
	put(&b, 29, 5); /* 286 literals and lengths */
	put(&b, 0, 5); /* 1 distance */
	put(&b, sizeof order - 4, 4);
	for (size_t i = 0; i < sizeof order; i++)
		put(&b, order[i] <= 2 || order[i] == 18 ? 2 : 0, 3);
	/* code lengths in canonical order, bits reversed: 0 -> 00, 1 -> 10, 2 -> 01, 18 -> 11 */
	put_no_codes(&b, value);
	put(&b, 1, 2); /* the value: 2 bits */
	put_no_codes(&b, 255 - value);
	put(&b, 1, 2); /* the end of the block: 2 bits */
	put_no_codes(&b, 28);
	put(&b, 2, 2); /* 258 bytes: 1 bit */
	put(&b, 2, 2); /* distance 1: 1 bit */
	/* 258 bytes -> 0, then the value -> 10 and the end -> 11 */
	put(&b, 1, 2);
	for (n--; n >= LONGEST; n -= LONGEST)
		put(&b, 0, 2); /* and the distance */
	for (; n; n--)
		put(&b, 1, 2);
	put(&b, 3, 2);
	put(&b, 0, 3); /* stored */
	put(&b, 0, (8 - b.n) % 8);
	memcpy(b.to, "\0\0\377\377", 4);
	return (size_t)(b.to + 4 - out);
}

/* Level 1: 0 when it gets no smaller than `room`. */
static size_t fast(
	struct codec *c, uint8_t *out, size_t room, const uint8_t *in, size_t n, size_t planes)
{
	size_t plane = n / planes, at = 0, used = 0;
	enum nature now = nature(in, plane), next = now;

	for (; at < n; now = next) {
		size_t m = plane, wrote = 0;

		while (at + m < n && (next = nature(in + at + m, plane)) == now &&
			(now != CONSTANT || in[at + m] == in[at]))
			m += plane;
		if (now == CALM)
			wrote = run(rle(c), out + used, room - used, in + at, m, Z_SYNC_FLUSH);
		else if (now == CONSTANT && used + m / 1032 + CONSTANT_BOUND <= room)
			wrote = constant(out + used, in[at], m);
		else if (now == WILD && used + codec_bound(m) <= room)
			wrote = stored(out + used, in + at, m, false);
		if (!wrote)
			return 0;
		used += wrote;
		at += m;
	}
	if (used + 2 > room)
		return 0;
	memcpy(out + used, "\003", 2);
	return used + 2;
}

size_t codec_deflate(
	struct codec *c, uint8_t *out, const uint8_t *in, size_t n, size_t planes, int level)
{
	size_t used = 0, room = codec_bound(n);

	if (n == 0) {
		memcpy(out, "\003", 2);
		return 2;
	}
	if (level == 1)
		used = fast(c, out, room - 1, in, n, planes);
	else if (level)
		used = run(level == 9 ? best(c) : rle(c), out, room - 1, in, n, Z_FINISH);
	return used ? used : stored(out, in, n, true);
}

const char *codec_inflate(struct codec *c, uint8_t *out, size_t n, const uint8_t *in, size_t m)
{
	z_stream *z = &c->inflate;
	uint8_t none;
	int end;

	if (inflate_whole(out, n, in, m))
		return NULL;
	/* zlib has the last word, and says what is wrong */
	if (!c->has_inflate && inflateInit2(z, WINDOW) != Z_OK)
		return "zlib does not start";
	c->has_inflate = true;
	inflateReset(z);
	z->next_in = in;
	z->avail_in = (uInt)m;
	z->next_out = n ? out : &none;
	z->avail_out = (uInt)n;
	end = inflate(z, Z_FINISH);
	if (end == Z_BUF_ERROR && z->avail_out == 0)
		return "more deflate data than its header says";
	if (end == Z_BUF_ERROR || (end == Z_STREAM_END && z->avail_out))
		return "less deflate data than its header says";
	if (end != Z_STREAM_END)
		return "damaged deflate data";
	return z->avail_in ? "bytes after the end of the deflate data" : NULL;
}
