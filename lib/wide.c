#include "wide.h"

/* The ids of a field in a row: the number, and where they are. */
static size_t ids_of(const struct net_field *f, uint64_t row, uint32_t *one, const uint32_t **id)
{
	uint64_t e = f->key ? f->key[row] : row;

	*id = one;
	if (f->key && e >= f->entries)
		return 0;
	if (f->kind == NET_BAG) {
		*id = f->id + f->at[e];
		return f->at[e + 1] - f->at[e];
	}
	*one = f->cat ? f->cat[e] : (uint32_t)e;
	return 1;
}

/* The finaliser of MurmurHash3 (Appleby 2011), over the ids in turn. */
static uint64_t mix(uint64_t h, uint32_t id)
{
	h = (h ^ id) * 0xFF51AFD7ED558CCDu;
	h ^= h >> 33;
	h *= 0xC4CEB9FE1A85EC53u;
	return h ^ h >> 33;
}

size_t wide_buckets(const struct net *net, size_t wide, const struct net_field *field, uint64_t row,
	uint32_t bucket[WIDE_MOST])
{
	const struct net_wide *w = net->shape.wide + wide;
	uint64_t hash[2][WIDE_MOST] = { { 0 } };
	size_t n = 1, now = 0;

	for (size_t p = 0; p < w->parts; p++) {
		uint32_t one, values = net->shape.field[w->field[p]].values;
		const uint32_t *id;
		size_t ids = ids_of(field + w->field[p], row, &one, &id), made = 0;

		for (size_t i = 0; i < n; i++)
			for (size_t j = 0; j < ids && made < WIDE_MOST; j++)
				if (id[j] < values)
					hash[!now][made++] = mix(hash[now][i], id[j]);
		now = !now;
		n = made;
	}
	for (size_t i = 0; i < n; i++)
		bucket[i] = (uint32_t)(hash[now][i] >> (64 - net->shape.wide_bits));
	return n;
}
