/* Frames made in parallel: they come in order, unpack to what they were, the smaller filter is
 * kept, and bytes do not depend on how many are made at once. Unpacking is lib/unpack's. */
#include "pack.h"

#include <stdlib.h>

#include "codec.h"
#include "mem.h"
#include "tap.h"
#include "unpack.h"

enum { JOBS = 40, ROWS = 3000 };

static uint32_t rising[ROWS], noise[ROWS];
static uint8_t *stored[JOBS];
static struct frame made[JOBS];
static size_t got;

static void ready(void *arg, const struct frame *f)
{
	(void)arg;
	made[got] = *f;
	stored[got] = mem_new(f->stored, 1);
	memcpy(stored[got], f->bytes, f->stored);
	made[got].bytes = stored[got];
	got++;
}

static struct pack_job job_of(const uint32_t *raw, unsigned *choice, size_t i, size_t n)
{
	struct pack_job j = { .raw = raw, .choice = choice, .trial = i == 0 };

	j.f = (struct frame){ .kind = 'T', .dtype = U32, .ndim = 1, .row_start = i * ROWS,
		.row_count = ROWS, .rows_total = n * ROWS, .raw_len = sizeof rising,
		.last = i + 1 == n };
	j.f.shape[0] = n * ROWS;
	strcpy(j.f.name, "x");
	return j;
}

/* n frames of raw, `batch` at a time; the filter that was chosen. */
static unsigned run(int level, const uint32_t *raw, size_t n, size_t batch)
{
	struct pack *p = pack_new(level);
	struct pack_job job[JOBS];
	unsigned choice = CODEC_NONE;

	got = 0;
	for (size_t i = 0; i < n; i += batch) {
		size_t m = n - i < batch ? n - i : batch;

		for (size_t k = 0; k < m; k++)
			job[k] = job_of(raw, &choice, i + k, n);
		pack_run(p, job, m, ready, NULL);
	}
	pack_free(p);
	return choice;
}

static void drop(void)
{
	for (size_t i = 0; i < got; i++)
		free(stored[i]);
}

static void there_and_back(int level, const uint32_t *raw, const char *what)
{
	struct tensor *t = tensor_new("x", U32, JOBS * ROWS, 0);
	struct unpack *u = unpack_new();
	const char *why = NULL;
	size_t good = 0, damaged = JOBS;
	uint8_t *kept;
	const struct frame *f;

	run(level, raw, JOBS, JOBS);
	for (size_t i = 0; i < JOBS; i++) {
		unpack_add(u, made + i, t, i * sizeof rising);
		if (unpack_full(u) || i + 1 == JOBS)
			good += unpack_run(u, &why) != NULL;
	}
	ok(good == 0, what);
	for (size_t i = 0; i < JOBS; i++)
		good += memcmp((uint32_t *)t->data + i * ROWS, raw, sizeof rising) == 0 &&
			made[i].row_start == i * ROWS;
	near((double)good, JOBS, 0, "  all rows are back, frames came in order");
	kept = stored[5];
	kept[made[5].stored - 1] ^= 1; /* zlib's length of the member */
	kept[made[5].stored - 9] ^= 1; /* and what lies before its sum */
	unpack_add(u, made + 4, NULL, 0);
	unpack_add(u, made + 5, NULL, 0);
	f = unpack_run(u, &why);
	if (f)
		damaged = f->row_start / ROWS;
	near((double)damaged, 5, 0, "  the damaged one of two is named");
	unpack_free(u);
	tensor_free(t);
	drop();
}

int main(void)
{
	struct frame alone[JOBS];
	size_t equal = 0;

	for (uint32_t i = 0, x = 1; i < ROWS; i++) {
		rising[i] = 1000000 + 3 * i;
		x = x * 1664525 + 1013904223;
		noise[i] = x >> 16;
	}
	there_and_back(0, rising, "level 0 is read");
	there_and_back(1, rising, "level 1 is read");
	there_and_back(6, noise, "level 6 is read");
	ok(run(1, rising, 3, 3) == CODEC_DELTA, "rising numbers keep the filter of differences");
	drop();
	ok(run(1, noise, 3, 3) == CODEC_SHUFFLE, "small noise that of bytes");
	drop();
	run(1, noise, JOBS, 1);
	memcpy(alone, made, sizeof alone);
	for (size_t i = 0; i < JOBS; i++)
		alone[i].bytes = stored[i];
	run(1, noise, JOBS, 32);
	for (size_t i = 0; i < JOBS; i++)
		equal += made[i].stored == alone[i].stored &&
			 memcmp(made[i].bytes, alone[i].bytes, alone[i].stored) == 0;
	near((double)equal, JOBS, 0, "one at a time or 32: the same bytes");
	for (size_t i = 0; i < JOBS; i++)
		free((void *)(uintptr_t)alone[i].bytes);
	drop();
	return done();
}
