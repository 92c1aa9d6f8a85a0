/* stream: frames come back as they were written; every kind of damage is told with its place. */
#include "stream.h"

#include <sys/resource.h>

#include "stream_out.h"
#include "streams.h"
#include "vector.h"

/* ---- the vector, prefixes, flips ---- */
static void write_vector(void *arg)
{
	struct stream_options o = { .level = 1, .output = arg };
	struct tensor *t = tensor_new("user", U32, 3, 0);
	struct stream *out = stream_out(NULL, &o, NULL);

	memcpy(t->data, (uint32_t[]){ 1, 1, 2 }, 12);
	stream_write(out, t);
	stream_close(out);
	tensor_free(t);
}

/* Exits 0 only if what is in the file is the vector's content. */
static void expect_vector(void *name)
{
	struct tensors set = { 0 };
	const uint32_t want[] = { 1, 1, 2 };

	load(name, &set);
	if (set.n != 1 || strcmp(set.at[0]->name, "user") != 0 || set.at[0]->dtype != U32 ||
		tensor_bytes(set.at[0]) != 12 || memcmp(set.at[0]->data, want, 12) != 0)
		_exit(77);
	tensors_free(&set);
}

static size_t plain_form(uint8_t *to)
{
	static const int part[][2] = { { 0x1d, 0x5d }, { 0x62, 0x6e }, { 0x93, 0xcb },
		{ 0xd0, 0xfb } };
	size_t n = 0;

	for (int i = 0; i < 4; i++) {
		memcpy(to + n, vector + part[i][0], (size_t)(part[i][1] - part[i][0]));
		n += (size_t)(part[i][1] - part[i][0]);
	}
	return n;
}

static void damage(const uint8_t *bytes, size_t n, const char *form)
{
	uint8_t copy[sizeof vector];
	char what[100];
	size_t cut = 0, flips = 0, harmless = 0;
	int status;

	for (size_t i = 0; i < n; i++) {
		save("damaged", bytes, i);
		cut += run(expect_vector, "damaged") == 1;
	}
	snprintf(what, sizeof what, "%s: every proper prefix is refused", form);
	ok(cut == n, what);
	for (size_t i = 0; i < 8 * n; i++) {
		memcpy(copy, bytes, n);
		copy[i / 8] ^= (uint8_t)(1 << i % 8);
		save("damaged", copy, n);
		status = run(expect_vector, "damaged");
		flips += status == 1 || status == 0;
		harmless += status == 0;
	}
	snprintf(what, sizeof what, "%s: every flipped bit is refused or without effect", form);
	ok(flips == 8 * n, what);
	printf("# %zu of %zu flips without effect\n", harmless, 8 * n);
	snprintf(what, sizeof what, "%s: few flips are without effect", form);
	ok(harmless <= 10, what); /* padding of two stored blocks' first bytes */
}

static void vector_and_damage(void)
{
	uint8_t plain[sizeof vector], *bytes;
	size_t n, m;

	ok(run(write_vector, file("vector")) == 0, "writes the vector");
	bytes = slurp("vector", &n);
	ok(n == sizeof vector && memcmp(bytes, vector, n) == 0, "byte for byte");
	m = plain_form(plain);
	ok(m == 175 && codec_crc(0, plain, m) == 0xd0784fbb && codec_crc(0, bytes, n) == 0x59f260dc,
		"the CRCs of both forms");
	save("plain", plain, m);
	ok(run(expect_vector, "vector") == 0 && run(expect_vector, "plain") == 0,
		"both forms are read");
	damage(vector, n, "members");
	damage(plain, m, "plain");

	free(bytes);
}

/* ---- frames dropped, doubled, swapped ---- */

static void shuffled_frames(void)
{
	enum { MOST = 16 };
	uint8_t *bytes, *copy;
	size_t at[MOST + 1] = { 0 }, n, count = 0, need, bad = 0, tried = 0;
	char why[FRAME_WHY];

	make_hundred();
	ok(run(expect_hundred, "frames") == 0, "two tensors in six frames and an empty last one");
	bytes = slurp("frames", &n);
	while (at[count] < n) {
		struct frame f;

		frame_parse(&f, bytes + at[count], n - at[count], &need, why);
		at[count + 1] = at[count] + f.stored;
		count++;
	}
	copy = mem_grow(NULL, 2 * n, 1);
	for (size_t i = 0; i < count; i++)
		for (size_t j = i; j <= count; j++, tried++) {
			size_t k = 0;

			for (size_t x = 0; x < count;
				x++) { /* j = i: drop; j = count: double; else swap */
				size_t y = j == i || j == count ? x : x == i ? j : x == j ? i : x;
				int times = x != i ? 1 : j == i ? 0 : j == count ? 2 : 1;

				for (; times; times--, k += at[y + 1] - at[y])
					memcpy(copy + k, bytes + at[y], at[y + 1] - at[y]);
			}
			save("damaged", copy, k);
			bad += run(expect_hundred, "damaged") != 1;
		}
	ok(count == 9 && bad == 0, "every drop, doubling and swap of frames is refused");
	printf("# %zu of %zu were not\n", bad, tried);
	free(bytes);
	free(copy);
}

/* ---- round trips ---- */

static const enum dtype dtypes[] = { U8, U16, U32, U64, I8, I16, I32, I64, F16, F32, F64, BF16 };
enum { DTYPES = sizeof dtypes / sizeof *dtypes };

static void round_trip(void *arg)
{
	long level = *(long *)arg;
	struct stream_options o = { .level = level, .output = file("trip") };
	struct tensors set = { 0 }, back = { 0 };
	struct stream *out;

	omp_set_num_threads(2);
	for (int d = 0; d < DTYPES; d++)
		for (int r = 0; r < 5; r++) {
			uint64_t cut = 65536, rows[] = { 0, 1, cut - 1, cut, cut + 1 };
			char name[32];

			if (level == 9 && r > 1 && (r < 4 || d % 4))
				continue; /* zlib's best takes its time */
			snprintf(name, sizeof name, "t%d.%d", d, r);
			tensors_add(&set, made(name, dtypes[d], rows[r], 0));
		}
	tensors_add(&set, made("wide", F32, 4097, 64)); /* cut at 4096 */
	tensors_add(&set, made("scalar", F64, 1, 0));
	set.at[set.n - 1]->ndim = 0;
	tensors_add(&set, made("cube", I16, 6, 20));
	set.at[set.n - 1]->ndim = 3;
	memcpy(set.at[set.n - 1]->shape, (uint64_t[]){ 6, 4, 5 }, 24);
	out = stream_out(NULL, &o, NULL);
	for (size_t i = 0; i < set.n; i++)
		stream_write(out, set.at[i]);
	stream_close(out);
	load("trip", &back);
	for (size_t i = 0; i < set.n; i++)
		if (!equal(back.n == set.n ? back.at[i] : NULL, set.at[i]))
			_exit(77);
	tensors_free(&set);
	tensors_free(&back);
}

static void round_trips(void)
{
	static long level[] = { 0, 1, 6, 9 };
	char what[64];

	for (int i = 0; i < 4; i++) {
		snprintf(what, sizeof what, "level %ld: every type and number of rows comes back",
			level[i]);
		if (!ok(run(round_trip, level + i) == 0, what))
			printf("# %s\n", said);
	}
}

/* ---- faults and limits ---- */

static void bad_ends(void)
{
	struct maker m;

	maker_start(&m, "count");
	maker_rows(&m, "user", 0, 3, 3, true);
	maker_end(&m, "frames 2\ntensors 1\nbytes 12\nchain 00000000\n");
	maker_close(&m);
	refused("count", "end frame says 'frames 2', read 'frames 1'",
		"an end frame that counts wrong");
	maker_start(&m, "open");
	maker_rows(&m, "user", 0, 3, 5, false);
	maker_end(&m, NULL);
	maker_close(&m);
	refused("open", "before the last rows of 'user'", "a tensor without its last frame");
	maker_start(&m, "noend");
	maker_rows(&m, "user", 0, 3, 3, true);
	maker_close(&m);
	refused("noend", "no end frame after 1 frames", "no end frame");
	maker_start(&m, "after");
	maker_rows(&m, "user", 0, 3, 3, true);
	maker_end(&m, NULL);
	maker_rows(&m, "item", 0, 3, 3, true);
	maker_close(&m);
	refused("after", "no end frame after 3 frames", "an end frame in the middle ends nothing");
	save("bytes", vector, sizeof vector);
	maker_start(&m, "tail");
	fwrite(vector, 1, sizeof vector, m.f);
	fwrite("\n", 1, 1, m.f);
	maker_close(&m);
	refused("tail", "frame 3 at byte 259: not a stream (starts with 0a)",
		"a byte after the end");
	save("nothing", "", 0);
	refused("nothing", "nothing: empty input; expected a stream", "empty input");
	save("csv", "user,item\n", 10);
	refused("csv", "not a stream (starts with 75 73 65 72)", "CSV");
	save("gzip", "\x1f\x8b\x08\x08\0\0\0\0\0\3name", 14);
	refused("gzip", "gzip with foreign header); try: zcat", "gzip of something else");
}

static void bad_order(void)
{
	struct maker m;

	maker_start(&m, "gap");
	maker_rows(&m, "user", 0, 3, 9, false);
	maker_rows(&m, "user", 4, 5, 9, true);
	maker_close(&m);
	refused("gap", "frame 2 ('user' rows 4-8) at byte", "a gap names frame, rows and byte");
	refused("gap", "rows start at 4; expected 3", "and what was expected");
	maker_start(&m, "twice");
	for (int i = 0; i < 2; i++) {
		maker_rows(&m, "user", 0, 3, 3, true);
		maker_end(&m, NULL);
		ledger_free(&m.ledger);
		ledger_start(&m.ledger);
	}
	maker_close(&m);
	refused("twice", "'user' was already in section 1; this is section 2",
		"one name in two sections");
	maker_start(&m, "totals");
	maker_rows(&m, "user", 0, 3, 9, false);
	maker_rows(&m, "user", 3, 3, 6, true);
	maker_close(&m);
	refused("totals", "6 rows in all; this tensor's other frames say 9", "totals that differ");
	maker_start(&m, "history");
	for (int i = 0; i < 4097; i++)
		maker_text(&m, 'P', "tool rs-x 1\n");
	maker_end(&m, NULL);
	maker_close(&m);
	refused("history", "more than 4096 history entries", "too much history");
	maker_start(&m, "escape");
	maker_text(&m, 'P', "tool \033[31m\n");
	maker_close(&m);
	refused("escape", "history with control characters", "escapes in history");
}

/* 2^48 rows promised, one sent: memory follows what came. */
static void promised(void *arg)
{
	struct stream *in = stream_file(file("promise"), NULL);
	struct tensors set = { 0 };
	struct rusage before, after;

	(void)arg;
	getrusage(RUSAGE_SELF, &before);
	stream_keep(in, stream_next(in), &set);
	stream_settle(in);
	getrusage(RUSAGE_SELF, &after);
	_exit(after.ru_maxrss - before.ru_maxrss < 64 << 10 ? 0 : 77);
}

static void too_much(void *arg)
{
	struct stream_options o = { .memory = 1 << 20 };
	struct stream *in = stream_file(file(arg), &o);
	struct tensors set = { 0 };

	stream_load(in, NULL, keep_all, NULL, &set);
}

static void unknown(void *arg)
{
	struct stream *in = stream_file(file("unknown"), NULL);
	struct stream_options o = { .level = 1, .output = file("passed") };
	struct stream *out = stream_out(in, &o, NULL);
	const struct frame *f;

	(void)arg;
	while ((f = stream_next(in)))
		stream_forward(out, f);
	stream_close(out);
	stream_free(in);
}

static void hostile(void)
{
	struct maker m;
	struct frame f;
	uint8_t *a, *b;
	size_t n, k;

	maker_start(&m, "promise");
	maker_rows(&m, "user", 0, 1, (uint64_t)1 << 48, false);
	maker_close(&m);
	ok(run(promised, NULL) == 0, "2^48 rows promised, one sent: no memory for the others");
	run(with_threads, (int[]){ 1 });
	ok(run(too_much, "threads1") == 1 && strstr(said, "has grown beyond --memory 1M"),
		"the ceiling for kept tensors");
	maker_start(&m, "unknown");
	f = rows_of("strange", 0, 3, 3, true);
	f.dtype = 0x52; /* four bytes wide, of a class of tomorrow */
	maker_frame(&m, f, "0123456789AB");
	maker_text(&m, 'x', "a frame of tomorrow");
	maker_end(&m, NULL);
	maker_close(&m);
	refused("unknown", "type 0x52 with filter 0; this version cannot read that",
		"unknown type, kept");
	ok(run(unknown, NULL) == 0, "unknown types and kinds pass");
	a = slurp("unknown", &n);
	b = slurp("passed", &k);
	ok(n == k && memcmp(a, b, n) == 0, "byte for byte");
	free(a);
	free(b);
}

int main(void)
{
	streams_begin();
	vector_and_damage();
	shuffled_frames();
	round_trips();
	bad_ends();
	bad_order();
	hostile();
	return streams_end();
}
