#include "quantile.h"

#include <stdlib.h>

#include "mem.h"

static int by_value(const void *a, const void *b)
{
	const float *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

size_t quantile_cuts(float *cut, float *x, size_t n, size_t buckets)
{
	size_t cuts = 0;

	if (n == 0)
		return 0;
	qsort(x, n, sizeof *x, by_value);
	for (size_t k = 1; k < buckets; k++) {
		size_t upto = (k * n + buckets - 1) / buckets;
		float at = x[upto - 1];

		if (at < x[n - 1] && (cuts == 0 || cut[cuts - 1] < at))
			cut[cuts++] = at;
	}
	return cuts;
}

uint32_t quantile_bucket(const float *cut, size_t cuts, float x)
{
	size_t low = 0, high = cuts;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (cut[middle] < x)
			low = middle + 1;
		else
			high = middle;
	}
	return (uint32_t)low;
}

struct counted {
	uint64_t count;
	size_t id;
};

static int by_count(const void *a, const void *b)
{
	const struct counted *x = a, *y = b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

void quantile_groups(uint32_t *group, const uint64_t *count, size_t ids, size_t groups)
{
	struct counted *order = mem_new(ids, sizeof *order);
	uint64_t before = 0, all = 0;

	for (size_t id = 0; id < ids; id++) {
		order[id] = (struct counted){ count[id], id };
		all += count[id];
	}
	qsort(order, ids, sizeof *order, by_count);
	for (size_t k = 0; k < ids; k++) {
		group[order[k].id] =
			(uint32_t)(order[k].count ? groups * before / all : groups - 1);
		before += order[k].count;
	}
	free(order);
}
