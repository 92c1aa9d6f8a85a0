/* Ids without a row: found in columns, lists and joined tables, and scored as the unknown. */
#include "unseen.h"

#include <stdlib.h>

#include "mem.h"
#include "tap.h"

enum { DIM = 4, USERS = 5, GENRES = 4 };

static const uint32_t user[] = { 0, 3, 3, 9 }, item[] = { 1, 0, 1, 7 };
static const uint64_t at[] = { 0, 2, 3 };
static const uint32_t genre[] = { 0, 2, 2 };
static const float price[] = { 1, 2, 3, 4 };
static const struct net_field field[] = {
	{ .kind = NET_CAT, .values = USERS, .key = user, .entries = UINT64_MAX },
	{ .kind = NET_BAG, .values = GENRES, .key = item, .entries = 2, .at = at, .id = genre },
	{ .kind = NET_NUM, .values = 1, .entries = 4, .num = price },
};

static struct net *make(bool unknown)
{
	struct net_shape shape = { .arch = NET_DEEPFM, .dim = DIM, .layers = 1, .hidden = { 8 },
		.unknown = unknown, .fields = 3, .field = field };

	return net_new(&shape);
}

int main(void)
{
	static const uint32_t row[] = { 0, 1, 2, 3 }, want[] = { 1, 2, 4, USERS + 1 + 1,
		USERS + 1 + 3 };
	struct net *net = make(true), *without = make(false);
	struct unseen u = unseen_find(net, field, row, 4), none = unseen_find(without, field, row, 4);
	size_t equal = 0, kept = 0;

	ok(none.n == 0, "a network without embeddings of the unknown has none");
	ok(u.n == 5 && memcmp(u.id, want, sizeof want) == 0,
		"users 1, 2 and 4, genres 1 and 3: of ids beyond the table none");
	ok(u.n == 5 && u.unknown[0] == net_unknown(net, 0) && u.unknown[4] == net_unknown(net, 1),
		"each has its own field's unknown");
	for (size_t i = 0; i < (net->table.rows + 1) * DIM; i++)
		net->table.w[i] = (float)i;
	for (size_t i = 0; i <= net->table.rows; i++)
		net->table.linear[i] = -(float)i;
	unseen_adopt(net, &u);
	for (size_t i = 0; i < u.n; i++) {
		const float *w = net->table.w + u.id[i] * DIM;

		for (size_t d = 0; d < DIM; d++)
			equal += w[d] == (float)(u.unknown[i] * DIM + d);
		equal += net->table.linear[u.id[i]] == -(float)u.unknown[i];
	}
	near((double)equal, 5 * (DIM + 1), 0, "all of its weights");
	for (size_t i = 0; i < DIM; i++)
		kept += net->table.w[3 * DIM + i] == (float)(3 * DIM + i);
	near((double)kept, DIM, 0, "what was seen keeps its own");
	unseen_free(&u);
	unseen_free(&none);
	net_free(net);
	net_free(without);
	return done();
}
