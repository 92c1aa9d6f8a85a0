/* Crosses: which combinations a row has, and that their buckets tell them apart. */
#include "wide.h"

#include "tap.h"

int main(void)
{
	static const uint32_t user[] = { 0, 1, 2, 7 }, gender[] = { 0, 1, 1 },
			      id[] = { 0, 1, 9, 1 };
	static const uint64_t at[] = { 0, 2, 3, 4 };
	static uint32_t many[300];
	static const uint64_t all[] = { 0, 300 };
	const struct net_field field[] = {
		{ .kind = NET_CAT, .values = 2, .key = user, .entries = 3, .cat = gender },
		{ .kind = NET_BAG, .values = 3, .key = user, .entries = 3, .at = at, .id = id },
		{ .kind = NET_BAG, .values = 300, .entries = 1, .at = all, .id = many },
	};
	struct net_shape shape = { .arch = NET_LR,
		.fields = 3,
		.field = field,
		.wides = 2,
		.wide = { { 2, { 0, 1 } }, { 2, { 0, 2 } } },
		.wide_bits = 12 };
	struct net *net = net_new(&shape);
	uint32_t first[WIDE_MOST], other[WIDE_MOST];

	for (uint32_t i = 0; i < 300; i++)
		many[i] = i;
	ok(wide_buckets(net, 0, field, 0, first) == 2, "one id times two");
	ok(first[0] != first[1] && first[0] < 4096 && first[1] < 4096, "two buckets of 2^bits");
	ok(wide_buckets(net, 0, field, 1, other) == 0, "an unknown id has no combinations");
	ok(wide_buckets(net, 0, field, 2, other) == 1, "one times one");
	ok(other[0] != first[1], "another gender with the same genre is another bucket");
	ok(wide_buckets(net, 0, field, 3, other) == 0, "an unknown user has none");
	ok(wide_buckets(net, 1, field, 0, other) == WIDE_MOST, "no more than the most");
	ok(net_parameters(net) == 1 + 2 + 3 + 300 + 2 * 4096, "a weight for every bucket");
	net_free(net);
	return done();
}
