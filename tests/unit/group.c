#include "group.h"

#include "tap.h"

int main(void)
{
	const uint32_t id[] = { 2, 0, 2, 4, 0, 2 };
	const size_t start[] = { 0, 2, 2, 5, 5, 6 }, row[] = { 1, 4, 0, 2, 5, 3 };
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
	return done();
}
