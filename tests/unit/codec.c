#include "codec.h"

#include <stdbool.h>
#include <stdlib.h>
#include <zlib.h>

#include "mem.h"
#include "rng.h"
#include "tap.h"

enum { N = 65537 * 8 };

static uint8_t raw[N], filtered[N], back[N], packed[N + 4096];

static void filters(void)
{
	const uint32_t x[] = { 1, 1, 2, 0, 0xFFFFFFFF, 0x80000000 };
	/* differences 1 0 1 -2 -1 -0x7FFFFFFF; zigzag 2 0 2 3 1 0xFFFFFFFD */
	const uint8_t want[] = { 2, 0, 2, 3, 1, 0xFD, 0, 0, 0, 0, 0, 0xFF, 0, 0, 0, 0, 0, 0xFF, 0,
		0, 0, 0, 0, 0xFF };
	const uint16_t y[] = { 0x0102, 0x0304, 0x0506 };
	const uint8_t planes[] = { 2, 4, 6, 1, 3, 5 };
	bool same_back = true;

	codec_filter(filtered, (const uint8_t *)x, sizeof x, CODEC_DELTA, 4);
	ok(memcmp(filtered, want, sizeof want) == 0, "delta of six numbers, by hand");
	codec_filter(filtered, (const uint8_t *)y, sizeof y, CODEC_SHUFFLE, 2);
	ok(memcmp(filtered, planes, sizeof planes) == 0, "shuffle of three numbers, by hand");
	for (size_t w = 2; w <= 8; w *= 2)
		for (unsigned f = CODEC_SHUFFLE; f <= CODEC_DELTA; f++)
			for (size_t n = 0; n < 5000; n += n < 20 ? 1 : 977) {
				memset(back, 0xAA, n * w + 1);
				codec_filter(filtered, raw + 3, n * w, f, w);
				codec_unfilter(back, filtered, n * w, f, w);
				same_back = same_back && memcmp(back, raw + 3, n * w) == 0 &&
					    back[n * w] == 0xAA;
			}
	ok(same_back, "filters of all widths and odd lengths come back");
}

/* zlib itself reads what codec_deflate wrote. */
static bool zlib_reads(size_t n, size_t m)
{
	z_stream z = {
		.next_in = packed, .avail_in = (uInt)m, .next_out = back, .avail_out = sizeof back
	};
	int end;

	inflateInit2(&z, -15);
	end = inflate(&z, Z_FINISH);
	inflateEnd(&z);
	return end == Z_STREAM_END && z.total_out == n && z.avail_in == 0 &&
	       memcmp(back, raw, n) == 0;
}

static void levels(struct codec *c)
{
	static const int level[] = { 0, 1, 6, 9 };
	static const size_t size[] = { 0, 1, 2, 7, 8, 65534, 65535, 65536, 131070, 131071, N };
	bool read = true, ours = true, bound = true;

	for (int i = 0; i < 4; i++)
		for (size_t j = 0; j < sizeof size / sizeof *size; j++) {
			size_t planes = size[j] % 4 ? 1 : 4, n = size[j];
			size_t m = codec_deflate(c, packed, raw, n, planes, level[i]);

			bound = bound && m <= codec_bound(n);
			read = read && zlib_reads(n, m);
			memset(back, 0, n);
			ours = ours && !codec_inflate(c, back, n, packed, m) &&
			       memcmp(back, raw, n) == 0;
		}
	ok(read, "zlib reads every level and size");
	ok(ours, "and so do we");
	ok(bound, "never longer than stored blocks");
}

/* Four planes: a run, noise, a run, a run. Stored noise between two Z_RLE runs. */
static void fast(struct codec *c)
{
	static uint8_t planes[4 * 4096];
	uint32_t crc;
	size_t m;

	memset(planes, 7, sizeof planes);
	memcpy(planes + 4096, raw, 4096);
	m = codec_deflate(c, packed, planes, sizeof planes, 4, 1);
	ok(m > 4096 && m < 4096 + 200, "level 1 stores what is noise and shrinks what is calm");
	ok(packed[m - 2] == 3 && packed[m - 1] == 0, "and ends with an empty block");
	memset(planes, 0, 100);
	for (int i = 0; i < 100; i += 5)
		planes[i] = (uint8_t)(i + 1);
	m = codec_deflate(c, packed, planes, 100, 1, 1);
	ok(m == codec_bound(100), "60 % equal neighbours: stored");
	crc = codec_crc(0, packed, codec_deflate(c, packed, raw, N, 8, 6));
	codec_deflate(c, packed, planes, sizeof planes, 4, 1);
	ok(crc == codec_crc(0, packed, codec_deflate(c, packed, raw, N, 8, 6)),
		"what was deflated before does not show");
}

/* Planes of one value each: every value, sizes around those of the code's parts. */
static void constants(struct codec *c)
{
	static const size_t size[] = { 1023, 1024, 1025, 1024 + 257, 1024 + 258, 65536 };
	static uint8_t planes[2 * 65536];
	bool read = true, small = true;

	for (unsigned value = 0; value < 256; value++)
		for (size_t j = 0; j < sizeof size / sizeof *size; j++) {
			size_t n = 2 * size[j], m;

			memset(planes, (int)value, size[j]);
			memset(planes + size[j], value % 3 ? (int)value : (int)value ^ 1, size[j]);
			m = codec_deflate(c, packed, planes, n, 2, 1);
			memcpy(raw, planes, n);
			small = small && (m < n / 1032 + 512 || size[j] < 1024);
			read = read && zlib_reads(n, m) && !codec_inflate(c, back, n, packed, m) &&
			       memcmp(back, planes, n) == 0;
		}
	ok(read, "zlib and we read planes of one value");
	ok(small, "which take next to nothing");
}

static void damage(struct codec *c)
{
	size_t m = codec_deflate(c, packed, raw, 5000, 1, 0);
	bool refused = true;

	ok(codec_inflate(c, back, 4999, packed, m) != NULL, "more than expected is refused");
	ok(codec_inflate(c, back, 5001, packed, m) != NULL, "less than expected is refused");
	ok(codec_inflate(c, back, 5000, packed, m + 1) != NULL, "a byte after the end is refused");
	for (size_t cut = 0; cut < m; cut += cut < 20 ? 1 : 301)
		refused = refused && codec_inflate(c, back, 5000, packed, cut);
	ok(refused, "every cut is refused");
	ok(codec_inflate(c, back, 10, (const uint8_t *)"\xff\xff\xff", 3) != NULL,
		"no deflate data");
	memset(raw, 0, N);
	m = codec_deflate(c, packed, raw, N, 1, 6);
	ok(m < 4096 && codec_inflate(c, back, 1000, packed, m),
		"a bomb stops at the size expected");
}

int main(void)
{
	struct codec *c = codec_new();
	bool crcs = true;

	for (size_t i = 0; i < N; i++) /* calm at first, then noise */
		raw[i] = i < N / 2 ? (uint8_t)(i / 1000) : (uint8_t)rng_bits(1, RNG_MAKE, i);
	for (size_t i = 0; i < 4096; i++)
		raw[i] = (uint8_t)rng_bits(2, RNG_MAKE, i);
	ok(codec_crc(0, "123456789", 9) == 0xCBF43926, "CRC-32 of the check string");
	ok(codec_crc_join(codec_crc(0, "12345", 5), codec_crc(0, "6789", 4), 4) == 0xCBF43926,
		"CRCs are joined");
	for (size_t n = 0; n < 9000; n += n < 600 ? 1 : 61)
		crcs = crcs && codec_crc((uint32_t)n, raw + n % 19, n) ==
				       crc32((uLong)n, raw + n % 19, (uInt)n);
	ok(crcs, "CRCs are zlib's at every length and alignment");
	filters();
	levels(c);
	fast(c);
	damage(c);
	constants(c);
	codec_free(c);
	return done();
}
