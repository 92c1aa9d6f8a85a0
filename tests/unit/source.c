/* source: plain text and gzip, in gulps of any size, ISO-8859-1, marks, digests. */
#include "source.h"

#include <zlib.h>

#include "made.h"
#include "tap.h"

enum { LARGE = 5000000 };

static char got[LARGE + 1];

/* All of s, `room` bytes at a time, as text. */
static const char *read_all(struct source *s, size_t room)
{
	size_t n = 0;

	memset(got, '#', 300); /* what is read, and no byte more, takes its place */
	while (!source_ended(s) && !source_fault(s) && n + room <= sizeof got - 1)
		n += source_read(s, (uint8_t *)got + n, room);
	got[n] = 0;
	return source_fault(s) ? source_fault(s) : got;
}

static const char *text(const void *bytes, size_t n, size_t room, bool latin_1)
{
	static char copy[200];
	struct source *s = source_open(made_file(bytes, n), latin_1, false);

	snprintf(copy, sizeof copy, "%s", read_all(s, room));
	source_close(s);
	return copy;
}

static void marks(void)
{
	same(text("a,b\n", 4, 100, false), "a,b\n", "text as it is");
	same(text("a,b\n", 4, 3, false), "a,b\n", "three bytes at a time");
	same(text("", 0, 100, false), "", "nothing");
	same(text("\xEF\xBB\xBFx\xEF\xBB\xBF", 7, 100, false), "x\xEF\xBB\xBF",
		"a byte order mark is taken off the beginning, and there only");
	ok(strncmp(text("\xFF\xFEx\0", 4, 100, false), "looks like UTF-16", 17) == 0, "UTF-16");
	/* U+00E9 is E9 in ISO-8859-1 and C3 A9 in UTF-8; U+0080 is C2 80, U+00FF C3 BF */
	same(text("caf\xE9 \x80\x7F\xFF", 8, 100, true), "caf\xC3\xA9 \xC2\x80\x7F\xC3\xBF",
		"ISO-8859-1");
	same(text("caf\xE9 \x80\x7F\xFF", 8, 2, true), "caf\xC3\xA9 \xC2\x80\x7F\xC3\xBF",
		"byte by byte");
}

static void gzip(void)
{
	/* printf 'one\n' | gzip -n; printf 'two\n' | gzip -n */
	static const char one[] =
		"\x1f\x8b\x08\0\0\0\0\0\0\x03\xcb\xcf\x4b\xe5\x02\0\x9f\xa8\x17\xf8\x04\0\0\0"
		"\x1f\x8b\x08\0\0\0\0\0\0\x03\x2b\x29\xcf\xe7\x02\0\x74\x08\x17\x96\x04\0\0\0";
	enum { WHOLE = sizeof one - 1 };
	char changed[WHOLE];

	same(text(one, WHOLE, 100, false), "one\ntwo\n", "two members are one text");
	same(text(one, WHOLE, 1, false), "one\ntwo\n", "byte by byte");
	same(text(one, WHOLE / 2, 100, false), "one\n", "the first by itself");
	same(text(one, WHOLE - 1, 100, false), "gzip data ends early; the file was cut", "cut");
	memcpy(changed, one, WHOLE);
	changed[WHOLE - 6]++; /* in the CRC */
	same(text(changed, WHOLE, 100, false), "damaged gzip data, or something else after it",
		"damaged");
}

static void digests(void)
{
	static const uint8_t abc[] = { 0xba, 0x78, 0x16, 0xbf }; /* of SHA-256 of "abc" */
	struct source *s = source_open(made_file("123456789", 9), false, false);
	uint8_t digest[32];
	int fd[2];

	read_all(s, 100);
	ok(source_crc(s) == 0xCBF43926 && source_bytes(s) == 9 && source_size(s) == 9,
		"the check value of CRC-32");
	ok(!source_sha256(s, digest), "no SHA-256 that was not asked for");
	source_close(s);
	if (pipe(fd) < 0 || write(fd[1], "abc", 3) != 3)
		exit(2);
	close(fd[1]);
	s = source_open(fd[0], false, true);
	same(read_all(s, 100), "abc", "a pipe");
	ok(source_size(s) == 0 && source_bytes(s) == 3, "which has no size");
	ok(source_sha256(s, digest) && memcmp(digest, abc, sizeof abc) == 0, "FIPS 180-4's abc");
	source_close(s);
}

/* Parts that threads read on their own, the last of which is not full. */
static void large(void)
{
	char *bytes = malloc(LARGE);
	struct source *s;

	for (size_t i = 0; i < LARGE; i++)
		bytes[i] = (char)('a' + i % 23);
	s = source_open(made_file(bytes, LARGE), false, false);
	ok(source_read(s, (uint8_t *)got, 3000000) == 3000000 &&
			source_read(s, (uint8_t *)got + 3000000, LARGE + 1 - 3000000) ==
				LARGE - 3000000,
		"what there is");
	ok(source_ended(s) && memcmp(got, bytes, LARGE) == 0, "in order");
	ok(source_crc(s) == crc32(0, (const Bytef *)bytes, LARGE), "zlib's CRC of it");
	source_close(s);
	free(bytes);
}

int main(void)
{
	marks();
	gzip();
	digests();
	large();
	return done();
}
