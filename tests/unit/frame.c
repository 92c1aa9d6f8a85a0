#include "frame.h"

#include <stdbool.h>
#include <stdlib.h>

#include "codec.h"
#include "tap.h"
#include "vector.h"

enum { FIRST = 118, HEADER = 64, ROOM = 8192 };

static uint8_t plain[ROOM];

static void put(size_t at, uint64_t x, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		plain[at + i] = (uint8_t)(x >> 8 * i);
}

/* The vector's first frame in plain form: header of 64 bytes, body of 12. */
static void fresh(void)
{
	memset(plain, 0, sizeof plain);
	memcpy(plain, vector + 29, HEADER);
	memcpy(plain + HEADER, vector + 29 + HEADER + 5, 12);
}

/* What frame_parse says to the header in plain, its CRC made anew; "" when it is sound. */
static const char *said(size_t header)
{
	static char why[FRAME_WHY];
	struct frame f;
	size_t need;
	const char *fault;

	put(header - 4, codec_crc(0, plain, header - 4), 4);
	fault = frame_parse(&f, plain, ROOM, &need, why);
	return fault ? fault : "";
}

static void refused(size_t at, uint64_t x, unsigned n, const char *want, const char *what)
{
	const char *got;

	fresh();
	put(at, x, n);
	got = said(HEADER);
	if (!ok(strstr(got, want) != NULL, what))
		printf("# said '%s'\n", got);
}

static void accepted(size_t at, uint64_t x, unsigned n, const char *what)
{
	fresh();
	put(at, x, n);
	same(said(HEADER), "", what);
}

static void fields(void)
{
	fresh();
	same(said(HEADER), "", "the vector's header");
	refused(0, 0x8B, 1, "not a stream", "magic");
	refused(4, 2, 1, "version 2 stream", "version 2");
	refused(5, 'Q', 1, "kind 51", "an upper-case kind");
	refused(5, '1', 1, "kind 31", "a kind that is no letter");
	refused(6, 48, 2, "header of 48 bytes", "header too short");
	refused(6, 4104, 2, "header of 4104 bytes", "header too long");
	refused(6, 60, 2, "header of 60 bytes", "header no multiple of 8");
	refused(8, (1 << 26) + 1, 4, "body of 67108865 bytes; at most 67108864",
		"body at limit + 1");
	refused(12, UINT32_MAX, 4, "rows of 4294967295 bytes", "raw at 2^32 - 1");
	refused(12, 11, 4, "expected the same", "raw other than body under filter 2");
	accepted(21, 2, 1, "filter 2");
	accepted(21, 200, 1, "an unknown filter passes");
	accepted(20, 0x52, 1, "an unknown type of 4 bytes passes");
	refused(20, 0x13, 1, "3 rows of 8 bytes do not make 12 bytes", "another size of element");
	refused(22, 9, 1, "9 axes; at most 8", "nine axes");
	refused(22, 255, 1, "255 axes", "255 axes");
	refused(23, 3, 1, "flags 03", "an unknown flag");
	refused(32, 4, 8, "rows end at 4, past the total of 3", "more rows than the total");
	refused(32, UINT64_MAX, 8, "2^48 rows", "2^64 - 1 rows");
	refused(24, UINT64_MAX - 1, 8, "2^48 rows", "start + count overflows");
	refused(40, 4, 8, "the last rows end at 3", "last, but not the total");
	refused(40, UINT64_MAX, 8, "the last rows end at 3", "last, total unknown");
	refused(48, 0, 1, "name of 0 bytes", "no name");
	refused(48, 16, 1, "name of 16 bytes", "a name longer than the header");
	refused(48, 201, 1, "name of 201 bytes", "a name longer than 200");
	refused(49, 0, 1, "no NUL", "NUL in a name");
	refused(49, '-', 1, "not a name", "a name like an option");
	refused(49, '/', 1, "not a name", "a slash in a name");
	refused(50, 0x1B, 1, "not a name", "an escape in a name");
	accepted(51, '.', 1, "one point is fine");
	refused(52, '.', 1, "not a name", "a point at the end");
}

static void limits(void)
{
	fresh();
	put(23, 0, 1); /* not last, total 2^48 */
	put(40, (uint64_t)1 << 48, 8);
	same(said(HEADER), "", "2^48 rows in all");
	put(40, ((uint64_t)1 << 48) + 1, 8);
	ok(strstr(said(HEADER), "2^48") != NULL, "2^48 + 1 rows");
	fresh();
	put(6, 256 + 16, 2);
	put(48, 200, 1);
	memset(plain + 49, 'a', 200);
	same(said(256 + 16), "", "a name of 200 bytes; fields after it are ignored");
	fresh(); /* (1, 2^40): 2^42 bytes a row */
	put(6, 72, 2);
	put(22, 2, 1);
	put(48, (uint64_t)1 << 40, 8);
	put(56, 4, 1);
	memcpy(plain + 57, "user", 4);
	ok(strstr(said(72), "do not make") != NULL, "an axis of 2^40");
	put(48, ((uint64_t)1 << 40) + 1, 8);
	ok(strstr(said(72), "an axis of") != NULL, "an axis of 2^40 + 1");
	put(48, 0, 8);
	ok(strstr(said(72), "an axis of 0") != NULL, "an axis of 0");
	put(6, 4096, 2);
	put(48, 1, 8);
	same(said(4096), "", "a header of 4096 bytes");
}

/* dims whose product overflows 64 bits, and 2^63 bytes exactly, with no rows here. */
static void products(void)
{
	fresh();
	put(6, 80, 2);
	put(8, 0, 8);
	put(22, 3, 1);
	put(23, 0, 1);
	put(32, 0, 8);
	put(40, 1, 8);
	put(48, (uint64_t)1 << 32, 8);
	put(56, (uint64_t)1 << 32, 8);
	put(64, 1, 1);
	put(65, 'a', 1);
	ok(strstr(said(80), "2^63") != NULL, "2^32 x 2^32 x 4 bytes overflow");
	put(56, (uint64_t)1 << 29, 8);
	ok(strstr(said(80), "2^63") != NULL, "2^63 bytes");
	put(56, (uint64_t)1 << 28, 8);
	same(said(80), "", "2^62 bytes, none of them here");
	put(40, 2, 8);
	ok(strstr(said(80), "2^63") != NULL, "twice that");
}

static void others(void)
{
	memset(plain, 0, sizeof plain);
	memcpy(plain, vector + FIRST + 29, 56);
	same(said(56), "", "the vector's end frame");
	put(20, 1, 1);
	ok(strstr(said(56), "byte 20") != NULL, "a type where there is no tensor");
	put(20, 0, 1);
	put(48, 1, 1);
	ok(strstr(said(56), "byte 48") != NULL, "a name where there is no tensor");
	put(48, 0, 1);
	put(5, 'x', 1);
	same(said(56), "", "a lower-case kind");
}

/* Every proper prefix asks for more and never reads past its end. */
static void prefixes(void)
{
	char why[FRAME_WHY];
	bool more = true;
	struct frame f;
	size_t need;

	for (size_t n = 0; n < FIRST; n++) {
		uint8_t *exact = malloc(n + !n);

		memcpy(exact, vector, n);
		more = more && !frame_parse(&f, exact, n, &need, why) && need > n && need <= FIRST;
		free(exact);
	}
	ok(more, "every prefix of a member asks for more, never for too much");
}

static void members(void)
{
	uint8_t bytes[FIRST];
	char why[FRAME_WHY];
	static const struct {
		size_t at;
		uint8_t value;
		const char *want;
	} bad[] = { { 4, 1, "foreign header" }, { 0, 0x50, "starts with 50 8b 08 04" },
		{ 16, 1, "member of 1 bytes" }, { 18, 1, "member of 65654 bytes" },
		{ 20, 0, "plain length 0" }, { 24, 1, "deflate block" },
		{ 27, 0, "deflate block" } };
	struct frame f;
	size_t need;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		const char *fault;

		memcpy(bytes, vector, FIRST);
		bytes[bad[i].at] = bad[i].value;
		fault = frame_parse(&f, bytes, FIRST, &need, why);
		ok(fault && strstr(fault, bad[i].want), bad[i].want);
	}
}

static void renaming(struct codec *c)
{
	uint8_t *out, raw[12], scratch[12];
	const uint32_t want[] = { 1, 1, 2 };
	char why[FRAME_WHY], name[TENSOR_NAME + 1];
	struct frame f, g;
	size_t need;
	bool good = true;

	for (size_t n = 1; n <= TENSOR_NAME; n += n < 20 ? 1 : 60) {
		memset(name, 'n', n);
		name[n] = 0;
		for (int form = 0; form < 2; form++) {
			fresh();
			frame_parse(&f, form ? vector : plain, form ? FIRST : 76, &need, why);
			out = malloc(frame_rename_room(&f));
			frame_rename(&g, out, &f, name);
			memset(&f, 0, sizeof f);
			good = good && !frame_parse(&f, out, g.stored, &need, why) &&
			       f.stored == g.stored && strcmp(f.name, name) == 0 &&
			       !frame_unpack(&f, c, raw, scratch, why) &&
			       memcmp(raw, want, 12) == 0;
			free(out);
		}
	}
	ok(good, "renamed frames are whole, also their gzip CRC");
}

int main(void)
{
	struct codec *c = codec_new();

	fields();
	limits();
	products();
	others();
	prefixes();
	members();
	renaming(c);
	codec_free(c);
	return done();
}
