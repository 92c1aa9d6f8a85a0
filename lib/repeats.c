#include "repeats.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

/* Radix sort, lowest byte first; a byte that all keys share takes no pass. */
static void sort(uint64_t *key, size_t n)
{
	uint64_t *from = key, *to = mem_new(n, sizeof *to), *spare = to;

	for (int shift = 0; shift < 64; shift += 8) {
		size_t count[256] = { 0 }, sum = 0;
		uint64_t *swap = to;

		for (size_t i = 0; i < n; i++)
			count[from[i] >> shift & 255]++;
		if (count[from[0] >> shift & 255] == n)
			continue;
		for (size_t b = 0; b < 256; b++) {
			size_t c = count[b];

			count[b] = sum;
			sum += c;
		}
		for (size_t i = 0; i < n; i++)
			to[count[from[i] >> shift & 255]++] = from[i];
		to = from;
		from = swap;
	}
	if (from != key)
		memcpy(key, from, n * sizeof *key);
	free(spare);
}

/* The keys of a part become a run, each of them once. */
static void put_away(struct repeats *r, int part)
{
	uint64_t *key = r->key[part];
	size_t n = 0;

	if (!r->n[part])
		return;
	sort(key, r->n[part]);
	for (size_t i = 0; i < r->n[part]; i++)
		if (i == 0 || key[i] != key[i - 1])
			key[n++] = key[i];
	r->run = mem_grow(r->run, r->runs + 1, sizeof *r->run);
	r->run[r->runs++] = (struct repeats_run){
		.at = spool_add(&r->spool, key, n * sizeof *key), .n = n, .part = (uint8_t)part
	};
	r->n[part] = 0;
}

void repeats_add(struct repeats *r, const uint32_t *user, const uint32_t *item, const uint8_t *part,
	size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t p = part[i];

		if (p == SPLIT_OUT)
			continue;
		if (r->n[p] == REPEATS_RUN)
			put_away(r, p);
		if (r->n[p] == r->room[p]) {
			r->room[p] = r->room[p] ? 2 * r->room[p] : 4096;
			r->key[p] = mem_grow(r->key[p], r->room[p], sizeof *r->key[p]);
		}
		r->key[p][r->n[p]++] = (uint64_t)user[i] << 32 | item[i];
	}
}

/* ---- merging ---- */

/* One run, of which a piece lies in memory. */
struct reader {
	struct repeats_run left;
	uint64_t *key;
	size_t i, n;
};

/* The next piece, or false after the last. */
static bool fill(struct reader *r, const struct spool *spool, size_t piece)
{
	r->i = 0;
	r->n = r->left.n < piece ? r->left.n : piece;
	spool_read(spool, r->key, r->left.at, r->n * sizeof *r->key);
	r->left.at += r->n * sizeof *r->key;
	r->left.n -= r->n;
	return r->n > 0;
}

/* heap[0 .. n) but for heap[0] has the lowest key first. */
static void sink(struct reader **heap, size_t n)
{
	struct reader *r = heap[0];
	uint64_t key = r->key[r->i];
	size_t at = 0;

	for (size_t child; (child = 2 * at + 1) < n; at = child) {
		if (child + 1 < n &&
			heap[child + 1]->key[heap[child + 1]->i] < heap[child]->key[heap[child]->i])
			child++;
		if (heap[child]->key[heap[child]->i] >= key)
			break;
		heap[at] = heap[child];
	}
	heap[at] = r;
}

static int by_key(const void *a, const void *b)
{
	const struct reader *x = *(struct reader *const *)a, *y = *(struct reader *const *)b;

	return (x->key[0] > y->key[0]) - (x->key[0] < y->key[0]);
}

/* Goes through all runs in order of the keys; parts collects those that a key is in. */
static size_t merge(struct reader **heap, size_t n, const struct spool *spool, size_t piece)
{
	uint64_t last = 0;
	unsigned parts = 0;
	size_t repeats = 0;

	while (n) {
		struct reader *r = heap[0];
		uint64_t key = r->key[r->i];

		if (key != last)
			parts = 0;
		last = key;
		/* from one part to two: the pair is counted once */
		repeats += parts && !(parts & (parts - 1)) && !(parts >> r->left.part & 1);
		parts |= 1u << r->left.part;
		if (++r->i == r->n && !fill(r, spool, piece))
			heap[0] = heap[--n];
		if (n)
			sink(heap, n);
	}
	return repeats;
}

size_t repeats_count(struct repeats *r)
{
	size_t piece, pairs;
	struct reader *reader, **heap;
	uint64_t *key;

	for (int p = 0; p < SPLIT_PARTS; p++) {
		put_away(r, p);
		free(r->key[p]);
		r->key[p] = NULL;
	}
	piece = REPEATS_RUN / (r->runs + 1);
	piece = piece > 512 ? piece : 512;
	reader = mem_new(r->runs, sizeof *reader);
	heap = mem_new(r->runs, sizeof *heap);
	key = mem_new(r->runs * piece, sizeof *key);
	for (size_t i = 0; i < r->runs; i++) {
		reader[i] = (struct reader){ .left = r->run[i], .key = key + i * piece };
		fill(&reader[i], &r->spool, piece);
		heap[i] = &reader[i];
	}
	if (r->runs)
		qsort(heap, r->runs, sizeof *heap, by_key);
	pairs = merge(heap, r->runs, &r->spool, piece);
	free(reader);
	free(heap);
	free(key);
	return pairs;
}

void repeats_free(struct repeats *r)
{
	for (int p = 0; p < SPLIT_PARTS; p++)
		free(r->key[p]);
	free(r->run);
	spool_free(&r->spool);
}
