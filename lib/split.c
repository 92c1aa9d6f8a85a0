#include "split.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rng.h"

bool split_scheme_parse(enum split_scheme *scheme, const char *text)
{
	static const char *const name[] = { "random", "user", "leave-one-out", "time", "cold-users",
		"cold-items", "given" }; /* as split_scheme */

	for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
		*scheme = (enum split_scheme)i;
		if (strcmp(text, name[i]) == 0)
			return true;
	}
	return false;
}

bool split_fold_parse(size_t *fold, size_t *folds, const char *text)
{
	unsigned i, k;
	int end = 0;

	if (strspn(text, "0123456789/") != strlen(text) || strlen(text) > 11 ||
		sscanf(text, "%u/%u%n", &i, &k, &end) != 2 || text[end])
		return false;
	*fold = (size_t)i - 1;
	*folds = k;
	return i >= 1 && i <= k && k >= 2 && k <= 10000;
}

bool split_part_parse(uint8_t *part, const char *text, size_t n)
{
	static const struct {
		const char *text;
		uint8_t part;
	} known[] = { { "train", SPLIT_TRAIN }, { "valid", SPLIT_VALID },
		{ "validation", SPLIT_VALID }, { "test", SPLIT_TEST }, { "out", SPLIT_OUT },
		{ "0", SPLIT_TRAIN }, { "1", SPLIT_VALID }, { "2", SPLIT_TEST },
		{ "255", SPLIT_OUT } };

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strlen(known[i].text) == n && memcmp(known[i].text, text, n) == 0) {
			*part = known[i].part;
			return true;
		}
	return false;
}

/* ---- a row at a time ---- */

/* A run's rotation of the folds is drawn from a seed of its own, apart from the u of its rows. */
enum { SEED_FOLDS = 3 };

static size_t fold_of(uint64_t folds_seed, uint64_t number, size_t folds)
{
	uint64_t turn = rng_below(folds, folds_seed, RNG_SPLIT, number / folds);

	return (size_t)((number + turn) % folds);
}

size_t split_fold_of(uint64_t seed, uint64_t number, size_t folds)
{
	return fold_of(rng_derive(seed, SEED_FOLDS), number, folds);
}

static uint8_t drawn(const struct split_draw *d, uint64_t folds_seed, uint64_t number)
{
	double u = rng_unit(d->seed, RNG_SPLIT, number), test = d->test;

	if (d->folds) {
		if (fold_of(folds_seed, number, d->folds) == d->fold)
			return SPLIT_TEST;
		return u < d->valid / (1 - 1 / (double)d->folds) ? SPLIT_VALID : SPLIT_TRAIN;
	}
	return u < test ? SPLIT_TEST : u < test + d->valid ? SPLIT_VALID : SPLIT_TRAIN;
}

void split_random(uint8_t *part, size_t start, size_t n, const struct split_draw *draw)
{
	uint64_t folds_seed = rng_derive(draw->seed, SEED_FOLDS);

#pragma omp parallel for schedule(static)
	for (size_t i = 0; i < n; i++)
		part[i] = drawn(draw, folds_seed, start + i);
}

void split_cold(uint8_t *part, const uint32_t *id, size_t n, enum split_axis axis,
	const struct split_draw *draw)
{
	struct split_draw own = *draw;
	uint64_t folds_seed;

	own.seed = rng_derive(draw->seed, axis);
	folds_seed = rng_derive(own.seed, SEED_FOLDS);
#pragma omp parallel for schedule(static)
	for (size_t i = 0; i < n; i++)
		part[i] = drawn(&own, folds_seed, id[i]);
}

void split_thin(uint8_t *part, size_t start, size_t n, double share, uint64_t seed)
{
#pragma omp parallel for schedule(static)
	for (size_t i = 0; i < n; i++)
		if (part[i] == SPLIT_TRAIN && rng_unit(seed, RNG_SAMPLE, start + i) >= share)
			part[i] = SPLIT_OUT;
}

void split_dates(
	uint8_t *part, const int64_t *time, size_t n, int64_t valid_from, int64_t test_from)
{
	for (size_t i = 0; i < n; i++)
		part[i] = time[i] >= test_from	  ? SPLIT_TEST
			  : time[i] >= valid_from ? SPLIT_VALID
						  : SPLIT_TRAIN;
}

/* ---- with all rows ---- */

/* Rows of a user that are sorted with their places beside them. */
enum { FEW = 4096 };

/* A row with its place among the rows of its user. */
struct place {
	uint64_t key;
	size_t row;
};

static int by_place(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->row > y->row) - (x->row < y->row);
}

/* How many of a user's m rows go where. */
typedef void user_sizes(size_t m, double valid, double test, size_t *valids, size_t *tests);

static uint64_t in_order(int64_t time)
{
	return (uint64_t)time ^ (uint64_t)1 << 63;
}

struct order {
	struct group *users;
	const struct when *time; /* NULL: at random */
	uint64_t seed;
};

static struct place place_of(const struct order *by, uint32_t row)
{
	return (struct place){ .row = row,
		.key = by->time ? in_order(when_at(by->time, row))
				: rng_bits(by->seed, RNG_SPLIT, row) };
}

static void sort_by_places(uint32_t *row, size_t m, const struct order *by)
{
	struct place place[FEW];

	for (size_t k = 0; k < m; k++)
		place[k] = place_of(by, row[k]);
	qsort(place, m, sizeof *place, by_place);
	for (size_t k = 0; k < m; k++)
		row[k] = (uint32_t)place[k].row;
}

/* row[at] goes down the heap row[0 .. m), whose top is the last in order. */
static void sink(uint32_t *row, size_t at, size_t m, const struct order *by)
{
	struct place sunk = place_of(by, row[at]);

	for (size_t child; (child = 2 * at + 1) < m; at = child) {
		struct place below = place_of(by, row[child]);

		if (child + 1 < m) {
			struct place other = place_of(by, row[child + 1]);

			if (by_place(&other, &below) > 0) {
				below = other;
				child++;
			}
		}
		if (by_place(&below, &sunk) <= 0)
			break;
		row[at] = row[child];
	}
	row[at] = (uint32_t)sunk.row;
}

/* No memory but the rows' own, however many one user has. */
static void sort_in_place(uint32_t *row, size_t m, const struct order *by)
{
	for (size_t at = m / 2; at-- > 0;)
		sink(row, at, m, by);
	while (m-- > 1) {
		uint32_t last = row[0];

		row[0] = row[m];
		row[m] = last;
		sink(row, 0, m, by);
	}
}

static void split_users(
	uint8_t *part, const struct order *by, double valid, double test, user_sizes *sizes)
{
#pragma omp parallel for schedule(dynamic, 64)
	for (size_t u = 0; u < by->users->ids; u++) {
		uint32_t *row = by->users->row + by->users->start[u];
		size_t m = by->users->start[u + 1] - by->users->start[u], valids, tests;

		if (m <= FEW)
			sort_by_places(row, m, by);
		else
			sort_in_place(row, m, by);
		sizes(m, valid, test, &valids, &tests);
		for (size_t k = 0; k < m; k++)
			part[row[k]] = k >= m - tests		 ? SPLIT_TEST
				       : k >= m - tests - valids ? SPLIT_VALID
								 : SPLIT_TRAIN;
	}
}

static size_t share(size_t n, double fraction)
{
	return (size_t)floor((double)n * fraction + 0.5);
}

static void sizes_by_share(size_t m, double valid, double test, size_t *valids, size_t *tests)
{
	size_t most = m ? m - 1 : 0;

	*tests = share(m, test);
	*tests = *tests < most ? *tests : most;
	*valids = share(m, valid);
	*valids = *valids < most - *tests ? *valids : most - *tests;
}

static void sizes_one_each(size_t m, double valid, double test, size_t *valids, size_t *tests)
{
	*valids = valid > 0;
	*tests = test > 0;
	if (m <= *valids + *tests)
		*valids = *tests = 0;
}

void split_user(uint8_t *part, struct group *users, const struct when *time, uint64_t seed,
	double valid, double test)
{
	split_users(part, &(struct order){ users, time, seed }, valid, test, sizes_by_share);
}

void split_leave_one_out(uint8_t *part, struct group *users, const struct when *time, uint64_t seed,
	double valid, double test)
{
	split_users(part, &(struct order){ users, time, seed }, valid, test, sizes_one_each);
}

/* The k-th smallest time, k from 1: byte by byte from the top, counting the times that share the
 * bytes found so far. Eight passes, no copy. */
static uint64_t kth(const struct when *time, size_t k)
{
	uint64_t found = 0, known = 0;

	for (int shift = 56; shift >= 0; shift -= 8) {
		size_t count[256] = { 0 };
		unsigned byte = 0;

		for (size_t i = 0; i < time->n; i++) {
			uint64_t x = in_order(when_at(time, i));

			if ((x & known) == found)
				count[x >> shift & 255]++;
		}
		for (; k > count[byte]; byte++)
			k -= count[byte];
		found |= (uint64_t)byte << shift;
		known |= (uint64_t)255 << shift;
	}
	return found;
}

void split_time(uint8_t *part, const struct when *time, double valid, double test)
{
	size_t n = time->n, valids, tests;
	uint64_t train_end, valid_end;

	if (n == 0)
		return;
	sizes_by_share(n, valid, test, &valids, &tests);
	valid_end = kth(time, n - tests);
	train_end = kth(time, n - tests - valids);
#pragma omp parallel for schedule(static)
	for (size_t i = 0; i < n; i++) {
		uint64_t x = in_order(when_at(time, i));

		part[i] = x > valid_end ? SPLIT_TEST : x > train_end ? SPLIT_VALID : SPLIT_TRAIN;
	}
}
