#include "group.h"

#include <stdlib.h>

#include "mem.h"
#include "tap.h"

int main(void)
{
	const uint32_t id[] = { 2, 0, 2, 4, 0, 2 };
	const size_t start[] = { 0, 2, 2, 5, 5, 6 };
	const uint32_t row[] = { 1, 4, 0, 2, 5, 3 };
	const uint32_t largest[] = { UINT32_MAX };
	struct group g;

	ok(group_ids(id, 6) == 5, "ids: one more than the largest");
	ok(group_ids(id, 0) == 0, "ids: none in no rows");
	ok(group_ids(largest, 1) == (size_t)1 << 32, "ids: 2^32 - 1 does not wrap");
	group_new(&g, id, 6, 5);
	ok(memcmp(g.start, start, sizeof start) == 0, "starts, with ids that have no row");
	ok(memcmp(g.row, row, sizeof row) == 0, "rows of an id ascend");
	group_free(&g);
	group_new(&g, id, 0, 0);
	ok(g.start[0] == 0 && g.ids == 0, "no rows, no ids");
	group_free(&g);
	{
		enum { N = 10007, IDS = 300 };
		uint32_t *many = mem_new(N, sizeof *many), *taken = mem_new(N, sizeof *taken);
		int good = 1;

		for (size_t i = 0; i < N; i++)
			many[i] = taken[i] = (uint32_t)(i * i % 7919 * 31 % IDS);
		group_take(&g, taken, N, IDS);
		for (size_t u = 0; u < IDS; u++)
			for (size_t k = g.start[u]; k < g.start[u + 1]; k++)
				good &= many[g.row[k]] == u &&
					(k == g.start[u] || g.row[k] > g.row[k - 1]);
		ok(good && g.start[IDS] == N && g.row == taken, "in the memory of the ids");
		group_free(&g);
		free(many);
	}
	return done();
}
