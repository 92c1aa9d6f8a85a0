/* csv: rows and their lines, hostile text, gzip, limits, numbers against strtod and by hand. */
#include "csv.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "rng.h"
#include "tap.h"

enum { ROOM = 1 << 22 };

static char got[ROOM + 4096];

/* A descriptor that gives the n bytes. */
static int bytes_fd(const void *bytes, size_t n)
{
	char path[] = "/tmp/csv-test-XXXXXX";
	int fd = mkstemp(path);

	unlink(path);
	if (fd < 0 || write(fd, bytes, n) != (ssize_t)n || lseek(fd, 0, SEEK_SET) != 0)
		exit(2);
	return fd;
}

/* Everything as "line:field|field;line:..." and then "!line:fault". Long fields as their length. */
static const char *parse(const void *bytes, size_t n, const char *separator, bool no_quotes)
{
	struct csv_format format = { .separator = separator, .no_quotes = no_quotes };
	struct csv *c = csv_open(bytes_fd(bytes, n), &format);
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

static void refuse(const char *t)
{
	char what[80];
	double x;

	snprintf(what, sizeof what, "'%s' is no number", t);
	ok(csv_real(&x, t, strlen(t)) != NULL, what);
}

static void numbers(void)
{
	static const char *const bad[] = { "nan", "inf", "-inf", "infinity", "0x1p3", "0x10",
		"1e400", "-1e309", "4,5", "4.5x", "", " 4.5", "4.5 ", "1_000", "+", "-", ".", "e5",
		"1e", "1e+", "--1", "1.2.3", "1 2", "NA" };
	static const char *const good[] = { "0", "-0", "1", "+1", "4.5", ".5", "5.", "1e3", "1E-3",
		"9007199254740993", "0.1", "123456789012345678901234567890", "1e-400",
		"1.7976931348623157e308", "2.2250738585072011e-308", "4.9e-324", "8.5e22", "1e23",
		"00000000000000000000001.5", "0.00000000000000000000000000000012345678901234567890",
		"1844674407370955161500", "1e22" };
	char t[64], same_bits = 1;
	double x;
	float f;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		refuse(bad[i]);
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		ok(csv_real(&x, good[i], strlen(good[i])) == NULL && x == strtod(good[i], NULL),
			good[i]);
		if (strtod(good[i], NULL) < 3e38)
			ok(csv_float(&f, good[i], strlen(good[i])) == NULL &&
					f == strtof(good[i], NULL),
				good[i]);
	}
	for (uint64_t i = 0; i < 200000; i++) {
		uint64_t digits = rng_bits(1, RNG_MAKE, 2 * i) >> rng_below(60, 1, RNG_SPLIT, i);

		snprintf(t, sizeof t, "%" PRIu64 "e%d", digits,
			(int)rng_below(70, 2, RNG_MAKE, i) - 45);
		same_bits &= csv_real(&x, t, strlen(t)) == NULL && x == strtod(t, NULL);
		same_bits &= csv_float(&f, t, strlen(t)) != NULL ? strtof(t, NULL) > 3e38f
								 : f == strtof(t, NULL);
	}
	ok(same_bits, "200,000 made numbers are rounded as strtod and strtof do");
	/* 1 + 2^-24 is half-way between two floats; the digits say a little more. As a double it is
	 * half-way, and rounding that to even would lose the little. */
	csv_float(&f, "1.0000000596046447753906251", 27);
	near((double)f, 1 + 0x1p-23, 0, "no double rounding");
	ok(csv_float(&f, "3.5e38", 6) != NULL, "too large for a float");
}

static int64_t integer(const char *t)
{
	int64_t x = 0;

	return csv_integer(&x, t, strlen(t)) ? -12345 : x;
}

static int64_t moment(const char *t)
{
	int64_t x = 0;

	return csv_time(&x, t, strlen(t)) ? -12345 : x;
}

static void integers(void)
{
	ok(integer("0") == 0 && integer("-7") == -7 && integer("+7") == 7, "small integers");
	ok(integer("2147483648") == 2147483648 && integer("4294967296") == 4294967296,
		"beyond int");
	ok(integer("9223372036854775807") == INT64_MAX, "the largest");
	ok(integer("-9223372036854775808") == INT64_MIN, "the smallest");
	ok(integer("9223372036854775808") == -12345, "one more");
	ok(integer("-9223372036854775809") == -12345, "one less");
	ok(integer("") == -12345 && integer("-") == -12345 && integer("1.0") == -12345 &&
			integer("1e3") == -12345 && integer(" 1") == -12345 &&
			integer("0x1") == -12345,
		"what is no integer");
	/* date -u -d '2017-01-28 14:06:53' +%s and so on */
	ok(moment("2017-01-28 14:06:53") == 1485612413, "a date and time");
	ok(moment("2017-01-28T14:06Z") == 1485612360, "without seconds, with T and Z");
	ok(moment("1970-01-01") == 0 && moment("2000-02-29") == 951782400, "dates");
	ok(moment("1969-12-31 23:59:59") == -1 && moment("1600-03-01") == -11670912000,
		"before 1970");
	ok(moment("881250949") == 881250949 && moment("-5") == -5, "integers are times");
	ok(moment("2017-02-29") == -12345 && moment("2017-13-01") == -12345 &&
			moment("2017-00-01") == -12345 && moment("2017-01-32") == -12345 &&
			moment("2017-01-01 24:00") == -12345 &&
			moment("2017-01-01 1:00") == -12345 && moment("01/02/2017") == -12345 &&
			moment("2017-01-01x") == -12345 &&
			moment("2017-01-01 10:00:00.5") == -12345 && moment("") == -12345,
		"what is no time");
}

int main(void)
{
	rows();
	faults();
	limits();
	gzip();
	numbers();
	integers();
	return done();
}
