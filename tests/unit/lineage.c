/* lineage: entries by FORMAT.md section 7, each line written by hand. */
#include "lineage.h"

#include <stdlib.h>

#include "tap.h"

static struct lineage l;

/* Takes an entry whose frame has that CRC. */
static const char *take(const char *text, uint32_t crc)
{
	struct frame f = {
		.kind = 'P', .bytes = (const uint8_t *)"x", .stored = 1, .raw_crc = crc
	};

	return lineage_take(&l, &f, strcpy(malloc(strlen(text) + 1), text));
}

static const char *entry(const struct provenance *by, const struct ledger *made)
{
	static char copy[1000];
	struct text text = { 0 };

	lineage_entry(&text, &l, by, made, "stdout");
	snprintf(copy, sizeof copy, "%s", text.at);
	free(text.at);
	return copy;
}

static void entries(void)
{
	static char dim[] = "--dim=16";
	char *const arg[] = { dim };
	const struct provenance source = { "rs-import 0.1.0", NULL, 0, false, 0 };
	const struct provenance by = { "rs-mf 0.1.0", arg, 1, true, 7 };
	struct ledger none = { 0 };

	ledger_start(&none);
	same(entry(&source, &none), "tool rs-import 0.1.0\n", "nothing read, nothing made");
	ok(!take("tool a\n", 0xA) && !take("tool b\n", 0xB0B), "two entries");
	lineage_section(&l);
	lineage_section(&l);
	ok(!take("tool c\n", 0xC), "and one of another section");
	lineage_section(&l);
	ok(l.n == 3 && strcmp(l.entry[2], "tool c\n") == 0 && l.frames.n == 3, "all are kept");
	same(entry(&by, &none),
		"tool rs-mf 0.1.0\nfrom 00000b0b\nfrom 0000000c\narg --dim=16\nseed 7\n",
		"the last of each section; one without an entry of its own has no line");
	ok(take("tool \x1b[31m\n", 1) && take("tool\x7F", 1) && l.n == 3, "no control characters");
	lineage_free(&l);
	ledger_free(&none);
}

static void consumed(void)
{
	const struct provenance by = { "t 1", NULL, 0, false, 0 };
	uint8_t sha[32] = { 0xAB, 0xCD };
	struct ledger none = { 0 };

	ledger_start(&none);
	memset(&l, 0, sizeof l);
	lineage_consumed(&l, "/data/my file%.csv", 42, 0xDEADBEEF, NULL);
	lineage_consumed(&l, "b\t", 0, 0, sha);
	lineage_beside(&l, "stdin", &none, NULL); /* a CRC of no bytes is 0 */
	same(entry(&by, &none),
		"tool t 1\n"
		"in my%20file%25.csv crc32:deadbeef bytes:42\n"
		"in b%09 crc32:00000000 bytes:0 "
		"sha256:abcd00000000000000000000000000000000000000000"
		"0000000000000000000\n"
		"in stdin tensors:0 bytes:0 crc32:00000000\n",
		"base names, what no line can hold as %HH, digests");
	lineage_free(&l);
	ledger_free(&none);
}

static void made(void)
{
	const struct provenance by = { "t 1", NULL, 0, false, 0 };
	struct frame f = { .kind = 'T',
		.name = "a.w",
		.dtype = F32,
		.ndim = 2,
		.last = 1,
		.row_count = 3,
		.rows_total = 3,
		.shape = { 3, 2 },
		.raw_len = 24,
		.raw_crc = 0xF00 };
	struct ledger ledger = { 0 };
	char why[FRAME_WHY];

	ledger_start(&ledger);
	memset(&l, 0, sizeof l);
	ok(!ledger_take(&ledger, &f, why), "a tensor");
	snprintf(f.name, sizeof f.name, "passed");
	ok(!ledger_take(&ledger, &f, why), "and one that only passes");
	ledger_find(&ledger, "a.w")->made = true;
	same(entry(&by, &ledger), "tool t 1\nmade a.w f32 3x2 crc32:00000f00\n", "what was made");
	lineage_free(&l);
	ledger_free(&ledger);
}

static void limits(void)
{
	const struct provenance by = { "t 1", NULL, 0, false, 0 };
	struct frame f = { .kind = 'T',
		.dtype = F32,
		.ndim = 1,
		.last = 1,
		.row_count = 1,
		.rows_total = 1,
		.shape = { 1 },
		.raw_len = 4 };
	struct ledger ledger = { 0 };
	struct text text = { 0 };
	char why[FRAME_WHY];
	size_t lines = 0;
	int left = 0;

	ledger_start(&ledger);
	memset(&l, 0, sizeof l);
	for (int i = 0; i < 4000; i++) {
		snprintf(f.name, sizeof f.name, i < 3999 ? "t%04d" : "x", i);
		ledger_take(&ledger, &f, why);
		ledger_find(&ledger, f.name)->made = true;
	}
	lineage_entry(&text, &l, &by, &ledger, "stdout");
	for (const char *c = text.at; *c; c++)
		lines += *c == '\n';
	sscanf(strrchr(text.at, 'm'), "more %d", &left);
	ok(text.n <= LINEAGE_BYTES && lines - 2 + (size_t)left == 4000 && left > 0,
		"tensors that do not fit are counted,");
	ok(!strstr(text.at, "made x "), "also a shorter one after them");
	free(text.at);
	for (int i = 0; i < 4096; i++)
		take("tool a\n", 0);
	ok(lineage_take(&l, NULL, NULL) && l.n == 4096, "4096 entries are all");
	lineage_free(&l);
	ledger_free(&ledger);
}

static void inherit(void)
{
	struct lineage heir = { 0 };

	memset(&l, 0, sizeof l);
	take("tool a\n", 0xA);
	lineage_section(&l);
	lineage_inherit(&heir, &l);
	ok(heir.frames.n == 1 && l.frames.n == 0 && strcmp(heir.from.at, "from 0000000a\n") == 0,
		"frames and lines go over");
	lineage_free(&heir);
	lineage_free(&l);
}

int main(void)
{
	entries();
	consumed();
	made();
	limits();
	inherit();
	return done();
}
