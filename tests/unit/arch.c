/* The architectures: found by name, and as large and as dear as their files say. */
#include "arch.h"

#include "net.h"
#include "tap.h"

static struct net_field field[] = {
	{ .kind = NET_CAT, .values = 7 },
	{ .kind = NET_NUM, .values = 3 },
	{ .kind = NET_BAG, .values = 5, .item = true },
	{ .kind = NET_NUM, .values = 2, .item = true },
};

/* The network that is laid out has as many weights as the architecture counts. */
static int counts(enum net_arch arch, enum net_norm norm, bool unknown, size_t layers)
{
	struct net_shape shape = { .arch = arch,
		.dim = 4,
		.layers = layers,
		.crosses = 2,
		.hidden = { 33, 6, 2 },
		.norm = norm,
		.unknown = unknown,
		.wides = 2,
		.wide_bits = 3,
		.wide = { { 2, { 0, 2 } }, { 2, { 2, 0 } } },
		.fields = 4,
		.field = field };
	struct net *net = net_new(&shape);
	double laid = (double)net_parameters(net);

	net_free(net);
	return laid == net_weights(&shape);
}

int main(void)
{
	/* 2 slots of 4 and 5 numbers: first order 7 and 2 crosses, pairs 2 * 7 * 4 + 4, layers of
	 * 13 x 33 and 33 x 2 and the output, 2 cross layers of 14 x 13 and their output; towers of
	 * 7 and of 6 inputs, and their product */
	static const uint64_t mlp = 13 * 33 + 33 * 2 + 2, first = 9, pairs = 60;
	static const uint64_t cost[] = { first, first + pairs, mlp, first + mlp,
		first + pairs + mlp, 2 * 14 * 13 + 13 + mlp, 13 * 33 + 2 * 33 * 2 + 2 };

	for (int i = 0; i < NET_ARCHS; i++) {
		enum net_arch arch = (enum net_arch)i;
		const struct arch *a = arch_of(arch);
		struct net_shape shape = { .arch = arch,
			.dim = 4,
			.layers = 2,
			.crosses = 2,
			.hidden = { 33, 2 },
			.wides = 2,
			.wide_bits = 3,
			.fields = 4,
			.field = field };
		struct net *net = net_new(&shape);

		ok(arch_find(a->name) == arch && *a->line, a->name);
		ok(net_multiply_adds(net) == cost[i], "  multiply-adds as worked by hand");
		net_free(net);
		ok(counts(arch, NET_PLAIN, false, 1), "  weights of one layer");
		ok(counts(arch, NET_LAYER_NORM, false, 3), "  of three, normalised");
		ok(counts(arch, NET_BATCH_NORM, true, 2), "  of two, with unknown ids");
	}
	ok(arch_find("cnn") == NET_ARCHS, "an unknown name");
	ok(!arch_of(NET_ARCHS), "nothing beyond the last");
	return done();
}
