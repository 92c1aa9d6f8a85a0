/* The state of a network as arrays and back: every weight, moment and bit of the clock. */
#include "netstate.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "tap.h"

static struct net_field field[] = {
	{ .kind = NET_CAT, .values = 7 },
	{ .kind = NET_NUM, .values = 3 },
};

/* Sets every weight and moment to numbers of its own, or looks whether they are there. */
static int numbered(struct net *net, bool set)
{
	int good = 1;

	for (size_t i = 0, n = net_tensors(net); i < n; i++) {
		for (int k = 0; k < 3; k++) {
			size_t size = net_state_size(net, i, (enum net_state)k);
			float *x = mem_new(size, sizeof *x), *y = mem_new(size, sizeof *y);

			for (size_t j = 0; j < size; j++)
				x[j] = (float)(k * 10000 + (int)i * 100) + (float)j / 64;
			if (size && set)
				net_set(net, i, (enum net_state)k, x);
			if (size)
				net_get(net, i, (enum net_state)k, y);
			good &= memcmp(x, y, size * sizeof *x) == 0;
			free(x);
			free(y);
		}
	}
	return good;
}

/* All arrays of one network into another. */
static void carry(struct net *to, const struct net *from)
{
	for (size_t k = 0; k < NETSTATES; k++) {
		struct mf_state array = netstate_of(from, k);

		array.at = mem_new(array.n, sizeof *array.at);
		netstate_get(from, k, array.at);
		netstate_set(to, k, array.at);
		free(array.at);
	}
}

int main(void)
{
	struct net_shape shape = { .arch = NET_DEEPFM,
		.dim = 3,
		.layers = 2,
		.hidden = { 5, 2 },
		.norm = NET_BATCH_NORM,
		.fields = 2,
		.field = field };
	struct net *net = net_new(&shape), *other = net_new(&shape);

	numbered(net, true);
	for (int t = 0; t < 345; t++)
		optim_tick(&net->clock);
	same(netstate_of(net, 0).name, "weights", "the first array is of the weights");
	ok(netstate_of(net, 0).n > netstate_of(net, 1).n &&
			netstate_of(net, 1).n == netstate_of(net, 2).n,
		"statistics of the data have no moments");
	ok(netstate_of(net, 1).n == net_parameters(net), "what is trained has");
	ok(!numbered(other, false), "another network");
	carry(other, net);
	ok(numbered(other, false), "  becomes the same");
	ok(other->clock.b1 == net->clock.b1 && other->clock.b2 == net->clock.b2,
		"  and its clock, to the last bit");
	ok(net->clock.b2 > 0 && net->clock.b2 < 1, "  which has moved");
	for (int t = 0; t < 90000; t++)
		optim_tick(&net->clock);
	carry(other, net);
	ok(1 - other->clock.b1 == 1 - net->clock.b1 && 1 - other->clock.b2 == 1 - net->clock.b2,
		"  nor do powers too small for a float change a step");
	net_free(net);
	net_free(other);
	shape.rowwise = true;
	net = net_new(&shape);
	other = net_new(&shape);
	ok(netstate_of(net, 1).n == net_parameters(net) - 7 * 3 - 7 &&
			netstate_of(net, 2).n == netstate_of(net, 1).n + 7 + 7,
		"rowwise: a table has second moments only, one for each row");
	numbered(net, true);
	carry(other, net);
	ok(numbered(other, false), "  which come back");
	net_free(net);
	net_free(other);
	return done();
}
