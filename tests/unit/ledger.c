/* Frames counted by hand: what a stream may hold, and each fault of order (FORMAT.md 4, 7, 8). */
#include "ledger.h"

#include "tap.h"

static struct ledger ledger;
static char why[FRAME_WHY];

static struct frame frame(const char *name, uint64_t start, uint64_t count, uint64_t total)
{
	struct frame f = { .kind = 'T', .dtype = F32, .ndim = 1, .row_start = start,
		.row_count = count, .rows_total = total, .raw_len = (uint32_t)(4 * count),
		.raw_crc = (uint32_t)count, .header_crc = 5, .stored = 50 };

	f.last = total != FRAME_UNKNOWN && start + count == total;
	f.shape[0] = total;
	snprintf(f.name, sizeof f.name, "%s", name);
	return f;
}

static const char *take(struct frame f)
{
	const char *fault = ledger_take(&ledger, &f, why);

	return fault ? fault : "";
}

static const char *closes(void)
{
	char text[LEDGER_END];
	const char *fault;

	ledger_end(&ledger, text);
	fault = ledger_close(&ledger, text, why);
	return fault ? fault : "";
}

static void order(void)
{
	struct frame f = frame("a", 3, 2, 5);
	const struct entry *e;

	same(take(frame("a", 0, 3, 5)), "", "a first frame");
	same(take(frame("a", 2, 3, 5)), "rows start at 2; expected 3", "rows again");
	same(take(frame("a", 3, 2, 6)), "6 rows in all; this tensor's other frames say 5",
		"another total");
	f.dtype = U32;
	same(take(f), "type or shape differs from this tensor's first frame", "another type");
	same(take(frame("b", 1, 2, 5)), "rows start at 1; expected 0", "a start in the middle");
	same(closes(), "section ends before the last rows of 'a'", "an end too early");
	same(take(frame("a", 3, 2, 5)), "", "the last frame");
	same(take(frame("a", 5, 0, 5)), "'a' had its last rows already", "one more");
	e = ledger_find(&ledger, "a");
	ok(e && e->rows == 5 && e->frames == 2 && e->bytes == 20 && e->stored == 100 && e->whole,
		"what there was of it");
	ok(!ledger_find(&ledger, "none"), "of another nothing");
}

static void sections(void)
{
	const char *fault;

	fault = ledger_close(&ledger, "frames 3\ntensors 1\nbytes 20\nchain 00000000\n", why);
	ok(fault && strstr(fault, "end frame says 'frames 3', read 'frames 2'"),
		"an end frame that counts one more");
	same(closes(), "", "one that is right");
	same(take(frame("a", 0, 3, 5)), "'a' was already in section 1; this is section 2",
		"a name of the section before");
	same(take(frame("c", 0, 0, 0)), "", "no rows at all");
	same(closes(), "", "the second section ends");
}

static void many(void)
{
	char name[20];
	int found = 0;

	for (int i = 0; i < 2000; i++) {
		snprintf(name, sizeof name, "many.%d", i);
		found += *take(frame(name, 0, 1, 1)) == 0;
	}
	for (int i = 0; i < 2000; i++) {
		snprintf(name, sizeof name, "many.%d", i);
		found += ledger_find(&ledger, name) != NULL;
	}
	near(found, 4000, 0, "two thousand names are found again");
}

static void shapes(void)
{
	struct entry e = { .first = { .dtype = F32, .ndim = 2, .shape = { 9, 64 } }, .rows = 138493 };
	char line[LEDGER_LINE];

	ledger_shape(&e, line);
	same(line, "138493x64", "a shape in words");
	ledger_type(&e, line);
	same(line, "f32", "a type");
	e.first.ndim = 0;
	ledger_shape(&e, line);
	same(line, "scalar", "a scalar's");
	e.first.dtype = 0x51;
	ledger_type(&e, line);
	same(line, "0x51", "a type of the future");
}

/* The digest does not ask in which order tensors came. */
static uint32_t digest(const char *first, const char *second)
{
	struct ledger l;
	struct frame a = frame(first, 0, 3, 3), b = frame(second, 0, 3, 3);
	uint32_t crc;

	ledger_start(&l);
	ledger_take(&l, &a, why);
	ledger_take(&l, &b, why);
	crc = ledger_digest(&l);
	ledger_free(&l);
	return crc;
}

int main(void)
{
	ledger_start(&ledger);
	order();
	sections();
	many();
	ledger_free(&ledger);
	shapes();
	ok(digest("x", "y") == digest("y", "x"), "the order of tensors is not in the digest");
	ok(digest("x", "y") != digest("x", "z"), "a name is");
	return done();
}
