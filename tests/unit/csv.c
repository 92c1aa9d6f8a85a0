/* csv: rows and their lines, hostile text, gzip, limits. */
#include "csv.h"

#include <inttypes.h>
#include <stdlib.h>
#include <zlib.h>

#include "made.h"
#include "tap.h"

enum { ROOM = 1 << 22 };

static char got[ROOM + 4096];

/* Everything as "line:field|field;line:..." and then "!line:fault". Long fields as their length. */
static const char *parse(const void *bytes, size_t n, const char *separator, bool no_quotes)
{
	struct csv_format format = { .separator = separator, .no_quotes = no_quotes };
	struct csv *c = csv_open(made_file(bytes, n), &format);
	struct csv_row row;
	const char *why;
	size_t at = 0;
	uint64_t line;

	got[0] = 0;
	while (csv_next(c, &row) && at < ROOM) {
		at += (size_t)sprintf(got + at, "%s%" PRIu64 ":", at ? ";" : "", row.line);
		for (size_t i = 0; i < row.n; i++)
			at += (size_t)(row.field[i].n > 100
					       ? sprintf(got + at, "%s<%zu>", i ? "|" : "",
							 row.field[i].n)
					       : sprintf(got + at, "%s%s", i ? "|" : "",
							 row.field[i].text));
	}
	why = csv_fault(c, &line);
	if (why)
		sprintf(got + at, "!%" PRIu64 ":%s", line, why);
	csv_close(c);
	return got;
}

static const char *text(const char *t)
{
	return parse(t, strlen(t), ",", false);
}

static void rows(void)
{
	same(text("a,b\n1,2\n"), "1:a|b;2:1|2", "two lines");
	same(text("a,b\r\n1,2\r\n"), "1:a|b;2:1|2", "CRLF");
	same(text("a,b\r1,2\r"), "1:a|b;1:1|2", "lone CR ends rows; lines are counted by LF");
	same(text("a,b\n1,2"), "1:a|b;2:1|2", "no last newline");
	same(text("a,b\n\n\r\n1,2\n"), "1:a|b;4:1|2", "blank lines are skipped and counted");
	same(text("\xEF\xBB\xBF"
		  "a,b\n"),
		"1:a|b", "a byte order mark is taken off");
	same(text("\xEF\xBB\xBF\"a\",b\n"), "1:a|b", "also before a quote");
	same(text("a,\"x\ny\",b\nc\n"), "1:a|x\ny|b;3:c", "a quoted newline is text; lines go on");
	same(text("a,\"x\"\"y\"\n"), "1:a|x\"y", "a doubled quote");
	same(text("  a b , \" c \" ,\td\n"), "1:a b| c |d", "spaces around fields are taken off");
	same(text("a,,\n,,\n"), "1:a||;2:||", "empty fields");
	same(text("\xFF\x41,\xE9\n"), "1:\xFF\x41|\xE9", "bytes that are not UTF-8 stay");
	same(text(""), "", "empty: no rows, no fault");
	same(parse("a\tb c\t\n", 7, "tab", false), "1:a|b c|", "tab");
	same(parse("1::a:b::\n2::::x\n", 16, "::", false), "1:1|a:b|;2:2||x", "'::'");
	same(parse("1::\"a::b\n", 9, "::", false), "1:1|\"a|b", "no quotes with '::'");
	same(parse("a,b\"c\n", 6, ",", true), "1:a|b\"c", "no quotes when asked");
}

static void faults(void)
{
	same(text("a\nb,\"c\nd\n"), "1:a!2:a quote that opens here is never closed",
		"an open quote is reported where it opened");
	same(text("a\nx\"y\"z\n"),
		"1:a!2:a quote inside a field; expected it doubled, in a quoted field", "x\"y\"z");
	same(text("a\n\"x\"z\n"),
		"1:a!2:a quote inside a field; expected it doubled, in a quoted field", "\"x\"z");
	same(parse("a,b\n1,\0\n", 8, ",", false), "1:a|b!2:a NUL byte; expected text", "NUL");
	ok(strstr(parse("\xFF\xFE"
			"a\0",
			  4, ",", false),
		   "!1:looks like UTF-16") != NULL,
		"UTF-16 LE");
	ok(strstr(parse("\xFE\xFF\0a", 4, ",", false), "!1:looks like UTF-16") != NULL,
		"UTF-16 BE");
	ok(strstr(parse("1::2\n3\x1F::4\n", 12, "::", false), "!2:byte 0x1F") != NULL,
		"the stand-in of '::' is refused");
	ok(csv_format_fault(&(struct csv_format){ .separator = "\"" }) != NULL,
		"a quote cannot separate");
	ok(csv_format_fault(&(struct csv_format){ .separator = "" }) != NULL,
		"nothing cannot separate");
	ok(csv_format_fault(&(struct csv_format){ .separator = "123456789" }) != NULL,
		"9 bytes cannot");
	ok(csv_format_fault(&(struct csv_format){ .separator = "::" }) == NULL, "'::' can");
}

static void limits(void)
{
	char *big = malloc(ROOM);
	size_t n;

	memset(big, 'x', ROOM);
	big[CSV_FIELD] = ',';
	big[CSV_FIELD + 1] = '\n';
	same(parse(big, CSV_FIELD + 2, ",", false), "1:<65536>|", "a field of 64 KiB");
	big[CSV_FIELD] = 'x';
	ok(strstr(parse(big, CSV_FIELD + 2, ",", false), "!1:a field of more") != NULL,
		"a byte more");
	ok(strstr(parse(big, ROOM, ",", false), "!1:a field of more") != NULL, "4 MiB");
	memcpy(big, "a,b\n1,\"x\n", 9);
	for (size_t i = 9; i < ROOM; i++)
		big[i] = i % 50 ? 'x' : '\n';
	ok(strstr(parse(big, ROOM, ",", false), "1:a|b!2:a field of more") != NULL,
		"an open quote stops at 64 KiB and names its line");
	for (size_t i = 0; i < ROOM; i++)
		big[i] = i % 1000 ? 'x' : ',';
	ok(strstr(parse(big, ROOM, ",", false), "!1:a line of more than 1 MiB") != NULL,
		"a long line");
	memset(big, ',', CSV_COLUMNS);
	big[CSV_COLUMNS - 1] = '\n';
	ok(strchr(parse(big, CSV_COLUMNS, ",", false), '!') == NULL, "4096 columns");
	memset(big, ',', CSV_COLUMNS);
	big[CSV_COLUMNS] = '\n';
	ok(strstr(parse(big, CSV_COLUMNS + 1, ",", false), "!1:more than 4096 columns") != NULL,
		"4097");
	for (n = 0; n < 200000; n++) /* "::" falls on either side of every block's end */
		memcpy(big + 5 * n, "a::b\n", 5);
	memmove(big + 1, big, 5 * n);
	parse(big, 5 * n + 1, "::", false);
	ok(strncmp(got, "1:aa|b;2:a|b;", 13) == 0 && strstr(got, "::") == NULL &&
			strstr(got, ";200000:a|b") != NULL,
		"'::' across blocks");
	free(big);
}

/* A gzip member of n bytes. */
static size_t deflate_member(uint8_t *to, size_t room, uint8_t *from, size_t n)
{
	z_stream z = {
		.next_in = from, .avail_in = (uInt)n, .next_out = to, .avail_out = (uInt)room
	};

	deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
	deflate(&z, Z_FINISH);
	deflateEnd(&z);
	return room - z.avail_out;
}

static void gzip(void)
{
	uint8_t z[4096], flat[] = "a,b\n1,2\n3,4\n", more[] = "5,6\n", marked[] = "\xEF\xBB\xBFx\n";
	size_t n = deflate_member(z, sizeof z, flat, 12), m, missed = 0;

	same(parse(z, n, ",", false), "1:a|b;2:1|2;3:3|4", "one member");
	m = n + deflate_member(z + n, sizeof z - n, more, 4);
	same(parse(z, m, ",", false), "1:a|b;2:1|2;3:3|4;4:5|6", "two members are one text");
	for (size_t cut = 2; cut < m; cut++)
		missed += cut != n && !strstr(parse(z, cut, ",", false), "gzip data");
	ok(missed == 0, "every cut is seen");
	memcpy(z + n, "junk", 4);
	ok(strstr(parse(z, n + 4, ",", false), "something else after it") != NULL, "junk after it");
	n = deflate_member(z, sizeof z, marked, 5);
	same(parse(z, n, ",", false), "1:x", "a byte order mark inside");
}

int main(void)
{
	rows();
	faults();
	limits();
	gzip();
	return done();
}
