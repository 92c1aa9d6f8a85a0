/* sparse: what lines of the three formats become; what is refused. */
#include "sparse.h"

#include <unistd.h>

#include "tap.h"

/* The rows of text, up to 5 fields each, as "a|b;c|d", or "!why". */
static const char *rows(enum sparse_kind kind, const char *text)
{
	static char line[400];
	struct csv_format format = { .separator = "space", .no_quotes = true };
	FILE *file = tmpfile();
	struct sparse *s = sparse_new(kind);
	struct csv_row row;
	const char *why = NULL;
	struct csv *c;
	size_t n = 0;

	fputs(text, file);
	rewind(file);
	c = csv_open(dup(fileno(file)), &format);
	line[0] = 0;
	while (!why && csv_next(c, &row)) {
		why = sparse_row(s, &row);
		n += (size_t)snprintf(line + n, sizeof line - n, "%s", n ? ";" : "");
		for (size_t i = 0; !why && i < row.n && i < 5; i++)
			n += (size_t)snprintf(line + n, sizeof line - n, "%s%.*s", i ? "|" : "",
				(int)row.field[i].n, row.field[i].text);
	}
	if (why)
		snprintf(line, sizeof line, "!%s", why);
	csv_close(c);
	fclose(file);
	sparse_free(s);
	return line;
}

int main(void)
{
	same(rows(SPARSE_SVMLIGHT, "1 2:0.5 4:-1 # x 9\n-1 1:3\n0\n"),
		"1|0|0.5|0|-1;-1|3|0|0|0;0|0|0|0|0", "svmlight");
	same(rows(SPARSE_SVMLIGHT, "1 0:1\n"), "!an index that is not in 1 .. 4095", "index 0");
	same(rows(SPARSE_SVMLIGHT, "1 4096:1\n"), "!an index that is not in 1 .. 4095", "4096");
	same(rows(SPARSE_SVMLIGHT, "1 2:1 2:1\n"), "!an index that is there twice", "twice");
	same(rows(SPARSE_SVMLIGHT, "1 2:\n"), "!an index without a value", "no value");
	same(rows(SPARSE_SVMLIGHT, "1 2\n"), "!a token that is not index:value", "no colon");
	same(rows(SPARSE_SVMLIGHT, "1 qid:3 2:1\n"), "!an index that is not in 1 .. 4095", "qid");
	same(rows(SPARSE_LIBFM, "1 204:1  7:1.0\n-1\n0 3:1 \n"), "1|204:1 7:1.0;-1|;0|3:1",
		"libfm");
	same(rows(SPARSE_LIBFM, "1 1:2:1\n"), "!a token that is not index:value", "libffm's");
	same(rows(SPARSE_LIBFFM, "1 0:5:1 3:x:1\n0 3:y:1\n"), "1|5|x|1|1;0||y||1", "libffm");
	same(rows(SPARSE_LIBFFM, "1 0:5:1\n0 3:y:1\n"),
		"!a field that the first line does not have", "another field");
	same(rows(SPARSE_LIBFFM, "1 0:5:1 0:6:1\n"),
		"!a field that is there twice; --bag takes several of one", "twice");
	same(rows(SPARSE_LIBFFM, "1 0:5:0.5 3:x:\n"), "!an index without a value", "no value");
	same(rows(SPARSE_LIBFFM, "1 0:5\n"), "!a token that is not field:index:value", "two parts");
	return done();
}
