#include "group.h"

#include <stdlib.h>

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

/* Counts lie two places up, so that after the sums start[g + 1] is where g begins; filling moves
 * it to where g ends, which is where g + 1 begins. */
void group_new(struct group *group, const uint32_t *id, size_t n, size_t ids)
{
	size_t *start = mem_new(ids + 2, sizeof *start);

	group->ids = ids;
	group->start = start;
	group->row = mem_new(n, sizeof *group->row);
	for (size_t i = 0; i < n; i++)
		start[(size_t)id[i] + 2]++;
	for (size_t g = 0; g < ids; g++)
		start[g + 2] += start[g + 1];
	for (size_t i = 0; i < n; i++)
		group->row[start[(size_t)id[i] + 1]++] = i;
}

void group_free(struct group *group)
{
	free(group->start);
	free(group->row);
}
