#include "history.h"

#include <stdlib.h>

#include "codec.h"
#include "tap.h"

/* What is printed of n entries. */
static const char *printed(const char *const *entries, size_t n)
{
	static char text[2048];
	FILE *f = tmpfile();
	size_t got;

	history_print(f, entries, n);
	rewind(f);
	got = fread(text, 1, sizeof text - 1, f);
	text[got] = 0;
	fclose(f);
	return text;
}

static unsigned long crc(const char *text)
{
	return codec_crc(0, text, strlen(text));
}

int main(void)
{
	const char *a =
		"tool rs-import 0.1.0\narg ratings.csv\nin ratings.csv crc32:00000000 bytes:1\n";
	const char *b = "tool rs-import 0.1.0\narg other%20file.csv\n";
	const char *evil = "tool rm 1\narg -rf\n";
	char next[128], joined[128];
	const char *entries[4];

	snprintf(next, sizeof next, "tool rs-split 0.1.0\nfrom %08lx\narg --by=user\nseed 7\n",
		crc(a));
	snprintf(joined, sizeof joined, "tool rs-mf 0.1.0\nfrom %08lx\nfrom %08lx\n", crc(next),
		crc(b));
	entries[0] = a;
	same(printed(entries, 0), "", "no history, no pipeline");
	same(printed(entries, 1), "rs-import ratings.csv\n", "a source");
	entries[1] = next;
	same(printed(entries, 2), "rs-import ratings.csv |\n\trs-split --seed 7 --by=user\n",
		"a pipe");
	entries[2] = b;
	entries[3] = joined;
	same(printed(entries, 4),
		"# 1:\nrs-import ratings.csv |\n\trs-split --seed 7 --by=user\n"
		"# 2:\nrs-import 'other file.csv'\n# 3, reads 1 and 2:\nrs-mf\n",
		"two sections and what read both");
	entries[0] = evil;
	same(printed(entries, 1), "false # stage of an unknown tool\n",
		"another program is not pasted");
	return done();
}
