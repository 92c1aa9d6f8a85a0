/* zlib is the oracle: what it deflates comes back, what it refuses never makes us write outside. */
#include "inflate.h"

#include <stdbool.h>
#include <stdlib.h>

#include <zlib.h>

#include "mem.h"
#include "rng.h"
#include "tap.h"

enum { N = 100000, ROOM = 2 * N, FLIPS = 20000 };

/* Deflated by zlib in pieces, each ended by `flush`; its length. */
static size_t deflated(
	uint8_t *to, const uint8_t *from, size_t n, int level, int strategy, int flush)
{
	z_stream z = { .next_in = (uint8_t *)(uintptr_t)from, .next_out = to, .avail_out = ROOM };

	deflateInit2(&z, level, Z_DEFLATED, -15, 8, strategy);
	for (size_t at = 0; at < n && flush != Z_FINISH; at += n / 3 + 1) {
		z.avail_in = (uInt)(n - at < n / 3 + 1 ? n - at : n / 3 + 1);
		deflate(&z, flush);
	}
	if (flush == Z_FINISH)
		z.avail_in = (uInt)n;
	deflate(&z, Z_FINISH);
	deflateEnd(&z);
	return ROOM - z.avail_out;
}

/* zlib's own answer: whether m bytes are good for exactly n. */
static bool zlib_takes(uint8_t *out, size_t n, const uint8_t *in, size_t m)
{
	z_stream z = { .next_in = (uint8_t *)(uintptr_t)in,
		.avail_in = (uInt)m,
		.next_out = out,
		.avail_out = (uInt)n };
	int end;

	inflateInit2(&z, -15);
	end = inflate(&z, Z_FINISH);
	inflateEnd(&z);
	return end == Z_STREAM_END && z.avail_out == 0 && z.avail_in == 0;
}

/* Kinds of data: zeros, noise, text-like with far matches, runs, short periods. */
static void fill(uint8_t *data, size_t n, int kind)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t r = rng_bits((uint64_t)kind, RNG_MAKE, i);

		data[i] = kind == 0   ? 0
			  : kind == 1 ? (uint8_t)r
			  : kind == 2 ? (uint8_t)(i > 40000 && r % 50 ? data[i - 30011]
								      : "etaoin shrdlu"[r % 13])
			  : kind == 3 ? (uint8_t)(i && r % 40 ? data[i - 1] : r >> 8)
				      : (uint8_t)(i >= 7 && r % 90 ? data[i - 1 - (i / 900) % 7]
								   : r >> 8);
	}
}

static void round_trips(void)
{
	static const int strategy[] = { Z_DEFAULT_STRATEGY, Z_RLE, Z_HUFFMAN_ONLY, Z_FIXED };
	static const int flush[] = { Z_FINISH, Z_SYNC_FLUSH, Z_PARTIAL_FLUSH };
	static const size_t size[] = { 0, 1, 2, 3, 257, 258, 259, 5000, N };
	static uint8_t data[N], packed[ROOM], back[N + 1];
	size_t tried = 0, good = 0;

	for (int kind = 0; kind < 5; kind++) {
		fill(data, N, kind);
		for (size_t s = 0; s < 9; s++)
			for (int i = 0; i < 12; i++) {
				size_t n = size[s], m = deflated(packed, data, n, i % 2 ? 9 : 1,
							    strategy[i % 4], flush[i / 4]);

				back[n] = 0xAA;
				good += inflate_whole(back, n, packed, m) &&
					memcmp(back, data, n) == 0 && back[n] == 0xAA;
				tried++;
			}
	}
	ok(tried == 540 && good == tried, "what zlib deflates comes back");
}

/* Flipped bits and cuts, in buffers of exact size, so that a sanitizer sees every step outside. */
static void damage(void)
{
	enum { LITTLE = 3000 };
	uint8_t *data = mem_new(LITTLE, 1), *packed = mem_new(ROOM, 1),
		*theirs = mem_new(LITTLE, 1);
	size_t both = 0, zlib_only = 0, differ = 0, cuts = 0, m = 0;

	for (uint64_t i = 0; i < FLIPS; i++) {
		uint8_t *in, *out = malloc(LITTLE);
		bool we, they;

		if (i % 2000 == 0) {
			fill(data, LITTLE, (int)(i / 2000) % 5);
			m = deflated(packed, data, LITTLE, 9,
				i < 10000 ? Z_DEFAULT_STRATEGY : Z_RLE, Z_SYNC_FLUSH);
		}
		in = malloc(m);
		memcpy(in, packed, m);
		for (uint64_t k = 0; k < 1 + i % 3; k++)
			in[rng_below(m < 200 || i % 2 ? m : 200, 1, RNG_MAKE, 8 * i + k)] ^=
				(uint8_t)(1 << rng_below(8, 2, RNG_MAKE, 8 * i + k));
		we = inflate_whole(out, LITTLE, in, m);
		they = zlib_takes(theirs, LITTLE, in, m);
		both += we && they;
		zlib_only += they && !we;
		differ += we && they && memcmp(out, theirs, LITTLE) != 0;
		cuts += inflate_whole(out, LITTLE, packed, i % m);
		free(in);
		free(out);
	}
	ok(zlib_only == 0 && differ == 0, "damaged data: what zlib takes, we take, and the same");
	ok(cuts == 0, "cut data is refused");
	ok(both > 100 && both < FLIPS / 2, "some damage passes both, most does not");
	free(data);
	free(packed);
	free(theirs);
}

int main(void)
{
	uint8_t out[8];

	round_trips();
	damage();
	ok(!inflate_whole(out, 8, (const uint8_t *)"\x07", 1), "block type 3");
	ok(!inflate_whole(out, 8, (const uint8_t *)"\x01\x08\0\xf7\xfe", 5),
		"stored lengths that differ");
	ok(!inflate_whole(out, 8,
		   (const uint8_t *)"\x01\x08\0\xf7\xff"
				    "1234",
		   9),
		"stored, cut");
	ok(inflate_whole(out, 0, (const uint8_t *)"\x03", 2), "an empty block");
	ok(!inflate_whole(out, 0, (const uint8_t *)"\x03\0", 3), "and a byte after it");
	return done();
}
