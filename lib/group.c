#include "group.h"

#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "mem.h"

size_t group_ids(const uint32_t *id, size_t n)
{
	size_t ids = 0;

#pragma omp parallel for reduction(max : ids)
	for (size_t i = 0; i < n; i++)
		if ((size_t)id[i] + 1 > ids)
			ids = (size_t)id[i] + 1;
	return ids;
}

/* to[from[i]] = i, in place, cycle by cycle. */
static void invert(uint32_t *p, size_t n)
{
	uint8_t *done = mem_new(n / 8 + 1, 1);

	for (size_t s = 0; s < n; s++) {
		size_t i = s, v = p[s];

		while (!(done[v / 8] >> v % 8 & 1)) {
			size_t next = p[v];

			p[v] = (uint32_t)i;
			done[v / 8] |= (uint8_t)(1u << v % 8);
			i = v;
			v = next;
		}
	}
	free(done);
}

/* Counts lie two places up, so that after the sums start[g + 1] is where g begins; giving places
 * moves it to where g ends, which is where g + 1 begins. A row's place replaces its id. */
void group_take(struct group *group, uint32_t *id, size_t n, size_t ids)
{
	size_t *start = mem_new(ids + 2, sizeof *start);

	if (n > UINT32_MAX)
		die("memory: %zu rows; at most 4294967295 can be grouped", n);
	group->ids = ids;
	group->start = start;
	group->row = id;
	for (size_t i = 0; i < n; i++)
		start[(size_t)id[i] + 2]++;
	for (size_t g = 0; g < ids; g++)
		start[g + 2] += start[g + 1];
	for (size_t i = 0; i < n; i++)
		id[i] = (uint32_t)start[(size_t)id[i] + 1]++;
	invert(id, n);
}

void group_new(struct group *group, const uint32_t *id, size_t n, size_t ids)
{
	uint32_t *copy = mem_new(n, sizeof *copy);

	if (n)
		memcpy(copy, id, n * sizeof *copy);
	group_take(group, copy, n, ids);
}

void group_free(struct group *group)
{
	free(group->start);
	free(group->row);
}
