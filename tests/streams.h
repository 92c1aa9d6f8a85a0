/* Streams that unit tests make and read, in a folder of their own. */
#ifndef STREAMS_H
#define STREAMS_H

#include <omp.h>
#include <stdlib.h>
#include <unistd.h>

#include "child.h"
#include "codec.h"
#include "die.h"
#include "ledger.h"
#include "mem.h"
#include "rng.h"
#include "stream_out.h"
#include "stream_rows.h"
#include "tap.h"

static char dir[] = "/tmp/rs-stream.XXXXXX";

static inline const char *file(const char *name)
{
	static char path[8][64];
	static unsigned turn;
	char *p = path[turn++ % 8];

	snprintf(p, sizeof path[0], "%s/%s", dir, name);
	return p;
}

static inline void save(const char *name, const void *bytes, size_t n)
{
	FILE *f = fopen(file(name), "wb");

	if (!f || fwrite(bytes, 1, n, f) != n || fclose(f))
		exit(1);
}

static inline uint8_t *slurp(const char *name, size_t *n)
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

static inline int keep_all(const char *name, const struct frame *f, void *arg)
{
	(void)name;
	(void)f;
	(void)arg;
	return STREAM_KEEP;
}

static inline void load(const char *name, struct tensors *set)
{
	struct stream *in = stream_file(file(name), NULL);

	stream_load(in, NULL, keep_all, NULL, set);
	stream_free(in);
}

static inline void load_only(void *name)
{
	struct tensors set = { 0 };

	load(name, &set);
	tensors_free(&set);
}

/* Loading the file dies with one line that holds `want`. */
static inline void refused(const char *name, const char *want, const char *what)
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

static inline void maker_start(struct maker *m, const char *name)
{
	m->f = fopen(file(name), "wb");
	m->codec = codec_new();
	ledger_start(&m->ledger);
}

static inline void maker_frame(struct maker *m, struct frame f, const void *raw)
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

static inline struct frame rows_of(
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

static inline void maker_rows(struct maker *m, const char *name, uint64_t start, uint64_t count,
	uint64_t total, bool last)
{
	static uint32_t raw[100];

	for (uint64_t i = 0; i < count; i++)
		raw[i] = (uint32_t)(start + i);
	maker_frame(m, rows_of(name, start, count, total, last), raw);
}

static inline void maker_text(struct maker *m, char kind, const char *text)
{
	struct frame f = { .kind = kind, .raw_len = (uint32_t)strlen(text) };

	maker_frame(m, f, text);
}

/* text NULL: the end frame that is right. */
static inline void maker_end(struct maker *m, const char *text)
{
	char end[LEDGER_END], why[FRAME_WHY];

	ledger_end(&m->ledger, end);
	maker_text(m, 'E', text ? text : end);
	ledger_close(&m->ledger, end, why);
}

static inline void maker_close(struct maker *m)
{
	fclose(m->f);
	codec_free(m->codec);
	ledger_free(&m->ledger);
}

static inline void expect_hundred(void *name)
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

static inline struct tensor *made(const char *name, enum dtype dtype, uint64_t rows, uint64_t cols)
{
	struct tensor *t = tensor_new(name, dtype, rows, cols);
	uint8_t *bytes = t->data;
	size_t w = dtype_size(dtype);

	for (uint64_t i = 0; i < tensor_bytes(t); i++) /* low bytes noisy, high bytes calm */
		bytes[i] = (uint8_t)(i % w < (w + 1) / 2 ? rng_bits(5, RNG_MAKE, i / 3) : i / 5000);
	return t;
}

static inline bool equal(const struct tensor *a, const struct tensor *b)
{
	return a && a->dtype == b->dtype && a->ndim == b->ndim &&
	       tensor_bytes(a) == tensor_bytes(b) &&
	       memcmp(a->shape, b->shape, a->ndim * sizeof *a->shape) == 0 &&
	       memcmp(a->data, b->data, tensor_bytes(b)) == 0;
}

/* Names of the frames of a file, in order, "model.a.w user time label part user ...". */
static inline void names(const char *name, char *to, size_t room)
{
	struct stream *in = stream_file(file(name), NULL);
	const struct frame *f;
	size_t n = 0;

	*to = 0;
	while ((f = stream_next(in)) && n < room)
		n += (size_t)snprintf(to + n, room - n, "%s ", f->name);
	stream_free(in);
}

/* user and item 0 .. 99, in groups and an empty last frame: the file "frames". */
static inline void make_hundred(void)
{
	struct maker m;

	maker_start(&m, "frames");
	for (uint64_t i = 0; i < 100; i += 40) {
		maker_rows(&m, "user", i, i < 80 ? 40 : 20, 100, i == 80);
		maker_rows(&m, "item", i, i < 80 ? 40 : 20, FRAME_UNKNOWN, false);
	}
	maker_rows(&m, "item", 100, 0, 100, true);
	maker_text(&m, 'P', "tool rs-x 1\n");
	maker_end(&m, NULL);
	maker_close(&m);
}

/* Columns that go out with so many threads; the file's CRC as the exit would be too small. */
static inline void with_threads(void *arg)
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

static inline void streams_begin(void)
{
	die_name("unit");
	omp_set_num_threads(1);
	if (!mkdtemp(dir))
		exit(1);
}

static inline int streams_end(void)
{
	char command[64];

	snprintf(command, sizeof command, "rm -r '%s'", dir);
	return system(command) || done();
}

#endif
