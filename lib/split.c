#include "split.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "rng.h"

bool split_scheme_parse(enum split_scheme *scheme, const char *text)
{
	static const char *const name[] = { "random", "user", "leave-one-out", "time" };

	for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
		*scheme = (enum split_scheme)i;
		if (strcmp(text, name[i]) == 0)
			return true;
	}
	return false;
}

void split_random(uint8_t *part, size_t start, size_t n, uint64_t seed, double valid, double test)
{
#pragma omp parallel for schedule(static)
	for (size_t i = 0; i < n; i++) {
		double u = rng_unit(seed, RNG_SPLIT, start + i);

		part[i] = u < test ? SPLIT_TEST : u < test + valid ? SPLIT_VALID : SPLIT_TRAIN;
	}
}

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

static void split_users(uint8_t *part, const struct group *users, const int64_t *time,
	uint64_t seed, double valid, double test, user_sizes *sizes)
{
	struct place *all = mem_new(users->start[users->ids], sizeof *all);

#pragma omp parallel for schedule(dynamic, 64)
	for (size_t u = 0; u < users->ids; u++) {
		size_t first = users->start[u], m = users->start[u + 1] - first, valids, tests;
		struct place *place = all + first;

		for (size_t k = 0; k < m; k++) {
			size_t row = users->row[first + k];

			place[k].row = row;
			place[k].key = time ? in_order(time[row]) : rng_bits(seed, RNG_SPLIT, row);
		}
		qsort(place, m, sizeof *place, by_place);
		sizes(m, valid, test, &valids, &tests);
		for (size_t k = 0; k < m; k++)
			part[place[k].row] = k >= m - tests	       ? SPLIT_TEST
					     : k >= m - tests - valids ? SPLIT_VALID
								       : SPLIT_TRAIN;
	}
	free(all);
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

void split_user(uint8_t *part, const struct group *users, const int64_t *time, uint64_t seed,
	double valid, double test)
{
	split_users(part, users, time, seed, valid, test, sizes_by_share);
}

void split_leave_one_out(uint8_t *part, const struct group *users, const int64_t *time,
	uint64_t seed, double valid, double test)
{
	split_users(part, users, time, seed, valid, test, sizes_one_each);
}

/* The k-th smallest time, k from 1: byte by byte from the top, counting the times that share the
 * bytes found so far. Eight passes, no copy. */
static uint64_t kth(const int64_t *time, size_t n, size_t k)
{
	uint64_t found = 0, known = 0;

	for (int shift = 56; shift >= 0; shift -= 8) {
		size_t count[256] = { 0 };
		unsigned byte = 0;

		for (size_t i = 0; i < n; i++) {
			uint64_t x = in_order(time[i]);

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

void split_time(uint8_t *part, const int64_t *time, size_t n, double valid, double test)
{
	size_t valids, tests;
	uint64_t train_end, valid_end;

	if (n == 0)
		return;
	sizes_by_share(n, valid, test, &valids, &tests);
	valid_end = kth(time, n, n - tests);
	train_end = kth(time, n, n - tests - valids);
#pragma omp parallel for schedule(static)
	for (size_t i = 0; i < n; i++) {
		uint64_t x = in_order(time[i]);

		part[i] = x > valid_end ? SPLIT_TEST : x > train_end ? SPLIT_VALID : SPLIT_TRAIN;
	}
}

/* ---- the report ---- */

enum { IN_TRAIN = 1 << SPLIT_TRAIN, IN_TEST = 1 << SPLIT_TEST };

/* The parts that each id occurs in, as bits. */
static uint8_t *seen_in(const uint8_t *part, const uint32_t *id, size_t n, size_t ids)
{
	uint8_t *seen = mem_new(ids, 1);

	for (size_t i = 0; i < n; i++)
		seen[id[i]] |= (uint8_t)(1u << part[i]);
	return seen;
}

/* Counts of one id column: how many ids each part has, and the cold ones of test with their
 * rows. which picks users or items of a struct split_part. */
static void count_ids(struct split_part part[SPLIT_PARTS], size_t which, size_t *cold,
	size_t *cold_rows, const struct split_rows *rows, const uint32_t *id, size_t ids)
{
	uint8_t *seen = seen_in(rows->part, id, rows->n, ids);

	for (size_t g = 0; g < ids; g++) {
		for (int p = 0; p < SPLIT_PARTS; p++)
			*(size_t *)((char *)&part[p] + which) += seen[g] >> p & 1;
		*cold += (seen[g] & (IN_TRAIN | IN_TEST)) == IN_TEST;
	}
	for (size_t i = 0; i < rows->n; i++)
		*cold_rows += rows->part[i] == SPLIT_TEST && !(seen[id[i]] & IN_TRAIN);
	free(seen);
}

/* User by user, mark[item] collects the parts of the pair; owner[item] says whose marks they are.
 */
static size_t shared_pairs(const struct split_rows *rows)
{
	uint32_t *owner = mem_new(rows->items, sizeof *owner);
	uint8_t *mark = mem_new(rows->items, 1);
	struct group users;
	size_t pairs = 0;

	group_new(&users, rows->user, rows->n, rows->users);
	for (size_t k = 0; k < rows->n; k++) {
		size_t row = users.row[k];
		uint32_t item = rows->item[row], user = rows->user[row];
		uint8_t had = owner[item] == user ? mark[item] : 0;

		owner[item] = user;
		mark[item] = had | (uint8_t)(1u << rows->part[row]);
		/* from one part to two: the pair is counted once */
		pairs += had && !(had & (had - 1)) && mark[item] != had;
	}
	group_free(&users);
	free(owner);
	free(mark);
	return pairs;
}

static size_t count_late(const struct split_rows *rows)
{
	int64_t first = INT64_MAX;
	size_t late = 0;

	for (size_t i = 0; i < rows->n; i++)
		if (rows->part[i] == SPLIT_TEST && rows->time[i] < first)
			first = rows->time[i];
	for (size_t i = 0; i < rows->n; i++)
		late += rows->part[i] == SPLIT_TRAIN && rows->time[i] > first;
	return late;
}

void split_report(struct split_part part[SPLIT_PARTS], struct split_leaks *leaks,
	const struct split_rows *rows)
{
	memset(part, 0, SPLIT_PARTS * sizeof *part);
	memset(leaks, 0, sizeof *leaks);
	for (size_t i = 0; i < rows->n; i++) {
		assert(rows->part[i] < SPLIT_PARTS);
		part[rows->part[i]].rows++;
		if (rows->label)
			part[rows->part[i]].positives += rows->label[i] > 0;
	}
	if (rows->user)
		count_ids(part, offsetof(struct split_part, users), &leaks->cold_users,
			&leaks->cold_user_rows, rows, rows->user, rows->users);
	if (rows->item)
		count_ids(part, offsetof(struct split_part, items), &leaks->cold_items,
			&leaks->cold_item_rows, rows, rows->item, rows->items);
	if (rows->user && rows->item)
		leaks->pairs = shared_pairs(rows);
	if (rows->time)
		leaks->late = count_late(rows);
}

bool split_is_binary(const float *label, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (label[i] != 0 && label[i] != 1)
			return false;
	return true;
}
