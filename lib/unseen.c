#include "unseen.h"

#include <stdlib.h>
#include <string.h>

#include "ids.h"
#include "mem.h"

static void mark(uint8_t *seen, const struct net *net, size_t f, const struct net_field *in,
	const uint32_t *row, size_t n)
{
	uint32_t base = net->base[f], values = net->shape.field[f].values, id;

	for (size_t r = 0; r < n; r++) {
		uint64_t e = ids_entry(in, row[r]);

		if (net->shape.field[f].kind == NET_CAT) {
			ids_of(net, f, in, row + r, 0, 1, &id, NULL);
			seen[id] = 1;
			continue;
		}
		if (e == UINT64_MAX)
			continue;
		for (uint64_t i = in->at[e]; i < in->at[e + 1]; i++)
			if (in->id[i] < values)
				seen[base + in->id[i]] = 1;
	}
}

struct unseen unseen_find(
	const struct net *net, const struct net_field *field, const uint32_t *row, size_t n)
{
	struct unseen u = { 0 };
	uint8_t *seen;

	if (!net->shape.unknown)
		return u;
	seen = mem_new(net->table.rows + 1, 1);
	for (size_t f = 0; f < net->shape.fields; f++)
		if (net->shape.field[f].kind != NET_NUM)
			mark(seen, net, f, field + f, row, n);
	u.id = mem_new(net->table.rows, sizeof *u.id);
	u.unknown = mem_new(net->table.rows, sizeof *u.unknown);
	for (size_t f = 0; f < net->shape.fields; f++)
		for (uint32_t i = 0; net->rows[f] && i < net->shape.field[f].values; i++)
			if (!seen[net->base[f] + i]) {
				u.id[u.n] = net->base[f] + i;
				u.unknown[u.n++] = net_unknown(net, f);
			}
	free(seen);
	return u;
}

void unseen_free(struct unseen *u)
{
	free(u->id);
	free(u->unknown);
}

void unseen_adopt(struct net *net, const struct unseen *u)
{
	size_t dim = net->table.dim;

	for (size_t i = 0; i < u->n; i++) {
		memcpy(net->table.w + u->id[i] * dim, net->table.w + u->unknown[i] * dim,
			dim * sizeof *net->table.w);
		if (net->table.linear)
			net->table.linear[u->id[i]] = net->table.linear[u->unknown[i]];
	}
}
