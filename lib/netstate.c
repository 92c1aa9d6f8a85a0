#include "netstate.h"

/* A double as three floats that add up to it. */
static void split_number(float part[3], double x)
{
	for (int i = 0; i < 3; i++) {
		volatile float rounded = (float)x; /* gcc 12 takes (double)(float)x for x here */

		part[i] = rounded;
		x -= (double)rounded;
	}
}

static struct optim_clock join_clock(const float *part)
{
	struct optim_clock clock;

	clock.b1 = (double)part[0] + (double)part[1] + (double)part[2];
	clock.b2 = (double)part[3] + (double)part[4] + (double)part[5];
	return clock;
}

enum { CLOCK = 3 };

struct mf_state netstate_of(const struct net *net, size_t k)
{
	static const char *const name[] = { "weights", "first", "second", "clock" };
	struct mf_state array = { .name = name[k], .n = k == CLOCK ? 6 : 0 };

	for (size_t i = 0, n = net_tensors(net); i < n && k != CLOCK; i++)
		array.n += net_state_size(net, i, (enum net_state)k);
	return array;
}

void netstate_get(const struct net *net, size_t k, float *array)
{
	if (k == CLOCK) {
		split_number(array, net->clock.b1);
		split_number(array + 3, net->clock.b2);
		return;
	}
	for (size_t i = 0, n = net_tensors(net); i < n; i++) {
		uint64_t size = net_state_size(net, i, (enum net_state)k);

		if (size)
			net_get(net, i, (enum net_state)k, array);
		array += size;
	}
}

void netstate_set(struct net *net, size_t k, const float *array)
{
	if (k == CLOCK) {
		net->clock = join_clock(array);
		return;
	}
	for (size_t i = 0, n = net_tensors(net); i < n; i++) {
		uint64_t size = net_state_size(net, i, (enum net_state)k);

		if (size)
			net_set(net, i, (enum net_state)k, array);
		array += size;
	}
}
