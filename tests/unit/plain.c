/* plain: what is plain and what is not; fields with their blanks off. */
#include "plain.h"

#include "tap.h"

/* The fields of all rows as "a|b;c|d", or "no". */
static const char *cut(const char *text, char separator, size_t columns, bool quotes)
{
	static char line[400];
	static struct plain p;
	char padded[400];
	size_t n = 0;

	memset(padded, 'x', sizeof padded);
	memcpy(padded, text, strlen(text));
	if (!plain_cut(&p, padded, strlen(text), separator, columns, quotes))
		return "no";
	line[0] = 0;
	for (size_t i = 0; i < p.rows * columns; i++) {
		struct csv_field f = plain_field(&p, i / columns, i % columns);

		n += (size_t)snprintf(line + n, sizeof line - n, "%s%.*s",
			i == 0		   ? ""
			: i % columns == 0 ? ";"
					   : "|",
			(int)f.n, f.text);
	}
	return line;
}

int main(void)
{
	static char wide[70000];
	struct plain p = { 0 };

	same(cut("a,b\nc,d\n", ',', 2, true), "a|b;c|d", "two rows");
	same(cut("a,b\r\nc,d\n", ',', 2, true), "a|b;c|d", "CRLF and LF");
	same(cut(",\n,\r\n", ',', 2, true), "|;|", "empty fields");
	same(cut("  a b\t, \t\n", ',', 2, true), "a b|", "blanks around fields");
	same(cut(" a\tb \n", '\t', 2, true), "a|b", "a tab separates");
	same(cut("a b\n", ' ', 2, true), "a|b", "a space separates");
	same(cut("12345678901234567890123456789012345678901234567890123456789012,b\nc,d\n", ',', 2,
		     true),
		"12345678901234567890123456789012345678901234567890123456789012|b;c|d",
		"across 64 bytes");
	same(cut("a,b", ',', 2, true), "no", "no line end");
	same(cut("a,b\n\nc,d\n", ',', 2, true), "no", "a blank line");
	same(cut("a,b\nc\nd,e,f\n", ',', 2, true), "no", "rows of other lengths that add up");
	same(cut("a,b,c\n", ',', 2, true), "no", "a field more");
	same(cut("a\nb\n", ',', 1, true), "no", "one column");
	same(cut("a,\"b\"\n", ',', 2, true), "no", "a quote");
	same(cut("a,b\"c\n", ',', 2, false), "a|b\"c", "that is an ordinary byte");
	same(cut("a,b\rc,d\n", ',', 2, true), "no", "a CR alone");
	same(cut("a,b\r\r\n", ',', 2, true), "no", "two CR");
	ok(!plain_cut(&p, "a,\0\n", 4, ',', 2, false), "a NUL byte");
	memset(wide, 'x', sizeof wide);
	wide[1] = ',';
	wide[CSV_FIELD - 1] = '\n';
	ok(plain_cut(&p, wide, CSV_FIELD, ',', 2, true), "a line of 64 KiB");
	wide[CSV_FIELD - 1] = 'x';
	wide[CSV_FIELD] = '\n';
	ok(!plain_cut(&p, wide, CSV_FIELD + 1, ',', 2, true), "and a byte");
	plain_free(&p);
	return done();
}
