/* stream -- speeds of the codec in one run, as ratios.
 *
 *   stream make ROWS          a seeded table (user, item, label, time) as a stream of level 0
 *   stream ratios ROWS TIMES  frames of that table at level 1 against zlib level 1 without filters,
 *                             on the same threads: raw bytes a second in and out, medians */
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "codec.h"
#include "die.h"
#include "frame.h"
#include "mem.h"
#include "par.h"
#include "rng.h"
#include "stream_out.h"

enum { CUT = 65536, COLUMNS = 4, MOST_TIMES = 99 };

/* The shape of a ratings table sorted by user: some 140 rows a user, popular items first, half
 * stars, times that wander within a user's visit. */
static void make(struct tensor *column[COLUMNS], size_t rows)
{
	static const char *const name[] = { "user", "item", "label", "time" };
	static const enum dtype type[] = { U32, U32, F32, I64 };
	uint32_t *user, *item;
	float *label;
	int64_t *when;

	for (int c = 0; c < COLUMNS; c++)
		column[c] = tensor_new(name[c], type[c], rows, 0);
	user = column[0]->data;
	item = column[1]->data;
	label = column[2]->data;
	when = column[3]->data;
#pragma omp parallel for schedule(static)
	for (size_t i = 0; i < rows; i++) {
		double u = rng_unit(1, RNG_MAKE, 4 * i), v = rng_unit(1, RNG_MAKE, 4 * i + 1);

		user[i] = (uint32_t)(i / 144);
		item[i] = (uint32_t)(u * u * u * 26000);
		label[i] = 0.5f * (float)(1 + (int)(10 * (v < 0.5 ? 0.5 + v : v)));
		when[i] = 800000000 + (int64_t)rng_below(500000000, 2, RNG_MAKE, i / 144) +
			  (int64_t)(i % 144) * 7 + (int64_t)rng_below(30, 3, RNG_MAKE, i);
	}
}

struct piece {
	struct frame f;
	const uint8_t *raw;
	uint8_t *ours, *theirs, *back;
	size_t theirs_bytes;
};

struct bench {
	struct piece *piece;
	size_t n;
	struct codec **codec;
	uint8_t **scratch;
	double bytes;
};

static void cut(struct bench *b, struct tensor *column[COLUMNS], size_t rows)
{
	b->piece = mem_new((rows / CUT + 1) * COLUMNS, sizeof *b->piece);
	for (int c = 0; c < COLUMNS; c++)
		for (size_t at = 0; at < rows; at += CUT) {
			struct piece *p = b->piece + b->n++;
			size_t n = rows - at < CUT ? rows - at : CUT,
			       w = tensor_row_bytes(column[c]);

			memcpy(p->f.name, column[c]->name, sizeof p->f.name);
			p->f.kind = 'T';
			p->f.dtype = (uint8_t)column[c]->dtype;
			p->f.ndim = 1;
			p->f.filter = column[c]->dtype == F32 ? CODEC_SHUFFLE : CODEC_DELTA;
			p->f.row_start = at;
			p->f.row_count = n;
			p->f.rows_total = rows;
			p->f.last = at + n == rows;
			p->f.raw_len = (uint32_t)(n * w);
			p->raw = (const uint8_t *)column[c]->data + at * w;
			p->ours = mem_new(frame_room(&p->f), 1);
			p->theirs = mem_new(compressBound(p->f.raw_len), 1);
			p->back = mem_new(p->f.raw_len, 1);
			b->bytes += p->f.raw_len;
		}
	b->codec = mem_new((size_t)par_threads(), sizeof(struct codec *));
	b->scratch = mem_new((size_t)par_threads(), sizeof(uint8_t *));
	for (int i = 0; i < par_threads(); i++) {
		b->codec[i] = codec_new();
		b->scratch[i] = mem_new(CUT * 8 + 64, 1);
	}
}

static void pack_ours(struct bench *b, struct piece *p, int thread)
{
	frame_pack(&p->f, p->ours, p->raw, b->codec[thread], b->scratch[thread], 1);
}

static void pack_theirs(struct bench *b, struct piece *p, int thread)
{
	uLongf n = compressBound(p->f.raw_len);

	(void)b;
	(void)thread;
	if (compress2(p->theirs, &n, p->raw, p->f.raw_len, 1) != Z_OK)
		die("zlib does not deflate");
	p->theirs_bytes = n;
}

static void unpack_ours(struct bench *b, struct piece *p, int thread)
{
	char why[FRAME_WHY];
	const char *fault = frame_unpack(&p->f, b->codec[thread], p->back, b->scratch[thread], why);

	if (fault)
		die("%s", fault);
}

static void unpack_theirs(struct bench *b, struct piece *p, int thread)
{
	uLongf n = p->f.raw_len;

	(void)b;
	(void)thread;
	if (uncompress(p->back, &n, p->theirs, p->theirs_bytes) != Z_OK || n != p->f.raw_len)
		die("zlib does not inflate");
}

typedef void work(struct bench *b, struct piece *p, int thread);

static double seconds(struct bench *b, work *w)
{
	double start = omp_get_wtime();

#pragma omp parallel for schedule(dynamic, 1)
	for (size_t i = 0; i < b->n; i++)
		w(b, b->piece + i, omp_get_thread_num());
	return omp_get_wtime() - start;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void ratios(size_t rows, int times)
{
	static work *const works[] = { pack_ours, pack_theirs, unpack_ours, unpack_theirs };
	double taken[4][MOST_TIMES], ours = 0, theirs = 0;
	struct tensor *column[COLUMNS];
	struct bench b = { .n = 0 };

	make(column, rows);
	cut(&b, column, rows);
	for (int t = 0; t < times; t++) /* side by side, so that what disturbs, disturbs all */
		for (int w = 0; w < 4; w++)
			taken[w][t] = seconds(&b, works[w]);
	for (size_t i = 0; i < b.n; i++) {
		if (memcmp(b.piece[i].back, b.piece[i].raw, b.piece[i].f.raw_len) != 0)
			die("piece %zu came back otherwise", i);
		ours += (double)b.piece[i].f.stored;
		theirs += (double)b.piece[i].theirs_bytes;
	}
	for (int w = 0; w < 4; w++)
		qsort(taken[w], (size_t)times, sizeof *taken[w], by_size);
	printf("# %zu rows, %d threads, raw MB/s: deflate %.0f, zlib -1 %.0f; inflate %.0f, zlib "
	       "%.0f; "
	       "smaller by %.2f, zlib %.2f\n",
		rows, par_threads(), b.bytes / taken[0][times / 2] / 1e6,
		b.bytes / taken[1][times / 2] / 1e6, b.bytes / taken[2][times / 2] / 1e6,
		b.bytes / taken[3][times / 2] / 1e6, b.bytes / ours, b.bytes / theirs);
	printf("deflate-vs-zlib-1\t%.2f\t5\n", taken[1][times / 2] / taken[0][times / 2]);
	printf("inflate-vs-zlib\t%.2f\t3\n", taken[3][times / 2] / taken[2][times / 2]);
}

static void make_stream(size_t rows)
{
	struct stream_options options = { .level = 0 };
	struct stream *out = stream_out(NULL, &options, NULL);
	struct tensor *column[COLUMNS];

	make(column, rows);
	stream_write_rows(out, column, COLUMNS);
	stream_close(out);
}

int main(int argc, char **argv)
{
	size_t rows = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
	int times = argc > 3 ? atoi(argv[3]) : 0;

	die_name(argv[0]);
	par_start(argv);
	if (rows && strcmp(argv[1], "make") == 0)
		make_stream(rows);
	else if (rows && times > 0 && times <= MOST_TIMES && strcmp(argv[1], "ratios") == 0)
		ratios(rows, times);
	else
		die_usage("stream make ROWS, or stream ratios ROWS TIMES");
	return 0;
}
