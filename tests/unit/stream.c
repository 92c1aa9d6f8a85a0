#include "stream.h"

#include <fcntl.h>
#include <omp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "codec.h"
#include "die.h"
#include "ledger.h"
#include "lineage.h"
#include "mem.h"
#include "rng.h"
#include "tap.h"
#include "vector.h"

/* Whatever may die or start threads happens in a child: fork does not copy libgomp's threads. */

enum { SAID = 4096, FIRST = 118 };

static char dir[] = "/tmp/rs-stream.XXXXXX";
static char said[SAID]; /* stderr of the last child */

static const char *file(const char *name)
{
	static char path[8][64];
	static unsigned turn;
	char *p = path[turn++ % 8];

	snprintf(p, sizeof path[0], "%s/%s", dir, name);
	return p;
}

/* The child's exit status; 128 + signal when it was killed. */
static int run(void (*action)(void *arg), const void *arg)
{
	int ends[2], status;
	size_t n = 0;
	ssize_t got;
	pid_t pid;

	fflush(stdout);
	if (pipe(ends) || (pid = fork()) < 0)
		exit(1);
	if (pid == 0) {
		dup2(ends[1], STDERR_FILENO);
		close(ends[0]);
		close(ends[1]);
		action((void *)(uintptr_t)arg);
		_exit(0);
	}
	close(ends[1]);
	while ((got = read(ends[0], said + n, SAID - 1 - n)) > 0)
		n += (size_t)got;
	said[n] = 0;
	close(ends[0]);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void save(const char *name, const void *bytes, size_t n)
{
	FILE *f = fopen(file(name), "wb");

	if (!f || fwrite(bytes, 1, n, f) != n || fclose(f))
		exit(1);
}

static uint8_t *slurp(const char *name, size_t *n)
{
	FILE *f = fopen(file(name), "rb");
	uint8_t *bytes = NULL;
	size_t got = 0;

	*n = 0;
	do {
		bytes = mem_grow(bytes, *n + (1 << 20), 1);
		got = f ? fread(bytes + *n, 1, 1 << 20, f) : 0;
		*n += got;
	} while (got);
	if (f)
		fclose(f);
	return bytes;
}

static int keep_all(const char *name, const struct frame *f, void *arg)
{
	(void)name;
	(void)f;
	(void)arg;
	return STREAM_KEEP;
}

static void load(const char *name, struct tensors *set)
{
	struct stream *in = stream_file(file(name), NULL);

	stream_load(in, NULL, keep_all, NULL, set);
	stream_free(in);
}

static void load_only(void *name)
{
	struct tensors set = { 0 };

	load(name, &set);
	tensors_free(&set);
}

/* Loading the file dies with one line that holds `want`. */
static void refused(const char *name, const char *want, const char *what)
{
	char copy[64];
	int status;
	const char *end;

	snprintf(copy, sizeof copy, "%s", name);
	status = run(load_only, copy);
	end = strchr(said, '\n');
	if (!ok(status == 1 && strstr(said, want) && end && end[1] == 0, what))
		printf("# status %d, said: %s\n", status, said);
}

/* ---- streams made by hand ---- */

struct maker {
	FILE *f;
	struct ledger ledger;
	struct codec *codec;
};

static void maker_start(struct maker *m, const char *name)
{
	m->f = fopen(file(name), "wb");
	m->codec = codec_new();
	ledger_start(&m->ledger);
}

static void maker_frame(struct maker *m, struct frame f, const void *raw)
{
	uint8_t *out = mem_grow(NULL, frame_room(&f), 1);
	uint8_t *scratch = mem_grow(NULL, frame_scratch(&f, 1), 1);
	char why[FRAME_WHY];

	frame_pack(&f, out, raw, m->codec, scratch, 1);
	fwrite(out, 1, f.stored, m->f);
	if (f.kind != 'E')
		ledger_take(&m->ledger, &f, why);
	free(out);
	free(scratch);
}

static struct frame rows_of(
	const char *name, uint64_t start, uint64_t count, uint64_t total, bool last)
{
	struct frame f = { .kind = 'T',
		.dtype = U32,
		.ndim = 1,
		.row_start = start,
		.row_count = count,
		.rows_total = total,
		.last = last,
		.raw_len = (uint32_t)(4 * count) };

	snprintf(f.name, sizeof f.name, "%s", name);
	return f;
}

static void maker_rows(struct maker *m, const char *name, uint64_t start, uint64_t count,
	uint64_t total, bool last)
{
	static uint32_t raw[100];

	for (uint64_t i = 0; i < count; i++)
		raw[i] = (uint32_t)(start + i);
	maker_frame(m, rows_of(name, start, count, total, last), raw);
}

static void maker_text(struct maker *m, char kind, const char *text)
{
	struct frame f = { .kind = kind, .raw_len = (uint32_t)strlen(text) };

	maker_frame(m, f, text);
}

/* text NULL: the end frame that is right. */
static void maker_end(struct maker *m, const char *text)
{
	char end[LEDGER_END], why[FRAME_WHY];

	ledger_end(&m->ledger, end);
	maker_text(m, 'E', text ? text : end);
	ledger_close(&m->ledger, end, why);
}

static void maker_close(struct maker *m)
{
	fclose(m->f);
	codec_free(m->codec);
	ledger_free(&m->ledger);
}

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

static void expect_hundred(void *name)
{
	struct tensors set = { 0 };

	load(name, &set);
	for (size_t i = 0; i < set.n; i++)
		for (uint32_t j = 0; j < 100; j++)
			if (((uint32_t *)set.at[i]->data)[j] != j)
				_exit(77);
	_exit(set.n == 2 && tensor_rows(set.at[0]) == 100 && tensor_rows(set.at[1]) == 100 ? 0
											   : 77);
}

static void shuffled_frames(void)
{
	enum { MOST = 16 };
	struct maker m;
	uint8_t *bytes, *copy;
	size_t at[MOST + 1] = { 0 }, n, count = 0, need, bad = 0, tried = 0;
	char why[FRAME_WHY];

	maker_start(&m, "frames");
	for (uint64_t i = 0; i < 100; i += 40) {
		maker_rows(&m, "user", i, i < 80 ? 40 : 20, 100, i == 80);
		maker_rows(&m, "item", i, i < 80 ? 40 : 20, FRAME_UNKNOWN, false);
	}
	maker_rows(&m, "item", 100, 0, 100, true);
	maker_text(&m, 'P', "tool rs-x 1\n");
	maker_end(&m, NULL);
	maker_close(&m);
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

static struct tensor *made(const char *name, enum dtype dtype, uint64_t rows, uint64_t cols)
{
	struct tensor *t = tensor_new(name, dtype, rows, cols);
	uint8_t *bytes = t->data;
	size_t w = dtype_size(dtype);

	for (uint64_t i = 0; i < tensor_bytes(t); i++) /* low bytes noisy, high bytes calm */
		bytes[i] = (uint8_t)(i % w < (w + 1) / 2 ? rng_bits(5, RNG_MAKE, i / 3) : i / 5000);
	return t;
}

static bool equal(const struct tensor *a, const struct tensor *b)
{
	return a && a->dtype == b->dtype && a->ndim == b->ndim &&
	       tensor_bytes(a) == tensor_bytes(b) &&
	       memcmp(a->shape, b->shape, a->ndim * sizeof *a->shape) == 0 &&
	       memcmp(a->data, b->data, tensor_bytes(b)) == 0;
}

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

/* Columns that go out with so many threads; the file's CRC as the exit would be too small. */
static void with_threads(void *arg)
{
	int threads = *(int *)arg;
	char name[16];
	struct stream_options o = { .level = 1, .sha256 = true };
	struct provenance by = { .tool = "rs-x 1", .has_seed = true, .seed = 1 };
	struct tensor *column[] = { made("user", U32, 300001, 0), made("time", I64, 300001, 0),
		made("label", F32, 300001, 0) };
	struct stream *out;

	omp_set_num_threads(threads);
	snprintf(name, sizeof name, "threads%d", threads);
	o.output = file(name);
	out = stream_out(NULL, &o, &by);
	stream_write_rows(out, column, 3);
	stream_close(out);
	for (int i = 0; i < 3; i++)
		tensor_free(column[i]);
}

static void threads(void)
{
	static int count[] = { 1, 2, 7 };
	uint8_t *first, *other;
	size_t n, m;

	for (int i = 0; i < 3; i++)
		run(with_threads, count + i);
	first = slurp("threads1", &n);
	other = slurp("threads2", &m);
	ok(n > 1000000 && n == m && memcmp(first, other, n) == 0,
		"1 and 2 threads: the same bytes");
	free(other);
	other = slurp("threads7", &m);
	ok(n == m && memcmp(first, other, n) == 0, "1 and 7 threads: the same bytes");
	free(first);
	free(other);
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

/* ---- writing: faults of the machine ---- */

struct limit {
	const char *path;
	rlim_t bytes;
};

static void write_limited(void *arg)
{
	const struct limit *l = arg;
	struct stream_options o = { .level = 1, .output = l->path };
	struct tensor *t = made("user", U32, 200, 0);
	struct rlimit limit = { l->bytes, l->bytes };
	struct stream *out;

	if (l->bytes) {
		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &limit);
	}
	out = stream_out(NULL, &o, NULL);
	stream_write(out, t);
	tensor_free(t);
	stream_close(out);
}

/* The disk fills at every byte of the output: no file, one line. */
static void full_disk(void)
{
	struct limit l = { .path = file("whole") };
	size_t n, wrong = 0;

	run(write_limited, &l);
	free(slurp("whole", &n));
	l.path = file("cut");
	for (rlim_t i = 1; i < n; i += 7) {
		l.bytes = i;
		wrong += run(write_limited, &l) != 1 || !strstr(said, "cut: File too large") ||
			 access(l.path, F_OK) == 0;
	}
	ok(n > 300 && wrong == 0, "a file that cannot be written whole does not appear");
	l.bytes = n;
	ok(run(write_limited, &l) == 0 && access(l.path, F_OK) == 0, "one that can, does");
	l = (struct limit){ .path = "/dev/full" };
	ok(run(write_limited, &l) == 1 && strstr(said, "full: No space left on device"),
		"/dev/full");
}

static void hold_and_write(void *arg)
{
	struct stream *in = stream_file(file("threads1"), NULL), *out;
	struct stream_options o = { .level = 1, .output = file("held") };
	struct tensors set = { 0 };
	struct tensor *part, *model;

	(void)arg;
	out = stream_out(in, &o, NULL);
	stream_load(in, out, keep_all, NULL, &set);
	part = made("part", U8, 300001, 0);
	model = made("model.a.w", F32, 10, 10);
	stream_write(out, part);
	stream_write(out, model);
	stream_close(out);
	stream_free(in);
	tensors_free(&set);
	tensor_free(part);
	tensor_free(model);
}

/* Names of the frames of a file, in order, "model.a.w user time label part user ...". */
static void names(const char *name, char *to, size_t room)
{
	struct stream *in = stream_file(file(name), NULL);
	const struct frame *f;
	size_t n = 0;

	*to = 0;
	while ((f = stream_next(in)) && n < room)
		n += (size_t)snprintf(to + n, room - n, "%s ", f->name);
	stream_free(in);
}

static void write_again(void *arg)
{
	struct stream *in = stream_file(file("threads1"), NULL), *out;
	struct stream_options o = { .level = 1, .output = file("again") };
	struct tensor *t = made("user", U8, 300001, 0);
	struct tensors set = { 0 };

	out = stream_out(in, &o, NULL);
	stream_load(in, out, keep_all, NULL, &set);
	if (arg)
		stream_drop(out, "user");
	stream_write(out, t);
	stream_close(out);
	tensors_free(&set);
	load("again", &set);
	_exit(set.n == 3 && equal(tensors_find(&set, "user"), t) ? 0 : 77);
}

static void writing(void)
{
	char order[256];

	ok(run(hold_and_write, NULL) == 0, "rows are held while a model is made");
	names("held", order, sizeof order);
	same(order,
		"model.a.w user time label part user time label part user time label part "
		"user time label part user time label part ",
		"the model goes ahead, the new column between the held ones");
	ok(run(write_again, NULL) == 1 && strstr(said, "'user' is already in the stream"),
		"a name that is taken");
	ok(run(write_again, "drop") == 0, "unless it is dropped");
}

/* ---- reading by rows ---- */

struct by_rows {
	const char *name;
	bool pass_item;
	size_t columns; /* expected */
};

static int want_columns(const char *name, const struct frame *f, void *arg)
{
	const struct by_rows *b = arg;

	(void)f;
	return b->pass_item && strcmp(name, "item") == 0 ? STREAM_PASS : STREAM_KEEP;
}

/* Rows 0 .. 99 of user and item in groups, whatever the order of the frames. */
static void read_rows(void *arg)
{
	struct by_rows *b = arg;
	struct stream *in = stream_file(file(b->name), NULL);
	struct stream_options o = { .level = 1, .output = file("rows") };
	struct stream *out = stream_out(in, &o, NULL);
	struct tensors tables = { 0 };
	struct stream_rows rows = { .start = 0 };
	uint64_t seen = 0;

	while (stream_rows(in, out, want_columns, b, &tables, &rows)) {
		if (rows.start != seen || rows.columns.n != b->columns)
			_exit(77);
		for (size_t c = 0; c < rows.columns.n; c++)
			for (uint64_t i = 0; i < rows.count; i++)
				if (((uint32_t *)rows.columns.at[c]->data)[i] != seen + i)
					_exit(78);
		seen += rows.count;
		if (rows.last != (seen == 100))
			_exit(79);
	}
	stream_close(out);
	stream_free(in);
	tensors_free(&tables);
	tensors_free(&rows.columns);
	if (seen != 100)
		_exit(80);
}

static void by_rows(void)
{
	struct by_rows b = { .name = "frames", .columns = 2 };
	struct maker m;
	char order[256];

	ok(run(read_rows, &b) == 0 && run(expect_hundred, "rows") == 0, "side by side");
	b.pass_item = true;
	b.columns = 1;
	ok(run(read_rows, &b) == 0 && run(expect_hundred, "rows") == 0, "one column only");
	b = (struct by_rows){ .name = "three", .pass_item = true, .columns = 2 };
	maker_start(&m, b.name);
	for (int i = 0; i < 3; i++) {
		maker_rows(&m, i == 0 ? "item" : i == 1 ? "user" : "label", 0, 60, 100, false);
		maker_rows(&m, i == 0 ? "item" : i == 1 ? "user" : "label", 60, 40, 100, true);
	}
	maker_end(&m, NULL);
	maker_close(&m);
	ok(run(read_rows, &b) == 0, "two of three columns, one after another");
	b = (struct by_rows){ .name = "after-another", .columns = 2 };
	maker_start(&m, b.name);
	maker_rows(&m, "user", 0, 60, 100, false);
	maker_rows(&m, "user", 60, 40, 100, true);
	maker_rows(&m, "item", 0, 60, 100, false);
	maker_rows(&m, "item", 60, 40, 100, true);
	maker_end(&m, NULL);
	maker_close(&m);
	ok(run(read_rows, &b) == 0 && run(expect_hundred, "rows") == 0, "one column after another");
	names("rows", order, sizeof order);
	same(order, "user item user item ", "and they go out side by side");
	b.name = "cuts";
	maker_start(&m, b.name);
	maker_rows(&m, "user", 0, 60, 100, false);
	maker_rows(&m, "item", 0, 50, 100, false);
	maker_close(&m);
	ok(run(read_rows, &b) == 1 && strstr(said, "rs-pick --repack"), "columns cut differently");
	b.name = "table";
	maker_start(&m, b.name);
	maker_rows(&m, "user", 0, 60, 60, true);
	maker_rows(&m, "model.a.w", 0, 1, 1, true);
	maker_close(&m);
	ok(run(read_rows, &b) == 1 && strstr(said, "a table or model after the rows"),
		"a late table");
	b.name = "short";
	maker_start(&m, b.name);
	maker_rows(&m, "user", 0, 50, 100, false);
	maker_rows(&m, "item", 0, 50, 50, true);
	maker_rows(&m, "user", 50, 50, 100, true);
	maker_end(&m, NULL);
	maker_close(&m);
	ok(run(read_rows, &b) == 1 && strstr(said, "'item' lacks rows 50-99"),
		"a column too short");
}

int main(void)
{
	char command[64];

	die_name("unit");
	omp_set_num_threads(1);
	if (!mkdtemp(dir))
		return 1;
	vector_and_damage();
	shuffled_frames();
	round_trips();
	threads();
	bad_ends();
	bad_order();
	hostile();
	full_disk();
	writing();
	by_rows();
	snprintf(command, sizeof command, "rm -r '%s'", dir);
	if (system(command))
		return 1;
	return done();
}
